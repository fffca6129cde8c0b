import { expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { serializeRequest } from '../support/http-client.ts';
import { encodeRfc3986, type KeyPair, type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** Time, RequestId, user, action, status, error code and duration. */
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9A-F-]{36} [\w.-]+ [\w-]+ \d{3}( [\w.: -]+)? \d+ms$/;

it('has one line for each request with the user, the action and the outcome', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin, bob } = endpoint;
  await endpoint.callAsAdmin('CreateUser', { UserName: 'carol' });
  await endpoint.callAsAdmin('CreateUser', { UserName: 'carol' });
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), bob));
  await endpoint.send(signV1({ ...endpoint.unsignedRequest('GetCallerIdentity'), version: '2015-04-01' }, bob));
  await endpoint.send(signV1(endpoint.unsignedRequest('ListNothing'), admin));
  await endpoint.send({ ...signV1(endpoint.unsignedRequest('ListUsers'), admin), path: '/elsewhere' });
  const { body } = await endpoint.callAsAdmin('GetAccountAlias');
  expect(endpoint.log.filter((line) => !LINE.test(line))).toEqual([]);
  expect(endpoint.log.map((line) => line.split(' ').slice(2, -1).join(' '))).toEqual([
    'admin CreateUser 200',
    'admin CreateUser 409 EntityAlreadyExists.User',
    'bob ListUsers 403 NoPermission',
    'bob GetCallerIdentity 200',
    '- - 404 InvalidAction.NotFound',
    '- - 404 InvalidAction.NotFound',
    'admin GetAccountAlias 200',
  ]);
  expect(endpoint.log.at(-1)).toContain(` ${body.RequestId} `);
});

it('never contains a secret, a signature, a password or a parameter', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin } = endpoint;
  const secrets: string[] = [];
  const sendAndRemember = async (message: SignedRequest) => {
    secrets.push(
      ...message.query.filter(([name]) => !/^(Action|Format|Timestamp)$/.test(name)).map(([, value]) => value),
    );
    secrets.push(message.headers.authorization ?? '-none-', message.headers['x-acs-signature-nonce'] ?? '-none-');
    return endpoint.send(message);
  };
  const requests: [string, Record<string, string>][] = [
    ['CreateUser', { UserName: 'carol', Comments: 'A note', Email: 'carol@example.com' }],
    ['CreateLoginProfile', { UserName: 'carol', Password: 'Correct-Horse-9' }],
    ['CreateLoginProfile', { UserName: 'carol', Password: 'short' }],
    ['ChangePassword', { OldPassword: 'Wrong-Horse-9', NewPassword: 'Another-Horse-9' }],
    ['CreatePolicy', { PolicyName: 'broken', PolicyDocument: '{"Version": 1' }],
    ['ListUsers', { Marker: 'nonsense', MaxItems: '1' }],
    ['UpdateAccessKey', { UserName: 'carol', UserAccessKeyId: 'LTAInobody', Status: 'Asleep' }],
    ['NoAction', { UserName: 'carol' }],
  ];
  for (const [action, parameters] of requests) {
    const wish = endpoint.unsignedRequest(action, parameters);
    for (const sign of [signV1, signV3]) {
      await sendAndRemember(sign(wish, { ...admin, AccessKeySecret: 'a-wrong-secret' }));
      await sendAndRemember(sign(wish, { AccessKeyId: 'LTAIunknown', AccessKeySecret: 'another-wrong-secret' }));
      await sendAndRemember(sign(wish, admin));
    }
  }
  const created = await sendAndRemember(
    signV3(endpoint.unsignedRequest('CreateAccessKey', { UserName: 'carol' }), admin),
  );
  const device = await sendAndRemember(
    signV3(endpoint.unsignedRequest('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' }), admin),
  );
  secrets.push((created.body.AccessKey as KeyPair).AccessKeySecret, admin.AccessKeySecret, admin.AccessKeyId);
  secrets.push((device.body.VirtualMFADevice as { Base32StringSeed: string }).Base32StringSeed);
  const log = endpoint.log.join('\n');
  expect(endpoint.log).toHaveLength(requests.length * 6 + 2);
  expect(secrets.filter((secret) => secret.length > 3 && log.includes(secret))).toEqual([]);
});

const UNSAFE_TEXTS = ['\u001b[2J', '\r\n2026-01-01T00:00:00Z', '\u0000', '\u009b31m', '\u202e', '\u2028', '%0a', 'é😀'];

it('contains no text that a client chooses', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin, bob } = endpoint;
  for (const text of UNSAFE_TEXTS) {
    await endpoint.send(signV1(endpoint.unsignedRequest(text), admin));
    await endpoint.send(signV1(endpoint.unsignedRequest(`CreateUser${text}`), admin));
    await endpoint.send(signV1(endpoint.unsignedRequest('CreateUser', { UserName: text, [text]: text }), admin));
    await endpoint.send(signV1(endpoint.unsignedRequest('GetUser', { UserName: `bob${text}` }), bob));
    await endpoint.send(signV1(endpoint.unsignedRequest('GetUser'), { ...admin, AccessKeyId: text }));
    await endpoint.send({
      ...signV1({ ...endpoint.unsignedRequest('GetUser'), nonce: text }, admin),
      path: `/${encodeRfc3986(text)}`,
    });
  }
  // Client libraries refuse to send these headers.
  for (const text of UNSAFE_TEXTS) {
    for (const name of ['host', 'x-acs-action', 'authorization']) {
      const { headers, ...rest } = signV3(endpoint.unsignedRequest('GetUser'), admin);
      const message = { ...rest, headers: { ...headers, [name]: text } };
      const { socket, ended } = endpoint.connect().write(serializeRequest(message));
      socket.end();
      await ended;
    }
  }
  const others = endpoint.log.filter((line) => !LINE.test(line) && line !== 'malformed request: 400 Bad Request');
  expect(others).toEqual([]);
  expect(endpoint.log).toHaveLength(UNSAFE_TEXTS.length * 9);
});

it('has the details of internal errors, which the response does not have', async () => {
  const bug = new Error('one line\nand another');
  const directory = (real: Directory): Directory => ({ ...real, reading: () => Promise.reject(bug) });
  const endpoint = await TestEndpoint.open({ directory });
  const { status, body } = await endpoint.callAsAdmin('ListUsers');
  expect([status, body.Code]).toEqual([500, 'InternalError']);
  expect(JSON.stringify(body)).not.toMatch(/one line|at .*\.ts/);
  expect(endpoint.log).toHaveLength(1);
  expect(endpoint.log[0]).toMatch(/ - ListUsers 500 bug: Error: one line and another at .* \d+ms$/);

  const broken = await TestEndpoint.open();
  await broken.world.store.change(async (state) => {
    for (const user of state.Users.values()) for (const key of user.AccessKeys) key.SealedSecret = 'moved';
  });
  const response = await broken.callAsAdmin('ListUsers');
  expect([response.status, response.body.Code]).toEqual([500, 'InternalError']);
  expect(broken.log[0]).toMatch(/ - ListUsers 500 SealBroken: moved \d+ms$/);
});
