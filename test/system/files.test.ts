import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readInputFile } from '../../src/system/input.ts';
import { openSecretFile, openSecretImage, tryReadSecretFile } from '../../src/system/secret-file.ts';
import { failure } from '../support/failures.ts';

const alreadyExists = failure('refused', 'FileExists');
let folder = '';
let path = '';
const mode = (name: string) => fs.statSync(join(folder, name)).mode & 0o777;
const content = () => fs.readFileSync(path, 'utf8');

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-files-'));
  path = join(folder, 'alice.env');
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('a file for secrets has mode 0600, and appears with its complete content at delivery', async () => {
  const sink = openSecretFile(path, false);
  const [temporary = ''] = fs.readdirSync(folder);
  expect([temporary !== 'alice.env', mode(temporary)]).toEqual([true, 0o600]);
  const text = 'é'.repeat(100_000);
  await sink.deliver(() => text);
  expect(content()).toBe(text);
  expect([fs.readdirSync(folder), mode('alice.env')]).toEqual([['alice.env'], 0o600]);
});

it('a discarded file leaves nothing', () => {
  openSecretFile(path, false).discard();
  expect(fs.readdirSync(folder)).toEqual([]);
});

it('an existing file, a link and a dangling link are refused', () => {
  fs.writeFileSync(path, 'old');
  fs.symlinkSync(path, join(folder, 'link.env'));
  fs.symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.env'));
  for (const name of fs.readdirSync(folder))
    expect(() => openSecretFile(join(folder, name), false)).toThrow(alreadyExists);
  expect([content(), fs.readdirSync(folder).length]).toEqual(['old', 3]);
});

it('a file that was created after opening is not replaced', async () => {
  const sink = openSecretFile(path, false);
  fs.writeFileSync(path, 'other');
  await expect(sink.deliver(() => 'own')).rejects.toThrow(alreadyExists);
  expect([content(), fs.readdirSync(folder)]).toEqual(['other', ['alice.env']]);
});

it('an image with a secret has mode 0600, and is removed when it is discarded after delivery', async () => {
  const image = openSecretImage(path);
  await image.deliver(() => Uint8Array.of(0, 255, 128));
  expect([...fs.readFileSync(path)]).toEqual([0, 255, 128]);
  expect([fs.readdirSync(folder), mode('alice.env')]).toEqual([['alice.env'], 0o600]);
  image.discard();
  expect(fs.readdirSync(folder)).toEqual([]);
});

it('an image does not replace or remove an existing file or link', async () => {
  fs.writeFileSync(path, 'old');
  fs.symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.env'));
  for (const name of ['alice.env', 'dangling.env'])
    expect(() => openSecretImage(join(folder, name))).toThrow(alreadyExists);
  const late = openSecretImage(join(folder, 'late.png'));
  fs.writeFileSync(join(folder, 'late.png'), 'other');
  await expect(late.deliver(() => Uint8Array.of(1))).rejects.toThrow(alreadyExists);
  late.discard();
  expect([content(), fs.readdirSync(folder).sort()]).toEqual(['old', ['alice.env', 'dangling.env', 'late.png']]);
});

it('with overwrite, delivery replaces the file and sets mode 0600', async () => {
  fs.writeFileSync(path, 'old', { mode: 0o644 });
  const sink = openSecretFile(path, true);
  expect(content()).toBe('old');
  await sink.deliver(() => 'new');
  expect([content(), mode('alice.env'), fs.readdirSync(folder)]).toEqual(['new', 0o600, ['alice.env']]);
});

it('with overwrite, delivery replaces a link and not its target', async () => {
  const target = join(folder, 'target');
  fs.writeFileSync(target, 'untouched');
  fs.symlinkSync(target, path);
  await openSecretFile(path, true).deliver(() => 'new');
  expect([content(), fs.readFileSync(target, 'utf8')]).toEqual(['new', 'untouched']);
  expect(fs.lstatSync(path).isSymbolicLink()).toBe(false);
});

it('a path with a missing folder, a path below a file and a folder are refused', () => {
  fs.mkdirSync(join(folder, 'folder.env'));
  fs.writeFileSync(path, '');
  for (const name of ['none/alice.env', 'alice.env/x.env', 'folder.env']) {
    const open = () => openSecretFile(join(folder, name), name === 'folder.env');
    expect(open).toThrow(failure('later', 'SinkUnavailable'));
  }
  expect(fs.readdirSync(folder)).toEqual(['alice.env', 'folder.env']);
});

it('a pipe and a device are not replaced', () => {
  execFileSync('mkfifo', [path]);
  expect(() => openSecretFile(path, true)).toThrow(failure('later', 'SinkUnavailable'));
  expect(() => openSecretFile('/dev/null', true)).toThrow(failure('later', 'SinkUnavailable'));
  expect([fs.statSync('/dev/null').isCharacterDevice(), fs.statSync(path).isFIFO()]).toEqual([true, true]);
  expect(fs.readdirSync(folder)).toEqual(['alice.env']);
});

it('a temporary file that cannot be removed does not prevent delivery', async () => {
  const leftover = `.alice.env.99999999.${'0'.repeat(16)}.tmp`;
  fs.mkdirSync(join(folder, leftover));
  await openSecretFile(path, false).deliver(() => 'secret');
  expect([tryReadSecretFile(path), fs.readdirSync(folder)]).toEqual(['secret', [leftover, 'alice.env']]);
});

it('tryReadSecretFile reads regular files only', () => {
  execFileSync('mkfifo', [path]);
  for (const name of [path, folder, '/dev/zero', join(folder, 'none')]) expect(tryReadSecretFile(name)).toBeUndefined();
});

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
