import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commit, completeClaim, removeStaleFiles, replaceFile } from '../../src/store/commit.ts';
import { encodeFile } from '../../src/store/file-format.ts';
import { failure } from '../support/failures.ts';

const OWN_TAG = '000000000000000a';
const OTHER_TAG = '000000000000000b';
const now = new Date();
const oneHourLater = new Date(now.getTime() + 3_600_000);
let path = '';

beforeEach(() => {
  path = join(fs.mkdtempSync(join(tmpdir(), 'ramctl-commit-')), 'directory.json');
});

afterEach(() => fs.rmSync(join(path, '..'), { recursive: true }));

const commitRevision = (revision: number, tag = OWN_TAG) =>
  commit(path, revision - 1, tag, encodeFile(revision, 'own\n', tag));
const content = () => fs.readFileSync(path, 'utf8').split('\n')[1];
const files = () => fs.readdirSync(join(path, '..')).map((name) => name.slice('directory.json'.length));

/** Leaves what a process leaves that is killed between step 2 and step 4 of the commit protocol. */
function leaveClaim(revision: number): void {
  fs.writeFileSync(`${path}.${OTHER_TAG}.tmp`, encodeFile(revision, 'other\n', OTHER_TAG));
  fs.linkSync(`${path}.${OTHER_TAG}.tmp`, `${path}.r${revision}`);
}

it('only one of two commits that follow the same revision succeeds', () => {
  expect([commitRevision(1), commitRevision(1, OTHER_TAG), content(), files()]).toEqual([true, false, 'own', ['']]);
});

it('a commit completes the claim of another process first', () => {
  commitRevision(1);
  leaveClaim(2);
  expect([commitRevision(2), content(), files()]).toEqual([false, 'other', ['']]);
});

describe('a claim for a later revision', () => {
  it('belongs to a replaced file and never replaces the present one', () => {
    leaveClaim(4);
    commitRevision(1);
    removeStaleFiles(path, 1, oneHourLater);
    commitRevision(2);
    commitRevision(3);
    completeClaim(path, 3);
    expect(content()).toBe('own');
    removeStaleFiles(path, 3, oneHourLater);
    expect(files()).toEqual(['']);
  });

  it('is kept while a running process may need it', () => {
    leaveClaim(4);
    removeStaleFiles(path, 1, now);
    expect(files()).toContain('.r4');
  });
});

describe('a restored file', () => {
  const BACKUP = '.backup';
  const restore = () =>
    replaceFile(path, OWN_TAG, `${path}${BACKUP}`, (revision) => encodeFile(revision, 'restored\n', OWN_TAG));
  const backup = () => fs.readFileSync(`${path}${BACKUP}`, 'utf8').split('\n')[1];

  it('replaces the file after the claimed change is completed, and keeps the result', () => {
    commitRevision(1);
    leaveClaim(2);
    expect([restore(), content(), backup(), files()]).toEqual([true, 'restored', 'other', ['', BACKUP]]);
  });

  it('replaces an unreadable file after the claimed change is completed, because its process will report success', () => {
    fs.writeFileSync(path, 'damaged');
    leaveClaim(2);
    expect([restore(), content(), backup(), files()]).toEqual([true, 'restored', 'other', ['', BACKUP]]);
  });

  it('replaces an unreadable file and keeps it with mode 0600', () => {
    fs.writeFileSync(path, 'damaged', { mode: 0o644 });
    expect([restore(), content(), files()]).toEqual([true, 'restored', ['', BACKUP]]);
    expect([fs.readFileSync(`${path}${BACKUP}`, 'utf8'), fs.statSync(`${path}${BACKUP}`).mode & 0o777]).toEqual([
      'damaged',
      0o600,
    ]);
  });

  it('keeps no backup when there was no file, and none when it fails', () => {
    expect([restore(), files()]).toEqual([false, ['']]);
    fs.mkdirSync(`${path}.r2`);
    expect(restore).toThrow(failure('broken', 'ClaimUnusable'));
    expect(files().sort()).toEqual(['', '.r2']);
  });

  it('gives up when a claim has no temporary file', () => {
    commitRevision(1);
    leaveClaim(2);
    fs.rmSync(`${path}.${OTHER_TAG}.tmp`);
    expect(restore).toThrow(failure('later', 'DirectoryBusy'));
    expect([content(), files().sort()]).toEqual(['own', ['', '.r2']]);
  });
});
