import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Connection, serializeRequest } from '../support/http-client.ts';
import { type SignedRequest, signV1, signV3 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** So short that a test can wait for it. */
const HURRY = { requestTimeoutMs: 150 };
const MEGABYTE = 1024 * 1024;

/** A request that is done wherever it gets through. */
const good = (endpoint: TestEndpoint): SignedRequest =>
  signV1(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), endpoint.admin);

/** Whether the endpoint still has time and room for everybody else. */
async function expectAlive(endpoint: TestEndpoint): Promise<void> {
  expect((await endpoint.send(good(endpoint))).status).toBe(200);
}

/** How long the endpoint takes to stop, in milliseconds. */
async function closing(endpoint: TestEndpoint): Promise<number> {
  const begin = performance.now();
  await endpoint.close();
  return performance.now() - begin;
}

describe('a request that comes slowly', () => {
  /** Sends the text a byte at a time until the server has had enough. */
  async function dribble(connection: Connection, text: string): Promise<void> {
    let at = 0;
    const timer = setInterval(() => connection.socket.writable && connection.write(text[at++ % text.length] ?? ''), 10);
    await connection.ended;
    clearInterval(timer);
  }

  it.each([
    ['never begins', '', ''],
    ['never ends its first line', 'GET /', 'x'],
    ['never ends its headers', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n', 'X: y\r\n'],
    ['never ends its body', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n', 'x'],
    ['never ends its chunks', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ])('and %s is given up, with one line in the log', async (_, begin, more) => {
    const endpoint = await TestEndpoint.open({ timeouts: HURRY });
    const connection = endpoint.connect().write(begin);
    await (more === '' ? connection.ended : dribble(connection, more));
    expect(['', '408']).toContain(connection.statuses().join());
    await expect.poll(() => endpoint.log).toHaveLength(1);
    expect(endpoint.log[0]).toMatch(/^malformed request: 408 Request Timeout$| 400 IncompleteBody \d+ms$/);
  });

  it('after another one on the same connection is given up as well', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: HURRY });
    const connection = endpoint.connect().write(serializeRequest(good(endpoint)));
    await connection.waitForResponses(1);
    await dribble(connection.write('GET /'), 'x');
    expect(connection.statuses()).toEqual(['200', '408']);
  });

  it('is answered all the same if it comes in time', async () => {
    const endpoint = await TestEndpoint.open();
    const connection = endpoint.connect();
    for (const byte of serializeRequest(good(endpoint)))
      await new Promise((done) => connection.socket.write(byte, done));
    expect(await connection.waitForResponses(1)).toEqual(['200']);
  });
});

describe('whoever never reads', () => {
  it('what they ask for again and again is given up', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: HURRY });
    const connection = endpoint.connect();
    connection.socket.pause();
    // The requests as well as their answers are more than the system's buffers hold.
    connection.write('GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(200_000));
    await new Promise((done) => connection.socket.on('close', done));
    await expectAlive(endpoint);
  });

  it('the one answer they have asked for is given up', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: HURRY });
    const form = signV1({ ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), asForm: true }, endpoint.admin);
    // What should have been signed of this is five times as long, more than the system's buffers hold.
    const message = { ...form, body: `${form.body}&Comments=${'*'.repeat(MEGABYTE - 1000)}` };
    const connection = endpoint.connect().write(serializeRequest(message));
    await new Promise((done) => connection.socket.once('data', done));
    connection.socket.pause();
    // As long as the client sleeps.
    await new Promise((done) => setTimeout(done, 8 * HURRY.requestTimeoutMs));
    connection.socket.resume();
    await connection.ended;
    const length = Number(/content-length: (\d+)/i.exec(connection.received)?.[1]);
    expect(length).toBeGreaterThan(5_000_000);
    expect(connection.received.length).toBeLessThan(length);
  });
});

describe('a request that is too large', () => {
  it('by its headers', async () => {
    const endpoint = await TestEndpoint.open();
    const header = (size: number) => `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(size)}\r\n\r\n`;
    expect(await endpoint.connect().write(header(100_000)).waitForResponses(1)).toEqual(['400']);
    const connection = endpoint.connect().write(header(200_000));
    await connection.ended;
    expect(connection.statuses()).toEqual(['431']);
    expect(endpoint.log.at(-1)).toBe('malformed request: 431 Request Header Fields Too Large');
    await expectAlive(endpoint);
  });

  it('by its query, of which a policy document of full size is not one', async () => {
    const endpoint = await TestEndpoint.open();
    const statement = { Effect: 'Allow', Action: 'ecs:Describe*', Resource: '*' };
    const document = JSON.stringify({ Version: '1', Statement: [statement] });
    const parameters = { PolicyName: 'large', PolicyDocument: document.padEnd(6144, '\n') };
    const message = signV1(endpoint.unsignedRequest('CreatePolicy', parameters), endpoint.admin);
    expect((await endpoint.send(message)).status).toBe(200);
  });

  it.each(['by the length that it tells', 'by the chunks that come'])('%s', async (how) => {
    const endpoint = await TestEndpoint.open();
    const body = 'x'.repeat(MEGABYTE + 1);
    const message = signV1(
      { ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), asForm: true },
      endpoint.admin,
    );
    const head = serializeRequest({ ...message, body: '' }).replace(/content-length: .*\r\n\r\n$/, '');
    const connection = endpoint.connect();
    if (how.includes('chunks')) connection.write(`${head}transfer-encoding: chunked\r\n\r\n100001\r\n${body}\r\n`);
    else connection.write(`${head}content-length: ${3 * MEGABYTE}\r\n\r\n${body}`);
    expect(await connection.waitForResponses(1)).toEqual(['400']);
    expect(connection.received).toContain('"Code":"InvalidRequest.Length"');
    await expectAlive(endpoint);
  });

  it('for a client of the usual kind, which is told so', async () => {
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

  it('is not read for ever', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: HURRY });
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

describe('a request that is malformed', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['the beginning of TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['an older way of saying it', 'GET /\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no number for a length', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n'],
    ['a chunk of no size', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    ['a header that is none', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\u0001: x\r\n\r\n'],
  ])('is refused and the connection closed, though the client leaves it open: %s', async (_, text) => {
    const endpoint = await TestEndpoint.open();
    const connection = endpoint.connect().write(text);
    await connection.ended;
    expect(connection.statuses().join()).toMatch(/^(400|403)?$/);
    // Nothing of it is left that the server would have to wait for.
    expect(await closing(endpoint)).toBeLessThan(5_000);
  });

  it('behind a good one does not speak for it', async () => {
    let goOn = () => {};
    const held = new Promise<void>((done) => {
      goOn = done;
    });
    const endpoint = await TestEndpoint.open({
      directory: (real) => ({ ...real, reading: (work) => held.then(() => real.reading(work)) }),
    });
    const connection = endpoint.connect().write(`${serializeRequest(good(endpoint))}nonsense\r\n\r\n`);
    await connection.ended;
    goOn();
    expect(connection.statuses()).not.toContain('400');
  });
});

describe('a connection', () => {
  it('that is closed by half is answered or closed', async () => {
    const endpoint = await TestEndpoint.open();
    const whole = endpoint.connect().write(serializeRequest(good(endpoint)));
    whole.socket.end();
    await whole.ended;
    const half = endpoint.connect().write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc');
    half.socket.end();
    await half.ended;
    const head = endpoint.connect().write('GET / HTTP/1.1\r\nHost: 127');
    head.socket.end();
    await head.ended;
    expect([...half.statuses(), ...head.statuses()].filter((status) => status !== '400')).toEqual([]);
    expect(endpoint.log.filter((line) => /bug| 500 /.test(line))).toEqual([]);
    await endpoint.close();
  });

  it('that goes in the middle of a body is no bug of ours', async () => {
    const endpoint = await TestEndpoint.open();
    const { socket } = endpoint.connect().write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc');
    await new Promise((done) => socket.once('connect', done));
    socket.resetAndDestroy();
    await endpoint.close();
    expect(endpoint.log.filter((line) => /bug| 500 /.test(line))).toEqual([]);
  });

  it('has as many requests as it likes, one after the other or all at once, answered in their order', async () => {
    const endpoint = await TestEndpoint.open();
    const users = ['admin', 'bob', 'nobody', 'admin', 'bob'];
    const requests = () =>
      users.map((UserName) =>
        serializeRequest(signV1(endpoint.unsignedRequest('GetUser', { UserName }), endpoint.admin)),
      );
    const statuses = ['200', '200', '404', '200', '200'];
    const inTurn = endpoint.connect();
    for (const [index, text] of requests().entries()) {
      inTurn.write(text);
      expect(await inTurn.waitForResponses(index + 1)).toEqual(statuses.slice(0, index + 1));
    }
    const atOnce = endpoint.connect().write(requests().join(''));
    expect(await atOnce.waitForResponses(users.length)).toEqual(statuses);
    expect(endpoint.log).toHaveLength(2 * users.length);
  });

  it('on which nothing is under way does not hold up the end', async () => {
    const endpoint = await TestEndpoint.open();
    const silent = endpoint.connect();
    const beginning = endpoint.connect().write('GET / HTTP/1.1\r\nHost');
    const idle = endpoint.connect().write(serializeRequest(good(endpoint)));
    expect(await idle.waitForResponses(1)).toEqual(['200']);
    expect(await closing(endpoint)).toBeLessThan(5_000);
    await Promise.all([silent, beginning, idle].map(({ ended }) => ended));
  });

  it('is one of many: what there is no room for is closed, and everybody else is served', async () => {
    const endpoint = await TestEndpoint.open();
    const crowd = Array.from({ length: 300 }, () => endpoint.connect());
    await Promise.race(crowd.map(({ ended }) => ended));
    const served = crowd
      .slice(0, 50)
      .map((connection) => connection.write(serializeRequest(good(endpoint))).waitForResponses(1));
    expect((await Promise.all(served)).flat()).toEqual(Array(50).fill('200'));
    await Promise.all(crowd.slice(256).map(({ ended }) => ended));
    const left = crowd.slice(0, 256).map(({ socket }) => new Promise((done) => socket.destroy().once('close', done)));
    await Promise.all(left);
    await expect
      .poll(() =>
        endpoint.send(good(endpoint)).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });
});

describe('who may ask', () => {
  /** What becomes of a request that is good but for these headers. */
  async function asked(headers: Record<string, string>): Promise<[number, unknown]> {
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
  ])('a program that calls us %s', async (host) => {
    expect(await asked({ host })).toEqual([200, undefined]);
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
  ])('nobody who was led here under the name %s', async (host) => {
    expect(await asked({ host })).toEqual([403, 'Forbidden.Host']);
  });

  it.each(['http://example.com', 'null', 'http://127.0.0.1:8640', 'http://localhost', ''])(
    'no page of the web, its origin being %j',
    async (origin) => {
      expect(await asked({ origin })).toEqual([403, 'Forbidden.Host']);
    },
  );

  it('no page that asks before it asks', async () => {
    const endpoint = await TestEndpoint.open();
    const preflight = { origin: 'http://example.com', 'access-control-request-method': 'POST' };
    const message = { ...good(endpoint), method: 'OPTIONS' };
    const { status, headers } = await endpoint.send({ ...message, headers: { ...message.headers, ...preflight } });
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('where and how', () => {
  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s is no way to ask', async (method) => {
    const endpoint = await TestEndpoint.open();
    const { status, body } = await endpoint.send({ ...good(endpoint), method });
    expect([status, body.Code]).toEqual([400, method === 'HEAD' ? undefined : 'InvalidMethod']);
    await expectAlive(endpoint);
  });

  it.each(['/ram', '/ram/', '//', '/%2F', '/../', '/index.html', '/favicon.ico'])('%s is no place', async (path) => {
    const endpoint = await TestEndpoint.open();
    const { status, body } = await endpoint.send({ ...good(endpoint), path });
    expect([status, body.Code]).toEqual([404, 'InvalidAction.NotFound']);
  });

  it('no other protocol is switched to, and no tunnel dug', async () => {
    const endpoint = await TestEndpoint.open();
    const upgraded = { ...good(endpoint), headers: { host: '127.0.0.1', connection: 'Upgrade', upgrade: 'websocket' } };
    expect((await endpoint.send(upgraded)).status).toBe(200);
    const tunnel = request({ port: endpoint.port, host: '127.0.0.1', method: 'CONNECT', path: 'example.com:443' });
    await expect(new Promise((done, fail) => tunnel.on('connect', done).on('error', fail).end())).rejects.toThrow();
    await expectAlive(endpoint);
  });
});
