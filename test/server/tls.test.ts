import { connect } from 'node:net';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSelfSignedCertificate } from '../../src/system/self-signed-certificate.ts';
import { send, serializeRequest } from '../support/http-client.ts';
import { SIGNING_METHODS, TestEndpoint } from '../support/test-endpoint.ts';
import { expectAlive, measureCloseMs, SHORT_TIMEOUT, validRequest } from './valid-request.ts';

const tls = await createSelfSignedCertificate(['localhost', '127.0.0.1', 'ram.example.com'], new Date());

it.each(SIGNING_METHODS)('answers requests signed with %s over TLS', async (_, sign) => {
  const endpoint = await TestEndpoint.open({ tls });
  expect(endpoint.server.Address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const response = await endpoint.send(sign(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), endpoint.admin));
  expect(response).toMatchObject({ status: 200, body: { User: { UserName: 'bob' } } });
  expect(endpoint.log).toEqual([expect.stringMatching(/ admin GetUser 200 \d+ms$/)]);
});

describe('a TLS handshake', () => {
  /** The TLS version of a connection that allows only `version`, or the code of the error. */
  const negotiate = (port: number, version: SecureVersion) =>
    new Promise((done) => {
      // Node's client refuses old versions at the default security level.
      const options = { ca: tls.cert, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      const socket = connectTls({ port, host: '127.0.0.1', ...options });
      socket.on('secureConnect', () => done(socket.getProtocol())).on('error', () => done('refused'));
      onTestFinished(() => void socket.destroy());
    });

  it.each<[SecureVersion, string]>([
    ['TLSv1.3', 'TLSv1.3'],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.1', 'refused'],
    ['TLSv1', 'refused'],
  ])('with %s: %s', async (version, outcome) => {
    const endpoint = await TestEndpoint.open({ tls });
    expect(await negotiate(endpoint.port, version)).toBe(outcome);
    await expectAlive(endpoint);
  });

  it('of a client that does not trust the certificate fails, with one line in the log', async () => {
    const endpoint = await TestEndpoint.open({ tls });
    await expect(send(endpoint.port, validRequest(endpoint), { ca: [] })).rejects.toThrow(/self-signed/);
    const socket = connect(endpoint.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await new Promise((done) => socket.on('error', () => {}).on('close', done));
    expect(endpoint.log.at(-1)).toBe('TLS handshake failed: ERR_SSL_HTTP_REQUEST');
    await expectAlive(endpoint);
  });

  it('that does not arrive in time ends the connection', async () => {
    const endpoint = await TestEndpoint.open({ tls, timeouts: SHORT_TIMEOUT });
    const socket = connect(endpoint.port, '127.0.0.1');
    await new Promise((done) => socket.on('error', () => {}).on('close', done));
    expect(endpoint.log).toEqual(['TLS handshake failed: ERR_TLS_HANDSHAKE_TIMEOUT']);
  });
});

it('a request that does not arrive in time is refused over TLS', async () => {
  const endpoint = await TestEndpoint.open({ tls, timeouts: SHORT_TIMEOUT });
  const connection = endpoint.connect().write('GET / HTTP/1.1\r\n');
  await connection.ended;
  expect(connection.statuses()).toEqual(['408']);
});

it('stops with TLS when the request in progress is finished, and closes all other connections at once', async () => {
  let isReading = () => {};
  let resume = () => {};
  const reading = new Promise<void>((done) => {
    isReading = done;
  });
  const held = new Promise<void>((done) => {
    resume = done;
  });
  let requests = 0;
  const endpoint = await TestEndpoint.open({
    tls,
    directory: (real) => ({
      ...real,
      async reading(work) {
        requests += 1;
        if (requests > 1) {
          isReading();
          await held;
        }
        return real.reading(work);
      },
    }),
  });
  const idle = endpoint.connect().write(serializeRequest(validRequest(endpoint)));
  expect(await idle.waitForResponses(1)).toEqual(['200']);
  const handshaking = connect(endpoint.port, '127.0.0.1');
  const handshakeClosed = new Promise((done) => handshaking.on('error', () => {}).on('close', done));
  await new Promise((done) => handshaking.on('connect', done));
  const busy = endpoint.connect().write(serializeRequest(validRequest(endpoint)));
  await reading;
  const closed = measureCloseMs(endpoint);
  await Promise.all([idle.ended, handshakeClosed]);
  expect(busy.statuses()).toEqual([]);
  resume();
  expect(await busy.waitForResponses(1)).toEqual(['200']);
  expect(await closed).toBeLessThan(5_000);
});

describe('a policy', () => {
  /** Returns an endpoint on which bob may only read users, under a condition. */
  async function openFor(condition: object, options: Parameters<typeof TestEndpoint.open>[0]): Promise<TestEndpoint> {
    const endpoint = await TestEndpoint.open(options);
    const statement = { Effect: 'Allow', Action: 'ram:GetUser', Resource: '*', Condition: condition };
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] });
    await endpoint.world.directory.createPolicy({ PolicyName: 'read', PolicyDocument });
    await endpoint.world.directory.attachPolicyToUser({ UserName: 'bob', PolicyName: 'read', PolicyType: 'Custom' });
    return endpoint;
  }

  const statusFor = async (endpoint: TestEndpoint, client: object = {}) => {
    const [, sign] = SIGNING_METHODS[0] ?? [];
    const message = sign?.(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), endpoint.bob);
    const trust = endpoint.ca === undefined ? {} : { ca: endpoint.ca };
    return message && (await send(endpoint.port, message, { ...trust, ...client })).status;
  };

  it.each([
    ['true', 200, 403],
    ['false', 403, 200],
  ])('with acs:SecureTransport %s gives %i over TLS and %i without', async (value, withTls, withoutTls) => {
    const condition = { Bool: { 'acs:SecureTransport': value } };
    expect(await statusFor(await openFor(condition, { tls }))).toBe(withTls);
    expect(await statusFor(await openFor(condition, {}))).toBe(withoutTls);
  });

  it.each([
    ['127.0.0.1', {}],
    ['127.0.0.1', { tls }],
    ['::', {}],
  ])('tests the address of the client in acs:SourceIp on %s, %j', async (host, options) => {
    const endpoint = await openFor({ IpAddress: { 'acs:SourceIp': '127.0.0.2/32' } }, { host, ...options });
    expect(await statusFor(endpoint, { localAddress: '127.0.0.2' })).toBe(200);
    expect(await statusFor(endpoint, { localAddress: '127.0.0.1' })).toBe(403);
  });
});

it.each([
  ['0.0.0.0', /^https:\/\/127\.0\.0\.1:\d+$/],
  ['::', /^https:\/\/\[::1\]:\d+$/],
])('on all addresses (%s) the address names one that clients can use', async (host, address) => {
  const endpoint = await TestEndpoint.open({ tls, host });
  expect(endpoint.server.Address).toMatch(address);
});
