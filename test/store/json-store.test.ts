import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localDirectory } from '../../src/core/local.ts';
import type { State } from '../../src/core/state.ts';
import { createInitialState } from '../../src/core/state.ts';
import type { Store } from '../../src/core/store.ts';
import { resolveDirectoryPath } from '../../src/store/conf.ts';
import { decodeFile, encodeFile } from '../../src/store/file-format.ts';
import { JsonStore } from '../../src/store/json-store.ts';
import { systemRandom as random } from '../../src/system/random.ts';
import { failure } from '../support/failures.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { createPlainVault } from '../support/test-world.ts';

const clock = { now: () => new Date() };
const broken = failure('broken', 'DirectoryCorrupt');
let folder = '';
let path = '';

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-store-'));
  path = join(folder, 'directory.json');
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

const jsonStore = (at = path, now = clock) =>
  new JsonStore(at, { clock: now, random, onCreate: () => {}, author: () => ({ Actor: 'tester', Command: '' }) });
const alias = (store: Store) => store.read(async ({ Account }) => Account.AccountAlias);
const append = (text: string) => async (state: State) => {
  const before = state.Account.AccountAlias ?? '';
  await Promise.resolve();
  state.Account.AccountAlias = before + text;
};
const changeAndThrow = async (state: State) => {
  await append('wrong')(state);
  throw new Error('no');
};

/** Returns the revision of the file, and its text after the first line. */
function readStored(): { revision: number; body: string } {
  const text = fs.readFileSync(path, 'utf8');
  return { revision: decodeFile(Buffer.from(text), path).revision, body: text.slice(text.indexOf('\n') + 1) };
}

function openMemoryTwice(): [Store, Store] {
  const store = new MemoryStore(createInitialState(clock, random));
  return [store, store];
}

/** Each opens one directory twice, as two commands do. */
describe.each<[string, () => [Store, Store]]>([
  ['memory', openMemoryTwice],
  ['a JSON file', () => [jsonStore(), jsonStore()]],
])('a store in %s', (_, open) => {
  it('starts with an empty state', async () => {
    const { Account, Users } = await open()[0].read(async (state) => state);
    expect([Account.AccountId, Users.size]).toEqual([expect.stringMatching(/^\d{16}$/), 0]);
  });

  it('shows a change to all later readers, and rolls back a change that throws', async () => {
    const [store, other] = open();
    expect((await store.change(async (state) => append('acme')(state).then(() => 'done'))).value).toBe('done');
    await expect(store.change(changeAndThrow)).rejects.toThrow('no');
    expect([await alias(store), await alias(other)]).toEqual(['acme', 'acme']);
    await other.change(append('2'));
    expect(await alias(store)).toBe('acme2');
  });

  it('is not affected when a reader modifies what it read', async () => {
    const [store] = open();
    const { records } = await store.change(append('acme'));
    for (const { After } of records) Object.assign(After ?? {}, { AccountAlias: 'wrong' });
    await store.read(append('wrong')).catch(() => {});
    expect(await alias(store)).toBe('acme');
  });

  it('is not changed by a dry run, after one read or several', async () => {
    const [store] = open();
    const directory = localDirectory({ store, clock, random, vault: createPlainVault() });
    await directory.createUser({ UserName: 'alice' });
    for (const UserName of ['bob', 'carol']) {
      await directory.listUsers();
      const dryRun = directory.dryRun();
      await dryRun.createUser({ UserName });
      await dryRun.updateUser({ UserName: 'alice', NewComments: 'x' });
      await dryRun.deleteUser({ UserName: 'alice' });
      await directory.createGroup({ GroupName: UserName });
    }
    expect(await directory.listUsers()).toMatchObject([{ UserName: 'alice', Comments: null }]);
  });

  it('resolves or rejects each of several concurrent changes separately', async () => {
    const [store] = open();
    const results = await Promise.allSettled(
      [append('a'), changeAndThrow, append('b'), changeAndThrow].map((work) => store.change(work)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(await alias(store)).toBe('ab');
  });

  it('commits every one of many concurrent changes', async () => {
    const [store, other] = open();
    const letters = [...'abcdefghij'];
    await Promise.all(letters.map((letter, n) => (n % 2 ? store : other).change(append(letter))));
    expect([...((await alias(store)) ?? '')].sort()).toEqual(letters);
  });

  it('can revert a change after other changes were made', async () => {
    const directories = open().map((store) => localDirectory({ store, clock, random, vault: createPlainVault() }));
    const [first, second] = directories as [(typeof directories)[0], (typeof directories)[0]];
    await first.createUser({ UserName: 'alice' });
    const { revert } = await first.atomically(async (operations) => {
      await operations.updateUser({ UserName: 'alice', NewUserName: 'alice2' });
      await operations.createUser({ UserName: 'bob' });
    });
    await second.createUser({ UserName: 'carol' });
    await revert();
    expect(await second.listUsers()).toMatchObject([{ UserName: 'alice' }, { UserName: 'carol' }]);
    await expect(revert()).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
  });
});

describe('a JSON file', () => {
  const files = () => fs.readdirSync(folder);

  it('is not created by a read', async () => {
    await jsonStore(join(folder, 'new', 'directory.json')).read(async () => {});
    expect(files()).toEqual([]);
  });

  it('has mode 0600, leaves no other files, and is not replaced by a change without effect', async () => {
    const store = jsonStore();
    for (const letter of 'abc') await store.change(append(letter));
    const unchanged = [fs.statSync(path).ino, fs.readFileSync(path, 'utf8')];
    await store.change(append(''));
    await expect(store.change(changeAndThrow)).rejects.toThrow('no');
    expect([fs.statSync(path).ino, fs.readFileSync(path, 'utf8')]).toEqual(unchanged);
    expect(decodeFile(fs.readFileSync(path), path).revision).toBe(3);
    expect([fs.statSync(path).mode & 0o777, files()]).toEqual([0o600, ['directory.history.jsonl', 'directory.json']]);
  });

  it('is not replaced by a change that deletes the last record and adds the same again', async () => {
    const store = jsonStore();
    const addPolicy = ({ SystemPolicies }: State, PolicyName: string) =>
      SystemPolicies.set(PolicyName, { PolicyName, DefaultVersion: 'v1', PolicyDocument: '{}' });
    await store.change(async (state) => {
      addPolicy(state, 'first');
      addPolicy(state, 'last');
    });
    const { ino } = fs.statSync(path);
    await store.change(async (state) => {
      state.SystemPolicies.delete('last');
      addPolicy(state, 'last');
    });
    expect(fs.statSync(path).ino).toBe(ino);
  });

  it('is created and replaced at the target of a link, and the link stays', async () => {
    const link = join(folder, 'link.json');
    fs.symlinkSync('directory.json', link);
    for (const letter of 'ab') await jsonStore(resolveDirectoryPath(link)).change(append(letter));
    expect([await alias(jsonStore()), fs.lstatSync(link).isSymbolicLink()]).toEqual(['ab', true]);
  });

  it.each([
    ['just now', 0],
    ['long ago', 3_600_000],
  ])('completes the claim of a process that was killed %s, and takes over its lock', async (_, ago) => {
    await jsonStore().change(append('acme'));
    const { revision, body } = readStored();
    const tag = '0123456789abcdef';
    fs.writeFileSync(`${path}.${tag}.tmp`, encodeFile(revision + 1, body.replace('acme', 'claimed'), tag));
    fs.linkSync(`${path}.${tag}.tmp`, `${path}.r${revision + 1}`);
    fs.mkdirSync(`${path}.lock`);
    fs.utimesSync(`${path}.lock`, 0, 0);
    await jsonStore(path, { now: () => new Date(Date.now() + ago) }).change(append('!'));
    expect([await alias(jsonStore()), files()]).toEqual(['claimed!', ['directory.history.jsonl', 'directory.json']]);
  });

  it('completes the claim of a killed process before a change that is refused', async () => {
    await jsonStore().change(append('acme'));
    const { revision, body } = readStored();
    const tag = '0123456789abcdef';
    fs.writeFileSync(`${path}.${tag}.tmp`, encodeFile(revision + 1, body.replace('acme', 'claimed'), tag));
    fs.linkSync(`${path}.${tag}.tmp`, `${path}.r${revision + 1}`);
    const refuse = async ({ Account }: State) => {
      throw new Error(Account.AccountAlias);
    };
    await expect(jsonStore().change(refuse)).rejects.toThrow('claimed');
  });

  it('ignores an old claim without a temporary file', async () => {
    await jsonStore().change(append('acme'));
    const { body } = readStored();
    fs.writeFileSync(`${path}.r2`, encodeFile(2, body, '0123456789abcdef'));
    await jsonStore(path, { now: () => new Date(Date.now() + 3_600_000) }).change(append('!'));
    expect([await alias(jsonStore()), files()]).toEqual(['acme!', ['directory.history.jsonl', 'directory.json']]);
  });

  it('loses old temporary files in the check, and keeps recent ones', async () => {
    await jsonStore().change(append('acme'));
    for (const name of ['r1', '0123456789abcdef.tmp', 'bak']) fs.copyFileSync(path, `${path}.${name}`);
    expect(await jsonStore().findProblems(createPlainVault())).toEqual([]);
    expect(files()).toContain('directory.json.0123456789abcdef.tmp');
    expect(
      await jsonStore(path, { now: () => new Date(Date.now() + 3_600_000) }).findProblems(createPlainVault()),
    ).toEqual([]);
    expect(files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.json.bak']);
  });

  it('with two users of one name is refused by the check', async () => {
    const user = (UserName: string) => `{"UserId":"1","UserName":"${UserName}","AccessKeys":[],"Policies":[]}`;
    await jsonStore().change(append('acme'));
    const { revision, body } = readStored();
    const twoUsers = body.replace('"Users":[]', `"Users":[\n${user('alice')},\n${user('ALICE')}\n]`);
    fs.writeFileSync(path, encodeFile(revision, twoUsers, '0123456789abcdef'));
    const [problem] = await jsonStore().findProblems(createPlainVault());
    expect(problem?.Message).toContain('two records with one name in Users');
  });

  it('of an older format is upgraded by the first change, which keeps a backup', async () => {
    const old = new URL('format-1.directory', import.meta.url);
    fs.copyFileSync(old, path);
    const before = fs.readFileSync(path, 'utf8');
    expect(await alias(jsonStore())).toBe('acme');
    expect(fs.readFileSync(path, 'utf8')).toBe(before);
    for (const letter of 'ab') await jsonStore().change(append(letter));
    const [, , backup = '', ...more] = files();
    expect([more, fs.readFileSync(join(folder, backup), 'utf8')]).toEqual([[], before]);
    expect([backup, fs.statSync(join(folder, backup)).mode & 0o777]).toEqual([
      expect.stringMatching(/^directory\.json\.\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{4}$/),
      0o600,
    ]);
    expect(decodeFile(fs.readFileSync(path), path)).toMatchObject({ formatVersion: 4, revision: 7 });
    expect(await alias(jsonStore())).toBe('acmeab');
  });

  it('of an older format is not upgraded by a change that is refused', async () => {
    fs.copyFileSync(new URL('format-1.directory', import.meta.url), path);
    await expect(jsonStore().change(changeAndThrow)).rejects.toThrow('no');
    expect([decodeFile(fs.readFileSync(path), path).formatVersion, files()]).toEqual([1, ['directory.json']]);
  });

  it('that was truncated at any length is refused and not changed', async () => {
    await jsonStore().change(append('acme'));
    const whole = fs.readFileSync(path);
    for (const length of whole.keys()) {
      fs.writeFileSync(path, whole.subarray(0, length));
      await expect(jsonStore().read(async () => {})).rejects.toThrow(broken);
    }
    await expect(jsonStore().change(append('x'))).rejects.toThrow(broken);
    expect(fs.readFileSync(path)).toEqual(whole.subarray(0, -1));
  });

  it('leaves no folder when the first change fails', async () => {
    await expect(jsonStore(join(folder, 'a', 'b', 'directory.json')).change(changeAndThrow)).rejects.toThrow('no');
    expect(files()).toEqual([]);
  });

  it('is not changed when it is damaged, and the check reports the damage', async () => {
    await jsonStore().change(append('acme'));
    const damaged = fs.readFileSync(path, 'utf8').replace('acme', 'acne');
    fs.writeFileSync(path, damaged);
    await expect(jsonStore().change(append('x'))).rejects.toThrow(broken);
    await expect(jsonStore().read(async () => {})).rejects.toThrow(broken);
    expect(await jsonStore().findProblems(createPlainVault())).toMatchObject([{ Code: 'DirectoryCorrupt' }]);
    expect(fs.readFileSync(path, 'utf8')).toBe(damaged);
    await expect(jsonStore(folder).read(async () => {})).rejects.toThrow(failure('broken', 'DirectoryUnusable'));
  });
});
