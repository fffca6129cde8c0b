import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { type ApiOptions, createApi } from '../../src/remote/create-api.ts';
import { createSelfSignedCertificate } from '../../src/system/self-signed-certificate.ts';
import { failure } from '../support/failures.ts';
import { type Answer, error, json, startScriptedServer } from '../support/scripted-server.ts';
import { connectApi, testApiOptions } from '../support/test-api.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

const accessKey = { AccessKeyId: 'LTAIexample', AccessKeySecret: 'the-secret' };

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const result = await call.then(
    () => undefined,
    (reason) => reason,
  );
  expect(result).toMatchObject({ name: 'Failure' });
  return result;
}

async function answerOf(answer: Answer, action = 'CreateUser', options: Partial<ApiOptions> = {}) {
  const server = await startScriptedServer(answer);
  const api = await createApi({ ...testApiOptions(server.url), accessKey, ...options });
  return failureOf(api.call('RAM', action));
}

it.each([
  ['EntityNotExist.User', 404, 'missing'],
  ['InvalidAccessKeyId.NotFound', 404, 'denied'],
  ['InvalidAccessKeyId.Inactive', 400, 'denied'],
  ['InvalidSecurityToken.Expired', 400, 'denied'],
  ['SignatureDoesNotMatch', 400, 'denied'],
  ['IncompleteSignature', 400, 'denied'],
  ['NoPermission', 403, 'denied'],
  ['Forbidden.RAM', 403, 'denied'],
  ['EntityAlreadyExists.User', 409, 'refused'],
  ['DeleteConflict.User.Group', 409, 'refused'],
  ['LimitExceeded.User', 409, 'refused'],
  ['InvalidParameter.UserName.InvalidChars', 400, 'refused'],
  ['MalformedPolicyDocument', 400, 'refused'],
  ['InvalidAction.NotFound', 404, 'refused'],
  ['Throttling.User', 400, 'later'],
  ['SignatureNonceUsed', 400, 'later'],
])("%s keeps its code, with RAM's message and the id of the request", async (code, status, kind) => {
  const { message, ...thrown } = await answerOf(error(status, code, 'Explained by RAM.'));
  expect(thrown).toMatchObject({ kind, code, details: { RequestId: 'R1' } });
  expect(message).toContain('(request R1)');
  if (code !== 'SignatureDoesNotMatch') expect(message).toContain('Explained by RAM.');
});

it('names what the request was about, and the command that lists what exists', async () => {
  const server = await startScriptedServer(error(404, 'EntityNotExist.User', 'The user does not exist.'));
  const api = await createApi({ ...testApiOptions(server.url), accessKey });
  const request = { UserName: 'nope', GroupName: 'devs', Password: 'the-password' };
  const { message, details } = await failureOf(api.call('RAM', 'AddUserToGroup', request));
  expect([message, details.Hint]).toEqual([
    'The user does not exist. (UserName nope, GroupName devs, request R1)',
    'ramctl user list',
  ]);
});

it('names the permission that is missing, and the policy that gives it', async () => {
  const AccessDeniedDetail = { AuthAction: 'ram:CreateUser', AuthPrincipalDisplayName: 'bob' };
  const answer = json(403, { RequestId: 'R1', Code: 'NoPermission', Message: 'Not authorized.', AccessDeniedDetail });
  const thrown = await answerOf(answer);
  expect(thrown.message).toBe(
    'Not authorized. The caller needs permission for ram:CreateUser, which AliyunRAMFullAccess gives. (request R1)',
  );
  expect(thrown.details).toEqual({
    RequestId: 'R1',
    AccessDeniedDetail,
    Hint: 'an administrator can run: ramctl policy attach AliyunRAMFullAccess --user <name of the caller>',
  });
  expect((await answerOf(error(403, 'NoPermission'), 'ListUsers')).message).toContain(
    'ram:ListUsers, which AliyunRAMReadOnlyAccess',
  );
});

it('names the entities of the request, without other parameters', async () => {
  const server = await startScriptedServer(error(404, 'EntityNotExist.User', 'The user does not exist.'));
  const api = await createApi({ ...testApiOptions(server.url), accessKey });
  const parameters = { UserName: 'bob', NewDisplayName: 'Bob', Password: 'secret', PolicyName: 'p', Tag: [] };
  const thrown = await failureOf(api.call('RAM', 'UpdateUser', parameters));
  expect(thrown.message).toBe('The user does not exist. (UserName bob, PolicyName p, request R1)');
});

describe('the clock of this machine', () => {
  const refusal = error(400, 'InvalidTimeStamp.Expired', 'Time stamp expired.');

  it.each<[offset: string, milliseconds: number, text: RegExp]>([
    ['behind', -3 * 3_600_000, /The clock of this machine is 3 hours behind the server's\.$/],
    ['ahead', 20 * 60_000, /The clock of this machine is 20 minutes ahead of the server's\.$/],
  ])('is reported when it is %s', async (_, offset, text) => {
    const clock = { now: () => new Date(Date.now() + offset) };
    const thrown = await answerOf(refusal, 'CreateUser', { clock });
    expect(thrown).toEqual(failure('later', 'InvalidTimeStamp.Expired'));
    expect(thrown.message).toMatch(text);
  });

  it('is refused by ramctl serve', async () => {
    const endpoint = await TestEndpoint.open();
    const api = await connectApi(endpoint);
    endpoint.world.clock.step(3 * 3600);
    await expect(api.call('RAM', 'ListUsers')).rejects.toEqual(failure('later', 'InvalidTimeStamp.Expired'));
  });
});

describe('ramctl serve', () => {
  it.each<[problem: string, pair: (endpoint: TestEndpoint) => ApiOptions['accessKey'], code: string]>([
    ['a user without permissions', ({ bob }) => bob, 'NoPermission'],
    ['a wrong secret', ({ admin }) => ({ ...admin, AccessKeySecret: 'wrong' }), 'SignatureDoesNotMatch'],
    ['an unknown AccessKey', ({ admin }) => ({ ...admin, AccessKeyId: 'LTAInobody' }), 'InvalidAccessKeyId.NotFound'],
  ])('denies %s', async (_, pair, code) => {
    const endpoint = await TestEndpoint.open();
    const api = await connectApi(endpoint, { accessKey: pair(endpoint) });
    await expect(api.call('RAM', 'ListUsers')).rejects.toEqual(failure('denied', code));
  });

  it('denies another AccessKey', async () => {
    const endpoint = await TestEndpoint.open();
    const api = await connectApi(endpoint);
    await expect(api.as(endpoint.bob).call('RAM', 'ListUsers')).rejects.toEqual(failure('denied', 'NoPermission'));
    expect(await api.as(endpoint.bob).call('STS', 'GetCallerIdentity')).toMatchObject({ Arn: /:user\/bob$/ });
  });
});

describe('TLS', async () => {
  const tls = await createSelfSignedCertificate(['localhost', '127.0.0.1'], new Date());

  it('is used with a certificate that is trusted', async () => {
    const api = await connectApi(await TestEndpoint.open({ tls }));
    expect(await api.call('RAM', 'ListUsers')).toMatchObject({ IsTruncated: false });
  });

  it('explains a certificate that is not trusted', async () => {
    const api = await connectApi(await TestEndpoint.open({ tls }), { ca: undefined });
    const thrown = await failureOf(api.call('RAM', 'ListUsers'));
    expect(thrown).toEqual(failure('later', 'CertificateNotTrusted'));
    expect(thrown.details.Hint).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('explains a certificate for another name', async () => {
    const other = await createSelfSignedCertificate(['ram.example.com'], new Date());
    const api = await connectApi(await TestEndpoint.open({ tls: other }));
    const thrown = await failureOf(api.call('RAM', 'ListUsers'));
    expect([thrown.code, thrown.message]).toEqual(['CertificateNotTrusted', expect.stringContaining('another name')]);
  });

  it('explains a server without TLS', async () => {
    const server = await startScriptedServer(error(400, 'never sent'));
    const api = await createApi({ ...testApiOptions(server.url.replace('http', 'https')), accessKey });
    const thrown = await failureOf(api.call('RAM', 'ListUsers'));
    expect([thrown.code, thrown.message]).toEqual(['ConnectionFailed', expect.stringContaining('does not use TLS')]);
  });
});

it('explains a server that does not use HTTP', async () => {
  const server = createServer((socket) => void socket.end('SSH-2.0-example\r\n'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = await createApi({ ...testApiOptions(url), accessKey });
  await expect(api.call('RAM', 'ListUsers')).rejects.toEqual(failure('later', 'UnexpectedAnswer'));
});

it.each<[name: string, answer: Answer]>([
  [
    'an answer that repeats the request',
    (response, request) => {
      const Message = `server string to sign is: ${JSON.stringify(request.headers)}`;
      json(400, { RequestId: 'R1', Code: 'SignatureDoesNotMatch', Message })(response, request);
    },
  ],
  ['a dropped connection', (_, request) => request.socket.destroy()],
  ['a page that repeats the request', (response, request) => response.end(`<p>${JSON.stringify(request.headers)}`)],
])('no error contains a secret or a signature: %s', async (_, answer) => {
  const thrown = await answerOf(answer);
  const text = JSON.stringify([thrown.message, thrown.details, thrown.stack, String(thrown.cause)]);
  expect(text).not.toMatch(/the-secret|Signature=|ACS3-HMAC/);
});
