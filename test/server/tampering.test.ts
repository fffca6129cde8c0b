import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { SIGNING_METHODS, TestEndpoint } from '../support/test-endpoint.ts';

/** A text that differs in one character: another one, one more or one less. */
const change = fc
  .tuple(fc.nat(), fc.constantFrom('other', 'more', 'less'), fc.integer({ min: 0x21, max: 0x7e }))
  .map(([at, how, code]) => (text: string) => {
    const place = at % Math.max(1, text.length);
    const put = how === 'less' ? '' : String.fromCharCode(code);
    return text.slice(0, place) + put + text.slice(how === 'more' ? place : place + 1);
  });

/** The message with one of its parts changed; `which` picks the part. */
function tampered(message: SignedRequest, which: number, edit: (text: string) => string): SignedRequest {
  const { method, query, headers, body } = message;
  const isV3 = 'authorization' in headers;
  const parts: (() => SignedRequest)[] = [
    () => ({ ...message, method: method === 'GET' ? 'POST' : 'GET' }),
    ...query.flatMap(([name, value], index) => [
      () => ({ ...message, query: query.with(index, [edit(name), value]) }),
      () => ({ ...message, query: query.with(index, [name, edit(value)]) }),
      () => ({ ...message, query: query.toSpliced(index, 1) }),
    ]),
    ...(body === '' ? [] : [() => ({ ...message, body: edit(body) })]),
    // V1 signs no headers.
    ...(isV3 ? Object.entries(headers) : []).flatMap(([name, value]) => [
      () => ({ ...message, headers: { ...headers, [name]: edit(value) } }),
      () => ({ ...message, headers: without(headers, name) }),
    ]),
    () => ({ ...message, query: [...query, ['Comments', 'added']] }),
    () => ({ ...message, path: `/p${edit('')}` }),
  ];
  return parts[which % parts.length]?.() ?? message;
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
}

describe.each(SIGNING_METHODS)('%s', (_, sign) => {
  it('is refused when anything of what was signed is changed, and accepted as it was', async () => {
    const endpoint = await TestEndpoint.open();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), change, async (which, edit) => {
        const UserName = `user-${++count}`;
        const message = sign(
          endpoint.unsignedRequest('CreateUser', { UserName, DisplayName: 'A l*i+c~é' }),
          endpoint.admin,
        );
        const changed = tampered(message, which, edit);
        const isChanged = JSON.stringify(changed) !== JSON.stringify(message);
        fc.pre(isChanged && meansAnother(message, changed));
        expect((await endpoint.send(changed)).status).toBeGreaterThanOrEqual(400);
        expect(await endpoint.users()).not.toContain(UserName);
        expect((await endpoint.send(message)).body).toMatchObject({ User: { UserName } });
      }),
      { numRuns: 150 },
    );
  });

  it('is done as it was signed, whatever else is said', async () => {
    const endpoint = await TestEndpoint.open();
    const message = sign(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
    const unsigned = {
      'x-acs-parameters': 'UserName=eve',
      'x-http-method-override': 'DELETE',
      'x-forwarded-host': 'example.com',
      'user-agent': 'eve',
      accept: 'application/xml',
      cookie: 'UserName=eve',
    };
    const ofV3 = { 'x-acs-action': 'DeleteUser', 'x-acs-version': '2015-04-01', 'content-type': 'text/plain' };
    const headers = { ...('authorization' in message.headers ? {} : ofV3), ...unsigned, ...message.headers };
    const { status, headers: given, body } = await endpoint.send({ ...message, headers });
    expect([status, given['content-type']]).toEqual([200, 'application/json;charset=utf-8']);
    expect(body).toMatchObject({ User: { UserName: 'carol' } });
    expect(await endpoint.users()).toEqual(['admin', 'bob', 'carol']);
  });
});

/** Escapes can be written in more than one way: what is decoded has to differ. */
function meansAnother(message: SignedRequest, changed: SignedRequest): boolean {
  const meaning = ({ body, ...rest }: SignedRequest) => JSON.stringify([rest, [...new URLSearchParams(body)]]);
  return 'authorization' in message.headers || meaning(message) !== meaning(changed);
}

it('V1 reads nothing from a body that is no form, which it would not sign', async () => {
  const endpoint = await TestEndpoint.open();
  const { headers, ...message } = signV1(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
  const plain = { ...message, headers: { ...headers, 'content-type': 'text/plain' }, body: 'DisplayName=Eve' };
  expect((await endpoint.send(plain)).body).toMatchObject({ User: { UserName: 'carol', DisplayName: 'carol' } });
});

it('V3 refuses what it was not told to sign: a header that it believes, a body that it does not know', async () => {
  const endpoint = await TestEndpoint.open();
  const message = signV3(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
  const form = { ...message.headers, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await endpoint.send({ ...message, headers: form })).body.Code).toBe('IncompleteSignature');
  expect((await endpoint.send({ ...message, body: 'DisplayName=Eve' })).body.Code).toBe('SignatureDoesNotMatch');
  expect(await endpoint.users()).toEqual(['admin', 'bob']);
});
