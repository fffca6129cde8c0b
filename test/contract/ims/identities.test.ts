import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ADMIN_KEY_PAIR,
  directory,
  KIM_KEY_ID,
  PASSWORD,
  REQUESTED_AT,
  resetDirectory,
} from '../../support/sample-directory.ts';
import { type Call, CLIENTS, IMS_CLIENTS, type KeyPair, responseOrError } from '../../support/sdk-clients.ts';
import { serialNumberOf } from '../rpc/cases/case.ts';
import { describeClient, describeEachClient } from '../rpc/describe-clients.ts';
import { ALL, arnOf, sendWith } from '../rpc/describe-permissions.ts';
import { upn } from './cases/case.ts';

async function userIdOf(name: string): Promise<string> {
  return (await directory.getUser({ UserName: name })).UserId;
}

/** The logon names of a list. */
async function namesOf(response: Promise<object>): Promise<string[]> {
  const { Users } = (await response) as { Users: { User: { UserPrincipalName: string }[] } };
  return Users.User.map(({ UserPrincipalName }) => UserPrincipalName);
}

describeEachClient(({ call, as }) => {
  describe('a user', () => {
    it('is found by logon name, id or AccessKey', async () => {
      const UserId = await userIdOf('kim');
      const kim = { User: { UserId, UserName: 'kim', UserPrincipalName: upn('kim') } };
      for (const reference of [{ UserPrincipalName: upn('KIM') }, { UserId }, { UserAccessKeyId: KIM_KEY_ID }]) {
        expect(await call('GetUser', reference)).toMatchObject(kim);
      }
      expect(await call('UpdateUser', { UserId, NewComments: 'tests' })).toMatchObject({ User: { Comments: 'tests' } });
      expect(await call('DeleteUser', { UserId: await userIdOf('alice') })).toEqual({});
      expect(await responseOrError(call('GetUser', { UserPrincipalName: upn('alice') }))).toBe(
        '404 EntityNotExist.User',
      );
    });

    it('is not found by a reference that is missing, ambiguous or wrong', async () => {
      const outcome = (parameters: Record<string, string>) => responseOrError(call('GetUser', parameters));
      expect(await outcome({})).toBe('400 MissingUserPrincipalName');
      const ambiguous = { UserPrincipalName: upn('kim'), UserId: await userIdOf('kim') };
      expect(await outcome(ambiguous)).toBe('400 InvalidParameter.UserId');
      for (const wrong of ['kim', 'kim@other.onaliyun.com', `kim@${ACCOUNT}.example.com`, `${upn('kim')}@x`, '']) {
        expect(await outcome({ UserPrincipalName: wrong })).toBe('404 EntityNotExist.User');
      }
      // The name of a user is not an id.
      expect(await outcome({ UserId: 'kim' })).toBe('404 EntityNotExist.User');
      expect(await outcome({ UserAccessKeyId: 'LTAI00000000000000000000' })).toBe('404 EntityNotExist.User.AccessKey');
    });

    it('has a new logon name when the default domain changes, and keeps the one with the account id', async () => {
      await call('SetDefaultDomain', { DefaultDomainName: 'acme.onaliyun.com' });
      const alice = { User: { UserPrincipalName: 'alice@acme.onaliyun.com' } };
      for (const UserPrincipalName of ['alice@acme.onaliyun.com', upn('alice')]) {
        expect(await call('GetUser', { UserPrincipalName })).toMatchObject(alice);
      }
      const zoe = { UserPrincipalName: upn('zoe'), DisplayName: 'Zoe' };
      expect(await call('CreateUser', zoe)).toMatchObject({ User: { UserPrincipalName: 'zoe@acme.onaliyun.com' } });
      const byId = { DefaultDomainName: `${ACCOUNT}.onaliyun.com` };
      expect(await call('SetDefaultDomain', byId)).toEqual(byId);
      const old = { UserPrincipalName: 'alice@acme.onaliyun.com' };
      expect(await responseOrError(call('GetUser', old))).toBe('404 EntityNotExist.User');
    });

    it('is listed with the status active only', async () => {
      expect(await namesOf(call('ListUsers', {}))).toHaveLength(8);
      expect(await namesOf(call('ListUsers', { Status: 'freeze' }))).toEqual([]);
    });
  });

  it('manages the AccessKeys and the MFA device of the caller without a logon name', async () => {
    expect(await call('ListAccessKeys')).toMatchObject({
      AccessKeys: { AccessKey: [{ AccessKeyId: ADMIN_KEY_PAIR.AccessKeyId }] },
    });
    const { AccessKey } = (await call('CreateAccessKey')) as { AccessKey: KeyPair };
    expect(await as(AccessKey)('GetUser', { UserPrincipalName: upn('bob') })).toHaveProperty('User');
    await call('UpdateAccessKey', { UserAccessKeyId: AccessKey.AccessKeyId, Status: 'Inactive' });
    await call('DeleteAccessKey', { UserAccessKeyId: AccessKey.AccessKeyId });
    expect(await responseOrError(call('GetUserMFAInfo'))).toBe('404 EntityNotExist.User.MFADevice');
  });

  it('creates, disables and enables console logon', async () => {
    const alice = { UserPrincipalName: upn('alice') };
    const logOn = () =>
      directory.logOn(upn('alice'), PASSWORD).then(
        () => true,
        () => false,
      );
    await call('CreateLoginProfile', { ...alice, Password: PASSWORD, Status: 'Inactive' });
    expect(await logOn()).toBe(false);
    await call('UpdateLoginProfile', { ...alice, Status: 'Active' });
    expect(await logOn()).toBe(true);
  });

  it('clears the display name and the comments of a group', async () => {
    await call('CreateGroup', { GroupName: 'buyers', DisplayName: 'Buyers', Comments: 'buy' });
    await call('UpdateGroup', { GroupName: 'buyers', NewDisplayName: '', NewComments: '' });
    expect(await call('GetGroup', { GroupName: 'buyers' })).toMatchObject({ Group: { DisplayName: '', Comments: '' } });
    const [group] = (await directory.listGroups()).filter(({ GroupName }) => GroupName === 'buyers');
    expect(group).toMatchObject({ DisplayName: null, Comments: null });
  });
}, IMS_CLIENTS);

const [, connectIms] = IMS_CLIENTS[0] ?? [];
const [name, connectRam] = CLIENTS[0] ?? [];
if (!name || !connectIms || !connectRam) throw new Error('no client');

describeClient('RAM and IMS', connectRam, ({ call: ram, address }) => {
  const ims: Call = (action, parameters) => connectIms(address(), ADMIN_KEY_PAIR)(action, parameters);

  it('act on the same users, groups and devices', async () => {
    await ims('CreateUser', { UserPrincipalName: upn('zoe'), DisplayName: 'Zoe', Email: 'zoe@example.com' });
    expect(await ram('GetUser', { UserName: 'zoe' })).toMatchObject({
      User: { DisplayName: 'Zoe', Email: 'zoe@example.com', CreateDate: REQUESTED_AT },
    });
    await ram('UpdateUser', { UserName: 'zoe', NewUserName: 'zora', NewComments: 'renamed' });
    expect(await ims('GetUser', { UserPrincipalName: upn('zora') })).toMatchObject({
      User: { UserName: 'zora', DisplayName: 'Zoe', Comments: 'renamed' },
    });

    await ram('CreateGroup', { GroupName: 'testers' });
    await ims('UpdateGroup', { GroupName: 'testers', NewDisplayName: 'Testers' });
    await ram('UpdateGroup', { GroupName: 'testers', NewComments: 'test' });
    await ims('AddUserToGroup', { UserPrincipalName: upn('zora'), GroupName: 'testers' });
    expect(await ram('ListUsersForGroup', { GroupName: 'testers' })).toMatchObject({
      Users: { User: [{ UserName: 'zora' }] },
    });
    expect(await ims('GetGroup', { GroupName: 'testers' })).toMatchObject({
      Group: { DisplayName: 'Testers', Comments: 'test' },
    });

    await ram('SetPasswordPolicy', { HardExpiry: true });
    expect(await ims('GetPasswordPolicy')).toMatchObject({ PasswordPolicy: { HardExpire: true } });
    await ims('SetPasswordPolicy', { HardExpire: false, MaxPasswordAge: 30 });
    expect(await ram('GetPasswordPolicy')).toMatchObject({ PasswordPolicy: { HardExpiry: false, MaxPasswordAge: 30 } });

    await ims('DisableVirtualMFA', { UserPrincipalName: upn('mia') });
    const devices = { VirtualMFADevices: { VirtualMFADevice: [{ SerialNumber: serialNumberOf('spare') }] } };
    expect(await ram('ListVirtualMFADevices')).toMatchObject(devices);
  });
});

describeClient('permissions of IMS', connectIms, ({ call }) => {
  const send = sendWith(call);

  it('do not depend on how the request names the user', async () => {
    const own = { ...ALL, Action: 'ram:GetUser', Resource: arnOf('user/kim') };
    for (const reference of [{ UserId: await userIdOf('kim') }, { UserAccessKeyId: KIM_KEY_ID }]) {
      expect(await send('GetUser', reference, own)).toHaveProperty('User');
      const denied = { ...own, Effect: 'Deny' as const };
      expect(await send('GetUser', reference, ALL, denied)).toBe('403 NoPermission');
    }
    resetDirectory();
    expect(await send('GetUser', { UserId: await userIdOf('alice') }, own)).toBe('403 NoPermission');
  });

  it('are checked before a user is looked up', async () => {
    for (const reference of [{ UserPrincipalName: upn('nobody') }, { UserId: '1' }, { UserAccessKeyId: 'LTAI1' }]) {
      expect(await send('GetUser', reference)).toBe('403 NoPermission');
      expect(await send('GetUser', reference, ALL)).toMatch(/^404 EntityNotExist\.User/);
    }
  });
});
