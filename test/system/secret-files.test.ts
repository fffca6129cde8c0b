import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSecretFiles } from '../../src/system/secret-files.ts';
import { failure } from '../support/failures.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const read = (name: string) => fs.readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-files-'));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('several files appear together, with mode 0600 and their complete content', () => {
  const files = openSecretFiles(false);
  files.test([at('a.env'), at('b.env')]);
  expect(fs.readdirSync(folder)).toEqual([]);
  files.deliver([
    [at('a.env'), 'A'],
    [at('b.env'), 'B'],
  ]);
  expect([fs.readdirSync(folder), read('a.env'), read('b.env')]).toEqual([['a.env', 'b.env'], 'A', 'B']);
  expect(fs.statSync(at('a.env')).mode & 0o777).toBe(0o600);
  files.discard();
  expect(fs.readdirSync(folder)).toEqual(['a.env', 'b.env']);
});

it('an existing file, a missing folder and a name that is too long are found before the delivery', () => {
  fs.writeFileSync(at('b.env'), 'old');
  const test = (name: string) => () => openSecretFiles(false).test([at('a.env'), at(name)]);
  expect(test('b.env')).toThrow(failure('refused', 'FileExists'));
  expect(test('none/b.env')).toThrow(failure('later', 'SinkUnavailable'));
  expect(test(`${'x'.repeat(300)}.env`)).toThrow(failure('later', 'SinkUnavailable'));
  expect([fs.readdirSync(folder), read('b.env')]).toEqual([['b.env'], 'old']);
});

it('with overwrite, existing files are replaced, but a folder is not', () => {
  fs.writeFileSync(at('a.env'), 'old', { mode: 0o644 });
  fs.mkdirSync(at('b.env'));
  const files = openSecretFiles(true);
  expect(() => files.test([at('b.env')])).toThrow(failure('later', 'SinkUnavailable'));
  files.test([at('a.env')]);
  files.deliver([[at('a.env'), 'new']]);
  expect([read('a.env'), fs.statSync(at('a.env')).mode & 0o777]).toEqual(['new', 0o600]);
  expect(fs.readdirSync(folder)).toEqual(['a.env', 'b.env']);
});

it('if one file cannot be delivered, no file is left', () => {
  const files = openSecretFiles(false);
  files.test([at('a.env'), at('b.env')]);
  fs.writeFileSync(at('b.env'), 'other');
  const deliver = (second: string) => () =>
    files.deliver([
      [at('a.env'), 'A'],
      [at(second), 'B'],
    ]);
  expect(deliver('b.env')).toThrow(failure('refused', 'FileExists'));
  expect(deliver('none/b.env')).toThrow(failure('later', 'SinkUnavailable'));
  expect([fs.readdirSync(folder), read('b.env')]).toEqual([['b.env'], 'other']);
});

it('if one file cannot be delivered, replaced files are restored', () => {
  fs.writeFileSync(at('a.env'), 'old');
  fs.symlinkSync('a.env', at('link.env'));
  const files = openSecretFiles(true);
  files.test([at('a.env'), at('link.env'), at('b.env'), at('c.env')]);
  fs.mkdirSync(at('c.env'));
  const deliver = () => files.deliver(['a.env', 'link.env', 'b.env', 'c.env'].map((name) => [at(name), 'new']));
  expect(deliver).toThrow(failure('later', 'SinkUnavailable'));
  expect([fs.readdirSync(folder), read('a.env'), fs.readlinkSync(at('link.env'))]).toEqual([
    ['a.env', 'c.env', 'link.env'],
    'old',
    'a.env',
  ]);
});

it('the temporary files of processes that no longer run are removed, and no others', () => {
  const stale = `.a.env.99999999.${'0'.repeat(16)}.tmp`;
  const others = [`.a.env.${process.pid}.${'0'.repeat(16)}.tmp`, `.c.env.99999999.${'0'.repeat(16)}.tmp`];
  for (const name of [stale, ...others]) fs.writeFileSync(at(name), 'secret');
  openSecretFiles(false).test([at('a.env'), at('b.env')]);
  expect(fs.readdirSync(folder).sort()).toEqual(others.sort());
});
