import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { HttpResponse } from '../support/http-client.ts';
import { type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { SIGNING_METHODS, TestEndpoint } from '../support/test-endpoint.ts';

const MINUTE = 60;

/** What an answer comes to. */
const verdict = ({ status, body }: HttpResponse) => (status === 200 ? 'done' : `${status} ${body.Code}`);

/** The refusals of RAM's gateway; `Message` in its words. */
const REFUSALS = {
  'InvalidTimeStamp.Expired': 'Specified time stamp or date value is expired.',
  'InvalidTimeStamp.Format': 'Specified time stamp or date value is not well formatted.',
  SignatureNonceUsed: 'Specified signature nonce was used already.',
  'InvalidAccessKeyId.NotFound': 'Specified access key is not found.',
  'InvalidAccessKeyId.Inactive': 'Specified access key is disabled.',
  InvalidVersion: 'Specified parameter Version is not valid.',
};

describe.each(SIGNING_METHODS)('%s', (_, sign) => {
  it('is in time for fifteen minutes, either way', async () => {
    const endpoint = await TestEndpoint.open();
    const at = (seconds: number) =>
      endpoint.send(sign(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }, seconds), endpoint.admin));
    for (const seconds of [0, 14 * MINUTE, 15 * MINUTE, -14 * MINUTE, -15 * MINUTE]) {
      expect(verdict(await at(seconds))).toBe('done');
    }
    for (const seconds of [15 * MINUTE + 1, 16 * MINUTE, -15 * MINUTE - 1, -16 * MINUTE]) {
      const refused = await at(seconds);
      expect(verdict(refused)).toBe('400 InvalidTimeStamp.Expired');
      expect(refused.body.Message).toBe(REFUSALS['InvalidTimeStamp.Expired']);
    }
  });

  it('is done once', async () => {
    const endpoint = await TestEndpoint.open();
    const message = sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
    const twice = await Promise.all([endpoint.send(message), endpoint.send(message)]);
    expect(twice.map(verdict).sort()).toEqual(['400 SignatureNonceUsed', 'done']);
    endpoint.world.clock.step(14 * MINUTE);
    const replayed = await endpoint.send(message);
    expect(verdict(replayed)).toBe('400 SignatureNonceUsed');
    expect(replayed.body.Message).toBe(REFUSALS.SignatureNonceUsed);
    endpoint.world.clock.step(2 * MINUTE);
    expect(verdict(await endpoint.send(message))).toBe('400 InvalidTimeStamp.Expired');
  });

  it('is done once even if its time is yet to come', async () => {
    const endpoint = await TestEndpoint.open();
    const message = sign(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }, 15 * MINUTE), endpoint.admin);
    expect(verdict(await endpoint.send(message))).toBe('done');
    for (let passed = 0; passed < 30; passed++) {
      endpoint.world.clock.step(MINUTE);
      expect(verdict(await endpoint.send(message))).toBe('400 SignatureNonceUsed');
    }
    endpoint.world.clock.step(1);
    expect(verdict(await endpoint.send(message))).toBe('400 InvalidTimeStamp.Expired');
  });

  it('has nonces to itself: those of another key, or of an hour ago, are free', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin, bob } = endpoint;
    const whoAmI = () => ({ ...endpoint.unsignedRequest('GetCallerIdentity'), version: '2015-04-01', nonce: 'once' });
    expect(verdict(await endpoint.send(sign(whoAmI(), admin)))).toBe('done');
    expect(verdict(await endpoint.send(sign(whoAmI(), bob)))).toBe('done');
    endpoint.world.clock.step(1);
    expect(verdict(await endpoint.send(sign(whoAmI(), admin)))).toBe('400 SignatureNonceUsed');
    endpoint.world.clock.step(60 * MINUTE);
    expect(verdict(await endpoint.send(sign(whoAmI(), admin)))).toBe('done');
  });

  it('burns no nonce when it is not signed, not in time or not allowed in', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin, bob, world } = endpoint;
    const wish = { ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), nonce: 'mine' };
    const stranger = { ...admin, AccessKeySecret: bob.AccessKeySecret };
    expect(verdict(await endpoint.send(sign(wish, stranger)))).toBe('400 SignatureDoesNotMatch');
    const late = { ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }, -16 * MINUTE), nonce: 'mine' };
    expect(verdict(await endpoint.send(sign(late, admin)))).toBe('400 InvalidTimeStamp.Expired');
    const key = { UserName: 'admin', UserAccessKeyId: admin.AccessKeyId };
    await world.directory.updateAccessKey({ ...key, Status: 'Inactive' });
    expect(verdict(await endpoint.send(sign(wish, admin)))).toBe('400 InvalidAccessKeyId.Inactive');
    await world.directory.updateAccessKey({ ...key, Status: 'Active' });
    expect(verdict(await endpoint.send(sign(wish, admin)))).toBe('done');
  });

  it.each([
    '2026-01-01 00:00:00',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+00:00',
    '2026-01-01T00:00:00.000Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    '1767225600',
    '-',
  ])('is refused at the time %s', async (timestamp) => {
    const endpoint = await TestEndpoint.open();
    const refused = await endpoint.send(sign({ ...endpoint.unsignedRequest('ListUsers'), timestamp }, endpoint.admin));
    expect(verdict(refused)).toBe('400 InvalidTimeStamp.Format');
    expect(refused.body.Message).toBe(REFUSALS['InvalidTimeStamp.Format']);
  });

  it('needs a key that is there and works', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin, bob, world } = endpoint;
    const asBob = () =>
      endpoint.send(sign({ ...endpoint.unsignedRequest('GetCallerIdentity'), version: '2015-04-01' }, bob));
    const nobody = { ...admin, AccessKeyId: `LTAI${'x'.repeat(20)}` };
    const unknown = await endpoint.send(sign(endpoint.unsignedRequest('ListUsers'), nobody));
    expect([verdict(unknown), unknown.body.Message]).toEqual([
      '404 InvalidAccessKeyId.NotFound',
      REFUSALS['InvalidAccessKeyId.NotFound'],
    ]);
    expect(verdict(await asBob())).toBe('done');
    const key = { UserName: 'bob', UserAccessKeyId: bob.AccessKeyId };
    await world.directory.updateAccessKey({ ...key, Status: 'Inactive' });
    const disabled = await asBob();
    expect([verdict(disabled), disabled.body.Message]).toEqual([
      '400 InvalidAccessKeyId.Inactive',
      REFUSALS['InvalidAccessKeyId.Inactive'],
    ]);
    await world.directory.updateAccessKey({ ...key, Status: 'Active' });
    expect(verdict(await asBob())).toBe('done');
    await world.directory.deleteAccessKey(key);
    expect(verdict(await asBob())).toBe('404 InvalidAccessKeyId.NotFound');
  });

  it.each(['disabled', 'deleted', 'left without its permission'])(
    'is refused when its key is %s while it waits',
    async (how) => {
      const meanwhile: (() => Promise<unknown>)[] = [];
      const directory = (real: Directory): Directory => ({
        ...real,
        // Somebody else is faster.
        atomically: async (work) => {
          await meanwhile.pop()?.();
          return real.atomically(work);
        },
      });
      const endpoint = await TestEndpoint.open({ directory });
      const { admin, world } = endpoint;
      const key = { UserName: 'admin', UserAccessKeyId: admin.AccessKeyId };
      const others: Record<string, [() => Promise<unknown>, string]> = {
        disabled: [
          () => world.directory.updateAccessKey({ ...key, Status: 'Inactive' }),
          '400 InvalidAccessKeyId.Inactive',
        ],
        deleted: [() => world.directory.deleteAccessKey(key), '404 InvalidAccessKeyId.NotFound'],
        'left without its permission': [
          () =>
            world.directory.detachPolicyFromUser({
              UserName: 'admin',
              PolicyName: 'AdministratorAccess',
              PolicyType: 'System',
            }),
          '403 NoPermission',
        ],
      };
      const [work, expected] = others[how] ?? [];
      if (work) meanwhile.push(work);
      const refused = await endpoint.send(sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), admin));
      expect(verdict(refused)).toBe(expected);
      expect(endpoint.log.at(-1)).toMatch(/ admin CreateUser /);
      expect(await endpoint.users()).toEqual(['admin', 'bob']);
    },
  );

  it('is told what should have been signed, and that is not logged', async () => {
    const endpoint = await TestEndpoint.open();
    const stranger = { ...endpoint.admin, AccessKeySecret: endpoint.bob.AccessKeySecret };
    const message = sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol', Comments: 'a b' }), stranger);
    const { status, body } = await endpoint.send(message);
    expect([status, body.Code]).toEqual([400, 'SignatureDoesNotMatch']);
    // Clients compare it with what they have signed, to tell a wrong secret from a wrong way of signing.
    const told = 'Specified signature is not matched with our calculation. server string to sign is:';
    expect(body.Message).toBe(`${told}${message.toSign}`);
    expect(endpoint.log).toHaveLength(1);
    expect(endpoint.log[0]).toMatch(/ - CreateUser 400 SignatureDoesNotMatch \d+ms$/);
  });

  it('takes no temporary credentials', async () => {
    const endpoint = await TestEndpoint.open();
    const wish = endpoint.unsignedRequest('ListUsers');
    const token = 'authorization' in sign(wish, endpoint.admin).headers ? 'x-acs-security-token' : 'SecurityToken';
    const refused = await endpoint.send(sign(wish, endpoint.admin, { [token]: 'token' }));
    expect(verdict(refused)).toBe('400 InvalidSecurityToken.Malformed');
  });

  it('names an action and a version that are here', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin } = endpoint;
    for (const version of ['2019-08-15', '2015-05-02', 'latest']) {
      const refused = await endpoint.send(sign({ ...endpoint.unsignedRequest('ListUsers'), version }, admin));
      expect([verdict(refused), refused.body.Message]).toEqual(['400 InvalidVersion', REFUSALS.InvalidVersion]);
    }
    for (const action of [
      'ListRoles',
      'listUsers',
      'LISTUSERS',
      'GetCallerIdentity',
      '__proto__',
      'Constructor',
      'ToString',
    ]) {
      const refused = await endpoint.send(sign(endpoint.unsignedRequest(action), admin));
      expect(verdict(refused)).toBe('404 InvalidAction.NotFound');
      expect(refused.body.Message).toContain('CreateUser');
    }
    const onSts = await endpoint.send(sign({ ...endpoint.unsignedRequest('ListUsers'), version: '2015-04-01' }, admin));
    expect(verdict(onSts)).toBe('404 InvalidAction.NotFound');
  });
});

describe('a request that is no request', () => {
  /** What becomes of a V1 request whose parameters are edited. */
  async function sent(edit: (query: SignedRequest['query']) => SignedRequest['query']): Promise<string> {
    const endpoint = await TestEndpoint.open();
    const message = signV1(endpoint.unsignedRequest('ListUsers'), endpoint.admin);
    return verdict(await endpoint.send({ ...message, query: edit(message.query) }));
  }

  it.each([
    'Action',
    'Version',
    'AccessKeyId',
    'Signature',
    'SignatureMethod',
    'SignatureVersion',
    'SignatureNonce',
    'Timestamp',
  ])('lacks the parameter %s, or has it empty', async (name) => {
    expect(await sent((query) => query.filter(([each]) => each !== name))).toBe(`400 Missing${name}`);
    expect(await sent((query) => query.map(([each, value]) => [each, each === name ? '' : value]))).toBe(
      `400 Missing${name}`,
    );
  });

  it('has a parameter twice', async () => {
    expect(await sent((query) => [...query, ['Action', 'ListUsers']])).toBe('400 InvalidParameter');
    const endpoint = await TestEndpoint.open();
    const form = signV1({ ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), asForm: true }, endpoint.admin);
    const both = await endpoint.send({ ...form, query: [['UserName', 'admin']] });
    expect(verdict(both)).toBe('400 InvalidParameter');
  });

  it('is not signed at all, or by nobody we know', async () => {
    expect(await sent((query) => query.filter(([name]) => /Action|Version|Format/.test(name)))).toBe(
      '400 MissingAccessKeyId',
    );
    const endpoint = await TestEndpoint.open();
    const bare = {
      method: 'GET',
      path: '/',
      query: [],
      headers: { host: `127.0.0.1:${endpoint.port}` },
      body: '',
      toSign: '',
    };
    expect(verdict(await endpoint.send(bare))).toBe('400 MissingAction');
    const basic = { ...bare, headers: { ...bare.headers, authorization: 'Basic YWRtaW46YWRtaW4=' } };
    expect(verdict(await endpoint.send(basic))).toBe('400 MissingAction');
  });

  it.each([
    ['SignatureMethod', 'HMAC-SHA256'],
    ['SignatureMethod', 'hmac-sha1'],
    ['SignatureVersion', '2.0'],
  ])('is signed some other way: %s %s', async (name, value) => {
    const edit: Parameters<typeof sent>[0] = (query) => query.map(([each, was]) => [each, each === name ? value : was]);
    expect(await sent(edit)).toBe('400 IncompleteSignature');
  });

  it.each([
    ['another algorithm', (text: string) => text.replace('HMAC-SHA256', 'HMAC-SM3')],
    ['yet another', (text: string) => text.replace('HMAC-SHA256', 'RSA-SHA256')],
    ['no credential', (text: string) => text.replace(/Credential=\w+/, 'Credential=')],
    ['no signed headers', (text: string) => text.replace(/SignedHeaders=[^,]+/, 'SignedHeaders=')],
    ['too few signed headers', (text: string) => text.replace('x-acs-date;', '')],
    ['a host that is not signed', (text: string) => text.replace('host;', '')],
    ['no signature', (text: string) => text.replace(/Signature=\w+$/, 'Signature=')],
    ['half a header', (text: string) => text.slice(0, 30)],
  ])('has an Authorization with %s', async (_, edit) => {
    const endpoint = await TestEndpoint.open();
    const message = signV3(endpoint.unsignedRequest('ListUsers'), endpoint.admin);
    const headers = { ...message.headers, authorization: edit(message.headers.authorization ?? '') };
    expect(verdict(await endpoint.send({ ...message, headers }))).toBe('400 IncompleteSignature');
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'x-absent', 'set-cookie'])(
    'claims to have signed the header %s',
    async (name) => {
      const endpoint = await TestEndpoint.open();
      const { headers, ...rest } = signV3(endpoint.unsignedRequest('ListUsers'), endpoint.admin);
      const authorization = headers.authorization?.replace('host;', `host;${name};`) ?? '';
      const message = { ...rest, headers: { ...headers, 'set-cookie': 'a=b', authorization } };
      expect(verdict(await endpoint.send(message))).toBe('400 SignatureDoesNotMatch');
    },
  );

  it('has an empty body hash, or another one', async () => {
    const endpoint = await TestEndpoint.open();
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const told = async (hash: string) =>
      verdict(
        await endpoint.send(
          signV3(endpoint.unsignedRequest('ListUsers'), endpoint.admin, { 'x-acs-content-sha256': hash }),
        ),
      );
    expect(await told(sha256(''))).toBe('done');
    expect(await told(sha256('').toUpperCase())).toBe('400 SignatureDoesNotMatch');
    expect(await told(sha256('another'))).toBe('400 SignatureDoesNotMatch');
    expect(await told('UNSIGNED-PAYLOAD')).toBe('400 SignatureDoesNotMatch');
    expect(await told('')).toBe('400 IncompleteSignature');
  });

  it('wants XML, which is not spoken here; JSON may be spelled as it likes', async () => {
    for (const [format, expected] of [
      ['XML', '400 InvalidParameter.Format'],
      ['', '400 InvalidParameter.Format'],
      ['json', 'done'],
      ['Json', 'done'],
    ] as const) {
      const endpoint = await TestEndpoint.open();
      const message = signV1(endpoint.unsignedRequest('ListUsers'), endpoint.admin, { Format: format });
      expect(verdict(await endpoint.send(message))).toBe(expected);
    }
  });
});

it('what every answer has: a RequestId of its own, in the header too, and what is meant for clients', async () => {
  const endpoint = await TestEndpoint.open();
  const answers = [
    await endpoint.callAsAdmin('ListUsers'),
    await endpoint.callAsAdmin('Nonsense'),
    await endpoint.callAsAdmin('GetUser', { UserName: 'x' }),
  ];
  const ids = answers.map(({ body }) => body.RequestId);
  expect(new Set(ids).size).toBe(3);
  for (const { status, headers, body } of answers) {
    expect(body.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect(headers).toMatchObject({
      'content-type': 'application/json;charset=utf-8',
      'x-acs-request-id': body.RequestId,
    });
    if (status !== 200) expect(body).toMatchObject({ HostId: `127.0.0.1:${endpoint.port}`, Code: expect.any(String) });
  }
});
