import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commit, completeClaim, removeStaleTempFiles, replaceFile } from '../../src/store/commit.ts';
import { encodeFile } from '../../src/store/file-format.ts';
import { failure } from '../support/failures.ts';

const MINE = '000000000000000a';
const THEIRS = '000000000000000b';
const soon = new Date();
const later = new Date(soon.getTime() + 3_600_000);
let path = '';

beforeEach(() => {
  path = join(fs.mkdtempSync(join(tmpdir(), 'ramctl-commit-')), 'directory.json');
});

afterEach(() => fs.rmSync(join(path, '..'), { recursive: true }));

const add = (revision: number, tag = MINE) => commit(path, revision - 1, tag, encodeFile(revision, 'mine\n', tag));
const content = () => fs.readFileSync(path, 'utf8').split('\n')[1];
const files = () => fs.readdirSync(join(path, '..')).map((name) => name.slice('directory.json'.length));

/** What a command leaves that is killed before it renames. */
function claim(revision: number): void {
  fs.writeFileSync(`${path}.${THEIRS}.tmp`, encodeFile(revision, 'theirs\n', THEIRS));
  fs.linkSync(`${path}.${THEIRS}.tmp`, `${path}.r${revision}`);
}

it('of two who follow the same revision one is told that it came too late', () => {
  expect([add(1), add(1, THEIRS), content(), files()]).toEqual([true, false, 'mine', ['']]);
});

it('whoever finds a claim in the way finishes it', () => {
  add(1);
  claim(2);
  expect([add(2), content(), files()]).toEqual([false, 'theirs', ['']]);
});

describe('a claim for a revision further on', () => {
  it('is of a file that was put aside, and never takes the place of the one that is here', () => {
    claim(4);
    add(1);
    removeStaleTempFiles(path, 1, later);
    add(2);
    add(3);
    completeClaim(path, 3);
    expect(content()).toBe('mine');
    removeStaleTempFiles(path, 3, later);
    expect(files()).toEqual(['']);
  });

  it('is left to whoever may be at work on it', () => {
    claim(4);
    removeStaleTempFiles(path, 1, soon);
    expect(files()).toContain('.r4');
  });
});

describe('a restored file', () => {
  const KEPT = '.kept';
  const restore = () =>
    replaceFile(path, MINE, `${path}${KEPT}`, (revision) => encodeFile(revision, 'restored\n', MINE));
  const kept = () => fs.readFileSync(`${path}${KEPT}`, 'utf8').split('\n')[1];

  it('follows what was claimed for the one that is here, which is kept', () => {
    add(1);
    claim(2);
    expect([restore(), content(), kept(), files()]).toEqual([true, 'restored', 'theirs', ['', KEPT]]);
  });

  it('follows what was claimed for one that nobody can read by now: whoever claimed it will say that it was made', () => {
    fs.writeFileSync(path, 'damaged');
    claim(2);
    expect([restore(), content(), kept(), files()]).toEqual([true, 'restored', 'theirs', ['', KEPT]]);
  });

  it('takes the place of one that nobody can read, which is kept, for its owner alone', () => {
    fs.writeFileSync(path, 'damaged', { mode: 0o644 });
    expect([restore(), content(), files()]).toEqual([true, 'restored', ['', KEPT]]);
    expect([fs.readFileSync(`${path}${KEPT}`, 'utf8'), fs.statSync(`${path}${KEPT}`).mode & 0o777]).toEqual([
      'damaged',
      0o600,
    ]);
  });

  it('keeps nothing when there was nothing, or when it fails', () => {
    expect([restore(), files()]).toEqual([false, ['']]);
    fs.mkdirSync(`${path}.r2`);
    expect(restore).toThrow(failure('broken', 'ClaimUnusable'));
    expect(files().sort()).toEqual(['', '.r2']);
  });

  it('does not wait for ever for a claim whose text is gone', () => {
    add(1);
    claim(2);
    fs.rmSync(`${path}.${THEIRS}.tmp`);
    expect(restore).toThrow(failure('later', 'DirectoryBusy'));
    expect([content(), files().sort()]).toEqual(['mine', ['', '.r2']]);
  });
});
