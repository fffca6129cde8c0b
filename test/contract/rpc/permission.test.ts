import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { ACCOUNT, CREATED_AT, resetDirectory } from '../../support/sample-directory.ts';
import { CLIENTS, type Parameters, RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { USER_ID } from './cases/case.ts';
import { ACTION_CASES } from './cases/index.ts';
import { through, throughEach } from './through.ts';

type Statement = { Effect: 'Allow' | 'Deny'; Action: string; Resource: string | string[]; Condition?: object };

const ALL: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const NOTHING = '403 NoPermission';

/** acme, in which its administrator may do what these statements say, and the group of the auditors what others say. */
function ruled(own: Statement[], ofAuditors: Statement[] = []) {
  return ({ Users, Groups, Policies }: State) => {
    const policies = { Own: own, Inherited: ofAuditors };
    for (const [PolicyName, Statement] of Object.entries(policies)) {
      const PolicyDocument = JSON.stringify({ Version: '1', Statement });
      const Versions = [{ VersionId: 'v1', PolicyDocument, CreateDate: CREATED_AT }];
      const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
      const policy = { PolicyName, ...dates, DefaultVersion: 'v1', LatestVersion: 1, Versions };
      if (Statement.length > 0) Policies.set(PolicyName.toLowerCase(), policy);
    }
    const held = (PolicyName: string) => [{ PolicyName, PolicyType: 'Custom' as const, AttachDate: CREATED_AT }];
    const [admin, auditors] = [Users.get('admin'), Groups.get('auditors')];
    if (!admin || !auditors) throw new Error('not acme');
    admin.Policies = own.length > 0 ? held('Own') : [];
    if (ofAuditors.length === 0) return;
    admin.Groups = [{ GroupId: auditors.GroupId, JoinDate: CREATED_AT }];
    auditors.Policies = held('Inherited');
  };
}

/** A resource of acme, as policies name it. */
const whole = (id: string) => (id.startsWith('acs:') ? id : `acs:ram:*:${ACCOUNT}:${id}`);
/** A pattern for the resource alone: what is called `user/*` has one character there. */
const exactly = (id: string) => whole(id).replace(/\*$/, '?');

const NAMES = ['UserName', 'GroupName', 'PolicyName'];

/** The same names in capitals. */
function inCapitals(parameters: Parameters): Parameters {
  const spelled = Object.entries(parameters).map(([name, value]) => {
    if (NAMES.includes(name)) return [name, String(value).toUpperCase()];
    return [name, name === 'SerialNumber' ? String(value).replace(/[^/]*$/, (last) => last.toUpperCase()) : value];
  });
  return Object.fromEntries(spelled);
}

/** The status and the detail of a refusal for want of permission. */
async function denialOf(answer: Promise<object>): Promise<unknown[]> {
  const error = await answer.catch((thrown: unknown) => thrown);
  if (error instanceof RequestError) return [error.message, error.envelope.AccessDeniedDetail];
  throw error;
}

throughEach(({ call }) => {
  it('tells whoever may not what it was that they may not', async () => {
    resetDirectory(ruled([]));
    for (const [action, { needs, may }] of ACTION_CASES) {
      const detail = {
        AuthAction: `ram:${action}`,
        AuthPrincipalType: 'SubUser',
        AuthPrincipalOwnerId: ACCOUNT,
        AuthPrincipalDisplayName: USER_ID,
        NoPermissionType: 'ImplicitDeny',
        PolicyType: 'AccountLevelIdentityBasedPolicy',
      };
      expect(await denialOf(call(action, { ...needs, ...may }))).toEqual([NOTHING, detail]);
    }
  });

  it('tells everybody who they are, whatever is denied', async () => {
    const identity = {
      IdentityType: 'RAMUser',
      AccountId: ACCOUNT,
      PrincipalId: USER_ID,
      UserId: USER_ID,
      Arn: `acs:ram::${ACCOUNT}:user/admin`,
    };
    for (const statements of [[], [{ ...ALL, Effect: 'Deny' as const }]]) {
      resetDirectory(ruled(statements));
      expect(await call('GetCallerIdentity')).toEqual(identity);
    }
  });
});

const [name, connect] = CLIENTS[0] ?? [];
if (!name || !connect) throw new Error('no client');

through(name, connect, ({ call }) => {
  const sent = (action: string, parameters: Parameters, ...statements: Statement[]) => {
    resetDirectory(ruled(statements));
    return responseOrError(call(action, parameters));
  };

  describe.each(ACTION_CASES)('%s', (action, { needs, may, on }) => {
    const parameters = { ...needs, ...may };
    const allow = { ...ALL, Action: `ram:${action}` };

    it('is allowed by the permission for its resources, however names are spelled', async () => {
      for (const spelled of [parameters, inCapitals(parameters)]) {
        expect(await sent(action, spelled, { ...allow, Resource: on.map(exactly) })).toBeTypeOf('object');
      }
    });

    it('is refused without one of them', async () => {
      for (const resource of on) {
        const others = on.filter((each) => each !== resource).map(exactly);
        const elsewhere = `acs:ram:*:${ACCOUNT}:elsewhere`;
        expect(await sent(action, parameters, { ...allow, Resource: [...others, elsewhere] })).toBe(NOTHING);
      }
    });

    it('is refused where one of them is denied, however names are spelled', async () => {
      for (const resource of on) {
        const deny: Statement = { ...allow, Effect: 'Deny', Resource: exactly(resource) };
        for (const spelled of [parameters, inCapitals(parameters)]) {
          resetDirectory(ruled([ALL, deny]));
          const denial = await denialOf(call(action, spelled));
          expect(denial).toMatchObject([NOTHING, { NoPermissionType: 'ExplicitDeny' }]);
        }
      }
    });
  });

  it('counts what a group brings, and what it denies above all', async () => {
    const get = () => responseOrError(call('GetUser', { UserName: 'alice' }));
    resetDirectory(ruled([], [ALL]));
    expect(await get()).toBeTypeOf('object');
    resetDirectory(ruled([ALL], [{ Effect: 'Deny', Action: 'ram:Get*', Resource: '*' }]));
    expect(await get()).toBe(NOTHING);
  });

  it('asks for system policies as those of the account "system"', async () => {
    const attach = { UserName: 'alice', PolicyType: 'System', PolicyName: 'AliyunOSSReadOnlyAccess' };
    const on = (account: string) => ({
      ...ALL,
      Resource: [whole('user/*'), `acs:ram:*:${account}:policy/AliyunOSSReadOnlyAccess`],
    });
    expect(await sent('AttachPolicyToUser', attach, on('system'))).toEqual({});
    expect(await sent('AttachPolicyToUser', attach, on(ACCOUNT))).toBe(NOTHING);
  });

  it('lets whoever may manage their own keys do so without naming themselves, and nobody else', async () => {
    const own = { ...ALL, Action: 'ram:*AccessKey*', Resource: whole('user/admin') };
    expect(await sent('CreateAccessKey', {}, own)).toHaveProperty('AccessKey');
    expect(await sent('CreateAccessKey', { UserName: 'Admin' }, own)).toHaveProperty('AccessKey');
    expect(await sent('CreateAccessKey', { UserName: 'alice' }, own)).toBe(NOTHING);
  });

  it('knows a device by its serial number, with or without a region', async () => {
    const spare = { SerialNumber: `acs:ram::${ACCOUNT}:mfa/spare` };
    expect(await sent('DeleteVirtualMFADevice', spare, { ...ALL, Resource: whole('mfa/spare') })).toEqual({});
    expect(await sent('DeleteVirtualMFADevice', spare, { ...ALL, Resource: whole('mfa/mia') })).toBe(NOTHING);
  });

  it.each<[string, Statement, boolean]>([
    ['the form that STS tells', { ...ALL, Resource: `acs:ram::${ACCOUNT}:user/alice` }, true],
    ['another account', { ...ALL, Resource: 'acs:ram:*:1000000000000002:user/alice' }, false],
    ['the address of this machine', { ...ALL, Condition: { IpAddress: { 'acs:SourceIp': '127.0.0.0/8' } } }, true],
    ['another address', { ...ALL, Condition: { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } } }, false],
    ['encrypted requests', { ...ALL, Condition: { Bool: { 'acs:SecureTransport': 'true' } } }, false],
    ['a logon with MFA', { ...ALL, Condition: { Bool: { 'acs:MFAPresent': 'true' } } }, false],
    ['a time to come', { ...ALL, Condition: { DateLessThan: { 'acs:CurrentTime': CREATED_AT } } }, false],
    ['a time gone by', { ...ALL, Condition: { DateGreaterThan: { 'acs:CurrentTime': CREATED_AT } } }, true],
  ])('judges a permission for %s', async (_, statement, isAllowed) => {
    const outcome = await sent('GetUser', { UserName: 'alice' }, statement);
    expect(outcome).toEqual(isAllowed ? expect.any(Object) : NOTHING);
  });

  it('does not tell whoever may not whether there is such a thing', async () => {
    expect(await sent('DeleteUser', { UserName: 'nobody' })).toBe(NOTHING);
    expect(await sent('CreateUser', { UserName: 'alice' })).toBe(NOTHING);
  });
});
