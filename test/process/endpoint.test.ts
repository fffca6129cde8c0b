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

function signed(port: number, pair: KeyPair, action: string, parameters: Record<string, string> = {}): SignedRequest {
  return signV3({ action, parameters, timestamp: formatRamDate(new Date()), host: `127.0.0.1:${port}` }, pair);
}

/** Keeps everybody from writing, as another ramctl would. Gives what ends that. */
function lock(home: Home): () => void {
  const path = `${home.directory}.lock`;
  mkdirSync(path);
  const alive = setInterval(() => utimesSync(path, new Date(), new Date()), 500);
  let isHeld = true;
  const release = () => {
    clearInterval(alive);
    if (isHeld) rmdirSync(path);
    isHeld = false;
  };
  onTestFinished(release);
  return release;
}

/** Resolves when nobody listens on a port any more. */
async function unheard(port: number): Promise<void> {
  const isHeard = () =>
    new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket
        .on('connect', () => done(true))
        .on('error', () => done(false))
        .end();
    });
  while (await isHeard());
}

const revision = (home: Home) => Number(/"Revision":(\d+)/.exec(readFileSync(home.directory, 'utf8'))?.[1]);

describe('a signal', () => {
  /** A server with a change that waits for its turn, a connection that waits for nothing, and the way to go on. */
  async function busy() {
    const home = new Home();
    const { server, port, admin } = await startServer(home);
    expect((await send(port, signed(port, admin, 'CreateUser', { UserName: 'alice' }))).status).toBe(200);
    const release = lock(home);
    const waiting = new Connection(port).write(
      serializeRequest(signed(port, admin, 'CreateUser', { UserName: 'bob' })),
    );
    const idle = new Connection(port).write(serializeRequest(signed(port, admin, 'GetUser', { UserName: 'alice' })));
    expect(await idle.waitForResponses(1)).toEqual(['200']);
    return { home, server, port, release, waiting, idle };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('%s: what is under way is finished, nothing else begun', async (signal) => {
    const { home, server, port, release, waiting, idle } = await busy();
    server.child.kill(signal);
    await Promise.all([unheard(port), idle.ended]);
    expect(waiting.statuses()).toEqual([]);
    release();
    const released = performance.now();
    expect(await waiting.waitForResponses(1)).toEqual(['200']);
    await waiting.ended;
    const { code, err } = await server.ended;
    expect(performance.now() - released).toBeLessThan(4_000);
    expect([code, err.includes('interrupted')]).toEqual([0, false]);
    expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(['admin', 'alice', 'bob']);
    expect(home.files()).toEqual(['directory.json', 'directory.key']);
  });

  it('a second one is not waited for', async () => {
    const { home, server, port, waiting } = await busy();
    server.child.kill('SIGINT');
    await unheard(port);
    const asked = performance.now();
    const { code, err } = await server.stop('SIGTERM');
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(code).toBe(143);
    expect(err).toContain('interrupted');
    await waiting.ended;
    expect(waiting.statuses()).toEqual([]);
    expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(['admin', 'alice']);
  });

  it('ends a server that nobody has asked anything', async () => {
    const home = new Home();
    const server = new ServerProcess(home, ['serve', '--port', '0']);
    expect(await server.readyLine()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { code, out } = await server.stop('SIGINT');
    expect([code, out.split('\n').length]).toEqual([0, 2]);
    expect(home.files()).toEqual([]);
  });
});

it('reads write nothing; the last use of a key is there when the server is gone', async () => {
  const home = new Home();
  const { server, port, admin } = await startServer(home);
  const before = revision(home);
  const begin = formatRamDate(new Date());
  for (let turn = 0; turn < 20; turn++) {
    expect((await send(port, signed(port, admin, 'ListUsers'))).status).toBe(200);
  }
  expect(revision(home)).toBe(before);
  expect((await server.stop()).code).toBe(0);
  expect(revision(home)).toBe(before + 1);
  const { LastUsedDate } = await home.json<{ LastUsedDate: string }>('ak', 'last-used', 'admin', admin.AccessKeyId);
  expect(LastUsedDate >= begin).toBe(true);
});

it('what others change is seen at once', async () => {
  const home = new Home();
  const { port, admin } = await startServer(home);
  const ask = async (action: string, parameters: Record<string, string> = {}) => {
    const { status, body } = await send(port, signed(port, admin, action, parameters));
    return status === 200 ? 'done' : body.Code;
  };
  await home.json('user', 'create', 'alice');
  expect(await ask('GetUser', { UserName: 'alice' })).toBe('done');
  expect(await ask('DeleteUser', { UserName: 'alice' })).toBe('done');
  expect((await home.ramctl(['user', 'get', 'alice'])).code).toBe(3);
  await home.json('ak', 'disable', 'admin', admin.AccessKeyId);
  expect(await ask('ListUsers')).toBe('InvalidAccessKeyId.Inactive');
});

it('4 SDK clients and 4 shells that write together lose nothing', async () => {
  const home = new Home();
  const { server, address, admin } = await startServer(home);
  const names: string[] = [];
  const name = (lane: string, turn: number) => {
    names.push(`${lane}-${turn}`);
    return `${lane}-${turn}`;
  };
  const client = async (lane: number) => {
    const ram = new sdk.default({
      accessKeyId: admin.AccessKeyId,
      accessKeySecret: admin.AccessKeySecret,
      endpoint: address.replace('http://', ''),
      protocol: 'HTTP',
      ...(lane % 2 ? { signatureAlgorithm: 'v2' } : {}),
    });
    for (let turn = 0; turn < 10; turn++) {
      const userName = name(`sdk-${lane}`, turn);
      await ram.createUser(new sdk.CreateUserRequest({ userName }));
      await ram.createAccessKey(new sdk.CreateAccessKeyRequest({ userName }));
    }
  };
  const shell = async (lane: number) => {
    for (let turn = 0; turn < 4; turn++) await home.json('user', 'create', name(`shell-${lane}`, turn), '--access-key');
  };
  await Promise.all([0, 1, 2, 3].flatMap((lane) => [client(lane), shell(lane)]));
  expect((await server.stop()).code).toBe(0);
  const users = await home.json<{ UserName: string; AccessKeys: number }[]>('user', 'list');
  expect(users.map(({ UserName }) => UserName)).toEqual([...names, 'admin'].sort());
  expect(users.filter(({ AccessKeys }) => AccessKeys !== 1)).toEqual([]);
  expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  expect(home.files()).toEqual(['directory.json', 'directory.key']);
});

describe('--bootstrap', () => {
  const whoAmI = (port: number, pair: KeyPair) => send(port, signed(port, pair, 'GetUser', { UserName: 'admin' }));
  const portOf = (address: string) => Number(new URL(address).port);

  it('shows the pair once, for people and for programs', async () => {
    const { server, port, admin } = await startServer(new Home());
    expect((await whoAmI(port, admin)).status).toBe(200);
    expect(server.out.trimEnd().split('\n')).toHaveLength(1);
    expect(Object.keys(JSON.parse(server.out))).toEqual(['Address', 'UserName', 'AccessKey']);
    expect((await server.stop()).err).not.toContain(admin.AccessKeySecret);

    const home = new Home();
    const forPeople = new ServerProcess(home, ['serve', '--port', '0', '--bootstrap']);
    await forPeople.readyLine();
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(forPeople.out)?.[0] ?? '';
    const [, AccessKeyId = ''] = /(LTAI\w+)/.exec(forPeople.out) ?? [];
    const [, AccessKeySecret = ''] = /secret\s+(\w{30})$/m.exec(forPeople.out) ?? [];
    expect((await whoAmI(portOf(address), { AccessKeyId, AccessKeySecret })).status).toBe(200);
  });

  it.each(['file:a.env', 'aliyun:local --config-path c.json'])('hands the pair to %s instead', async (sink) => {
    const home = new Home();
    const server = new ServerProcess(home, [
      'serve',
      '--port',
      '0',
      '-o',
      'json',
      '--bootstrap',
      '--secret-to',
      ...sink.split(' '),
    ]);
    const { Address, ...rest } = JSON.parse(await server.readyLine());
    expect(rest).toEqual({});
    const text = home.read(sink.startsWith('file') ? 'a.env' : 'c.json');
    const [, AccessKeyId = ''] = /(LTAI\w{20})/.exec(text) ?? [];
    const [, AccessKeySecret = ''] = /secret"?[=:] ?"?(\w{30})/i.exec(text) ?? [];
    expect((await whoAmI(portOf(Address), { AccessKeyId, AccessKeySecret })).status).toBe(200);
    const { out, err } = await server.stop();
    expect(`${out}${err}`).not.toContain(AccessKeySecret);
  });

  it('is for an empty directory', async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    const before = readFileSync(home.directory);
    const refused = await home.ramctl([
      'serve',
      '--port',
      '0',
      '--bootstrap',
      '--secret-to',
      'file:a.env',
      '-o',
      'json',
    ]);
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([1, '', 'DirectoryNotEmpty']);
    expect(readFileSync(home.directory)).toEqual(before);
    expect(existsSync(`${home.folder}/a.env`)).toBe(false);
  });

  it('makes nothing when the pair cannot be handed over', async () => {
    const home = new Home();
    home.write('there.env', 'KEEP=me\n');
    const bootstrap = (...words: string[]) => ['serve', '--port', '0', '-o', 'json', '--bootstrap', ...words];
    const full = existsSync('/dev/full') ? openSync('/dev/full', 'w') : undefined;
    // One after the other: what is made for a moment would be in the way of the others.
    const tries: [code: number, words: string[], situation?: { stdout: 'gone' | number }][] = [
      [1, ['--secret-to', 'file:there.env']],
      [2, ['--secret-to', 'file:a.txt']],
      [2, ['--query', 'Address']],
      [5, [], { stdout: 'gone' }],
      ...(full === undefined ? [] : ([[5, [], { stdout: full }]] as [number, string[], { stdout: number }][])),
    ];
    for (const [code, words, situation] of tries) {
      const refused = await home.ramctl(bootstrap(...words), situation);
      expect([refused.code, refused.out]).toEqual([code, '']);
      parseError(refused);
    }
    expect(home.read('there.env')).toBe('KEEP=me\n');
    expect(await home.json('user', 'list')).toEqual([]);
  });

  it('is what --secret-to goes with', async () => {
    const refused = await new Home().ramctl(['serve', '--port', '0', '--secret-to', 'file:a.env', '-o', 'json']);
    expect([refused.code, refused.out, parseError(refused).Field]).toEqual([2, '', '--secret-to']);
  });
});

describe('where it listens', () => {
  it.each([[[]], [['--host', 'localhost']], [['--host', '127.0.0.2']]])('on this machine: %j', async (words) => {
    const server = new ServerProcess(new Home(), ['-o', 'json', 'serve', '--port', '0', ...words]);
    const line = await server.readyLine();
    expect(line).toMatch(/^\{"Address":"http:\/\/(127\.0\.0\.[12]|\[::1\]):\d+"\}$/);
    expect((await fetch(JSON.parse(line).Address)).status).toBe(400);
    expect(server.out).toBe(`${line}\n`);
  });

  const hasSix = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  it.skipIf(!hasSix)('under its other address', async () => {
    const server = new ServerProcess(new Home(), ['-o', 'json', 'serve', '--port', '0', '--host', '::1']);
    const { Address } = JSON.parse(await server.readyLine());
    expect(Address).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(Address)).status).toBe(400);
  });

  it.each(['0.0.0.0', '192.0.2.1', '::', 'example.com', '127.0.0.1.example.com', '127.0.0.999'])(
    'nowhere else: %s',
    async (host) => {
      const refused = await new Home().ramctl(['serve', '--port', '0', '--host', host, '-o', 'json']);
      expect([refused.code, refused.out, parseError(refused).Code]).toEqual([2, '', 'Usage']);
    },
  );

  it('not where somebody else does', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const home = new Home();
    const refused = await home.ramctl(['serve', '--port', String(port), '--bootstrap', '-o', 'json']);
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([5, '', 'AddressInUse']);
    expect(parseError(refused).Hint).toContain('ramctl serve --port 0');
    expect(home.files()).toEqual([]);
  });

  it('nor over a directory that needs a person', async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    home.write('ramctl/directory.json', readFileSync(home.directory, 'utf8').replace('alice', 'alicf'));
    const refused = await home.ramctl(['serve', '--port', '0', '-o', 'json'], { limit: 10_000 });
    expect([refused.code, refused.out, parseError(refused).Code]).toEqual([6, '', 'DirectoryCorrupt']);
  });
});

it('--quiet leaves the log out', async () => {
  const home = new Home();
  const server = new ServerProcess(home, ['serve', '--port', '0', '-q']);
  const port = Number(new URL(await server.readyLine()).port);
  await send(port, signed(port, { AccessKeyId: 'x', AccessKeySecret: 'y' }, 'ListUsers'));
  expect(await server.stop()).toMatchObject({ code: 0, err: '' });
});
