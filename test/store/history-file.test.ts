import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { localDirectory } from '../../src/core/local.ts';
import { localHistory } from '../../src/core/local-history.ts';
import { completeHistory, prepareCleaning } from '../../src/store/history-file.ts';
import { JsonStore } from '../../src/store/json-store.ts';
import { systemRandom as random } from '../../src/system/random.ts';
import { failure } from '../support/failures.ts';
import { createPlainVault, SteppingClock } from '../support/test-world.ts';

const DAY = 24 * 3600;
const vault = createPlainVault();
let clock: SteppingClock;
let folder = '';
let path = '';
let file = '';

beforeEach(() => {
  clock = new SteppingClock('2026-01-01T00:00:00Z');
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-history-'));
  path = join(folder, 'directory.json');
  file = join(folder, 'directory.history.jsonl');
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Opens the directory as another process does. */
function open() {
  const author = () => ({ Actor: 'ada', Command: 'ramctl test' });
  const store = new JsonStore(path, { clock, random, onCreate: () => {}, author });
  const directory = localDirectory({ store, clock, random, vault });
  return { store, directory, history: localHistory({ store, clock, vault }) };
}

const create = (UserName: string, directory: Directory = open().directory) => directory.createUser({ UserName });
const summaries = async () => (await open().history.list({})).map(({ Summary }) => Summary).reverse();
const lines = () => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
const storedIds = () => lines().map((line) => (JSON.parse(line) as { ChangeId: string }).ChangeId);
const keptFiles = () => fs.readdirSync(folder).filter((name) => name.startsWith('directory.history.jsonl.'));
const problems = () => open().store.findProblems(vault);

it('each change has one line with an own id, which only the owner can read', async () => {
  for (const name of ['alice', 'bob', 'carol']) await create(name);
  const entries = await open().history.list({});
  expect(entries.map(({ Summary, Actor, Command, Date: date }) => [Summary, Actor, Command, date])).toEqual(
    ['carol', 'bob', 'alice'].map((name) => [`created user ${name}`, 'ada', 'ramctl test', '2026-01-01T00:00:00Z']),
  );
  expect(Object.keys(entries[0] ?? {})).toEqual(['ChangeId', 'Date', 'Actor', 'Command', 'Summary']);
  expect(storedIds()).toEqual(entries.map(({ ChangeId }) => ChangeId).reverse());
  expect(storedIds().map((id) => Number.parseInt(id, 10))).toEqual([1, 2, 3]);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(await problems()).toEqual([]);
});

it('changes that are committed together have an entry each, and refused ones have none', async () => {
  const { directory } = open();
  await create('zoe', directory);
  await Promise.allSettled(['alice', 'bob', 'alice'].map((name) => create(name, directory)));
  expect(await summaries()).toEqual(['zoe', 'alice', 'bob'].map((name) => `created user ${name}`));
  expect(new Set(storedIds()).size).toBe(3);
});

it('changes of several processes at the same time have an entry each', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `user${n}`);
  const directories = [open().directory, open().directory, open().directory];
  await Promise.all(names.map((name, n) => create(name, directories[n % 3])));
  expect((await summaries()).sort()).toEqual(names.map((name) => `created user ${name}`).sort());
  expect(new Set(storedIds()).size).toBe(names.length);
});

it('a change that only counts a use has no entry', async () => {
  const { directory } = open();
  await create('alice', directory);
  const { AccessKeyId, AccessKeySecret } = await directory.createAccessKey({ UserName: 'alice' });
  await directory.verifyAccessKey({ AccessKeyId, AccessKeySecret });
  await directory.recordAccessKeyUse([{ AccessKeyId, LastUsedDate: '2026-01-02T00:00:00Z' }]);
  expect(await summaries()).toEqual(['created user alice', `created AccessKey ${AccessKeyId} of alice`]);
});

it('an entry that was written in part is read from the directory, and the next change completes it', async () => {
  await create('alice');
  await create('bob');
  const whole = fs.readFileSync(file);
  const start = whole.indexOf('\n') + 1;
  const expected = ['alice', 'bob'].map((name) => `created user ${name}`);
  const directoryText = fs.readFileSync(path);
  for (const length of [start, start + 1, whole.length - 2, whole.length - 1, whole.length]) {
    fs.writeFileSync(path, directoryText);
    fs.writeFileSync(file, whole.subarray(0, length));
    expect(await summaries()).toEqual(expected);
    await create('carol');
    expect(await summaries()).toEqual([...expected, 'created user carol']);
    expect(new Set(storedIds()).size).toBe(3);
    expect(lines()).toHaveLength(3);
  }
});

it('an entry that a power failure damaged in the middle is written again by the next change', async () => {
  await create('alice');
  await create('bob');
  const bytes = fs.readFileSync(file);
  bytes.fill(0, bytes.indexOf('created user bob'), bytes.length - 50);
  fs.writeFileSync(file, bytes);
  expect(await summaries()).toEqual(['created user alice', 'created user bob']);
  await create('carol');
  expect(await summaries()).toEqual(['created user alice', 'created user bob', 'created user carol']);
  expect(keptFiles()).toEqual([]);
});

it('directory check completes the history file', async () => {
  await create('alice');
  fs.rmSync(file);
  expect(await problems()).toEqual([]);
  expect(lines()).toHaveLength(1);
});

it('an entry that a suspended process appends again is read once', async () => {
  await create('alice');
  const owner = open().store.readSnapshot();
  const { length } = fs.readFileSync(file);
  await create('bob');
  const late = fs.readFileSync(file).subarray(0, length);
  fs.appendFileSync(file, late);
  expect(completeHistory(path, owner, '.kept')).toBe(true);
  await create('carol');
  expect(await summaries()).toEqual(['alice', 'bob', 'carol'].map((name) => `created user ${name}`));
  expect(keptFiles()).toEqual([]);
});

it('a process that was suspended before it found later entries keeps the history file', async () => {
  await create('alice');
  const owner = open().store.readSnapshot();
  for (const name of ['bob', 'carol']) await create(name);
  fs.appendFileSync(file, '{"torn');
  expect(completeHistory(path, owner, '.kept')).toBe(false);
  expect(keptFiles()).toEqual([]);
});

describe('the records of an entry', () => {
  const hasRecords = async () => (await open().store.readHistory()).map(({ Records }) => Records !== undefined);

  it('are removed 30 days later, with the secrets in them', async () => {
    const { directory } = open();
    await create('alice', directory);
    const { AccessKeySecret } = await directory.createAccessKey({ UserName: 'alice' });
    await directory.deleteUser({ UserName: 'alice' }).catch(() => {});
    clock.step(10 * DAY);
    await create('bob');
    clock.step(20 * DAY + 1);
    const [old] = (await open().history.list({})).slice(-1);
    expect(await open().history.get(old?.ChangeId ?? '')).toMatchObject({ CanUndo: false, Records: [] });
    await expect(open().history.undo(old?.ChangeId ?? '')).rejects.toThrow(failure('refused', 'CannotUndo'));
    expect(fs.readFileSync(file, 'utf8')).toContain(AccessKeySecret);
    await create('carol');
    expect(fs.readFileSync(file, 'utf8')).not.toContain(AccessKeySecret);
    expect(await hasRecords()).toEqual([false, false, true, true]);
    expect(await summaries()).toHaveLength(4);
    expect(fs.readdirSync(folder).sort()).toEqual(['directory.history.jsonl', 'directory.json']);
    expect([fs.statSync(file).mode & 0o777, await problems()]).toEqual([0o600, []]);
  });

  it('are removed at most once a day', async () => {
    await create('alice');
    clock.step(DAY / 2);
    await create('bob');
    clock.step(29.75 * DAY);
    await create('carol');
    expect(await hasRecords()).toEqual([false, true, true]);
    clock.step(DAY / 2);
    await create('dave');
    expect(await hasRecords()).toEqual([false, true, true, true]);
    clock.step(DAY / 2);
    await create('eve');
    expect(await hasRecords()).toEqual([false, false, true, true, true]);
  });

  it('are removed by the next change if the process was killed after the commit', async () => {
    await create('alice');
    clock.step(31 * DAY);
    const before = fs.readFileSync(file);
    await create('bob');
    // What the process writes between the commit and the rename.
    const { tag } = open().store.readSnapshot();
    const after = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(`${file}.${tag}.tmp`, after.slice(0, after.indexOf('\n') + 1));
    fs.writeFileSync(file, before);
    await create('carol');
    expect(await summaries()).toEqual(['alice', 'bob', 'carol'].map((name) => `created user ${name}`));
    expect(await hasRecords()).toEqual([false, true, true]);
  });

  it('are removed by the next change also if the process was killed long ago', async () => {
    clock = new SteppingClock(new Date(Date.now() - 31 * DAY * 1000).toISOString());
    await create('alice');
    clock.step(31 * DAY);
    const before = fs.readFileSync(file);
    await create('bob');
    const { tag } = open().store.readSnapshot();
    const [cleaned] = lines();
    fs.writeFileSync(`${file}.${tag}.tmp`, `${cleaned}\n`);
    fs.writeFileSync(file, before);
    clock.step(DAY / 2);
    await create('carol');
    expect(await hasRecords()).toEqual([false, true, true]);
  });

  it('are removed after 30 days also if the clock was wrong before', async () => {
    clock.step(3650 * DAY);
    await create('alice');
    clock.step(31 * DAY);
    await create('bob');
    clock.step(-3681 * DAY);
    await create('carol');
    clock.step(31 * DAY);
    await create('dave');
    expect(await hasRecords()).toEqual([false, true, false, true]);
    clock.step(31 * DAY);
    await create('eve');
    expect(await hasRecords()).toEqual([false, true, false, false, true]);
  });

  it('are kept if another change was committed first, and no entry is lost', async () => {
    await create('alice');
    clock.step(31 * DAY);
    const { history } = open().store.readSnapshot();
    prepareCleaning(path, '0123456789abcdef', history, clock.now());
    await create('bob');
    await create('carol');
    expect(await summaries()).toEqual(['alice', 'bob', 'carol'].map((name) => `created user ${name}`));
  });
});

describe('a history file of another directory', () => {
  it('is kept under another name when a backup is restored, and the new history says so', async () => {
    await create('alice');
    const { state } = open().store.readSnapshot();
    await create('bob');
    const before = fs.readFileSync(file, 'utf8');
    await open().store.replace(state);
    expect(await summaries()).toEqual(['restored the directory from a backup']);
    const [kept = ''] = keptFiles();
    expect(fs.readFileSync(join(folder, kept), 'utf8')).toBe(before);
    const [{ ChangeId } = { ChangeId: '' }] = await open().history.list({});
    await expect(open().history.undo(ChangeId)).rejects.toThrow(failure('refused', 'CannotUndo'));
    await create('carol');
    expect(await summaries()).toEqual(['restored the directory from a backup', 'created user carol']);
    expect([keptFiles(), await problems()]).toEqual([[kept], []]);
  });

  it('is kept under another name when an older directory file was put back', async () => {
    await create('alice');
    const older = fs.readFileSync(path);
    await create('bob');
    await create('carol');
    fs.writeFileSync(path, older);
    expect(await summaries()).toEqual(['created user alice']);
    await create('dave');
    expect(await summaries()).toEqual(['created user alice', 'created user dave']);
    expect(keptFiles()).toHaveLength(1);
  });

  it('is kept under another name when a new directory is created next to it', async () => {
    await create('alice');
    fs.rmSync(path);
    await open().store.create(({ Account }) => {
      Account.AccountAlias = 'acme';
    });
    expect(await summaries()).toEqual(['created the directory']);
    expect(keptFiles()).toHaveLength(1);
  });
});

it('a damaged line is not used, and directory check reports it', async () => {
  for (const name of ['alice', 'bob', 'carol']) await create(name);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('created user bob', 'created user eve'));
  expect(await summaries()).toEqual(['created user alice', 'created user carol']);
  expect(await problems()).toMatchObject([{ Code: 'HistoryCorrupt', Message: `${file}, line 2 is damaged` }]);
});

it('a history file with a damaged end is still the one of its directory', async () => {
  for (const name of ['alice', 'bob', 'carol']) await create(name);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(/user (bob|carol)/g, 'user eve'));
  expect(await problems()).toMatchObject([{ Message: `${file}, line 2 is damaged` }, { Code: 'HistoryCorrupt' }]);
  expect(await summaries()).toEqual(['created user alice', 'created user carol']);
  await create('dave');
  expect(await summaries()).toEqual(['created user alice', 'created user dave']);
  expect(keptFiles()).toEqual([]);
});

it('a change is refused, with nothing changed, when the history file cannot be written', async () => {
  await create('alice');
  fs.rmSync(file);
  fs.mkdirSync(file);
  const before = fs.readFileSync(path);
  await expect(create('bob')).rejects.toThrow(failure('broken', 'DirectoryUnusable'));
  expect(fs.readFileSync(path)).toEqual(before);
  expect(await problems()).toMatchObject([{ Code: 'DirectoryUnusable', Message: expect.stringContaining(file) }]);
});

it('the history file must not be a link', async () => {
  await create('alice');
  fs.rmSync(file);
  const target = join(folder, 'other');
  fs.writeFileSync(target, '');
  fs.symlinkSync(target, file);
  await expect(create('bob')).rejects.toThrow(failure('broken', 'DirectoryUnusable'));
  expect(fs.readFileSync(target, 'utf8')).toBe('');
});
