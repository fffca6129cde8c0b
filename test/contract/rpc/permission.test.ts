import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { ACCOUNT, CREATED_AT, resetDirectory } from '../../support/sample-directory.ts';
import { CLIENTS, type Parameters, RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { USER_ID } from './cases/case.ts';
import { ACTION_CASES } from './cases/index.ts';
import { describeClient, describeEachClient } from './describe-clients.ts';

type Statement = { Effect: 'Allow' | 'Deny'; Action: string; Resource: string | string[]; Condition?: object };

const ALL: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const REFUSED = '403 NoPermission';

/** Replaces the permissions of the administrator: statements of the user's own policy and of the group auditors. */
function setPermissions(own: Statement[], ofAuditors: Statement[] = []) {
  return ({ Users, Groups, Policies }: State) => {
    const policies = { Own: own, Inherited: ofAuditors };
    for (const [PolicyName, Statement] of Object.entries(policies)) {
      const PolicyDocument = JSON.stringify({ Version: '1', Statement });
      const Versions = [{ VersionId: 'v1', PolicyDocument, CreateDate: CREATED_AT }];
      const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
      const policy = { PolicyName, ...dates, DefaultVersion: 'v1', LatestVersion: 1, Versions };
      if (Statement.length > 0) Policies.set(PolicyName.toLowerCase(), policy);
    }
    const attach = (PolicyName: string) => [{ PolicyName, PolicyType: 'Custom' as const, AttachDate: CREATED_AT }];
    const [admin, auditors] = [Users.get('admin'), Groups.get('auditors')];
    if (!admin || !auditors) throw new Error('not acme');
    admin.Policies = own.length > 0 ? attach('Own') : [];
    if (ofAuditors.length === 0) return;
    admin.Groups = [{ GroupId: auditors.GroupId, JoinDate: CREATED_AT }];
    auditors.Policies = attach('Inherited');
  };
}

/** Returns the ARN of a resource of acme. */
const arnOf = (id: string) => (id.startsWith('acs:') ? id : `acs:ram:*:${ACCOUNT}:${id}`);
/** Returns a pattern that matches only this resource: `?` instead of a final `*`. */
const patternFor = (id: string) => arnOf(id).replace(/\*$/, '?');

const NAMES = ['UserName', 'GroupName', 'RoleName', 'PolicyName'];

/** Returns the parameters with names in upper case. */
function withUpperCaseNames(parameters: Parameters): Parameters {
  const spelled = Object.entries(parameters).map(([name, value]) => {
    if (NAMES.includes(name)) return [name, String(value).toUpperCase()];
    return [name, name === 'SerialNumber' ? String(value).replace(/[^/]*$/, (last) => last.toUpperCase()) : value];
  });
  return Object.fromEntries(spelled);
}

/** Returns the status, the code and the AccessDeniedDetail of a refused request. */
async function denialOf(response: Promise<object>): Promise<unknown[]> {
  const error = await response.catch((thrown: unknown) => thrown);
  if (error instanceof RequestError) return [error.message, error.envelope.AccessDeniedDetail];
  throw error;
}

describeEachClient(({ call }) => {
  it('returns the details of a denial', async () => {
    resetDirectory(setPermissions([]));
    for (const [action, { required, optional }] of ACTION_CASES) {
      const detail = {
        AuthAction: `ram:${action}`,
        AuthPrincipalType: 'SubUser',
        AuthPrincipalOwnerId: ACCOUNT,
        AuthPrincipalDisplayName: USER_ID,
        NoPermissionType: 'ImplicitDeny',
        PolicyType: 'AccountLevelIdentityBasedPolicy',
      };
      expect(await denialOf(call(action, { ...required, ...optional }))).toEqual([REFUSED, detail]);
    }
  });

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

const [name, connect] = CLIENTS[0] ?? [];
if (!name || !connect) throw new Error('no client');

describeClient(name, connect, ({ call }) => {
  const send = (action: string, parameters: Parameters, ...statements: Statement[]) => {
    resetDirectory(setPermissions(statements));
    return responseOrError(call(action, parameters));
  };

  describe.each(ACTION_CASES)('%s', (action, { required, optional, resources }) => {
    const parameters = { ...required, ...optional };
    const allow = { ...ALL, Action: `ram:${action}` };

    it('is allowed by a permission for its resources, independent of the case of names', async () => {
      for (const spelled of [parameters, withUpperCaseNames(parameters)]) {
        expect(await send(action, spelled, { ...allow, Resource: resources.map(patternFor) })).toBeTypeOf('object');
      }
    });

    it('is refused when the permission for one resource is missing', async () => {
      for (const resource of resources) {
        const others = resources.filter((each) => each !== resource).map(patternFor);
        const elsewhere = `acs:ram:*:${ACCOUNT}:elsewhere`;
        expect(await send(action, parameters, { ...allow, Resource: [...others, elsewhere] })).toBe(REFUSED);
      }
    });

    it('is refused when one resource is denied, independent of the case of names', async () => {
      for (const resource of resources) {
        const deny: Statement = { ...allow, Effect: 'Deny', Resource: patternFor(resource) };
        for (const spelled of [parameters, withUpperCaseNames(parameters)]) {
          resetDirectory(setPermissions([ALL, deny]));
          const denial = await denialOf(call(action, spelled));
          expect(denial).toMatchObject([REFUSED, { NoPermissionType: 'ExplicitDeny' }]);
        }
      }
    });
  });

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
