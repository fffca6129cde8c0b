import { existsSync, mkdirSync, openSync, readFileSync, rmdirSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import { Connection, send, serializeRequest } from '../support/http-client.ts';
import { Home, parseError } from '../support/process.ts';
import { ServerProcess, startServer } from '../support/server-process.ts';
import { type KeyPair, type SignedRequest, signV3 } from '../support/signer.ts';

const sdk = createRequire(import.meta.url)('@alicloud/ram20150501');

function signRequest(
  port: number,
  pair: KeyPair,
  action: string,
  parameters: Record<string, string> = {},
): SignedRequest {
  return signV3({ action, parameters, timestamp: formatRamDate(new Date()), host: `127.0.0.1:${port}` }, pair);
}

/** Holds the lock of the directory like another ramctl process. Returns a function that releases it. */
function holdLock(home: Home): () => void {
  const path = `${home.directory}.lock`;
  mkdirSync(path);
  const heartbeat = setInterval(() => utimesSync(path, new Date(), new Date()), 500);
  let isHeld = true;
  const release = () => {
    clearInterval(heartbeat);
    if (isHeld) rmdirSync(path);
    isHeld = false;
  };
  onTestFinished(release);
  return release;
}

/** Waits until no process listens on a port. */
async function waitUntilClosed(port: number): Promise<void> {
  const canConnect = () =>
    new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket
        .on('connect', () => done(true))
        .on('error', () => done(false))
        .end();
    });
  while (await canConnect());
}

const readRevision = (home: Home) => Number(/"Revision":(\d+)/.exec(readFileSync(home.directory, 'utf8'))?.[1]);

describe('a signal', () => {
  /**
   * Starts a server with two connections: one whose request waits for the lock, and an idle one. `release` releases the
   * lock.
   */
  async function startBusyServer() {
    const home = new Home();
    const { server, port, admin } = await startServer(home);
    expect((await send(port, signRequest(port, admin, 'CreateUser', { UserName: 'alice' }))).status).toBe(200);
    const release = holdLock(home);
    const waiting = new Connection(port).write(
      serializeRequest(signRequest(port, admin, 'CreateUser', { UserName: 'bob' })),
    );
    const idle = new Connection(port).write(
      serializeRequest(signRequest(port, admin, 'GetUser', { UserName: 'alice' })),
    );
    expect(await idle.waitForResponses(1)).toEqual(['200']);
    return { home, server, port, release, waiting, idle };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s lets the server finish the requests in progress and accept no others',
    async (signal) => {
      const { home, server, port, release, waiting, idle } = await startBusyServer();
      server.child.kill(signal);
      await Promise.all([waitUntilClosed(port), idle.ended]);
      expect(waiting.statuses()).toEqual([]);
      release();
      const releasedAt = performance.now();
      expect(await waiting.waitForResponses(1)).toEqual(['200']);
      await waiting.ended;
      const { code, err } = await server.ended;
      expect(performance.now() - releasedAt).toBeLessThan(4_000);
      expect([code, err.includes('interrupted')]).toEqual([0, false]);
      expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(['admin', 'alice', 'bob']);
      expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
    },
  );

  it('after another signal ends the server at once, and the waiting change is not committed', async () => {
    const { home, server, port, waiting } = await startBusyServer();
    server.child.kill('SIGINT');
    await waitUntilClosed(port);
    const signalledAt = performance.now();
    const { code, err } = await server.stop('SIGTERM');
    expect(performance.now() - signalledAt).toBeLessThan(2_000);
    expect(code).toBe(143);
    expect(err).toContain('interrupted');
    await waiting.ended;
    expect(waiting.statuses()).toEqual([]);
    expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(['admin', 'alice']);
  });

  it('ends a server that has received no request', async () => {
    const home = new Home();
    await home.json('init');
    const server = new ServerProcess(home, ['serve', '--port', '0']);
    expect(await server.readyLine()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { code, out } = await server.stop('SIGINT');
    expect([code, out.split('\n').length]).toEqual([0, 2]);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
  });
});

it('read requests do not write, and the last use of an AccessKey is written when the server stops', async () => {
  const home = new Home();
  const { server, port, admin } = await startServer(home);
  const before = readRevision(home);
  const startedAt = formatRamDate(new Date());
  for (let round = 0; round < 20; round++) {
    expect((await send(port, signRequest(port, admin, 'ListUsers'))).status).toBe(200);
  }
  expect(readRevision(home)).toBe(before);
  expect((await server.stop()).code).toBe(0);
  expect(readRevision(home)).toBe(before + 1);
  const { LastUsedDate } = await home.json<{ LastUsedDate: string }>('ak', 'last-used', 'admin', admin.AccessKeyId);
  expect(LastUsedDate >= startedAt).toBe(true);
});

it('the server sees the changes of other processes at once', async () => {
  const home = new Home();
  const { port, admin } = await startServer(home);
  const call = async (action: string, parameters: Record<string, string> = {}) => {
    const { status, body } = await send(port, signRequest(port, admin, action, parameters));
    return status === 200 ? 'done' : body.Code;
  };
  await home.json('user', 'create', 'alice');
  expect(await call('GetUser', { UserName: 'alice' })).toBe('done');
  expect(await call('DeleteUser', { UserName: 'alice' })).toBe('done');
  expect((await home.run(['user', 'get', 'alice'])).code).toBe(3);
  await home.json('ak', 'disable', 'admin', admin.AccessKeyId);
  expect(await call('ListUsers')).toBe('InvalidAccessKeyId.Inactive');
});

it('concurrent changes by four SDK clients and four command lines are all committed', async () => {
  const home = new Home();
  const { server, address, admin } = await startServer(home);
  const names: string[] = [];
  const addName = (worker: string, round: number) => {
    names.push(`${worker}-${round}`);
    return `${worker}-${round}`;
  };
  const runClient = async (worker: number) => {
    const ram = new sdk.default({
      accessKeyId: admin.AccessKeyId,
      accessKeySecret: admin.AccessKeySecret,
      endpoint: address.replace('http://', ''),
      protocol: 'HTTP',
      ...(worker % 2 ? { signatureAlgorithm: 'v2' } : {}),
    });
    for (let round = 0; round < 5; round++) {
      const userName = addName(`sdk-${worker}`, round);
      await ram.createUser(new sdk.CreateUserRequest({ userName }));
      await ram.createAccessKey(new sdk.CreateAccessKeyRequest({ userName }));
    }
  };
  const runCommands = async (worker: number) => {
    for (let round = 0; round < 2; round++) {
      const args = ['user', 'create', addName(`shell-${worker}`, round), '--access-key'];
      expect((await home.ramctl(args)).code).toBe(0);
    }
  };
  await Promise.all([0, 1, 2, 3].flatMap((worker) => [runClient(worker), runCommands(worker)]));
  expect((await server.stop()).code).toBe(0);
  const users = await home.json<{ UserName: string; AccessKeys: number }[]>('user', 'list');
  expect(users.map(({ UserName }) => UserName)).toEqual([...names, 'admin'].sort());
  expect(users.filter(({ AccessKeys }) => AccessKeys !== 1)).toEqual([]);
  expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
});

describe('--bootstrap', () => {
  const getAdmin = (port: number, pair: KeyPair) =>
    send(port, signRequest(port, pair, 'GetUser', { UserName: 'admin' }));
  const readPort = (address: string) => Number(new URL(address).port);

  it('prints the key pair once, as text or as JSON', async () => {
    const { server, port, admin } = await startServer(new Home());
    expect((await getAdmin(port, admin)).status).toBe(200);
    expect(server.out.trimEnd().split('\n')).toHaveLength(1);
    expect(Object.keys(JSON.parse(server.out))).toEqual(['Address', 'UserName', 'AccessKey']);
    expect((await server.stop()).err).not.toContain(admin.AccessKeySecret);

    const home = new Home();
    const textServer = new ServerProcess(home, ['serve', '--port', '0', '--bootstrap']);
    await textServer.readyLine();
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(textServer.out)?.[0] ?? '';
    const [, AccessKeyId = ''] = /(LTAI\w+)/.exec(textServer.out) ?? [];
    const [, AccessKeySecret = ''] = /secret\s+(\w{30})$/m.exec(textServer.out) ?? [];
    expect((await getAdmin(readPort(address), { AccessKeyId, AccessKeySecret })).status).toBe(200);
  });

  it.each(['file:a.env', 'aliyun:local --config-path c.json'])(
    'delivers the key pair to %s and does not print it',
    async (destination) => {
      const home = new Home();
      const server = new ServerProcess(home, [
        'serve',
        '--port',
        '0',
        '-o',
        'json',
        '--bootstrap',
        '--secret-to',
        ...destination.split(' '),
      ]);
      const { Address, ...rest } = JSON.parse(await server.readyLine());
      expect(rest).toEqual({});
      const text = home.read(destination.startsWith('file') ? 'a.env' : 'c.json');
      const [, AccessKeyId = ''] = /(LTAI\w{20})/.exec(text) ?? [];
      const [, AccessKeySecret = ''] = /secret"?[=:] ?"?(\w{30})/i.exec(text) ?? [];
      expect((await getAdmin(readPort(Address), { AccessKeyId, AccessKeySecret })).status).toBe(200);
      const { out, err } = await server.stop();
      expect(`${out}${err}`).not.toContain(AccessKeySecret);
    },
  );

  it('is refused for a directory that is not empty', async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    const before = readFileSync(home.directory);
    const refused = await home.run(['serve', '--port', '0', '--bootstrap', '--secret-to', 'file:a.env', '-o', 'json']);
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([1, '', 'DirectoryNotEmpty']);
    expect(readFileSync(home.directory)).toEqual(before);
    expect(existsSync(`${home.folder}/a.env`)).toBe(false);
  });

  it('creates no user if the key pair cannot be delivered', async () => {
    const home = new Home();
    home.write('existing.env', 'KEEP=me\n');
    const bootstrap = (...args: string[]) => ['serve', '--port', '0', '-o', 'json', '--bootstrap', ...args];
    const fullDevice = existsSync('/dev/full') ? openSync('/dev/full', 'w') : undefined;
    // --bootstrap needs an empty directory, and each command creates a user for a moment. So they run one after the other.
    const cases: [code: number, args: string[], options?: { stdout: 'gone' | number }][] = [
      [1, ['--secret-to', 'file:existing.env']],
      [2, ['--secret-to', 'file:a.txt']],
      [2, ['--query', 'Address']],
      [5, [], { stdout: 'gone' }],
      ...(fullDevice === undefined
        ? []
        : ([[5, [], { stdout: fullDevice }]] as [number, string[], { stdout: number }][])),
    ];
    for (const [code, args, options] of cases) {
      const refused = options ? await home.ramctl(bootstrap(...args), options) : await home.run(bootstrap(...args));
      expect([refused.code, refused.out]).toEqual([code, '']);
      parseError(refused);
    }
    expect(home.read('existing.env')).toBe('KEEP=me\n');
    expect(await home.json('user', 'list')).toEqual([]);
  });

  it('is required by --secret-to', async () => {
    const refused = await new Home().run(['serve', '--port', '0', '--secret-to', 'file:a.env', '-o', 'json']);
    expect([refused.code, refused.out, parseError(refused).Field]).toEqual([2, '', '--secret-to']);
  });
});

describe('the address', () => {
  it.each([[[]], [['--host', 'localhost']], [['--host', '127.0.0.2']]])(
    'is on the loopback interface: %j',
    async (args) => {
      const home = new Home();
      await home.json('init');
      const server = new ServerProcess(home, ['-o', 'json', 'serve', '--port', '0', ...args]);
      const line = await server.readyLine();
      expect(line).toMatch(/^\{"Address":"http:\/\/(127\.0\.0\.[12]|\[::1\]):\d+"\}$/);
      expect((await fetch(JSON.parse(line).Address)).status).toBe(400);
      expect(server.out).toBe(`${line}\n`);
    },
  );

  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === '::1'),
  );
  it.skipIf(!hasIpv6)('can be the IPv6 loopback address', async () => {
    const home = new Home();
    await home.json('init');
    const server = new ServerProcess(home, ['-o', 'json', 'serve', '--port', '0', '--host', '::1']);
    const { Address } = JSON.parse(await server.readyLine());
    expect(Address).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(Address)).status).toBe(400);
  });

  it.each(['0.0.0.0', '192.0.2.1', '::', 'example.com', '127.0.0.1.example.com', '127.0.0.999'])(
    'is refused if it is not a loopback address: %s',
    async (host) => {
      const refused = await new Home().run(['serve', '--port', '0', '--host', host, '-o', 'json']);
      expect([refused.code, refused.out, parseError(refused).Code]).toEqual([2, '', 'Usage']);
    },
  );

  it('is refused if another process listens on its port', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const home = new Home();
    const refused = await home.run(['serve', '--port', String(port), '--bootstrap', '-o', 'json']);
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([5, '', 'AddressInUse']);
    expect(parseError(refused).Hint).toContain('ramctl serve --port 0');
    expect(home.files()).toEqual([]);
  });

  it('is not opened for a damaged directory', async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    home.write('ramctl/directory.json', readFileSync(home.directory, 'utf8').replace('alice', 'alicf'));
    const refused = await home.run(['serve', '--port', '0', '-o', 'json']);
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([6, '', 'DirectoryCorrupt']);
  });
});

it('--quiet turns off the log', async () => {
  const home = new Home();
  await home.json('init');
  const server = new ServerProcess(home, ['serve', '--port', '0', '-q']);
  const port = Number(new URL(await server.readyLine()).port);
  await send(port, signRequest(port, { AccessKeyId: 'x', AccessKeySecret: 'y' }, 'ListUsers'));
  expect(await server.stop()).toMatchObject({ code: 0, err: '' });
});
