import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createSelfSignedCertificate } from '../../src/system/self-signed-certificate.ts';
import { failure } from '../support/failures.ts';
import { connectApi } from '../support/test-api.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

const HOST = 'ram.example.com';
const tls = await createSelfSignedCertificate([HOST], new Date());

let endpoint: TestEndpoint;

beforeEach(async () => {
  for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toLowerCase(), undefined);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
  endpoint = await TestEndpoint.open({ tls, allowedHosts: [HOST] });
});

/** Starts a proxy and names it in HTTPS_PROXY. It gives each request for a tunnel this answer; without one, it opens the tunnel. */
async function startProxy(answer?: string) {
  const requests: string[] = [];
  const server: Server = createServer((request) => requests.push(`${request.method} ${request.url}`));
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket) => {
    requests.push(`${request.url} ${request.headers['proxy-authorization']}`);
    if (answer !== undefined) return void socket.end(answer);
    const tunnel = connect(endpoint.port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    tunnel.pipe(socket).on('error', () => {});
    socket.pipe(tunnel).on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  vi.stubEnv('HTTPS_PROXY', `http://joe:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`);
  return requests;
}

function connectToHost(name = `https://${HOST}`) {
  return connectApi(endpoint, { target: { kind: 'endpoint', name } });
}

it('sends requests through the proxy in HTTPS_PROXY, in one tunnel', async () => {
  const requests = await startProxy();
  const api = await connectToHost();
  for (const action of ['ListUsers', 'ListGroups']) await api.call('RAM', action);
  expect(requests).toEqual([`${HOST}:443 Basic ${Buffer.from('joe:p@ss').toString('base64')}`]);
});

it('uses a proxy whose URL has no scheme', async () => {
  const requests = await startProxy();
  vi.stubEnv('HTTPS_PROXY', process.env.HTTPS_PROXY?.replace('http://', ''));
  await (await connectToHost()).call('RAM', 'ListUsers');
  expect(requests).toHaveLength(1);
});

it('uses no proxy for the hosts in NO_PROXY and for this machine', async () => {
  const requests = await startProxy();
  const local = await connectToHost(`https://localhost:${endpoint.port}`);
  await expect(local.call('RAM', 'ListUsers')).rejects.toEqual(failure('later', 'CertificateNotTrusted'));
  vi.stubEnv('NO_PROXY', '.example.com');
  const api = await connectToHost();
  await expect(api.call('RAM', 'ListUsers')).rejects.toThrow(`${HOST} cannot be reached: the name of the host`);
  expect(requests).toEqual([]);
});

it.each([
  ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'requires another user name and password'],
  ['HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno', 'refuses connections to this host'],
  ['', 'cannot be used'],
])('explains a proxy that answers %j, without its password', async (answer, reason) => {
  await startProxy(answer);
  const thrown = await (await connectToHost()).call('RAM', 'ListUsers').catch((error) => error);
  expect(thrown).toEqual(failure('later', 'ConnectionFailed'));
  expect(thrown.message).toContain(`${HOST} cannot be reached: the proxy in HTTPS_PROXY or ALL_PROXY ${reason}`);
  expect(JSON.stringify([thrown.message, thrown.details, thrown.stack])).not.toMatch(/joe|p%40ss|p@ss/);
});

it('explains a proxy that does not use HTTP', async () => {
  vi.stubEnv('ALL_PROXY', 'socks5://127.0.0.1:1');
  const api = await connectToHost();
  await expect(api.call('RAM', 'ListUsers')).rejects.toThrow('is not a URL with http:// or https://');
});

it('gives a proxy that never answers a limited time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const silent = createServer().on('connect', () => {});
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  onTestFinished(() => silent.closeAllConnections());
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const api = await connectToHost();
  const outcome = api.call('RAM', 'ListUsers').catch((error) => error.message);
  for (let ticks = 0; ticks < 200; ticks += 1) {
    await new Promise((done) => setImmediate(done));
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(await outcome).toContain('cannot be used');
});
