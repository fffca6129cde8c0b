import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { openDirectory } from '../../src/directory-file.ts';
import { openSecretFiles } from '../../src/system/secret-files.ts';
import { openAppendFile, openSharedFile } from '../../src/system/shared-file.ts';
import { failure } from '../support/failures.ts';
import { withFileFault } from '../support/file-faults.ts';
import { Home, logFileCalls } from '../support/process.ts';
import { type CommandResult, TestWorld } from '../support/test-world.ts';

/** The exit code for each error code of the file system. storage-errors.test.ts tests the codes like ENOSPC. */
const EXIT_CODES: Record<string, number> = { ENOSPC: 5, EROFS: 6, EACCES: 6 };
const ERROR_CODES = Object.keys(EXIT_CODES);
const NEXT_USER = ['next', 0];

const AUTHOR = () => ({ Actor: 'tester', Command: 'test' });

/** A world whose directory is a file. Each instance behaves like one process. */
class FileWorld extends TestWorld {
  override readonly directory;
  override readonly file;
  override readonly history;

  constructor(path: string) {
    super();
    ({
      directory: this.directory,
      file: this.file,
      history: this.history,
    } = openDirectory(path, { onCreate: () => {}, author: AUTHOR }));
  }
}

const root = mkdtempSync(join(tmpdir(), 'ramctl-faults-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => void vi.useRealTimers());

let homeCount = 0;
/** The path of a new home: a copy of another one, or a folder that does not exist yet. */
function createHome(original?: string): string {
  homeCount += 1;
  const home = join(root, String(homeCount));
  if (original) cpSync(original, home, { recursive: true });
  return home;
}

const directoryPath = (home: string) => join(home, 'directory.json');
const readIfExists = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const ramctl = (home: string, line: string) => new FileWorld(directoryPath(home)).ramctl(`${line} -q -o json`);

/** The name and the number of AccessKeys of each user. */
async function listUsers(home: string): Promise<unknown[]> {
  const users: { UserName: string; AccessKeys: number }[] = (await ramctl(home, 'user list')).json;
  return users.map(({ UserName, AccessKeys }) => [UserName, AccessKeys]);
}

/**
 * Runs `work` in a new home for its file system calls. Only that call fails, or that call and all later ones. The codes
 * share the calls: each call fails with one of them.
 */
async function* failAtEachCall<T>(
  code: string,
  codes: string[],
  prepare: () => string,
  work: (home: string) => Promise<T>,
) {
  for (const lasting of [false, true]) {
    for (let step = 1 + codes.indexOf(code); ; step += codes.length) {
      const home = prepare();
      const [outcome, call] = await withFileFault(home, { step, code, lasting }, () => work(home));
      if (!call) break;
      yield { home, outcome, where: `call ${step}, ${call}${lasting ? ', and all later calls' : ''}`, lasting };
    }
  }
}

const sampleHome = createHome();
await ramctl(sampleHome, 'user create alice --access-key');

describe.each([
  ['the first command ever', ['ENOSPC', 'EACCES'], undefined, 'user create bob --access-key', [], [['bob', 1]]],
  ['a later command', ERROR_CODES, sampleHome, 'ak create alice', [['alice', 1]], [['alice', 2]]],
  ['a reader', ERROR_CODES, sampleHome, 'user get alice', [['alice', 1]], [['alice', 1]]],
])('%s whose file system calls fail', (_, codes, initial, line, before, after) => {
  const run = (home: string) => ramctl(home, line);

  it.each(codes)('with %s changes all or nothing, and reports which', async (code) => {
    for await (const { home, outcome, where } of failAtEachCall(code, codes, () => createHome(initial), run)) {
      const reported = reportedChange(outcome);
      expect([where, outcome.out !== '']).toEqual([where, outcome.code === 0]);
      if (reported === 'not committed') expect([where, outcome.code]).toEqual([where, EXIT_CODES[code]]);
      if (reported === 'not committed')
        expect(readIfExists(directoryPath(home))).toBe(initial && readIfExists(directoryPath(initial)));
      // The AccessKey was created, but its secret was not printed. The hint is to delete it.
      else if (outcome.code !== 0) expect(outcome.error.Hint).toMatch(/^ramctl (ak|user) delete /);
      expect(outcome.err).not.toMatch(/[A-Za-z0-9]{30}/);

      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
      const next = await ramctl(home, 'user create next');
      expect(await new FileWorld(directoryPath(home)).file.findProblems()).toEqual([]);
      vi.useRealTimers();
      expect([where, next.code, readdirSync(home).sort()]).toEqual([
        where,
        0,
        ['directory.history.jsonl', 'directory.json', 'directory.key'],
      ]);
      const possible = [
        ...(reported === 'committed' ? [] : [before]),
        ...(reported === 'not committed' ? [] : [after]),
      ];
      expect(possible.map((users) => [...users, NEXT_USER])).toContainEqual(await listUsers(home));
    }
  });
});

/** Whether a command reports that its change was committed. */
function reportedChange(outcome: CommandResult): 'committed' | 'not committed' | 'unknown' {
  const { code } = outcome;
  if (code === 0) return 'committed';
  const { Code, Hint } = outcome.error;
  expect(Hint).toBeTruthy();
  if (Code === 'NotDurable' || Code === 'Unsettled') expect(code).toBe(5);
  if (Code === 'NotDurable') return 'committed';
  return Code === 'Unsettled' ? 'unknown' : 'not committed';
}

describe.each([
  ['a new file', '', 'new\n', openNewFile],
  ['a file that is replaced', 'old\n', 'new\n', (path: string) => openNewFile(path, true)],
  ['a shared file', 'old\n', 'old\nnew\n', openSharedFile],
  ['a file that is appended to', 'old\n', 'old\nnew\n', openAppendFile],
])('%s for secrets, whose file system calls fail', (name, before, after, open) => {
  const isAppended = name === 'a file that is appended to';

  it.each(ERROR_CODES)('with %s contains the secret if and only if the delivery is reported', async (code) => {
    const prepare = () => {
      const home = createHome();
      mkdirSync(home);
      if (before) writeFileSync(join(home, 'secrets'), before);
      return home;
    };
    const deliver = async (home: string) => {
      try {
        await open(join(home, 'secrets')).deliver(() => (isAppended ? 'new\n' : after));
        return 'delivered';
      } catch (error) {
        return error;
      }
    };
    for await (const { home, outcome, where, lasting } of failAtEachCall(code, ERROR_CODES, prepare, deliver)) {
      const isDelivered = outcome === 'delivered';
      if (!isDelivered) expect([where, outcome]).toEqual([where, failure('later', 'SinkUnavailable')]);
      // If all later calls fail too, the text cannot be removed from the end of the file.
      if (!isDelivered && isAppended && lasting) continue;
      expect([where, readIfExists(join(home, 'secrets')) ?? '']).toEqual([where, isDelivered ? after : before]);
    }
  });
});

function openNewFile(path: string, overwrite = false) {
  const files = openSecretFiles(overwrite);
  files.test([path]);
  return { deliver: async (content: () => string) => files.deliver([[path, content()]]) };
}

it('a secret is printed after the key and the change are on the disk', async () => {
  const home = new Home();
  const create = async (name: string, ...options: string[]) => {
    rmSync(join(home.folder, 'log'), { force: true });
    const before = logFileCalls(join(home.folder, 'log'));
    expect((await home.ramctl(['user', 'create', name, '--access-key', '-q', ...options], { before })).code).toBe(0);
    return home.read('log').trimEnd().split('\n');
  };
  const createFile = (name: string) => [`write ${name}.*.tmp`, `fsync ${name}.*.tmp`, `link ${name}.*.tmp`];
  const key = [...createFile('directory.key'), 'fsync ramctl'];
  const commit = [...createFile('directory.json'), 'rename directory.json.*.tmp', 'fsync ramctl'];
  const addEntry = 'write directory.history.jsonl';
  // The entry of the earlier change must be on the disk before this change replaces it in the directory.
  const change = ['fsync directory.history.jsonl', ...commit, addEntry];
  expect(await create('alice')).toEqual([
    `fsync ${basename(home.folder)}`,
    ...key,
    ...commit,
    addEntry,
    'fsync ramctl',
    'write stdout',
  ]);
  expect(await create('bob')).toEqual([...change, 'write stdout']);
  const withDestination = (await create('carol', '--secret-to', 'file:carol.env')).map((call) =>
    call.replace(/\.\d+\./, '.'),
  );
  expect(withDestination).toEqual([
    ...change,
    ...createFile('.carol.env'),
    `fsync ${basename(home.folder)}`,
    'write stdout',
  ]);
});
