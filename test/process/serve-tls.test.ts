import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../src/system/self-signed-certificate.ts';
import { send } from '../support/http-client.ts';
import { Home, parseError } from '../support/process.ts';
import { ServerProcess } from '../support/server-process.ts';
import { signV3 } from '../support/signer.ts';

const sdk = createRequire(import.meta.url)('@alicloud/ram20150501');
const SELF_SIGNED = ['serve', '--port', '0', '--tls', 'self-signed'];

const certFile = (home: Home) => home.directory.replace('.json', '.tls.crt');
const keyFile = (home: Home) => home.directory.replace('.json', '.tls.key');
const readCert = (home: Home) => readFileSync(certFile(home), 'utf8');
const modeOf = (path: string) => statSync(path).mode & 0o777;

async function createHome(): Promise<Home> {
  const home = new Home();
  await home.json('init');
  return home;
}

/** Starts a server and returns the status of an unsigned request that trusts its stored certificate. */
async function start(home: Home, ...options: string[]) {
  const server = new ServerProcess(home, [...SELF_SIGNED, '-o', 'json', ...options]);
  const { Address } = JSON.parse(await server.readyLine());
  const request = { method: 'GET', path: '/', query: [], headers: { host: 'localhost' }, body: '', toSign: '' };
  const port = Number(new URL(Address).port);
  const get = async (ca = readCert(home), servername = 'localhost') =>
    (await send(port, request, { ca, servername })).status;
  return { server, Address, get };
}

/** Starts a server, checks that it works, and returns its remarks. */
async function startAndStop(home: Home, ...options: string[]): Promise<string[]> {
  const { server, get } = await start(home, ...options);
  expect(await get()).toBe(400);
  const { code, err } = await server.stop();
  expect(code).toBe(0);
  return err.split('\n').filter((line) => line.startsWith('remark: '));
}

describe('serve --tls self-signed', () => {
  it('serves an official SDK that trusts the certificate, and ends on a signal', async () => {
    const home = new Home();
    const server = new ServerProcess(home, [...SELF_SIGNED, '-o', 'json', '--bootstrap']);
    const { Address, AccessKey } = JSON.parse(await server.readyLine());
    expect(Address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ram = new sdk.default({
      accessKeyId: AccessKey.AccessKeyId,
      accessKeySecret: AccessKey.AccessKeySecret,
      endpoint: Address.replace('https://', ''),
      protocol: 'HTTPS',
      ca: readCert(home),
    });
    const { body } = await ram.getUser(new sdk.GetUserRequest({ userName: 'admin' }));
    expect(body.user.userName).toBe('admin');
    const { code, err } = await server.stop('SIGINT');
    expect([code, err.includes('PRIVATE KEY'), err.includes('interrupted')]).toEqual([0, false, false]);
    expect(home.files()).toEqual([
      'directory.history.jsonl',
      'directory.json',
      'directory.key',
      'directory.tls.crt',
      'directory.tls.key',
    ]);
    expect([modeOf(certFile(home)), modeOf(keyFile(home))]).toEqual([0o644, 0o600]);
  });

  it('prints the path of its certificate and uses it again', async () => {
    const home = await createHome();
    const path = certFile(home);
    expect(await startAndStop(home)).toEqual([`remark: Created the certificate ${path}. Clients must trust it.`]);
    const first = readCert(home);
    expect(await startAndStop(home)).toEqual([`remark: Using the certificate ${path}. Clients must trust it.`]);
    expect(readCert(home)).toBe(first);
  });

  it('creates a certificate for each name of --allow-host and for --host', async () => {
    const home = await createHome();
    await startAndStop(home);
    const options = ['--host', '127.0.0.3', '--allow-host', 'ram.example.com', '--allow-host', 'sts.example.com'];
    const server = new ServerProcess(home, [...SELF_SIGNED, ...options]);
    const { port, hostname } = new URL(await server.readyLine());
    expect(hostname).toBe('127.0.0.3');
    const outcomeFor = async (host: string) => {
      const client = { ca: readCert(home), host: hostname, servername: host };
      const message = signV3(
        { action: 'ListUsers', host, timestamp: '2026-01-01T00:00:00Z' },
        { AccessKeyId: 'x', AccessKeySecret: 'y' },
      );
      return send(Number(port), message, client).then(
        ({ body }) => body.Code,
        (error: NodeJS.ErrnoException) => error.code,
      );
    };
    expect(await outcomeFor('ram.example.com')).toBe('InvalidAccessKeyId.NotFound');
    expect(await outcomeFor('sts.example.com')).toBe('InvalidAccessKeyId.NotFound');
    expect(await outcomeFor('localhost')).toBe('InvalidAccessKeyId.NotFound');
    expect(await outcomeFor('ims.example.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    await server.stop();
    const names = readCert(home);
    await startAndStop(home, '--allow-host', 'ram.example.com');
    expect(readCert(home)).toBe(names);
  });

  it.each<[string, (home: Home) => Promise<void> | void]>([
    ['lacks its key', (home) => rmSync(keyFile(home))],
    ['is damaged', (home) => writeFileSync(certFile(home), 'x')],
    ['has the key of another one', async (home) => writeFileSync(keyFile(home), (await expiring(90)).key)],
    ['expires in less than 30 days', async (home) => install(home, await expiring(29))],
  ])('replaces a certificate that %s', async (_, change) => {
    const home = await createHome();
    install(home, await expiring(90));
    await change(home);
    const before = readCert(home);
    expect(await startAndStop(home)).toEqual([expect.stringContaining('Created the certificate')]);
    expect(readCert(home)).not.toBe(before);
  });

  it('keeps a certificate that is valid for more than 30 days', async () => {
    const home = await createHome();
    const certificate = await expiring(31);
    install(home, certificate);
    await startAndStop(home);
    expect(readCert(home)).toBe(certificate.cert);
  });

  it('gives servers that start at the same time the same certificate', async () => {
    const home = await createHome();
    const servers = await Promise.all([start(home), start(home), start(home)]);
    expect(await Promise.all(servers.map(({ get }) => get()))).toEqual([400, 400, 400]);
  });

  it('does not listen if its certificate cannot be stored', async () => {
    const home = await createHome();
    mkdirSync(certFile(home));
    const refused = await home.ramctl([...SELF_SIGNED, '-o', 'json'], { limit: 10_000 });
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([5, '', 'CertificateNotWritten']);
  });

  it('stores a key that directory check watches and other commands do not overwrite', async () => {
    const home = await createHome();
    await startAndStop(home);
    chmodSync(keyFile(home), 0o644);
    expect((await home.run(['directory', 'check'])).out).toContain(`chmod 600 ${keyFile(home)}`);
    const overwrite = ['user', 'create', 'alice', '--access-key', '--overwrite', '--secret-to'];
    const refused = await home.run([...overwrite, `file:${keyFile(home)}`]);
    expect(refused.code).not.toBe(0);
    expect(readFileSync(keyFile(home), 'utf8')).toContain('PRIVATE KEY');
  });
});

it('serve --tls-cert uses the given files', async () => {
  const home = await createHome();
  const { cert, key } = await expiring(90);
  home.write('ram.crt', cert);
  home.write('ram.key', key);
  const server = new ServerProcess(home, 'serve --port 0 --tls-cert ram.crt --tls-key ram.key'.split(' '));
  const { port, protocol } = new URL(await server.readyLine());
  expect(protocol).toBe('https:');
  const request = { method: 'GET', path: '/', query: [], headers: { host: 'localhost' }, body: '', toSign: '' };
  expect((await send(Number(port), request, { ca: cert })).status).toBe(400);
  expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
});

/** A certificate for this machine that expires in this many days. */
function expiring(days: number) {
  const now = new Date(Date.now() - (396 - days) * 86_400_000);
  return createSelfSignedCertificate(['localhost', '127.0.0.1', '::1'], now);
}

function install(home: Home, { cert, key }: { cert: string; key: string }): void {
  writeFileSync(certFile(home), cert);
  writeFileSync(keyFile(home), key);
}
