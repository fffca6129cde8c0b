import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { serializeRequest } from '../support/http-client.ts';
import { signV1, signV3 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';
import { expectAlive, MEGABYTE, measureCloseMs, SHORT_TIMEOUT, validRequest } from './valid-request.ts';

describe('a large request', () => {
  it('is refused when its headers are too large', async () => {
    const endpoint = await TestEndpoint.open();
    const header = (size: number) => `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(size)}\r\n\r\n`;
    expect(await endpoint.connect().write(header(100_000)).waitForResponses(1)).toEqual(['400']);
    const connection = endpoint.connect().write(header(200_000));
    await connection.ended;
    expect(connection.statuses()).toEqual(['431']);
    expect(endpoint.log.at(-1)).toBe('malformed request: 431 Request Header Fields Too Large');
    await expectAlive(endpoint);
  });

  it('is accepted with a policy document of full size in the query', async () => {
    const endpoint = await TestEndpoint.open();
    const statement = { Effect: 'Allow', Action: 'ecs:Describe*', Resource: '*' };
    const document = JSON.stringify({ Version: '1', Statement: [statement] });
    const parameters = { PolicyName: 'large', PolicyDocument: document.padEnd(6144, '\n') };
    const message = signV1(endpoint.unsignedRequest('CreatePolicy', parameters), endpoint.admin);
    expect((await endpoint.send(message)).status).toBe(200);
  });

  it.each(['content-length', 'chunks'])('is refused when its body is too large by its %s', async (kind) => {
    const endpoint = await TestEndpoint.open();
    const body = 'x'.repeat(MEGABYTE + 1);
    const message = signV1(
      { ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), asForm: true },
      endpoint.admin,
    );
    const head = serializeRequest({ ...message, body: '' }).replace(/content-length: .*\r\n\r\n$/, '');
    const connection = endpoint.connect();
    if (kind === 'chunks') connection.write(`${head}transfer-encoding: chunked\r\n\r\n100001\r\n${body}\r\n`);
    else connection.write(`${head}content-length: ${3 * MEGABYTE}\r\n\r\n${body}`);
    expect(await connection.waitForResponses(1)).toEqual(['400']);
    expect(connection.received).toContain('"Code":"InvalidRequest.Length"');
    await expectAlive(endpoint);
  });

  it('is refused with an error that ordinary clients can read', async () => {
    const endpoint = await TestEndpoint.open();
    const padded = { UserName: 'bob', Comments: 'x'.repeat(3 * MEGABYTE) };
    for (const sign of [signV1, signV3]) {
      const message = sign({ ...endpoint.unsignedRequest('GetUser', padded), asForm: true }, endpoint.admin);
      expect((await endpoint.send(message)).body.Code).toBe('InvalidRequest.Length');
      const parameters = { ...padded, Comments: 'x'.repeat(MEGABYTE - 1000) };
      const fits = sign({ ...endpoint.unsignedRequest('GetUser', parameters), asForm: true }, endpoint.admin);
      expect((await endpoint.send(fits)).status).toBe(200);
    }
  });

  it('is not read without end', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: SHORT_TIMEOUT });
    const connection = endpoint.connect();
    connection.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
    const more = () => {
      if (connection.socket.writable) connection.socket.write(chunk, 'latin1', more);
    };
    more();
    await connection.ended;
    expect(connection.statuses().join()).toMatch(/^(400)?$/);
  });
});

describe('a malformed request', () => {
  it.each([
    ['text that is not HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['a missing host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a length that is not a number', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n'],
    ['a chunk without a size', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    ['an invalid header', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\u0001: x\r\n\r\n'],
  ])('is refused and its connection is closed by the server: %s', async (_, text) => {
    const endpoint = await TestEndpoint.open();
    const connection = endpoint.connect().write(text);
    await connection.ended;
    expect(connection.statuses().join()).toMatch(/^(400|403)?$/);
    // No connection is left that the server would wait for.
    expect(await measureCloseMs(endpoint)).toBeLessThan(5_000);
  });

  it('does not get a response in place of the valid request before it', async () => {
    let resume = () => {};
    const held = new Promise<void>((done) => {
      resume = done;
    });
    const endpoint = await TestEndpoint.open({
      directory: (real) => ({ ...real, reading: (work) => held.then(() => real.reading(work)) }),
    });
    const connection = endpoint.connect().write(`${serializeRequest(validRequest(endpoint))}nonsense\r\n\r\n`);
    await connection.ended;
    resume();
    expect(connection.statuses()).not.toContain('400');
  });
});

describe('a request with other headers', () => {
  /** Sends a valid request with these headers. */
  async function sendWithHeaders(headers: Record<string, string>): Promise<[number, unknown]> {
    const endpoint = await TestEndpoint.open();
    const message = signV1(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), endpoint.admin);
    const {
      status,
      headers: given,
      body,
    } = await endpoint.send({ ...message, headers: { ...message.headers, ...headers } });
    expect(Object.keys(given).filter((name) => name.startsWith('access-control'))).toEqual([]);
    return [status, body.Code];
  }

  it.each([
    '127.0.0.1',
    '127.0.0.1:80',
    '127.9.8.7:1',
    'localhost',
    'localhost:8640',
    'LocalHost',
    '[::1]',
    '[::1]:8640',
  ])('is accepted under the loopback name %s', async (host) => {
    expect(await sendWithHeaders({ host })).toEqual([200, undefined]);
  });

  it.each([
    'example.com',
    'example.com:8640',
    'localhost.example.com',
    '127.0.0.1.example.com',
    'example.com#127.0.0.1',
    'localhost@example.com',
    '192.0.2.1',
    '0.0.0.0',
    '128.0.0.1',
    '[::2]',
    '[::ffff:192.0.2.1]',
    '127.0.0.1:80:80',
    'ram.aliyuncs.com',
    ' ',
  ])('is refused under the name %s', async (host) => {
    expect(await sendWithHeaders({ host })).toEqual([403, 'Forbidden.Host']);
  });

  it.each(['ram.example.com', 'RAM.example.com:443', '192.0.2.1', '[2001:db8::1]:8640'])(
    'is accepted under the name %s that the endpoint allows, and not with an origin',
    async (host) => {
      const endpoint = await TestEndpoint.open({ allowedHosts: ['ram.Example.com', '192.0.2.1', '2001:DB8:0::1'] });
      const message = validRequest(endpoint);
      const send = async (headers: Record<string, string>) =>
        (await endpoint.send({ ...message, headers: { ...message.headers, ...headers } })).status;
      expect(await send({ host })).toBe(200);
      expect(await send({ host, origin: `https://${host}` })).toBe(403);
      expect(await send({ host: `x${host}` })).toBe(403);
    },
  );

  it.each(['http://example.com', 'null', 'http://127.0.0.1:8640', 'http://localhost', ''])(
    'is refused with the origin %j',
    async (origin) => {
      expect(await sendWithHeaders({ origin })).toEqual([403, 'Forbidden.Host']);
    },
  );

  it('is refused as a preflight request of a web page', async () => {
    const endpoint = await TestEndpoint.open();
    const preflight = { origin: 'http://example.com', 'access-control-request-method': 'POST' };
    const message = { ...validRequest(endpoint), method: 'OPTIONS' };
    const { status, headers } = await endpoint.send({ ...message, headers: { ...message.headers, ...preflight } });
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a request with another method or path', () => {
  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('is refused with the method %s', async (method) => {
    const endpoint = await TestEndpoint.open();
    const { status, body } = await endpoint.send({ ...validRequest(endpoint), method });
    expect([status, body.Code]).toEqual([400, method === 'HEAD' ? undefined : 'InvalidMethod']);
    await expectAlive(endpoint);
  });

  it.each(['/ram', '/ram/', '//', '/%2F', '/../', '/index.html', '/favicon.ico'])(
    'is refused with the path %s',
    async (path) => {
      const endpoint = await TestEndpoint.open();
      const { status, body } = await endpoint.send({ ...validRequest(endpoint), path });
      expect([status, body.Code]).toEqual([404, 'InvalidAction.NotFound']);
    },
  );

  it('cannot switch to another protocol or open a tunnel', async () => {
    const endpoint = await TestEndpoint.open();
    const upgraded = {
      ...validRequest(endpoint),
      headers: { host: '127.0.0.1', connection: 'Upgrade', upgrade: 'websocket' },
    };
    expect((await endpoint.send(upgraded)).status).toBe(200);
    const tunnel = request({ port: endpoint.port, host: '127.0.0.1', method: 'CONNECT', path: 'example.com:443' });
    await expect(new Promise((done, fail) => tunnel.on('connect', done).on('error', fail).end())).rejects.toThrow();
    await expectAlive(endpoint);
  });
});
it('gives every response its own RequestId in body and header, and every error the members that clients read', async () => {
  const endpoint = await TestEndpoint.open();
  const responses = [
    await endpoint.callAsAdmin('ListUsers'),
    await endpoint.callAsAdmin('Nonsense'),
    await endpoint.callAsAdmin('GetUser', { UserName: 'x' }),
  ];
  const ids = responses.map(({ body }) => body.RequestId);
  expect(new Set(ids).size).toBe(3);
  for (const { status, headers, body } of responses) {
    expect(body.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect(headers).toMatchObject({
      'content-type': 'application/json;charset=utf-8',
      'x-acs-request-id': body.RequestId,
    });
    if (status !== 200) expect(body).toMatchObject({ HostId: `127.0.0.1:${endpoint.port}`, Code: expect.any(String) });
  }
});
