import { describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { HttpResponse } from '../support/http-client.ts';
import { SIGNING_METHODS, TestEndpoint } from '../support/test-endpoint.ts';

const MINUTE = 60;

/** Returns `done`, or the status and the error code. */
const outcomeOf = ({ status, body }: HttpResponse) => (status === 200 ? 'done' : `${status} ${body.Code}`);

/** The messages of RAM's gateway by error code. */
const MESSAGES = {
  'InvalidTimeStamp.Expired': 'Specified time stamp or date value is expired.',
  'InvalidTimeStamp.Format': 'Specified time stamp or date value is not well formatted.',
  SignatureNonceUsed: 'Specified signature nonce was used already.',
  'InvalidAccessKeyId.NotFound': 'Specified access key is not found.',
  'InvalidAccessKeyId.Inactive': 'Specified access key is disabled.',
  InvalidVersion: 'Specified parameter Version is not valid.',
};

describe.each(SIGNING_METHODS)('a request signed with %s', (_, sign) => {
  it('is accepted when its time differs by at most fifteen minutes', async () => {
    const endpoint = await TestEndpoint.open();
    const at = (seconds: number) =>
      endpoint.send(sign(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }, seconds), endpoint.admin));
    for (const seconds of [0, 14 * MINUTE, 15 * MINUTE, -14 * MINUTE, -15 * MINUTE]) {
      expect(outcomeOf(await at(seconds))).toBe('done');
    }
    for (const seconds of [15 * MINUTE + 1, 16 * MINUTE, -15 * MINUTE - 1, -16 * MINUTE]) {
      const refused = await at(seconds);
      expect(outcomeOf(refused)).toBe('400 InvalidTimeStamp.Expired');
      expect(refused.body.Message).toBe(MESSAGES['InvalidTimeStamp.Expired']);
    }
  });

  it('is executed only once', async () => {
    const endpoint = await TestEndpoint.open();
    const message = sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
    const twice = await Promise.all([endpoint.send(message), endpoint.send(message)]);
    expect(twice.map(outcomeOf).sort()).toEqual(['400 SignatureNonceUsed', 'done']);
    endpoint.world.clock.step(14 * MINUTE);
    const replayed = await endpoint.send(message);
    expect(outcomeOf(replayed)).toBe('400 SignatureNonceUsed');
    expect(replayed.body.Message).toBe(MESSAGES.SignatureNonceUsed);
    endpoint.world.clock.step(2 * MINUTE);
    expect(outcomeOf(await endpoint.send(message))).toBe('400 InvalidTimeStamp.Expired');
  });

  it('is executed only once when its time is in the future', async () => {
    const endpoint = await TestEndpoint.open();
    const message = sign(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }, 15 * MINUTE), endpoint.admin);
    expect(outcomeOf(await endpoint.send(message))).toBe('done');
    for (let minute = 0; minute < 30; minute++) {
      endpoint.world.clock.step(MINUTE);
      expect(outcomeOf(await endpoint.send(message))).toBe('400 SignatureNonceUsed');
    }
    endpoint.world.clock.step(1);
    expect(outcomeOf(await endpoint.send(message))).toBe('400 InvalidTimeStamp.Expired');
  });

  it('may use a nonce of another AccessKey, or a nonce from an hour ago', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin, bob } = endpoint;
    const whoAmI = () => ({ ...endpoint.unsignedRequest('GetCallerIdentity'), version: '2015-04-01', nonce: 'once' });
    expect(outcomeOf(await endpoint.send(sign(whoAmI(), admin)))).toBe('done');
    expect(outcomeOf(await endpoint.send(sign(whoAmI(), bob)))).toBe('done');
    endpoint.world.clock.step(1);
    expect(outcomeOf(await endpoint.send(sign(whoAmI(), admin)))).toBe('400 SignatureNonceUsed');
    endpoint.world.clock.step(60 * MINUTE);
    expect(outcomeOf(await endpoint.send(sign(whoAmI(), admin)))).toBe('done');
  });

  it('does not use up its nonce when its signature, time or AccessKey is invalid', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin, bob, world } = endpoint;
    const wish = { ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), nonce: 'once' };
    const wrongSecret = { ...admin, AccessKeySecret: bob.AccessKeySecret };
    expect(outcomeOf(await endpoint.send(sign(wish, wrongSecret)))).toBe('400 SignatureDoesNotMatch');
    const expired = { ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }, -16 * MINUTE), nonce: 'once' };
    expect(outcomeOf(await endpoint.send(sign(expired, admin)))).toBe('400 InvalidTimeStamp.Expired');
    const key = { UserName: 'admin', UserAccessKeyId: admin.AccessKeyId };
    await world.directory.updateAccessKey({ ...key, Status: 'Inactive' });
    expect(outcomeOf(await endpoint.send(sign(wish, admin)))).toBe('400 InvalidAccessKeyId.Inactive');
    await world.directory.updateAccessKey({ ...key, Status: 'Active' });
    expect(outcomeOf(await endpoint.send(sign(wish, admin)))).toBe('done');
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
  ])('is refused with the malformed time %s', async (timestamp) => {
    const endpoint = await TestEndpoint.open();
    const refused = await endpoint.send(sign({ ...endpoint.unsignedRequest('ListUsers'), timestamp }, endpoint.admin));
    expect(outcomeOf(refused)).toBe('400 InvalidTimeStamp.Format');
    expect(refused.body.Message).toBe(MESSAGES['InvalidTimeStamp.Format']);
  });

  it('needs an AccessKey that exists and is active', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin, bob, world } = endpoint;
    const asBob = () =>
      endpoint.send(sign({ ...endpoint.unsignedRequest('GetCallerIdentity'), version: '2015-04-01' }, bob));
    const unknownKey = { ...admin, AccessKeyId: `LTAI${'x'.repeat(20)}` };
    const unknown = await endpoint.send(sign(endpoint.unsignedRequest('ListUsers'), unknownKey));
    expect([outcomeOf(unknown), unknown.body.Message]).toEqual([
      '404 InvalidAccessKeyId.NotFound',
      MESSAGES['InvalidAccessKeyId.NotFound'],
    ]);
    expect(outcomeOf(await asBob())).toBe('done');
    const key = { UserName: 'bob', UserAccessKeyId: bob.AccessKeyId };
    await world.directory.updateAccessKey({ ...key, Status: 'Inactive' });
    const disabled = await asBob();
    expect([outcomeOf(disabled), disabled.body.Message]).toEqual([
      '400 InvalidAccessKeyId.Inactive',
      MESSAGES['InvalidAccessKeyId.Inactive'],
    ]);
    await world.directory.updateAccessKey({ ...key, Status: 'Active' });
    expect(outcomeOf(await asBob())).toBe('done');
    await world.directory.deleteAccessKey(key);
    expect(outcomeOf(await asBob())).toBe('404 InvalidAccessKeyId.NotFound');
  });

  it.each(['disables the AccessKey', 'deletes the AccessKey', 'removes the permission'])(
    'is refused when another process %s while it waits',
    async (change) => {
      const meanwhile: (() => Promise<unknown>)[] = [];
      const directory = (real: Directory): Directory => ({
        ...real,
        // The other process is faster.
        atomically: async (work) => {
          await meanwhile.pop()?.();
          return real.atomically(work);
        },
      });
      const endpoint = await TestEndpoint.open({ directory });
      const { admin, world } = endpoint;
      const key = { UserName: 'admin', UserAccessKeyId: admin.AccessKeyId };
      const others: Record<string, [() => Promise<unknown>, string]> = {
        'disables the AccessKey': [
          () => world.directory.updateAccessKey({ ...key, Status: 'Inactive' }),
          '400 InvalidAccessKeyId.Inactive',
        ],
        'deletes the AccessKey': [() => world.directory.deleteAccessKey(key), '404 InvalidAccessKeyId.NotFound'],
        'removes the permission': [
          () =>
            world.directory.detachPolicyFromUser({
              UserName: 'admin',
              PolicyName: 'AdministratorAccess',
              PolicyType: 'System',
            }),
          '403 NoPermission',
        ],
      };
      const [work, expected] = others[change] ?? [];
      if (work) meanwhile.push(work);
      const refused = await endpoint.send(sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), admin));
      expect(outcomeOf(refused)).toBe(expected);
      expect(endpoint.log.at(-1)).toMatch(/ admin CreateUser /);
      expect(await endpoint.users()).toEqual(['admin', 'bob']);
    },
  );

  it('gets the expected string to sign in the response, which the log does not contain', async () => {
    const endpoint = await TestEndpoint.open();
    const wrongSecret = { ...endpoint.admin, AccessKeySecret: endpoint.bob.AccessKeySecret };
    const message = sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol', Comments: 'a b' }), wrongSecret);
    const { status, body } = await endpoint.send(message);
    expect([status, body.Code]).toEqual([400, 'SignatureDoesNotMatch']);
    // Clients compare it with the string that they signed, to tell a wrong secret from a wrong signature method.
    const prefix = 'Specified signature is not matched with our calculation. server string to sign is:';
    expect(body.Message).toBe(`${prefix}${message.toSign}`);
    expect(endpoint.log).toHaveLength(1);
    expect(endpoint.log[0]).toMatch(/ - CreateUser 400 SignatureDoesNotMatch \d+ms$/);
  });

  it('is refused with an unknown action or version', async () => {
    const endpoint = await TestEndpoint.open();
    const { admin } = endpoint;
    for (const version of ['2019-08-15', '2015-05-02', 'latest']) {
      const refused = await endpoint.send(sign({ ...endpoint.unsignedRequest('ListUsers'), version }, admin));
      expect([outcomeOf(refused), refused.body.Message]).toEqual(['400 InvalidVersion', MESSAGES.InvalidVersion]);
    }
    for (const action of [
      'DeleteServiceLinkedRole',
      'listUsers',
      'LISTUSERS',
      'GetCallerIdentity',
      '__proto__',
      'Constructor',
      'ToString',
    ]) {
      const refused = await endpoint.send(sign(endpoint.unsignedRequest(action), admin));
      expect(outcomeOf(refused)).toBe('404 InvalidAction.NotFound');
      expect(refused.body.Message).toBe('Specified api is not found, please check your url and method.');
    }
    const onSts = await endpoint.send(sign({ ...endpoint.unsignedRequest('ListUsers'), version: '2015-04-01' }, admin));
    expect(outcomeOf(onSts)).toBe('404 InvalidAction.NotFound');
  });
});
