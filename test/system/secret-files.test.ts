import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSecretFiles, tryReadSecretFile } from '../../src/system/secret-files.ts';
import { failure } from '../support/failures.ts';

const alreadyExists = failure('refused', 'FileExists');
const unavailable = failure('later', 'SinkUnavailable');
let folder = '';
const at = (name: string) => join(folder, name);
const list = () => fs.readdirSync(folder).sort();
const read = (name: string) => fs.readFileSync(at(name), 'utf8');
const mode = (name: string) => fs.statSync(at(name)).mode & 0o777;
const test = (overwrite: boolean, ...names: string[]) => openSecretFiles(overwrite).test(names.map(at));
const deliver = (overwrite: boolean, ...files: [name: string, content: string | Uint8Array][]) =>
  openSecretFiles(overwrite).deliver(files.map(([name, content]) => [at(name), content]));

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-files-'));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('files appear together, with mode 0600 and their complete content', () => {
  const files = openSecretFiles(false);
  files.test([at('a.env'), at('b.png')]);
  expect(list()).toEqual([]);
  const text = 'é'.repeat(100_000);
  files.deliver([
    [at('a.env'), text],
    [at('b.png'), Uint8Array.of(0, 255, 128)],
  ]);
  files.discard();
  expect([list(), read('a.env'), [...fs.readFileSync(at('b.png'))]]).toEqual([['a.env', 'b.png'], text, [0, 255, 128]]);
  expect([mode('a.env'), mode('b.png')]).toEqual([0o600, 0o600]);
});

it('two paths of the same file are found before the delivery', () => {
  fs.mkdirSync(at('real'));
  fs.symlinkSync('real', at('link'));
  for (const other of ['real/../a.env', 'link/../a.env'])
    expect(() => openSecretFiles(true).test([at('a.env'), at(other)])).toThrow(failure('usage', 'Usage'));
  expect(() => openSecretFiles(true).test([at('real/b.env'), at('link/b.env')])).toThrow(failure('usage', 'Usage'));
});

it('provisional files are removed when they are discarded after delivery, and no others', () => {
  fs.writeFileSync(at('other.png'), 'old');
  const files = openSecretFiles(false, true);
  files.deliver([[at('a.png'), Uint8Array.of(1)]]);
  expect(() => files.deliver([[at('other.png'), Uint8Array.of(1)]])).toThrow(alreadyExists);
  expect(list()).toEqual(['a.png', 'other.png']);
  files.discard();
  expect([list(), read('other.png')]).toEqual([['other.png'], 'old']);
});

it('an existing file, a link and a dangling link are found before the delivery', () => {
  fs.writeFileSync(at('a.env'), 'old');
  fs.symlinkSync(at('a.env'), at('link.env'));
  fs.symlinkSync(at('nowhere'), at('dangling.env'));
  for (const name of list()) expect(() => test(false, 'new.env', name)).toThrow(alreadyExists);
  expect([read('a.env'), list().length]).toEqual(['old', 3]);
});

it('a missing folder, a path below a file, a folder and a name that is too long are found before the delivery', () => {
  fs.mkdirSync(at('folder.env'));
  fs.writeFileSync(at('a.env'), '');
  for (const name of ['none/a.env', 'a.env/b.env', `${'x'.repeat(300)}.env`, 'folder.env'])
    expect(() => test(name === 'folder.env', name)).toThrow(unavailable);
  expect(list()).toEqual(['a.env', 'folder.env']);
});

it('a pipe and a device are not replaced', () => {
  execFileSync('mkfifo', [at('a.env')]);
  expect(() => test(true, 'a.env')).toThrow(unavailable);
  expect(() => openSecretFiles(true).test(['/dev/null'])).toThrow(unavailable);
  expect([fs.statSync('/dev/null').isCharacterDevice(), fs.statSync(at('a.env')).isFIFO()]).toEqual([true, true]);
  expect(list()).toEqual(['a.env']);
});

it('with overwrite, delivery replaces a file and sets mode 0600', () => {
  fs.writeFileSync(at('a.env'), 'old', { mode: 0o644 });
  test(true, 'a.env');
  expect(read('a.env')).toBe('old');
  deliver(true, ['a.env', 'new']);
  expect([read('a.env'), mode('a.env'), list()]).toEqual(['new', 0o600, ['a.env']]);
});

it('with overwrite, delivery replaces a link and not its target', () => {
  fs.writeFileSync(at('target'), 'untouched');
  fs.symlinkSync(at('target'), at('a.env'));
  deliver(true, ['a.env', 'new']);
  expect([read('a.env'), read('target')]).toEqual(['new', 'untouched']);
  expect(fs.lstatSync(at('a.env')).isSymbolicLink()).toBe(false);
});

it('if one file cannot be delivered, no file is left, and a file that was created meanwhile is not replaced', () => {
  test(false, 'a.env', 'b.env');
  fs.writeFileSync(at('b.env'), 'other');
  expect(() => deliver(false, ['a.env', 'A'], ['b.env', 'B'])).toThrow(alreadyExists);
  expect(() => deliver(false, ['a.env', 'A'], ['none/b.env', 'B'])).toThrow(unavailable);
  expect([list(), read('b.env')]).toEqual([['b.env'], 'other']);
});

it('if one file cannot be delivered, replaced files are restored', () => {
  fs.writeFileSync(at('a.env'), 'old');
  fs.symlinkSync('a.env', at('link.env'));
  const files = openSecretFiles(true);
  files.test([at('a.env'), at('link.env'), at('b.env'), at('c.env')]);
  fs.mkdirSync(at('c.env'));
  const deliver = () => files.deliver(['a.env', 'link.env', 'b.env', 'c.env'].map((name) => [at(name), 'new']));
  expect(deliver).toThrow(unavailable);
  expect([list(), read('a.env'), fs.readlinkSync(at('link.env'))]).toEqual([
    ['a.env', 'c.env', 'link.env'],
    'old',
    'a.env',
  ]);
});

it('the temporary files of processes that no longer run are removed, and no others', () => {
  const stale = `.a.env.99999999.${'0'.repeat(16)}.tmp`;
  const others = [`.a.env.${process.pid}.${'0'.repeat(16)}.tmp`, `.c.env.99999999.${'0'.repeat(16)}.tmp`];
  for (const name of [stale, ...others]) fs.writeFileSync(at(name), 'secret');
  test(false, 'a.env', 'b.env');
  expect(list()).toEqual(others.sort());
});

it('a temporary file that cannot be removed does not prevent delivery', () => {
  const leftover = `.a.env.99999999.${'0'.repeat(16)}.tmp`;
  fs.mkdirSync(at(leftover));
  test(false, 'a.env');
  deliver(false, ['a.env', 'secret']);
  expect([read('a.env'), list()]).toEqual(['secret', [leftover, 'a.env']]);
});

it('tryReadSecretFile reads regular files only', () => {
  fs.writeFileSync(at('a.env'), 'secret');
  expect(tryReadSecretFile(at('a.env'))).toBe('secret');
  execFileSync('mkfifo', [at('pipe')]);
  for (const path of [at('pipe'), folder, '/dev/zero', at('none')]) expect(tryReadSecretFile(path)).toBeUndefined();
});
