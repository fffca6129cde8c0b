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
const openVault = () => new FileVault(path, systemRandom);

/** A vault that has read its key, which is created when it does not exist. */
function openWithKey(): FileVault {
  const vault = openVault();
  vault.ensureKey();
  return vault;
}

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-vault-'));
  path = join(folder, 'keys', 'directory.key');
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('the key file is created once, with mode 0600, and is used again', () => {
  const fingerprint = openVault().ensureKey();
  const content = fs.readFileSync(path, 'utf8');
  expect([fs.statSync(path).mode & 0o777, fs.readdirSync(join(folder, 'keys'))]).toEqual([0o600, ['directory.key']]);
  expect(openVault().ensureKey()).toBe(fingerprint);
  expect(fs.readFileSync(path, 'utf8')).toBe(content);
  expect(() => openVault().verifyKey(fingerprint)).not.toThrow();
});

it('the fingerprint of a key is always the same, because directory files contain it', () => {
  fs.mkdirSync(join(folder, 'keys'));
  fs.writeFileSync(path, `${'A'.repeat(43)}=\n`, { mode: 0o600 });
  expect(openVault().ensureKey()).toBe('sha256:e434ed4ee8bec8a963a8a2df7de31e79');
});

it('a missing key file or that of another directory is refused, and verifyKey creates none', () => {
  const fingerprint = openVault().ensureKey();
  fs.rmSync(path);
  expect(() => openVault().verifyKey(fingerprint)).toThrow(failure('broken', 'KeyFileMissing'));
  expect(fs.existsSync(path)).toBe(false);
  openVault().ensureKey();
  expect(() => openVault().verifyKey(fingerprint)).toThrow(failure('broken', 'KeyFileMismatch'));
});

it.each(['', 'TOP-SECRET', `${'A'.repeat(42)}=`, `${'A'.repeat(43)}=A`, `${'A'.repeat(86)}==`])(
  'a key file that contains %j is refused and kept, and the message does not quote it',
  (content) => {
    fs.mkdirSync(join(folder, 'keys'));
    fs.writeFileSync(path, content);
    for (const use of [() => openVault().ensureKey(), () => openVault().verifyKey('sha256:0')]) {
      expect(use).toThrow(failure('broken', 'KeyFileInvalid'));
      expect(use).not.toThrow('TOP-SECRET');
    }
    expect(fs.readFileSync(path, 'utf8')).toBe(content);
  },
);

it.each<[string, () => void]>([
  ['a pipe without a writer', () => execFileSync('mkfifo', [path])],
  ['an endless device', () => fs.symlinkSync('/dev/zero', path)],
  ['an empty device', () => fs.symlinkSync('/dev/null', path)],
  ['a folder', () => fs.mkdirSync(path)],
  ['a link to itself', () => fs.symlinkSync(path, path)],
])('a key file that is %s is refused without waiting', (_, make) => {
  fs.mkdirSync(join(folder, 'keys'));
  make();
  for (const use of [() => openVault().ensureKey(), () => openVault().verifyKey('sha256:0')]) {
    expect(use).toThrow(failure('broken', 'KeyFileInvalid'));
  }
  expect(fs.readdirSync(join(folder, 'keys'))).toEqual(['directory.key']);
});

it('a key file that is a dangling link is refused, and the link is neither followed nor replaced', () => {
  fs.mkdirSync(join(folder, 'keys'));
  fs.symlinkSync(join(folder, 'nowhere'), path);
  expect(() => openVault().ensureKey()).toThrow(failure('broken', 'KeyFileMissing'));
  expect([fs.readdirSync(folder), fs.readdirSync(join(folder, 'keys'))]).toEqual([['keys'], ['directory.key']]);
});

it('a secret can be decrypted with its key and label only, and is encrypted differently each time', () => {
  const sealed = openWithKey().encrypt('secret ü', 'AccessKey/1/LTAI1');
  expect(sealed).not.toBe(openWithKey().encrypt('secret ü', 'AccessKey/1/LTAI1'));
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret');
  expect(openWithKey().decrypt(sealed, 'AccessKey/1/LTAI1')).toBe('secret ü');
  expect(() => openWithKey().decrypt(sealed, 'AccessKey/1/LTAI2')).toThrow(sealBroken);
  fs.rmSync(path);
  expect(() => openWithKey().decrypt(sealed, 'AccessKey/1/LTAI1')).toThrow(sealBroken);
});

it('a key file that another process creates after a secret was encrypted is not used for that change', () => {
  const vault = openVault();
  const lost = vault.encrypt('secret', 'label');
  expect(vault.decrypt(lost, 'label')).toBe('secret');
  expect(fs.existsSync(path)).toBe(false);
  const fingerprint = openVault().ensureKey();
  expect(() => vault.ensureKey()).toThrow(failure('later', 'KeyFileChanged'));
  const sealed = vault.encrypt('secret', 'label');
  expect(vault.ensureKey()).toBe(fingerprint);
  expect(openWithKey().decrypt(sealed, 'label')).toBe('secret');
});

it('decryption fails when any byte was changed or removed', () => {
  const vault = openWithKey();
  const bytes = Buffer.from(vault.encrypt('secret', 'label'), 'base64');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes.map((byte, n) => (n === at ? byte ^ 1 : byte)));
    for (const damaged of [changed, bytes.subarray(0, at)]) {
      expect(() => vault.decrypt(damaged.toString('base64'), 'label')).toThrow(sealBroken);
    }
  }
});
