import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDirectory } from '../../src/directory-file.ts';
import { openSecretFile } from '../../src/system/secret-file.ts';
import { openAppendFile, openSharedFile } from '../../src/system/shared-file.ts';
import { failure } from '../support/failures.ts';
import { withFileFault } from '../support/file-faults.ts';
import { Home, isSupported, logFileCalls, parseError } from '../support/process.ts';
import { type CommandResult, TestWorld } from '../support/test-world.ts';

/** What the command line makes of a system's error: try again later, or a person is needed. */
const EXIT: Record<string, number> = { ENOSPC: 5, EIO: 5, EMFILE: 5, EROFS: 6, EACCES: 6 };
const CODES = Object.keys(EXIT);
const NEXT = ['next', 0];

/** A whole ramctl whose directory is a file; each is what one process would be. */
class Disk extends TestWorld {
  override readonly directory;
  override readonly file;

  constructor(path: string) {
    super();
    ({ directory: this.directory, file: this.file } = openDirectory(path, undefined, () => {}));
  }
}

const top = mkdtempSync(join(tmpdir(), 'ramctl-faults-'));
afterAll(() => rmSync(top, { recursive: true }));
afterEach(() => void vi.useRealTimers());

let homes = 0;
function homeLike(other?: string): string {
  homes += 1;
  const home = join(top, String(homes));
  if (other) cpSync(other, home, { recursive: true });
  return home;
}

const pathIn = (home: string) => join(home, 'directory.json');
const contentOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const ramctl = (home: string, line: string) => new Disk(pathIn(home)).ramctl(`${line} -q -o json`);

async function usersIn(home: string): Promise<unknown[]> {
  const users: { UserName: string; AccessKeys: number }[] = (await ramctl(home, 'user list')).json;
  return users.map(({ UserName, AccessKeys }) => [UserName, AccessKeys]);
}

/** Some work, again and again from the start, with each of its calls failing in its turn: once, or from there on. */
async function* atEachCall<T>(code: string, prepare: () => string, work: (home: string) => Promise<T>) {
  for (const lasting of [false, true]) {
    for (let step = 1; ; step++) {
      const home = prepare();
      const [outcome, call] = await withFileFault(home, { step, code, lasting }, () => work(home));
      if (!call) break;
      yield { home, outcome, where: `call ${step}, ${call}${lasting ? ', and all that follow' : ''}`, lasting };
    }
  }
}

const furnished = homeLike();
await ramctl(furnished, 'user create alice --access-key');

describe.each([
  ['the first command ever', ['ENOSPC', 'EACCES'], undefined, 'user create bob --access-key', [], [['bob', 1]]],
  ['a later command', CODES, furnished, 'ak create alice', [['alice', 1]], [['alice', 2]]],
  ['a reader', CODES, furnished, 'user get alice', [['alice', 1]], [['alice', 1]]],
])('%s, each of whose calls fails', (_, codes, given, line, before, after) => {
  const run = (home: string) => ramctl(home, line);

  it.each(codes)('with %s, leaves all or nothing and says which', async (code) => {
    for await (const { home, outcome, where } of atEachCall(code, () => homeLike(given), run)) {
      const fate = fateOf(outcome);
      expect([where, outcome.out !== '']).toEqual([where, outcome.code === 0]);
      if (fate === 'off') expect([where, outcome.code]).toEqual([where, EXIT[code]]);
      if (fate === 'off') expect(contentOf(pathIn(home))).toBe(given && contentOf(pathIn(given)));
      // Whose secret nobody has been told is of no use.
      else if (outcome.code !== 0) expect(outcome.error.Hint).toMatch(/^ramctl (ak|user) delete /);
      expect(outcome.err).not.toMatch(/[A-Za-z0-9]{30}/);

      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
      const next = await ramctl(home, 'user create next');
      expect(await new Disk(pathIn(home)).file.findProblems()).toEqual([]);
      vi.useRealTimers();
      expect([where, next.code, readdirSync(home).sort()]).toEqual([where, 0, ['directory.json', 'directory.key']]);
      const possible = [...(fate === 'done' ? [] : [before]), ...(fate === 'off' ? [] : [after])];
      expect(possible.map((users) => [...users, NEXT])).toContainEqual(await usersIn(home));
    }
  });
});

/** What a command says has become of its change. */
function fateOf(outcome: CommandResult): 'done' | 'off' | 'open' {
  const { code } = outcome;
  if (code === 0) return 'done';
  const { Code, Hint } = outcome.error;
  expect(Hint).toBeTruthy();
  if (Code === 'NotDurable' || Code === 'Unsettled') expect(code).toBe(5);
  return Code === 'NotDurable' ? 'done' : Code === 'Unsettled' ? 'open' : 'off';
}

describe.each([
  ['a new file', '', 'new\n', (path: string) => openSecretFile(path, false)],
  ['a file that is replaced', 'old\n', 'new\n', (path: string) => openSecretFile(path, true)],
  ['a file of others', 'old\n', 'old\nnew\n', openSharedFile],
  ['a log', 'old\n', 'old\nnew\n', openAppendFile],
])('%s for secrets, each of whose calls fails', (name, old, full, open) => {
  const isLog = name === 'a log';

  it.each(CODES)('with %s, holds all when it says so and nothing otherwise', async (code) => {
    const prepare = () => {
      const home = homeLike();
      mkdirSync(home);
      if (old) writeFileSync(join(home, 'sink'), old);
      return home;
    };
    const deliver = async (home: string) => {
      try {
        await open(join(home, 'sink')).deliver(() => (isLog ? 'new\n' : full));
        return 'delivered';
      } catch (error) {
        return error;
      }
    };
    for await (const { home, outcome, where, lasting } of atEachCall(code, prepare, deliver)) {
      const isDelivered = outcome === 'delivered';
      if (!isDelivered) expect([where, outcome]).toEqual([where, failure('later', 'SinkUnavailable')]);
      // What cannot be cut off a log again stays.
      if (!isDelivered && isLog && lasting) continue;
      expect([where, contentOf(join(home, 'sink')) ?? '']).toEqual([where, isDelivered ? full : old]);
    }
  });
});

it('a secret is shown when the change and its key are on the disk, in this order', async () => {
  const home = new Home();
  const create = async (name: string, ...sink: string[]) => {
    rmSync(join(home.folder, 'log'), { force: true });
    const before = logFileCalls(join(home.folder, 'log'));
    expect((await home.ramctl(['user', 'create', name, '--access-key', '-q', ...sink], { before })).code).toBe(0);
    return home.read('log').trimEnd().split('\n');
  };
  const written = (name: string) => [`write ${name}.*.tmp`, `fsync ${name}.*.tmp`, `link ${name}.*.tmp`];
  const key = [...written('directory.key'), 'fsync ramctl'];
  const change = [...written('directory.json'), 'rename directory.json.*.tmp', 'fsync ramctl'];
  expect(await create('alice')).toEqual([...key, ...change, 'write stdout']);
  expect(await create('bob')).toEqual([...change, 'write stdout']);
  const sink = (await create('carol', '--secret-to', 'file:carol.env')).map((call) => call.replace(/\.\d+\./, '.'));
  expect(sink).toEqual([...change, ...written('.carol.env'), `fsync ${basename(home.folder)}`, 'write stdout']);
});

describe('a disk', () => {
  const home = new Home();
  const disk = join(home.folder, 'disk');
  mkdirSync(disk);
  const mount = (size = 'size=64k') =>
    isSupported('mount a small disk', 'mount', '-t', 'tmpfs', '-o', size, 'tmpfs', disk);
  const remount = (how: 'ro' | 'rw') => isSupported('remount it', 'mount', '-o', `remount,${how}`, disk);
  const unmount = () => isSupported('unmount it', 'umount', disk);
  const isPossible = mount() && remount('ro') && unmount();
  const ramctlThere = (line: string) =>
    home.ramctl([...line.split(' '), '-o', 'json', '--directory', join(disk, 'directory.json')]);

  it.skipIf(!isPossible)('that is read-only is read, and not changed: exit 6', async () => {
    mount();
    onTestFinished(() => void unmount());
    expect((await ramctlThere('user create alice')).code).toBe(0);
    remount('ro');
    const before = home.read('disk/directory.json');
    const failed = await ramctlThere('ak create alice');
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([6, '', 'DirectoryUnusable']);
    expect((await ramctlThere('user get alice')).code).toBe(0);
    expect((await ramctlThere('directory check')).code).toBe(0);
    expect(home.read('disk/directory.json')).toBe(before);
    remount('rw');
    expect((await ramctlThere('ak create alice')).code).toBe(0);
  });

  it.skipIf(!isPossible)('that has no room for a lock is exit 5, and its directory whole all the same', async () => {
    mount('nr_inodes=20');
    onTestFinished(() => void unmount());
    expect((await ramctlThere('user create alice')).code).toBe(0);
    const fill = () => Array.from({ length: 20 }, (_, n) => writeFileSync(join(disk, `filler-${n}`), ''));
    expect(fill).toThrow('ENOSPC');
    const failed = await ramctlThere('ak create alice');
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([5, '', 'DirectoryUnavailable']);
    expect((await ramctlThere('directory check')).code).toBe(0);
  });

  it.skipIf(!isPossible)('that was full before the first command stays empty: exit 5', async () => {
    mount();
    onTestFinished(() => void unmount());
    const filler = join(disk, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(100_000))).toThrow('ENOSPC');
    const failed = await ramctlThere('user create alice --access-key');
    expect([failed.code, failed.out, readdirSync(disk)]).toEqual([5, '', ['filler']]);
    rmSync(filler);
    expect((await ramctlThere('user create alice --access-key')).code).toBe(0);
  });
});
