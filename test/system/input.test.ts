import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readInputFile } from '../../src/system/input.ts';
import { failure } from '../support/failures.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-files-'));
  path = join(folder, 'alice.env');
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('an input may be a pipe, and is complete when the writer closes it', async () => {
  execFileSync('mkfifo', [path]);
  const input = readInputFile(path);
  const writer = await fs.promises.open(path, 'w');
  await writer.write('Correct-');
  await writer.write('Horse-9\n');
  await writer.close();
  expect(await input).toEqual({ text: 'Correct-Horse-9\n', isReadableByOthers: false });
});

it('an input file is read completely, and the result says whether other users can read it', async () => {
  fs.writeFileSync(path, 'Correct-Horse-9\n', { mode: 0o600 });
  expect(await readInputFile(path)).toEqual({ text: 'Correct-Horse-9\n', isReadableByOthers: false });
  fs.chmodSync(path, 0o640);
  expect(await readInputFile(path)).toMatchObject({ isReadableByOthers: true });
  fs.writeFileSync(path, new Uint8Array([0xef, 0xbb, 0xbf, 0x61]));
  expect(await readInputFile(path)).toMatchObject({ text: 'a' });
  fs.writeFileSync(path, new Uint8Array([0x61, 0xff]));
  await expect(readInputFile(path)).rejects.toThrow(failure('refused', 'InputNotText'));
  await expect(readInputFile(join(folder, 'none'))).rejects.toThrow(failure('missing', 'FileNotFound'));
  await expect(readInputFile(folder)).rejects.toThrow(failure('refused', 'NotAFile'));
  await expect(readInputFile(join(path, 'x'))).rejects.toThrow(failure('refused', 'FileUnreadable'));
});
