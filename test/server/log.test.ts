import { expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { serializeRequest } from '../support/http-client.ts';
import { encodeRfc3986, type KeyPair, type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** When, which request, who, what, and what came of it. */
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9A-F-]{36} [\w.-]+ [\w-]+ \d{3}( [\w.: -]+)? \d+ms$/;

it('has one line for each request, with who asked for what and what came of it', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin, bob } = endpoint;
  await endpoint.callAsAdmin('CreateUser', { UserName: 'carol' });
  await endpoint.callAsAdmin('CreateUser', { UserName: 'carol' });
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), bob));
  await endpoint.send(signV1({ ...endpoint.unsignedRequest('GetCallerIdentity'), version: '2015-04-01' }, bob));
  await endpoint.send(signV1(endpoint.unsignedRequest('ListRoles'), admin));
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

it('never holds a secret, a signature, a password or anything that was asked for', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin } = endpoint;
  const secrets: string[] = [];
  const telling = async (message: SignedRequest) => {
    secrets.push(
      ...message.query.filter(([name]) => !/^(Action|Format|Timestamp)$/.test(name)).map(([, value]) => value),
    );
    secrets.push(message.headers.authorization ?? '-none-', message.headers['x-acs-signature-nonce'] ?? '-none-');
    return endpoint.send(message);
  };
  const asked: [string, Record<string, string>][] = [
    ['CreateUser', { UserName: 'carol', Comments: 'A note', Email: 'carol@example.com' }],
    ['CreateLoginProfile', { UserName: 'carol', Password: 'Correct-Horse-9' }],
    ['CreateLoginProfile', { UserName: 'carol', Password: 'short' }],
    ['ChangePassword', { OldPassword: 'Wrong-Horse-9', NewPassword: 'Another-Horse-9' }],
    ['CreatePolicy', { PolicyName: 'broken', PolicyDocument: '{"Version": 1' }],
    ['ListUsers', { Marker: 'nonsense', MaxItems: '1' }],
    ['UpdateAccessKey', { UserName: 'carol', UserAccessKeyId: 'LTAInobody', Status: 'Asleep' }],
    ['NoAction', { UserName: 'carol' }],
  ];
  for (const [action, parameters] of asked) {
    const wish = endpoint.unsignedRequest(action, parameters);
    for (const sign of [signV1, signV3]) {
      await telling(sign(wish, { ...admin, AccessKeySecret: 'a-wrong-secret' }));
      await telling(sign(wish, { AccessKeyId: 'LTAIunknown', AccessKeySecret: 'another-wrong-secret' }));
      await telling(sign(wish, admin));
    }
  }
  const made = await telling(signV3(endpoint.unsignedRequest('CreateAccessKey', { UserName: 'carol' }), admin));
  const device = await telling(
    signV3(endpoint.unsignedRequest('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' }), admin),
  );
  secrets.push((made.body.AccessKey as KeyPair).AccessKeySecret, admin.AccessKeySecret, admin.AccessKeyId);
  secrets.push((device.body.VirtualMFADevice as { Base32StringSeed: string }).Base32StringSeed);
  const log = endpoint.log.join('\n');
  expect(endpoint.log).toHaveLength(asked.length * 6 + 2);
  expect(secrets.filter((secret) => secret.length > 3 && log.includes(secret))).toEqual([]);
});

const HOSTILE = ['\u001b[2J', '\r\n2026-01-01T00:00:00Z', '\u0000', '\u009b31m', '\u202e', '\u2028', '%0a', 'é😀'];

it('cannot be written into by whoever asks', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin, bob } = endpoint;
  for (const text of HOSTILE) {
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
  // What no client library lets through.
  for (const text of HOSTILE) {
    for (const name of ['host', 'x-acs-action', 'authorization']) {
      const { headers, ...rest } = signV3(endpoint.unsignedRequest('GetUser'), admin);
      const message = { ...rest, headers: { ...headers, [name]: text } };
      const { socket, ended } = endpoint.connect().write(serializeRequest(message));
      socket.end();
      await ended;
    }
  }
  const told = endpoint.log.filter((line) => !LINE.test(line) && line !== 'malformed request: 400 Bad Request');
  expect(told).toEqual([]);
  expect(endpoint.log).toHaveLength(HOSTILE.length * 9);
});

it('tells the owner alone what is wrong with the directory, or with us', async () => {
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
  const refused = await broken.callAsAdmin('ListUsers');
  expect([refused.status, refused.body.Code]).toEqual([500, 'InternalError']);
  expect(broken.log[0]).toMatch(/ - ListUsers 500 SealBroken: moved \d+ms$/);
});
