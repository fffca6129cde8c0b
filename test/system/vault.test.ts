import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemRandom } from '../../src/system/random.ts';
import { FileVault } from '../../src/system/vault.ts';
import { failure } from '../support/failures.ts';

const sealBroken = failure('broken', 'SealBroken');
let folder = '';
let path = '';
const vault = () => new FileVault(path, systemRandom);

/** A vault whose key is there, made now or before. */
function unlocked(): FileVault {
  const one = vault();
  one.ensureKey();
  return one;
}

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-vault-'));
  path = join(folder, 'keys', 'directory.key');
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('the key file is made once, private, and recognised again', () => {
  const made = vault().ensureKey();
  const content = fs.readFileSync(path, 'utf8');
  expect([fs.statSync(path).mode & 0o777, fs.readdirSync(join(folder, 'keys'))]).toEqual([0o600, ['directory.key']]);
  expect(vault().ensureKey()).toBe(made);
  expect(fs.readFileSync(path, 'utf8')).toBe(content);
  expect(() => vault().verifyKey(made)).not.toThrow();
});

it('a key file that is gone or another one is refused and not made anew', () => {
  const made = vault().ensureKey();
  fs.rmSync(path);
  expect(() => vault().verifyKey(made)).toThrow(failure('broken', 'KeyFileMissing'));
  expect(fs.existsSync(path)).toBe(false);
  vault().ensureKey();
  expect(() => vault().verifyKey(made)).toThrow(failure('broken', 'KeyFileMismatch'));
});

it.each(['', 'TOP-SECRET', `${'A'.repeat(42)}=`, `${'A'.repeat(43)}=A`, `${'A'.repeat(86)}==`])(
  'a key file that holds %j is refused, kept, and not quoted',
  (content) => {
    fs.mkdirSync(join(folder, 'keys'));
    fs.writeFileSync(path, content);
    for (const use of [() => vault().ensureKey(), () => vault().verifyKey('sha256:0')]) {
      expect(use).toThrow(failure('broken', 'KeyFileInvalid'));
      expect(use).not.toThrow('TOP-SECRET');
    }
    expect(fs.readFileSync(path, 'utf8')).toBe(content);
  },
);

it.each<[string, () => void]>([
  ['a pipe that nobody writes to', () => execFileSync('mkfifo', [path])],
  ['a device without an end', () => fs.symlinkSync('/dev/zero', path)],
  ['nothing at all, for ever', () => fs.symlinkSync('/dev/null', path)],
  ['a folder', () => fs.mkdirSync(path)],
  ['a link to itself', () => fs.symlinkSync(path, path)],
])('a key file that is %s is refused at once', (_, make) => {
  fs.mkdirSync(join(folder, 'keys'));
  make();
  for (const use of [() => vault().ensureKey(), () => vault().verifyKey('sha256:0')]) {
    expect(use).toThrow(failure('broken', 'KeyFileInvalid'));
  }
  expect(fs.readdirSync(join(folder, 'keys'))).toEqual(['directory.key']);
});

it('a link to nowhere is no place for a key: it is neither followed nor replaced', () => {
  fs.mkdirSync(join(folder, 'keys'));
  fs.symlinkSync(join(folder, 'nowhere'), path);
  expect(() => vault().ensureKey()).toThrow(failure('broken', 'KeyFileMissing'));
  expect([fs.readdirSync(folder), fs.readdirSync(join(folder, 'keys'))]).toEqual([['keys'], ['directory.key']]);
});

it('a seal opens under its key and label alone, and differs each time', () => {
  const sealed = unlocked().encrypt('Geheimnis ü', 'AccessKey/1/LTAI1');
  expect(sealed).not.toBe(unlocked().encrypt('Geheimnis ü', 'AccessKey/1/LTAI1'));
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('Geheimnis');
  expect(unlocked().decrypt(sealed, 'AccessKey/1/LTAI1')).toBe('Geheimnis ü');
  expect(() => unlocked().decrypt(sealed, 'AccessKey/1/LTAI2')).toThrow(sealBroken);
  fs.rmSync(path);
  expect(() => unlocked().decrypt(sealed, 'AccessKey/1/LTAI1')).toThrow(sealBroken);
});

it('a seal breaks when any byte of it changes or it is cut short', () => {
  const one = unlocked();
  const bytes = Buffer.from(one.encrypt('secret', 'label'), 'base64');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes.map((byte, n) => (n === at ? byte ^ 1 : byte)));
    for (const damaged of [changed, bytes.subarray(0, at)]) {
      expect(() => one.decrypt(damaged.toString('base64'), 'label')).toThrow(sealBroken);
    }
  }
});
