import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openImportJournal, readImportJournal } from '../../src/system/import-journal.ts';
import { failure } from '../support/failures.ts';
import { SteppingClock } from '../support/test-world.ts';

const ID = '0123456789abcdef';
const ALICE = { UserName: 'alice', UserId: '200000000000000001' };
const BOB = { UserName: 'bob', UserId: '200000000000000002' };
let parent = '';
let folder = '';
let path = '';
let clock: SteppingClock;
const changes: boolean[] = [];
const mode = (name: string) => fs.statSync(name).mode & 0o777;
const open = (timeoutMs = 0) =>
  openImportJournal(folder, {
    id: ID,
    targetName: 'aliyun:prod',
    clock,
    timeoutMs,
    onChange: (exists) => changes.push(exists),
  });
/** Records users and leaves the journal as a killed process does, but without its lock. */
async function interrupt() {
  const journal = await open();
  journal.recordStart(ALICE);
  journal.recordCreated(ALICE);
  clock.step(1);
  journal.recordStart(BOB);
  journal.close();
}
const ENTRIES = [
  { UserName: 'alice', Date: '2026-01-01T00:00:00Z', UserId: ALICE.UserId },
  { UserName: 'bob', Date: '2026-01-01T00:00:01Z' },
];

beforeEach(() => {
  parent = fs.mkdtempSync(join(tmpdir(), 'ramctl-journal-'));
  folder = join(parent, 'ramctl', 'imports');
  path = join(folder, `${ID}.jsonl`);
  clock = new SteppingClock('2026-01-01T00:00:00Z');
  changes.length = 0;
});

afterEach(() => fs.rmSync(parent, { recursive: true }));

describe('the journal of an import', () => {
  it('is a private file in a private folder, and names the target and the users', async () => {
    await interrupt();
    expect([mode(path), mode(folder), mode(join(parent, 'ramctl'))]).toEqual([0o600, 0o700, 0o700]);
    const [alice, bob] = ENTRIES;
    expect(
      fs
        .readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ Target: 'aliyun:prod' }, { UserName: 'alice', Date: alice?.Date }, alice, bob]);
    expect(fs.readdirSync(folder)).toEqual([`${ID}.jsonl`]);
  });

  it('returns the users of an interrupted import, and continues with them', async () => {
    await interrupt();
    expect(readImportJournal(folder, ID)).toEqual(ENTRIES);
    const journal = await open();
    expect(journal.entries()).toEqual(ENTRIES);
    journal.recordCreated(BOB);
    journal.recordStart({ UserName: 'carol' });
    journal.recordRefused({ UserName: 'CAROL' });
    journal.close();
    expect(readImportJournal(folder, ID)).toMatchObject([ALICE, BOB]);
  });

  it('reports whether it exists', async () => {
    const journal = await open();
    expect(changes).toEqual([]);
    journal.recordStart(ALICE);
    journal.remove();
    journal.close();
    expect(changes).toEqual([true, false]);
  });

  it('leaves no file and no folder when nothing was recorded, or when it was removed', async () => {
    (await open()).close();
    expect(fs.readdirSync(parent)).toEqual([]);
    const journal = await open();
    journal.recordStart(ALICE);
    journal.remove();
    journal.close();
    expect(fs.readdirSync(parent)).toEqual([]);
    expect(readImportJournal(folder, ID)).toEqual([]);
  });

  it.each([0, 1, 10])('does without a last line of which only %i bytes were written', async (length) => {
    await interrupt();
    const text = fs.readFileSync(path, 'utf8');
    const start = text.slice(0, -1).lastIndexOf('\n') + 1;
    fs.writeFileSync(path, text.slice(0, start + length));
    const journal = await open();
    expect(journal.entries()).toEqual(ENTRIES.slice(0, 1));
    journal.recordStart(BOB);
    journal.close();
    expect(readImportJournal(folder, ID)).toMatchObject([ALICE, { UserName: 'bob' }]);
  });

  it('starts again after a kill during its first line', async () => {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path, '{"Targ');
    await interrupt();
    expect(readImportJournal(folder, ID)).toEqual(ENTRIES);
  });

  it('cannot be opened twice at the same time', async () => {
    const journal = await open();
    journal.recordStart(ALICE);
    await expect(open()).rejects.toEqual(failure('later', 'ImportRunning'));
    journal.close();
    (await open()).close();
    expect(readImportJournal(folder, ID)).toMatchObject([{ UserName: 'alice' }]);
  });

  it('does not hinder the import of other users', async () => {
    const journal = await open();
    const other = await openImportJournal(folder, { id: 'other', targetName: 'aliyun:prod', clock });
    other.recordStart(BOB);
    expect(journal.entries()).toEqual([]);
    journal.close();
    other.close();
  });

  it.each(['{}\nnull\n', '{}\n{\n', '{}\n[]\n', '{}\n{"UserName":1}\n'])(
    'is refused if it is damaged: %j',
    async (text) => {
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path, text);
      await expect(open()).rejects.toEqual(failure('broken', 'JournalUnusable'));
      expect(() => readImportJournal(folder, ID)).toThrow(path);
      expect(fs.readdirSync(folder)).toEqual([`${ID}.jsonl`]);
    },
  );

  it('is an error if its folder cannot be created', async () => {
    fs.writeFileSync(join(parent, 'ramctl'), '');
    await expect(open()).rejects.toEqual(failure('later', 'JournalUnavailable'));
  });
});
