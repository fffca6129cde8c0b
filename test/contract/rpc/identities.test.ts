import { describe, expect, it } from 'vitest';
import { codeAt } from '../../support/mfa.ts';
import { decodePng } from '../../support/qr-reader.ts';
import {
  ACCOUNT,
  CREATED_AT,
  directory,
  KIM_KEY_ID,
  PASSWORD,
  REQUESTED_AT,
  requestTime,
  service,
} from '../../support/sample-directory.ts';
import { type Call, type KeyPair, responseOrError } from '../../support/sdk-clients.ts';
import { serialNumberOf, USER_ID } from './cases/case.ts';
import { describeEachClient } from './describe-clients.ts';

async function newKey(call: Call, UserName: string): Promise<KeyPair> {
  const { AccessKey } = (await call('CreateAccessKey', { UserName })) as { AccessKey: KeyPair };
  return AccessKey;
}

describeEachClient(({ call, as }) => {
  describe('a user', () => {
    it('with only a name has empty texts and no last logon', async () => {
      const unset = { DisplayName: '', MobilePhone: '', Email: '', Comments: '' };
      const user = { UserId: USER_ID, UserName: 'zoe', ...unset, CreateDate: REQUESTED_AT };
      expect(await call('CreateUser', { UserName: 'zoe' })).toEqual({ User: user });
      const details = { ...user, UpdateDate: REQUESTED_AT, LastLoginDate: '' };
      expect(await call('GetUser', { UserName: 'ZOE' })).toEqual({ User: details });
    });

    it.each(['-zoe', '-', '--force', '-_.9'])('can have the name %s', async (UserName) => {
      await call('CreateUser', { UserName });
      await call('CreateGroup', { GroupName: UserName });
      await call('AddUserToGroup', { UserName, GroupName: UserName });
      const member = { UserName, DisplayName: '', JoinDate: REQUESTED_AT };
      expect(await call('ListUsersForGroup', { GroupName: UserName })).toMatchObject({ Users: { User: [member] } });
    });

    it('keeps unchanged members, loses cleared members, and can be renamed to its own name', async () => {
      const { User: before } = (await call('GetUser', { UserName: 'alice' })) as { User: object };
      const updated = { ...before, UpdateDate: REQUESTED_AT } as Record<string, unknown>;
      const { LastLoginDate: _, ...listed } = updated;
      expect(await call('UpdateUser', { UserName: 'alice', NewUserName: 'alice' })).toEqual({ User: listed });
      const cleared = { NewComments: '', NewEmail: '', NewMobilePhone: '', NewDisplayName: '' };
      await call('UpdateUser', { UserName: 'alice', ...cleared });
      const unset = { Comments: '', Email: '', MobilePhone: '', DisplayName: '' };
      expect(await call('GetUser', { UserName: 'alice' })).toEqual({ User: { ...updated, ...unset } });
    });

    it('keeps its id and its AccessKeys when it is renamed', async () => {
      const { User } = (await call('GetUser', { UserName: 'kim' })) as { User: { UserId: string } };
      expect(await call('UpdateUser', { UserName: 'kim', NewUserName: 'Kimberly' })).toMatchObject({
        User: { UserId: User.UserId, UserName: 'Kimberly', DisplayName: '' },
      });
      expect(await call('ListAccessKeys', { UserName: 'Kimberly' })).toMatchObject({
        AccessKeys: { AccessKey: [{ AccessKeyId: KIM_KEY_ID }] },
      });
      expect(await responseOrError(call('GetUser', { UserName: 'kim' }))).toBe('404 EntityNotExist.User');
    });

    it.each(['a+b c%20d&e=f/~', "*!'()", '中文 Ünïcödé 🙂', '<b>"&amp;\\'])(
      'can have the display name %s',
      async (text) => {
        await call('UpdateUser', { UserName: 'alice', NewDisplayName: text, NewComments: text });
        const User = { DisplayName: text, Comments: text };
        expect(await call('GetUser', { UserName: 'alice' })).toMatchObject({ User });
      },
    );

    it('with an empty name is refused and does not mean the caller', async () => {
      for (const action of ['GetUser', 'CreateAccessKey', 'DeleteUser']) {
        expect(await responseOrError(call(action, { UserName: '' }))).toBe('400 InvalidParameter.UserName.Length');
      }
    });
  });

  describe('console logon', () => {
    const name = (user: string) => `${user}@${ACCOUNT}.onaliyun.com`;

    it('has the password and the requirements that were sent', async () => {
      const login = { UserName: 'alice', Password: PASSWORD };
      expect(await call('CreateLoginProfile', login)).toEqual({
        LoginProfile: {
          UserName: 'alice',
          PasswordResetRequired: false,
          MFABindRequired: false,
          CreateDate: REQUESTED_AT,
        },
      });
      expect((await directory.logOn(name('alice'), PASSWORD)).requirements).toEqual({
        mfa: 'nothing',
        newPassword: false,
      });
      await call('UpdateLoginProfile', { UserName: 'alice', Password: '*+ %20é Ü', MFABindRequired: true });
      await expect(directory.logOn(name('alice'), PASSWORD)).rejects.toThrow('wrong');
      expect((await directory.logOn(name('alice'), '*+ %20é Ü')).requirements.mfa).toBe('binding');
    });

    it('is locked after several wrong passwords for ChangePassword', async () => {
      const guess = () =>
        responseOrError(call('ChangePassword', { OldPassword: 'guess', NewPassword: 'Battery-Staple-2' }));
      for (let n = 0; n < 5; n++) expect(await guess()).toBe('400 InvalidParameter.OldPassword.Incorrect');
      const right = { OldPassword: PASSWORD, NewPassword: 'Battery-Staple-2' };
      expect(await responseOrError(call('ChangePassword', right))).toBe('400 InvalidParameter.OldPassword.Incorrect');
      await expect(directory.logOn(name('admin'), PASSWORD)).rejects.toThrow('wrong');
      expect(await call('GetLoginProfile', { UserName: 'admin' })).toEqual({
        LoginProfile: {
          UserName: 'admin',
          PasswordResetRequired: false,
          MFABindRequired: false,
          CreateDate: CREATED_AT,
        },
      });
    });

    it('accepts only one of two concurrent password changes', async () => {
      const change = (NewPassword: string) =>
        responseOrError(call('ChangePassword', { OldPassword: PASSWORD, NewPassword }));
      const both = await Promise.all([change('Battery-Staple-2'), change('Battery-Staple-3')]);
      expect(both).toContainEqual({});
      expect(both).toContainEqual('400 InvalidParameter.OldPassword.Incorrect');
    });
  });

  describe('an AccessKey', () => {
    it('belongs to the caller when no user is named', async () => {
      await call('AttachPolicyToUser', { UserName: 'kim', PolicyType: 'System', PolicyName: 'AliyunRAMFullAccess' });
      const kim = as(await newKey(call, 'kim'));
      await kim('DeleteAccessKey', { UserAccessKeyId: KIM_KEY_ID });
      const { AccessKey } = (await kim('CreateAccessKey')) as { AccessKey: KeyPair };
      const UserAccessKeyId = AccessKey.AccessKeyId;
      expect(await kim('GetAccessKeyLastUsed', { UserAccessKeyId })).toEqual({
        AccessKeyLastUsed: { LastUsedDate: '' },
      });
      await kim('UpdateAccessKey', { UserAccessKeyId, Status: 'Inactive' });
      const keys = await kim('ListAccessKeys');
      expect(keys).toMatchObject({
        AccessKeys: { AccessKey: [{ Status: 'Active' }, { AccessKeyId: UserAccessKeyId, Status: 'Inactive' }] },
      });
      expect(await call('ListAccessKeys', { UserName: 'kim' })).toEqual(keys);
      expect(await responseOrError(call('DeleteAccessKey', { UserAccessKeyId }))).toBe(
        '404 EntityNotExist.User.AccessKey',
      );
    });

    it('can sign until it is disabled or deleted, and only with its own secret', async () => {
      const pair = await newKey(call, 'alice');
      const key = { UserName: 'alice', UserAccessKeyId: pair.AccessKeyId };
      const alice = () => responseOrError(as(pair)('GetCallerIdentity'));
      expect(await alice()).toMatchObject({ Arn: `acs:ram::${ACCOUNT}:user/alice` });
      const forged = as({ ...pair, AccessKeySecret: 'x'.repeat(30) });
      expect(await responseOrError(forged('GetCallerIdentity'))).toBe('400 SignatureDoesNotMatch');
      await call('UpdateAccessKey', { ...key, Status: 'Inactive' });
      expect(await alice()).toBe('400 InvalidAccessKeyId.Inactive');
      await call('UpdateAccessKey', { ...key, Status: 'Active' });
      expect(await alice()).toBeTypeOf('object');
      await call('DeleteAccessKey', key);
      expect(await alice()).toBe('404 InvalidAccessKeyId.NotFound');
    });

    it('has the date of its last use', async () => {
      const pair = await newKey(call, 'alice');
      await as(pair)('GetCallerIdentity');
      await service.recordUses();
      const key = { UserName: 'alice', UserAccessKeyId: pair.AccessKeyId };
      expect(await call('GetAccessKeyLastUsed', key)).toEqual({ AccessKeyLastUsed: { LastUsedDate: REQUESTED_AT } });
    });
  });

  describe('an MFA device', () => {
    interface Device {
      SerialNumber: string;
      Base32StringSeed: string;
      QRCodePNG: string;
    }
    const create = async (VirtualMFADeviceName: string) =>
      ((await call('CreateVirtualMFADevice', { VirtualMFADeviceName })) as { VirtualMFADevice: Device })
        .VirtualMFADevice;
    const bind = (UserName: string, { SerialNumber, Base32StringSeed }: Device, steps: number[]) => {
      const [AuthenticationCode1, AuthenticationCode2] = steps.map((step) =>
        codeAt(Base32StringSeed, requestTime, step),
      );
      const codes = { AuthenticationCode1: `${AuthenticationCode1}`, AuthenticationCode2: `${AuthenticationCode2}` };
      return responseOrError(call('BindMFADevice', { UserName, SerialNumber, ...codes }));
    };

    it('is bound by two consecutive codes and still exists after it is unbound', async () => {
      const device = await create('alice');
      for (const steps of [
        [0, 0],
        [-1, 1],
        [2, 3],
      ]) {
        expect(await bind('alice', device, steps)).toBe('403 CheckAuthenticationCodeFail');
      }
      expect(await bind('alice', device, [-1, 0])).toEqual({});
      const { SerialNumber } = device;
      expect(await responseOrError(call('DeleteVirtualMFADevice', { SerialNumber }))).toBe(
        '409 DeleteConflict.VirtualMFADevice.User',
      );
      expect(await call('UnbindMFADevice', { UserName: 'alice' })).toEqual({ MFADevice: { SerialNumber } });
      expect(await bind('alice', device, [-1, 0])).toBe('403 CheckAuthenticationCodeFail');
      await call('DeleteVirtualMFADevice', { SerialNumber });
    });

    it.each<[string, string | undefined]>([
      [ACCOUNT, undefined],
      ['acme-cloud', 'acme-cloud'],
    ])('has a QR code for an authenticator app, with the account %s', async (account, AccountAlias) => {
      if (AccountAlias !== undefined) await call('SetAccountAlias', { AccountAlias });
      const { QRCodePNG, Base32StringSeed, SerialNumber } = await create('alice');
      expect(SerialNumber).toBe(serialNumberOf('alice'));
      const uri = `otpauth://totp/Aliyun:alice@${account}?secret=${Base32StringSeed}&issuer=Aliyun`;
      expect(decodePng(Buffer.from(QRCodePNG, 'base64'))).toBe(uri);
    });
  });
});
