import { describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { HttpResponse } from '../support/http-client.ts';
import { type KeyPair, type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { SIGNING_METHODS, TestEndpoint } from '../support/test-endpoint.ts';

/** Returns `done`, or the status and the error code. */
const outcomeOf = ({ status, body }: HttpResponse) => (status === 200 ? 'done' : `${status} ${body.Code}`);
/** Returns the outcome and the message. */
const errorOf = (response: HttpResponse) => [outcomeOf(response), response.body.Message];

const STS = { version: '2015-04-01' };

async function openWithRole(directory?: (real: Directory) => Directory): Promise<TestEndpoint> {
  const endpoint = await TestEndpoint.open(directory && { directory });
  const { world } = endpoint;
  const { AccountId } = await world.directory.getCallerIdentity();
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: `acs:ram::${AccountId}:root` } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [trust] });
  await world.directory.createRole({ RoleName: 'Deployer', AssumeRolePolicyDocument });
  const policy = { PolicyName: 'AdministratorAccess', PolicyType: 'System' } as const;
  await world.directory.attachPolicyToRole({ RoleName: 'Deployer', ...policy });
  return endpoint;
}

async function sendAssumeRole(endpoint: TestEndpoint, given: Record<string, string> = {}): Promise<HttpResponse> {
  const { AccountId } = await endpoint.world.directory.getCallerIdentity();
  const parameters = { RoleArn: `acs:ram::${AccountId}:role/Deployer`, RoleSessionName: 'build@7', ...given };
  return endpoint.send(signV3({ ...endpoint.unsignedRequest('AssumeRole', parameters), ...STS }, endpoint.admin));
}

/** Returns the credentials of a new session of Deployer. */
async function assume(endpoint: TestEndpoint, given?: Record<string, string>): Promise<Required<KeyPair>> {
  const { body } = await sendAssumeRole(endpoint, given);
  return body.Credentials as Required<KeyPair>;
}

describe.each(SIGNING_METHODS)('a request of a session, signed with %s', (_, sign) => {
  const listUsers = (endpoint: TestEndpoint, pair: KeyPair) =>
    endpoint.send(sign(endpoint.unsignedRequest('ListUsers'), pair));

  it('is accepted until the token expires', async () => {
    const endpoint = await openWithRole();
    const pair = await assume(endpoint, { DurationSeconds: '900' });
    endpoint.world.clock.step(899);
    expect(outcomeOf(await listUsers(endpoint, pair))).toBe('done');
    endpoint.world.clock.step(1);
    const expired = ['400 InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.'];
    expect(errorOf(await listUsers(endpoint, pair))).toEqual(expired);
  });

  it('lasts an hour by default', async () => {
    const endpoint = await openWithRole();
    const pair = await assume(endpoint);
    endpoint.world.clock.step(3599);
    expect(outcomeOf(await listUsers(endpoint, pair))).toBe('done');
    endpoint.world.clock.step(1);
    expect(outcomeOf(await listUsers(endpoint, pair))).toBe('400 InvalidSecurityToken.Expired');
  });

  it('needs the token that belongs to its AccessKey', async () => {
    const endpoint = await openWithRole();
    const [pair, other] = [await assume(endpoint), await assume(endpoint)];
    const { AccessKeyId, AccessKeySecret, SecurityToken } = pair;
    const missing = ['400 MissingSecurityToken', 'SecurityToken is mandatory for this action.'];
    expect(errorOf(await listUsers(endpoint, { AccessKeyId, AccessKeySecret }))).toEqual(missing);
    const mismatch = '400 InvalidSecurityToken.MismatchWithAccessKey';
    for (const owner of [other, endpoint.admin]) {
      expect(outcomeOf(await listUsers(endpoint, { ...owner, SecurityToken }))).toBe(mismatch);
    }
    const malformed = ['400 InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.'];
    for (const text of ['nonsense', `x${SecurityToken}`]) {
      expect(errorOf(await listUsers(endpoint, { ...pair, SecurityToken: text }))).toEqual(malformed);
    }
  });

  it('needs a signature with the secret of the session', async () => {
    const endpoint = await openWithRole();
    const pair = await assume(endpoint);
    const { AccessKeySecret } = endpoint.admin;
    const refused = await listUsers(endpoint, { ...pair, AccessKeySecret });
    expect(outcomeOf(refused)).toBe('400 SignatureDoesNotMatch');
  });

  it('is executed only once', async () => {
    const endpoint = await openWithRole();
    const message = sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), await assume(endpoint));
    expect(outcomeOf(await endpoint.send(message))).toBe('done');
    expect(outcomeOf(await endpoint.send(message))).toBe('400 SignatureNonceUsed');
  });
});

it('the header with the token must be signed', async () => {
  const endpoint = await openWithRole();
  const { SecurityToken, ...pair } = await assume(endpoint);
  const message = signV3(endpoint.unsignedRequest('ListUsers'), pair);
  const headers = { ...message.headers, 'x-acs-security-token': SecurityToken };
  const refused = await endpoint.send({ ...message, headers });
  expect(outcomeOf(refused)).toBe('400 IncompleteSignature');
  expect(refused.body.Message).toContain('the header x-acs-security-token is not signed');
});

it.each(['expires', 'loses its role', 'loses its permission'])(
  'a change is refused when the session %s while it waits',
  async (change) => {
    const meanwhile: (() => Promise<unknown>)[] = [];
    const endpoint = await openWithRole((real) => ({
      ...real,
      atomically: async (work) => {
        await meanwhile.pop()?.();
        return real.atomically(work);
      },
    }));
    const { world } = endpoint;
    const RoleName = 'Deployer';
    const loseRole = async () => {
      await losePermission();
      await world.directory.deleteRole({ RoleName });
    };
    const losePermission = () =>
      world.directory.detachPolicyFromRole({ RoleName, PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    const cases: Record<string, [() => Promise<unknown>, string]> = {
      expires: [async () => world.clock.step(3600), '400 InvalidSecurityToken.Expired'],
      'loses its role': [loseRole, '404 InvalidAccessKeyId.NotFound'],
      'loses its permission': [losePermission, '403 NoPermission'],
    };
    const [work, expected] = cases[change] ?? [];
    const pair = await assume(endpoint);
    if (work) meanwhile.push(work);
    const request = endpoint.unsignedRequest('CreateUser', { UserName: 'carol' });
    expect(outcomeOf(await endpoint.send(signV3(request, pair)))).toBe(expected);
    expect(await endpoint.users()).toEqual(['admin', 'bob']);
  },
);

it('sessions are in the log by name, without their credentials, and change no record', async () => {
  const recorded: string[] = [];
  const endpoint = await openWithRole((real) => ({
    ...real,
    recordAccessKeyUse: async (uses) => void recorded.push(...uses.map(({ AccessKeyId }) => AccessKeyId)),
  }));
  const before = JSON.stringify(await endpoint.world.state());
  const response = await sendAssumeRole(endpoint);
  const pair = response.body.Credentials as Required<KeyPair>;
  await endpoint.send(signV1(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), pair));
  await endpoint.send(signV3(endpoint.unsignedRequest('DeleteUser', { UserName: 'nobody' }), pair));
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), { ...pair, SecurityToken: 'nonsense' }));
  expect(endpoint.log.map((line) => line.split(' ').slice(2, -1).join(' '))).toEqual([
    'admin AssumeRole 200',
    'assumed-role/Deployer/build@7 GetUser 200',
    'assumed-role/Deployer/build@7 DeleteUser 404 EntityNotExist.User',
    '- ListUsers 400 InvalidSecurityToken.Malformed',
  ]);
  const log = endpoint.log.join('\n');
  expect(Object.values(pair).filter((secret) => log.includes(secret))).toEqual([]);
  expect(JSON.stringify(await endpoint.world.state())).toBe(before);
  await endpoint.close();
  expect(recorded).toEqual([endpoint.admin.AccessKeyId]);
});

it.each(['AssumeRoleWithOIDC', 'AssumeRoleWithSAML'])('%s, which clients do not sign, is refused', async (Action) => {
  const endpoint = await openWithRole();
  const query = Object.entries({ Action, Version: STS.version, Format: 'JSON', RoleSessionName: 'build' });
  const headers = { host: `127.0.0.1:${endpoint.port}` };
  const message: SignedRequest = { method: 'POST', path: '/', query: query as never, headers, body: '', toSign: '' };
  const response = await endpoint.send(message);
  expect(outcomeOf(response)).toBe('404 InvalidAction.NotFound');
  expect(response.body.Message).toContain(`${Action} is not supported`);
});
