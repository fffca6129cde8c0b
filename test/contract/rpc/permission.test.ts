import { expect, it } from 'vitest';
import { ACCOUNT, CREATED_AT, resetDirectory } from '../../support/sample-directory.ts';
import { CLIENTS, responseOrError } from '../../support/sdk-clients.ts';
import { USER_ID } from './cases/case.ts';
import { ACTION_CASES } from './cases/index.ts';
import { describeClient, describeEachClient } from './describe-clients.ts';
import {
  ALL,
  arnOf,
  describePermissions,
  REFUSED,
  type Statement,
  sendWith,
  setPermissions,
} from './describe-permissions.ts';

describeEachClient(({ call }) => {
  it('returns the identity of every caller, independent of permissions', async () => {
    const identity = {
      IdentityType: 'RAMUser',
      AccountId: ACCOUNT,
      PrincipalId: USER_ID,
      UserId: USER_ID,
      Arn: `acs:ram::${ACCOUNT}:user/admin`,
    };
    for (const statements of [[], [{ ...ALL, Effect: 'Deny' as const }]]) {
      resetDirectory(setPermissions(statements));
      expect(await call('GetCallerIdentity')).toEqual(identity);
    }
  });
});

const [client] = CLIENTS;
if (!client) throw new Error('no client');
const [name, connect] = client;

describePermissions(ACTION_CASES, client);

describeClient(name, connect, ({ call }) => {
  const send = sendWith(call);

  it('applies the policies of groups, and their Deny first', async () => {
    const get = () => responseOrError(call('GetUser', { UserName: 'alice' }));
    resetDirectory(setPermissions([], [ALL]));
    expect(await get()).toBeTypeOf('object');
    resetDirectory(setPermissions([ALL], [{ Effect: 'Deny', Action: 'ram:Get*', Resource: '*' }]));
    expect(await get()).toBe(REFUSED);
  });

  it('requires permission for system policies under the account "system"', async () => {
    const attach = { UserName: 'alice', PolicyType: 'System', PolicyName: 'AliyunOSSReadOnlyAccess' };
    const permissionIn = (account: string) => ({
      ...ALL,
      Resource: [arnOf('user/*'), `acs:ram:*:${account}:policy/AliyunOSSReadOnlyAccess`],
    });
    expect(await send('AttachPolicyToUser', attach, permissionIn('system'))).toEqual({});
    expect(await send('AttachPolicyToUser', attach, permissionIn(ACCOUNT))).toBe(REFUSED);
  });

  it('allows callers to manage only their own AccessKeys, also without a UserName', async () => {
    const own = { ...ALL, Action: 'ram:*AccessKey*', Resource: arnOf('user/admin') };
    expect(await send('CreateAccessKey', {}, own)).toHaveProperty('AccessKey');
    expect(await send('CreateAccessKey', { UserName: 'Admin' }, own)).toHaveProperty('AccessKey');
    expect(await send('CreateAccessKey', { UserName: 'alice' }, own)).toBe(REFUSED);
  });

  it('matches a device by its serial number, with or without a region', async () => {
    const spare = { SerialNumber: `acs:ram::${ACCOUNT}:mfa/spare` };
    expect(await send('DeleteVirtualMFADevice', spare, { ...ALL, Resource: arnOf('mfa/spare') })).toEqual({});
    expect(await send('DeleteVirtualMFADevice', spare, { ...ALL, Resource: arnOf('mfa/mia') })).toBe(REFUSED);
  });

  it.each<[string, Statement, boolean]>([
    ['an ARN as STS returns it', { ...ALL, Resource: `acs:ram::${ACCOUNT}:user/alice` }, true],
    ['another account', { ...ALL, Resource: 'acs:ram:*:1000000000000002:user/alice' }, false],
    ['the address of this machine', { ...ALL, Condition: { IpAddress: { 'acs:SourceIp': '127.0.0.0/8' } } }, true],
    ['another address', { ...ALL, Condition: { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } } }, false],
    ['encrypted requests', { ...ALL, Condition: { Bool: { 'acs:SecureTransport': 'true' } } }, false],
    ['a logon with MFA', { ...ALL, Condition: { Bool: { 'acs:MFAPresent': 'true' } } }, false],
    ['the time before a past date', { ...ALL, Condition: { DateLessThan: { 'acs:CurrentTime': CREATED_AT } } }, false],
    ['the time after a past date', { ...ALL, Condition: { DateGreaterThan: { 'acs:CurrentTime': CREATED_AT } } }, true],
  ])('applies a permission for %s', async (_, statement, isAllowed) => {
    const outcome = await send('GetUser', { UserName: 'alice' }, statement);
    expect(outcome).toEqual(isAllowed ? expect.any(Object) : REFUSED);
  });

  it('does not reveal whether a record exists to a caller without permission', async () => {
    expect(await send('DeleteUser', { UserName: 'nobody' })).toBe(REFUSED);
    expect(await send('CreateUser', { UserName: 'alice' })).toBe(REFUSED);
  });
});
