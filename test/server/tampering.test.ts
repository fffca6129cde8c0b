import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { SIGNING_METHODS, TestEndpoint } from '../support/test-endpoint.ts';

/** An edit that replaces, adds or removes one character. */
const anyEdit = fc
  .tuple(fc.nat(), fc.constantFrom('replace', 'add', 'remove'), fc.integer({ min: 0x21, max: 0x7e }))
  .map(([position, kind, code]) => (text: string) => {
    const index = position % Math.max(1, text.length);
    const inserted = kind === 'remove' ? '' : String.fromCharCode(code);
    return text.slice(0, index) + inserted + text.slice(kind === 'add' ? index : index + 1);
  });

/** Returns the message with one changed part, which `partIndex` selects. */
function tamper(message: SignedRequest, partIndex: number, edit: (text: string) => string): SignedRequest {
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
  return parts[partIndex % parts.length]?.() ?? message;
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
}

describe.each(SIGNING_METHODS)('a request signed with %s', (_, sign) => {
  it('is refused when any signed part is changed, and accepted unchanged', async () => {
    const endpoint = await TestEndpoint.open();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), anyEdit, async (partIndex, edit) => {
        const UserName = `user-${++count}`;
        const message = sign(
          endpoint.unsignedRequest('CreateUser', { UserName, DisplayName: 'A l*i+c~é' }),
          endpoint.admin,
        );
        const changed = tamper(message, partIndex, edit);
        const isChanged = JSON.stringify(changed) !== JSON.stringify(message);
        fc.pre(isChanged && hasDifferentMeaning(message, changed));
        expect((await endpoint.send(changed)).status).toBeGreaterThanOrEqual(400);
        expect(await endpoint.users()).not.toContain(UserName);
        expect((await endpoint.send(message)).body).toMatchObject({ User: { UserName } });
      }),
      { numRuns: 40 },
    );
  });

  it('is executed as it was signed, independent of unsigned headers', async () => {
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
    const headersOfV3 = { 'x-acs-action': 'DeleteUser', 'x-acs-version': '2015-04-01', 'content-type': 'text/plain' };
    const headers = { ...('authorization' in message.headers ? {} : headersOfV3), ...unsigned, ...message.headers };
    const { status, headers: given, body } = await endpoint.send({ ...message, headers });
    expect([status, given['content-type']]).toEqual([200, 'application/json;charset=utf-8']);
    expect(body).toMatchObject({ User: { UserName: 'carol' } });
    expect(await endpoint.users()).toEqual(['admin', 'bob', 'carol']);
  });
});

/** Compares the decoded messages, because the same text can be escaped in several ways. */
function hasDifferentMeaning(message: SignedRequest, changed: SignedRequest): boolean {
  const decode = ({ body, ...rest }: SignedRequest) => JSON.stringify([rest, [...new URLSearchParams(body)]]);
  return 'authorization' in message.headers || decode(message) !== decode(changed);
}

it('ignores a body that is not a form with V1, which does not sign it', async () => {
  const endpoint = await TestEndpoint.open();
  const { headers, ...message } = signV1(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
  const plain = { ...message, headers: { ...headers, 'content-type': 'text/plain' }, body: 'DisplayName=Eve' };
  expect((await endpoint.send(plain)).body).toMatchObject({ User: { UserName: 'carol', DisplayName: '' } });
});

it('accepts an unsigned content type with V3 if the body has no parameters', async () => {
  const endpoint = await TestEndpoint.open();
  const message = signV3(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
  const headers = { ...message.headers, 'content-type': 'application/octet-stream' };
  expect((await endpoint.send({ ...message, headers })).body).toMatchObject({ User: { UserName: 'carol' } });
});

it('refuses an unsigned form and an unsigned body with V3', async () => {
  const endpoint = await TestEndpoint.open();
  const message = signV3(endpoint.unsignedRequest('CreateUser', { UserName: 'carol' }), endpoint.admin);
  const form = { ...message.headers, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await endpoint.send({ ...message, headers: form })).body.Code).toBe('IncompleteSignature');
  expect((await endpoint.send({ ...message, body: 'DisplayName=Eve' })).body.Code).toBe('SignatureDoesNotMatch');
  expect(await endpoint.users()).toEqual(['admin', 'bob']);
});
