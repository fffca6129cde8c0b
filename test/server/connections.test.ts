import { describe, expect, it } from 'vitest';
import { type Connection, serializeRequest } from '../support/http-client.ts';
import { signV1 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';
import { expectAlive, MEGABYTE, measureCloseMs, SHORT_TIMEOUT, validRequest } from './valid-request.ts';

describe('a slow request', () => {
  /** Sends the text byte by byte until the server closes the connection. */
  async function sendSlowly(connection: Connection, text: string): Promise<void> {
    let index = 0;
    const timer = setInterval(
      () => connection.socket.writable && connection.write(text[index++ % text.length] ?? ''),
      10,
    );
    await connection.ended;
    clearInterval(timer);
  }

  it.each([
    ['never starts', '', ''],
    ['never ends its first line', 'GET /', 'x'],
    ['never ends its headers', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n', 'X: y\r\n'],
    ['never ends its body', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n', 'x'],
    ['never ends its chunks', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ])('that %s is refused, with one line in the log', async (_, start, more) => {
    const endpoint = await TestEndpoint.open({ timeouts: SHORT_TIMEOUT });
    const connection = endpoint.connect().write(start);
    await (more === '' ? connection.ended : sendSlowly(connection, more));
    expect(['', '408']).toContain(connection.statuses().join());
    await expect.poll(() => endpoint.log).toHaveLength(1);
    expect(endpoint.log[0]).toMatch(/^malformed request: 408 Request Timeout$| 400 IncompleteBody \d+ms$/);
  });

  it('after another request on the same connection is refused', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: SHORT_TIMEOUT });
    const connection = endpoint.connect().write(serializeRequest(validRequest(endpoint)));
    await connection.waitForResponses(1);
    await sendSlowly(connection.write('GET /'), 'x');
    expect(connection.statuses()).toEqual(['200', '408']);
  });

  it('is answered when it arrives in time', async () => {
    const endpoint = await TestEndpoint.open();
    const connection = endpoint.connect();
    for (const byte of serializeRequest(validRequest(endpoint)))
      await new Promise((done) => connection.socket.write(byte, done));
    expect(await connection.waitForResponses(1)).toEqual(['200']);
  });
});

describe('a client that never reads', () => {
  it('is disconnected when it sends many requests', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: SHORT_TIMEOUT });
    const connection = endpoint.connect();
    connection.socket.pause();
    // The requests, and also their responses, are larger than the buffers of the system.
    connection.write('GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(200_000));
    await new Promise((done) => connection.socket.on('close', done));
    await expectAlive(endpoint);
  });

  it('is disconnected when it waits for one large response', async () => {
    const endpoint = await TestEndpoint.open({ timeouts: SHORT_TIMEOUT });
    const form = signV1({ ...endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), asForm: true }, endpoint.admin);
    // The response repeats the string to sign, which is five times as long and larger than the buffers of the system.
    const message = { ...form, body: `${form.body}&Comments=${'*'.repeat(MEGABYTE - 1000)}` };
    const connection = endpoint.connect().write(serializeRequest(message));
    await new Promise((done) => connection.socket.once('data', done));
    connection.socket.pause();
    // The client does not read during this time.
    await new Promise((done) => setTimeout(done, 8 * SHORT_TIMEOUT.requestTimeoutMs));
    connection.socket.resume();
    await connection.ended;
    const length = Number(/content-length: (\d+)/i.exec(connection.received)?.[1]);
    expect(length).toBeGreaterThan(5_000_000);
    expect(connection.received.length).toBeLessThan(length);
  });
});

describe('a connection', () => {
  it('that the client half-closes is answered or closed', async () => {
    const endpoint = await TestEndpoint.open();
    const whole = endpoint.connect().write(serializeRequest(validRequest(endpoint)));
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

  it('that is reset in the middle of a body does not cause an internal error', async () => {
    const endpoint = await TestEndpoint.open();
    const { socket } = endpoint.connect().write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc');
    await new Promise((done) => socket.once('connect', done));
    socket.resetAndDestroy();
    await endpoint.close();
    expect(endpoint.log.filter((line) => /bug| 500 /.test(line))).toEqual([]);
  });

  it('may have many requests, one after another or pipelined, answered in order', async () => {
    const endpoint = await TestEndpoint.open();
    const users = ['admin', 'bob', 'nobody', 'admin', 'bob'];
    const requests = () =>
      users.map((UserName) =>
        serializeRequest(signV1(endpoint.unsignedRequest('GetUser', { UserName }), endpoint.admin)),
      );
    const statuses = ['200', '200', '404', '200', '200'];
    const sequential = endpoint.connect();
    for (const [index, text] of requests().entries()) {
      sequential.write(text);
      expect(await sequential.waitForResponses(index + 1)).toEqual(statuses.slice(0, index + 1));
    }
    const pipelined = endpoint.connect().write(requests().join(''));
    expect(await pipelined.waitForResponses(users.length)).toEqual(statuses);
    expect(endpoint.log).toHaveLength(2 * users.length);
  });

  it('without a request in progress does not delay the stop', async () => {
    const endpoint = await TestEndpoint.open();
    const silent = endpoint.connect();
    const unfinished = endpoint.connect().write('GET / HTTP/1.1\r\nHost');
    const idle = endpoint.connect().write(serializeRequest(validRequest(endpoint)));
    expect(await idle.waitForResponses(1)).toEqual(['200']);
    expect(await measureCloseMs(endpoint)).toBeLessThan(5_000);
    await Promise.all([silent, unfinished, idle].map(({ ended }) => ended));
  });

  it('above the limit is closed, and the other connections are served', async () => {
    const endpoint = await TestEndpoint.open();
    const connections = Array.from({ length: 300 }, () => endpoint.connect());
    await Promise.race(connections.map(({ ended }) => ended));
    const served = connections
      .slice(0, 50)
      .map((connection) => connection.write(serializeRequest(validRequest(endpoint))).waitForResponses(1));
    expect((await Promise.all(served)).flat()).toEqual(Array(50).fill('200'));
    await Promise.all(connections.slice(256).map(({ ended }) => ended));
    const closed = connections
      .slice(0, 256)
      .map(({ socket }) => new Promise((done) => socket.destroy().once('close', done)));
    await Promise.all(closed);
    await expect
      .poll(() =>
        endpoint.send(validRequest(endpoint)).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });
});
