import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../support/http-client.ts';
import { type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** Returns `done`, or the status and the error code. */
const outcomeOf = ({ status, body }: HttpResponse) => (status === 200 ? 'done' : `${status} ${body.Code}`);

describe('an invalid request', () => {
  /** Sends a V1 request with edited parameters. */
  async function sendEdited(edit: (query: SignedRequest['query']) => SignedRequest['query']): Promise<string> {
    const endpoint = await TestEndpoint.open();
    const message = signV1(endpoint.unsignedRequest('ListUsers'), endpoint.admin);
    return outcomeOf(await endpoint.send({ ...message, query: edit(message.query) }));
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
  ])('is refused when the parameter %s is missing or empty', async (name) => {
    expect(await sendEdited((query) => query.filter(([each]) => each !== name))).toBe(`400 Missing${name}`);
    expect(await sendEdited((query) => query.map(([each, value]) => [each, each === name ? '' : value]))).toBe(
      `400 Missing${name}`,
    );
  });

  it('is refused when it repeats a parameter', async () => {
    expect(await sendEdited((query) => [...query, ['Action', 'ListUsers']])).toBe('400 InvalidParameter');
    const endpoint = await TestEndpoint.open();
    const form = signV1({ ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), asForm: true }, endpoint.admin);
    const both = await endpoint.send({ ...form, query: [['UserName', 'admin']] });
    expect(outcomeOf(both)).toBe('400 InvalidParameter');
  });

  it('is refused without a signature and with another authorization scheme', async () => {
    expect(await sendEdited((query) => query.filter(([name]) => /Action|Version|Format/.test(name)))).toBe(
      '400 MissingAccessKeyId',
    );
    const endpoint = await TestEndpoint.open();
    const unsigned = {
      method: 'GET',
      path: '/',
      query: [],
      headers: { host: `127.0.0.1:${endpoint.port}` },
      body: '',
      toSign: '',
    };
    expect(outcomeOf(await endpoint.send(unsigned))).toBe('400 MissingAction');
    const basic = { ...unsigned, headers: { ...unsigned.headers, authorization: 'Basic YWRtaW46YWRtaW4=' } };
    expect(outcomeOf(await endpoint.send(basic))).toBe('400 MissingAction');
  });

  it.each([
    ['SignatureMethod', 'HMAC-SHA256'],
    ['SignatureMethod', 'hmac-sha1'],
    ['SignatureVersion', '2.0'],
  ])('is refused with the signature method %s %s', async (name, value) => {
    const edit: Parameters<typeof sendEdited>[0] = (query) =>
      query.map(([each, old]) => [each, each === name ? value : old]);
    expect(await sendEdited(edit)).toBe('400 IncompleteSignature');
  });

  it.each([
    ['the algorithm SM3', (text: string) => text.replace('HMAC-SHA256', 'HMAC-SM3')],
    ['the algorithm RSA', (text: string) => text.replace('HMAC-SHA256', 'RSA-SHA256')],
    ['no credential', (text: string) => text.replace(/Credential=\w+/, 'Credential=')],
    ['no signed headers', (text: string) => text.replace(/SignedHeaders=[^,]+/, 'SignedHeaders=')],
    ['too few signed headers', (text: string) => text.replace('x-acs-date;', '')],
    ['an unsigned host', (text: string) => text.replace('host;', '')],
    ['no signature', (text: string) => text.replace(/Signature=\w+$/, 'Signature=')],
    ['half of its text', (text: string) => text.slice(0, 30)],
  ])('is refused with an Authorization that has %s', async (_, edit) => {
    const endpoint = await TestEndpoint.open();
    const message = signV3(endpoint.unsignedRequest('ListUsers'), endpoint.admin);
    const headers = { ...message.headers, authorization: edit(message.headers.authorization ?? '') };
    expect(outcomeOf(await endpoint.send({ ...message, headers }))).toBe('400 IncompleteSignature');
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'x-absent', 'set-cookie'])(
    'is refused when it claims to sign the header %s',
    async (name) => {
      const endpoint = await TestEndpoint.open();
      const { headers, ...rest } = signV3(endpoint.unsignedRequest('ListUsers'), endpoint.admin);
      const authorization = headers.authorization?.replace('host;', `host;${name};`) ?? '';
      const message = { ...rest, headers: { ...headers, 'set-cookie': 'a=b', authorization } };
      expect(outcomeOf(await endpoint.send(message))).toBe('400 SignatureDoesNotMatch');
    },
  );

  it('is refused with an empty or wrong hash of the body', async () => {
    const endpoint = await TestEndpoint.open();
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const sendWithHash = async (hash: string) =>
      outcomeOf(
        await endpoint.send(
          signV3(endpoint.unsignedRequest('ListUsers'), endpoint.admin, { 'x-acs-content-sha256': hash }),
        ),
      );
    expect(await sendWithHash(sha256(''))).toBe('done');
    expect(await sendWithHash(sha256('').toUpperCase())).toBe('400 SignatureDoesNotMatch');
    expect(await sendWithHash(sha256('another'))).toBe('400 SignatureDoesNotMatch');
    expect(await sendWithHash('UNSIGNED-PAYLOAD')).toBe('400 SignatureDoesNotMatch');
    expect(await sendWithHash('')).toBe('400 IncompleteSignature');
  });

  it('is refused when it asks for a format other than JSON, in any case', async () => {
    for (const [format, expected] of [
      ['XML', '400 InvalidParameter.Format'],
      ['', '400 InvalidParameter.Format'],
      ['json', 'done'],
      ['Json', 'done'],
    ] as const) {
      const endpoint = await TestEndpoint.open();
      const message = signV1(endpoint.unsignedRequest('ListUsers'), endpoint.admin, { Format: format });
      expect(outcomeOf(await endpoint.send(message))).toBe(expected);
    }
  });
});
