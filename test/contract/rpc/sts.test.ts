import { describe, expect, it } from 'vitest';
import { ACCOUNT, requestTime } from '../../support/sample-directory.ts';
import { type Call, type KeyPair, type Parameters, RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { type ConnectedClient, describeEachClient } from './describe-clients.ts';

type Statement = { Effect?: 'Allow' | 'Deny'; Action?: string; Resource?: string | string[]; Condition?: object };
type TrustStatement = { Effect?: 'Allow' | 'Deny'; Action?: string; Principal: object; Condition?: object };

const ROLE_ID = expect.stringMatching(/^3\d{17}$/);
const arnOf = (id: string, account = ACCOUNT) => `acs:ram::${account}:${id}`;
const ROOT = { Principal: { RAM: arnOf('root') } };
const DEPLOYER = { RoleArn: arnOf('role/Deployer'), RoleSessionName: 'alice@build-7' };
const REFUSED = '403 NoPermission';

const policyOf = (...statements: Statement[]) =>
  JSON.stringify({
    Version: '1',
    Statement: statements.map((given) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...given })),
  });
const trustOf = (...statements: TrustStatement[]) =>
  JSON.stringify({
    Version: '1',
    Statement: statements.map((given) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...given })),
  });

const GET_USER: Statement = { Action: 'ram:GetUser' };
const LIST_USERS: Statement = { Action: 'ram:ListUsers' };

/** Creates a role that all identities of the account may assume, with one policy. */
async function createRole(call: Call, RoleName: string, trust: TrustStatement[], ...permissions: Statement[]) {
  await call('CreateRole', { RoleName, AssumeRolePolicyDocument: trustOf(...trust), MaxSessionDuration: 7200 });
  const PolicyName = `For-${RoleName}`;
  await call('CreatePolicy', { PolicyName, PolicyDocument: policyOf(...permissions) });
  await call('AttachPolicyToRole', { RoleName, PolicyName, PolicyType: 'Custom' });
}

/** Returns a key of alice, who has no permissions. */
async function createKeyOfAlice(call: Call): Promise<KeyPair> {
  const { AccessKey } = (await call('CreateAccessKey', { UserName: 'alice' })) as { AccessKey: KeyPair };
  return AccessKey;
}

/** Assumes Deployer and returns a client with the credentials of the session. */
async function assume({ as }: ConnectedClient, call: Call, given: Parameters = {}): Promise<Call> {
  const { Credentials } = (await call('AssumeRole', { ...DEPLOYER, ...given })) as { Credentials: KeyPair };
  return as(Credentials);
}

/** Returns the status and the code of a denial, what was denied, how, and by which kind of policy. */
async function denialOf(response: Promise<object>): Promise<unknown[]> {
  const error = await response.catch((thrown: unknown) => thrown);
  if (!(error instanceof RequestError)) throw error;
  const { AuthAction, NoPermissionType, PolicyType } = error.envelope.AccessDeniedDetail as Record<string, string>;
  return [error.message, AuthAction, NoPermissionType, PolicyType];
}

describeEachClient((client, isFirst) => {
  const { call, as } = client;

  describe('AssumeRole', () => {
    it('returns credentials that sign requests of the role, which has the permissions of its policies', async () => {
      await createRole(call, 'Deployer', [ROOT], GET_USER);
      const response = (await call('AssumeRole', DEPLOYER)) as { Credentials: KeyPair & { Expiration: string } };
      expect(response).toEqual({
        AssumedRoleUser: {
          Arn: arnOf('assumed-role/Deployer/alice@build-7'),
          AssumedRoleId: expect.stringMatching(/^3\d{17}:alice@build-7$/),
        },
        Credentials: {
          AccessKeyId: expect.stringMatching(/^STS\.[A-Za-z0-9]{24}$/),
          AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
          SecurityToken: expect.any(String),
          Expiration: expect.any(String),
        },
      });
      const expected = requestTime.getTime() + 3600_000;
      expect(Math.abs(Date.parse(response.Credentials.Expiration) - expected)).toBeLessThan(1000);

      const session = as(response.Credentials);
      expect(await session('GetUser', { UserName: 'alice' })).toMatchObject({ User: { UserName: 'alice' } });
      const implicit = ['ImplicitDeny', 'AccountLevelIdentityBasedPolicy'];
      expect(await denialOf(session('ListUsers'))).toEqual([REFUSED, 'ram:ListUsers', ...implicit]);
      expect(await denialOf(session('DeleteUser', { UserName: 'bob' }))).toEqual([
        REFUSED,
        'ram:DeleteUser',
        ...implicit,
      ]);
    });

    it('names the session and the role in GetCallerIdentity and in denials', async () => {
      await createRole(call, 'Deployer', [ROOT], GET_USER);
      const session = await assume(client, call, { Policy: policyOf({ Effect: 'Deny' }) });
      const identity = (await session('GetCallerIdentity')) as Record<string, string>;
      expect(identity).toEqual({
        IdentityType: 'AssumedRoleUser',
        AccountId: ACCOUNT,
        RoleId: ROLE_ID,
        PrincipalId: `${identity.RoleId}:alice@build-7`,
        Arn: arnOf('assumed-role/Deployer/alice@build-7'),
      });
      const error = (await session('ListUsers').catch((thrown: unknown) => thrown)) as RequestError;
      expect(error.envelope.AccessDeniedDetail).toEqual({
        AuthAction: 'ram:ListUsers',
        AuthPrincipalType: 'AssumedRoleUser',
        AuthPrincipalOwnerId: ACCOUNT,
        AuthPrincipalDisplayName: identity.PrincipalId,
        NoPermissionType: 'ExplicitDeny',
        PolicyType: 'SessionPolicy',
      });
    });

    it('needs sts:AssumeRole on the role in a policy of the caller', async () => {
      await createRole(call, 'Deployer', [ROOT], GET_USER);
      const alice = as(await createKeyOfAlice(call));
      const refused = [REFUSED, 'sts:AssumeRole', 'ImplicitDeny', 'AccountLevelIdentityBasedPolicy'];
      expect(await denialOf(alice('AssumeRole', DEPLOYER))).toEqual(refused);
      const mayAssume = (resource: string) => policyOf({ Action: 'sts:AssumeRole', Resource: resource });
      await call('CreatePolicy', { PolicyName: 'Elsewhere', PolicyDocument: mayAssume('acs:ram:*:*:role/Other') });
      await call('AttachPolicyToUser', { UserName: 'alice', PolicyName: 'Elsewhere', PolicyType: 'Custom' });
      expect(await denialOf(alice('AssumeRole', DEPLOYER))).toEqual(refused);
      const PolicyDocument = mayAssume(`acs:ram:*:${ACCOUNT}:role/Deployer`);
      await call('CreatePolicyVersion', { PolicyName: 'Elsewhere', PolicyDocument, SetAsDefault: true });
      for (const role of ['Deployer', 'deployer']) {
        expect(await alice('AssumeRole', { ...DEPLOYER, RoleArn: arnOf(`role/${role}`) })).toMatchObject({
          AssumedRoleUser: { Arn: arnOf('assumed-role/Deployer/alice@build-7') },
        });
      }
      await call('AttachPolicyToUser', {
        UserName: 'alice',
        PolicyName: 'AliyunSTSAssumeRoleAccess',
        PolicyType: 'System',
      });
      const missing = alice('AssumeRole', { ...DEPLOYER, RoleArn: arnOf('role/Nobody') });
      expect(await responseOrError(missing)).toBe('404 EntityNotExist.Role');
    });

    const local = { IpAddress: { 'acs:SourceIp': '127.0.0.1' } };
    const elsewhere = { IpAddress: { 'acs:SourceIp': '192.0.2.1' } };
    const external = { StringEquals: { 'sts:ExternalId': 'acme-42' } };
    const ram = (...ids: string[]) => ({ Principal: { RAM: ids.map((id) => arnOf(id)) } });
    // The clients differ only in how they send the same parameters: one client is enough for these cases.
    if (isFirst)
      it.each<[string, TrustStatement[], 'Allow' | 'ImplicitDeny' | 'ExplicitDeny', Parameters?]>([
        ['the account', [ROOT], 'Allow'],
        ['the user', [ram('user/admin')], 'Allow'],
        ['the user in a list', [ram('user/bob', 'user/admin')], 'Allow'],
        ['another user', [ram('user/bob')], 'ImplicitDeny'],
        ['a role with the name of the user', [ram('role/admin')], 'ImplicitDeny'],
        ['every account', [{ Principal: { RAM: 'acs:ram::*:root' } }], 'Allow'],
        ['another account', [{ Principal: { RAM: arnOf('root', '1000000000000002') } }], 'ImplicitDeny'],
        ['a service', [{ Principal: { Service: 'ecs.aliyuncs.com' } }], 'ImplicitDeny'],
        ['an identity provider', [{ Principal: { Federated: arnOf('saml-provider/acme') } }], 'ImplicitDeny'],
        ['the account, but not the user', [ROOT, { ...ram('user/admin'), Effect: 'Deny' }], 'ExplicitDeny'],
        ['the user, but not the account', [ram('user/admin'), { ...ROOT, Effect: 'Deny' }], 'ExplicitDeny'],
        ['the account for another action', [{ ...ROOT, Action: 'sts:TagSession' }], 'ImplicitDeny'],
        ['the account for all actions', [{ ...ROOT, Action: 'sts:*' }], 'Allow'],
        ['the account at this address', [{ ...ROOT, Condition: local }], 'Allow'],
        ['the account at another address', [{ ...ROOT, Condition: elsewhere }], 'ImplicitDeny'],
        ['the account with an external id', [{ ...ROOT, Condition: external }], 'ImplicitDeny'],
        ['the account with this external id', [{ ...ROOT, Condition: external }], 'Allow', { ExternalId: 'acme-42' }],
        ['the account without this id', [{ ...ROOT, Condition: external }], 'ImplicitDeny', { ExternalId: 'acme-4' }],
      ])('applies a trust policy for %s', async (_, trust, decision, given) => {
        await createRole(call, 'Deployer', trust, GET_USER);
        const response = call('AssumeRole', { ...DEPLOYER, ...given });
        if (decision === 'Allow') expect(await response).toHaveProperty('Credentials');
        else expect(await denialOf(response)).toEqual([REFUSED, 'sts:AssumeRole', decision, 'AssumeRolePolicy']);
      });

    it('lets a session assume another role that trusts its role', async () => {
      const MAY_ASSUME = { Action: 'sts:AssumeRole' };
      await createRole(call, 'Deployer', [ROOT], MAY_ASSUME);
      await createRole(call, 'Lister', [ram('role/Deployer')], LIST_USERS);
      await createRole(call, 'Closed', [ram('user/admin')], LIST_USERS);
      const deployer = await assume(client, call);
      const RoleArn = arnOf('role/Lister');
      const lister = await assume(client, deployer, { RoleArn, RoleSessionName: 'chain' });
      expect(await lister('GetCallerIdentity')).toMatchObject({ Arn: arnOf('assumed-role/Lister/chain') });
      expect(await lister('ListUsers')).toHaveProperty('Users');
      const byTrust = [REFUSED, 'sts:AssumeRole', 'ImplicitDeny', 'AssumeRolePolicy'];
      expect(await denialOf(call('AssumeRole', { ...DEPLOYER, RoleArn }))).toEqual(byTrust);
      expect(await denialOf(deployer('AssumeRole', { ...DEPLOYER, RoleArn: arnOf('role/Closed') }))).toEqual(byTrust);
      const narrowed = await assume(client, call, { Policy: policyOf(LIST_USERS) });
      const bySession = [REFUSED, 'sts:AssumeRole', 'ImplicitDeny', 'SessionPolicy'];
      expect(await denialOf(narrowed('AssumeRole', { ...DEPLOYER, RoleArn }))).toEqual(bySession);
    });

    // The clients differ only in how they send the same parameters: one client is enough for these cases.
    if (isFirst)
      it.each<[string, Parameters]>([
        ['400 InvalidParameter.RoleArn', { RoleArn: 'Deployer' }],
        ['400 InvalidParameter.RoleArn', { RoleArn: arnOf('user/alice') }],
        ['400 InvalidParameter.RoleArn', { RoleArn: arnOf('role/') }],
        ['400 InvalidParameter.RoleSessionName', { RoleSessionName: 'a' }],
        ['400 InvalidParameter.RoleSessionName', { RoleSessionName: 'a'.repeat(65) }],
        ['400 InvalidParameter.RoleSessionName', { RoleSessionName: 'a/b' }],
        ['400 InvalidParameter.DurationSeconds', { DurationSeconds: 899 }],
        ['400 InvalidParameter.DurationSeconds', { DurationSeconds: 7201 }],
        ['400 InvalidParameter.PolicyGrammar', { Policy: '{"Version":"1"}' }],
        ['400 InvalidParameter.PolicyGrammar', { Policy: trustOf(ROOT) }],
        ['400 InvalidParameter.PolicySize', { Policy: policyOf(GET_USER).padEnd(2049) }],
        ['400 InvalidParameter.SourceIdentity', { SourceIdentity: 'alice' }],
        ['404 EntityNotExist.Role', { RoleArn: arnOf('role/Nobody') }],
        ['404 EntityNotExist.Role', { RoleArn: arnOf('role/Deployer', '1000000000000002') }],
      ])('returns %s for %j', async (error, given) => {
        await createRole(call, 'Deployer', [ROOT], GET_USER);
        expect(await responseOrError(call('AssumeRole', { ...DEPLOYER, ...given }))).toBe(error);
      });

    it('requires RoleArn and RoleSessionName, and accepts the limits of the other parameters', async () => {
      await createRole(call, 'Deployer', [ROOT], GET_USER);
      const { RoleArn, RoleSessionName } = DEPLOYER;
      expect(await responseOrError(call('AssumeRole', { RoleSessionName }))).toBe('400 MissingRoleArn');
      expect(await responseOrError(call('AssumeRole', { RoleArn }))).toBe('400 MissingRoleSessionName');
      const Policy = policyOf(GET_USER).padEnd(2048);
      for (const DurationSeconds of [900, 7200]) {
        const session = await assume(client, call, { Policy, DurationSeconds, RoleSessionName: 'a'.repeat(64) });
        expect(await session('GetUser', { UserName: 'alice' })).toHaveProperty('User');
      }
    });
  });

  describe('a session', () => {
    // The clients differ only in how they send the same parameters: one client is enough for these cases.
    if (isFirst)
      it.each<[string, Statement[], Statement[], unknown[]]>([
        ['both allow', [GET_USER], [GET_USER], []],
        ['only the role allows', [GET_USER], [LIST_USERS], ['ImplicitDeny', 'SessionPolicy']],
        [
          'only the session policy allows',
          [LIST_USERS],
          [GET_USER],
          ['ImplicitDeny', 'AccountLevelIdentityBasedPolicy'],
        ],
        [
          'the role denies',
          [{}, { ...GET_USER, Effect: 'Deny' }],
          [{}],
          ['ExplicitDeny', 'AccountLevelIdentityBasedPolicy'],
        ],
        ['the session policy denies', [{}], [{}, { ...GET_USER, Effect: 'Deny' }], ['ExplicitDeny', 'SessionPolicy']],
        [
          'the session policy allows another resource',
          [{}],
          [{ ...GET_USER, Resource: `acs:ram:*:${ACCOUNT}:user/bob` }],
          ['ImplicitDeny', 'SessionPolicy'],
        ],
      ])('is narrowed by its session policy when %s', async (_, ofRole, ofSession, denial) => {
        await createRole(call, 'Deployer', [ROOT], ...ofRole);
        const session = await assume(client, call, { Policy: policyOf(...ofSession) });
        const response = session('GetUser', { UserName: 'alice' });
        if (denial.length === 0) expect(await response).toHaveProperty('User');
        else expect(await denialOf(response)).toEqual([REFUSED, 'ram:GetUser', ...denial]);
      });

    it('has the present permissions of its role', async () => {
      await createRole(call, 'Deployer', [ROOT], GET_USER);
      const session = await assume(client, call);
      const detach = { RoleName: 'Deployer', PolicyName: 'For-Deployer', PolicyType: 'Custom' };
      await call('DetachPolicyFromRole', detach);
      expect(await responseOrError(session('GetUser', { UserName: 'alice' }))).toBe(REFUSED);
    });

    it('ends when its role is deleted, also if a role with the same name is created', async () => {
      await createRole(call, 'Deployer', [ROOT], GET_USER);
      const session = await assume(client, call);
      await call('DetachPolicyFromRole', { RoleName: 'Deployer', PolicyName: 'For-Deployer', PolicyType: 'Custom' });
      await call('DeleteRole', { RoleName: 'Deployer' });
      expect(await responseOrError(session('GetCallerIdentity'))).toBe('404 InvalidAccessKeyId.NotFound');
      await call('CreateRole', { RoleName: 'Deployer', AssumeRolePolicyDocument: trustOf(ROOT) });
      expect(await responseOrError(session('GetCallerIdentity'))).toBe('404 InvalidAccessKeyId.NotFound');
    });

    it('is not a user: it must name the user of an AccessKey and cannot change a password', async () => {
      await createRole(call, 'Deployer', [ROOT], {});
      const session = await assume(client, call);
      for (const action of ['CreateAccessKey', 'ListAccessKeys']) {
        expect(await responseOrError(session(action))).toBe('400 MissingUserName');
        expect(await session(action, { UserName: 'alice' })).toBeTypeOf('object');
      }
      const passwords = { OldPassword: 'Correct-Horse-1', NewPassword: 'Correct-Horse-2' };
      expect(await responseOrError(session('ChangePassword', passwords))).toBe(REFUSED);
    });

    it('changes the directory', async () => {
      await createRole(call, 'Deployer', [ROOT], {});
      const session = await assume(client, call, { Policy: policyOf({ Action: 'ram:CreateUser' }) });
      expect(await session('CreateUser', { UserName: 'zoe' })).toMatchObject({ User: { UserName: 'zoe' } });
      expect(await call('GetUser', { UserName: 'zoe' })).toHaveProperty('User');
      expect(await responseOrError(session('DeleteUser', { UserName: 'zoe' }))).toBe(REFUSED);
    });
  });
});
