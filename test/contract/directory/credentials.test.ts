import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../support/failures.ts';
import { codeAt } from '../../support/mfa.ts';
import { SUBJECTS, type Subject, today } from './subjects.ts';

const UserName = 'alice';
const Password = { plaintext: 'Correct-Horse-9', hash: '$argon2id$first' };

describe.each(SUBJECTS)('credentials in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
    for (const name of [UserName, 'carol']) await operations.createUser({ UserName: name });
  });

  describe('console logon', () => {
    const notFound = failure('missing', 'EntityNotExist.User.LoginProfile');

    it('is created once and returned without the password', async () => {
      await expect(operations.getLoginProfile({ UserName })).rejects.toThrow(notFound);
      const created = await operations.createLoginProfile({ UserName: 'ALICE', Password, PasswordResetRequired: true });
      expect(created).toEqual({
        UserName,
        UserPrincipalName: expect.stringMatching(/^alice@/),
        Status: 'Active',
        PasswordResetRequired: true,
        MFABindRequired: false,
        CreateDate: today(subject),
      });
      expect(await operations.getLoginProfile({ UserName })).toEqual(created);
      await expect(operations.createLoginProfile({ UserName, Password })).rejects.toThrow(
        failure('refused', 'EntityAlreadyExists.User.LoginProfile'),
      );
    });

    it('an update changes only the given members', async () => {
      const created = await operations.createLoginProfile({ UserName, Password, Status: 'Inactive' });
      expect(created.Status).toBe('Inactive');
      subject.clock.step(60);
      expect(await operations.updateLoginProfile({ UserName, MFABindRequired: true })).toEqual({
        ...created,
        MFABindRequired: true,
      });
      await operations.updateLoginProfile({ UserName, Password, Status: 'Active' });
      expect(await operations.getLoginProfile({ UserName })).toEqual({
        ...created,
        MFABindRequired: true,
        Status: 'Active',
      });
    });

    it('a weak password is rejected when logon is created and when it is updated', async () => {
      const tooWeak = failure('refused', 'InvalidParameter.Password.TooWeak');
      const weak = { plaintext: 'short', hash: '$argon2id$weak' };
      await expect(operations.createLoginProfile({ UserName, Password: weak })).rejects.toThrow(tooWeak);
      await operations.createLoginProfile({ UserName, Password });
      await expect(operations.updateLoginProfile({ UserName, Password: weak })).rejects.toThrow(tooWeak);
    });

    it('is deleted once', async () => {
      await operations.createLoginProfile({ UserName, Password });
      await operations.deleteLoginProfile({ UserName });
      await expect(operations.deleteLoginProfile({ UserName })).rejects.toThrow(notFound);
      await expect(operations.updateLoginProfile({ UserName, Status: 'Active' })).rejects.toThrow(notFound);
      await expect(operations.getLoginProfile({ UserName: 'nobody' })).rejects.toThrow(
        failure('missing', 'EntityNotExist.User'),
      );
    });
  });

  describe('AccessKeys', () => {
    it('a user has two at most, in the order of creation', async () => {
      const first = await operations.createAccessKey({ UserName });
      expect(first).toEqual({
        AccessKeyId: expect.stringMatching(/^LTAI[A-Za-z0-9]{20}$/),
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
        Status: 'Active',
        CreateDate: today(subject),
      });
      subject.clock.step(60);
      const second = await operations.createAccessKey({ UserName: 'ALICE' });
      const third = operations.createAccessKey({ UserName });
      await expect(third).rejects.toThrow(failure('refused', 'LimitExceeded.User.AccessKey'));
      await operations.updateAccessKey({ UserName, UserAccessKeyId: first.AccessKeyId, Status: 'Inactive' });
      const rest = ({ AccessKeySecret: _, ...key }: typeof first) => ({ ...key, LastUsedDate: null });
      expect(await operations.listAccessKeys({ UserName })).toEqual([
        { ...rest(first), Status: 'Inactive' },
        rest(second),
      ]);
      await operations.deleteAccessKey({ UserName, UserAccessKeyId: first.AccessKeyId });
      expect(await operations.listAccessKeys({ UserName })).toEqual([rest(second)]);
    });

    it('a key of another user is treated like a key that does not exist', async () => {
      const { AccessKeyId } = await operations.createAccessKey({ UserName });
      const notFound = failure('missing', 'EntityNotExist.User.AccessKey');
      for (const [name, UserAccessKeyId] of [
        ['carol', AccessKeyId],
        [UserName, AccessKeyId.slice(0, -1)],
      ] as const) {
        const ref = { UserName: name, UserAccessKeyId };
        await expect(operations.updateAccessKey({ ...ref, Status: 'Inactive' })).rejects.toThrow(notFound);
        await expect(operations.deleteAccessKey(ref)).rejects.toThrow(notFound);
        await expect(operations.getAccessKeyLastUsed(ref)).rejects.toThrow(notFound);
      }
      expect(await operations.listAccessKeys({ UserName })).toMatchObject([{ Status: 'Active' }]);
    });

    it('a pair is verified, and a wrong secret, an unknown id and a disabled key are refused alike', async () => {
      const { AccessKeyId, AccessKeySecret } = await operations.createAccessKey({ UserName });
      const verify = (pair = {}) => operations.verifyAccessKey({ AccessKeyId, AccessKeySecret, ...pair });
      const invalid = failure('denied', 'InvalidAccessKey');
      expect(await verify()).toEqual({ UserName, AccessKeyId });
      await expect(verify({ AccessKeySecret: 'wrong' })).rejects.toThrow(invalid);
      await expect(verify({ AccessKeyId: 'LTAIunknown' })).rejects.toThrow(invalid);
      await operations.updateAccessKey({ UserName, UserAccessKeyId: AccessKeyId, Status: 'Inactive' });
      await expect(verify()).rejects.toThrow(invalid);
    });
  });

  describe('MFA devices', () => {
    const notBound = failure('missing', 'EntityNotExist.User.MFADevice');

    /** Creates a device. Returns it with the codes that bind it now. */
    async function createDevice(VirtualMFADeviceName: string) {
      const { SerialNumber, Base32StringSeed } = await operations.createVirtualMFADevice({ VirtualMFADeviceName });
      const [first, second] = [0, 1].map((steps) => codeAt(Base32StringSeed, subject.clock.now(), steps));
      return { SerialNumber, AuthenticationCode1: `${first}`, AuthenticationCode2: `${second}` };
    }

    it('a device is created, bound, unbound and deleted', async () => {
      const device = await createDevice('alice');
      const { SerialNumber } = device;
      expect(SerialNumber).toMatch(/^acs:ram::\d{16}:mfa\/alice$/);
      await expect(operations.getUserMFAInfo({ UserName })).rejects.toThrow(notBound);
      await operations.bindMFADevice({ UserName: 'ALICE', ...device });
      const ActivateDate = today(subject);
      expect(await operations.getUserMFAInfo({ UserName })).toEqual({ SerialNumber, Type: 'VMFA', ActivateDate });
      const { UserId } = await operations.getUser({ UserName });
      const User = { UserId, UserName, DisplayName: null };
      expect(await operations.listVirtualMFADevices()).toEqual([{ SerialNumber, ActivateDate, User }]);
      const deletion = operations.deleteVirtualMFADevice({ SerialNumber });
      await expect(deletion).rejects.toThrow(failure('refused', 'DeleteConflict.VirtualMFADevice.User'));
      expect(await operations.unbindMFADevice({ UserName })).toEqual({ SerialNumber });
      await expect(operations.unbindMFADevice({ UserName })).rejects.toThrow(notBound);
      expect(await operations.listVirtualMFADevices()).toEqual([{ SerialNumber, ActivateDate: null, User: null }]);
      await operations.deleteVirtualMFADevice({ SerialNumber });
      await expect(operations.deleteVirtualMFADevice({ SerialNumber })).rejects.toThrow(
        failure('missing', 'EntityNotExist.VirtualMFADevice'),
      );
    });

    it('a user has one device, a device has one user, and codes must be right', async () => {
      const [first, second] = [await createDevice('Zoe'), await createDevice('alice')];
      await expect(createDevice('ZOE')).rejects.toThrow(failure('refused', 'EntityAlreadyExists.VirtualMFADevice'));
      const wrong = { ...first, AuthenticationCode2: second.AuthenticationCode1 };
      await expect(operations.bindMFADevice({ UserName, ...wrong })).rejects.toThrow(
        expect.objectContaining({ code: 'CheckAuthenticationCodeFail' }),
      );
      await operations.bindMFADevice({ UserName, ...first });
      await expect(operations.bindMFADevice({ UserName, ...second })).rejects.toThrow(
        failure('refused', 'EntityAlreadyExists.User.MFADevice'),
      );
      await expect(operations.bindMFADevice({ UserName: 'carol', ...first })).rejects.toThrow(
        failure('refused', 'EntityAlreadyExists.VirtualMFADevice.User'),
      );
      const names = (await operations.listVirtualMFADevices()).map(({ SerialNumber }) => SerialNumber.split('/')[1]);
      expect(names).toEqual(['alice', 'Zoe']);
    });
  });

  it('a user with credentials cannot be deleted', async () => {
    const { AccessKeyId } = await operations.createAccessKey({ UserName });
    await operations.createLoginProfile({ UserName, Password });
    const conflict = (dependent: string) => failure('refused', `DeleteConflict.User.${dependent}`);
    await expect(operations.deleteUser({ UserName })).rejects.toThrow(conflict('AccessKey'));
    await operations.deleteAccessKey({ UserName, UserAccessKeyId: AccessKeyId });
    await expect(operations.deleteUser({ UserName })).rejects.toThrow(conflict('LoginProfile'));
    await operations.deleteLoginProfile({ UserName });
    await operations.deleteUser({ UserName });
  });
});
