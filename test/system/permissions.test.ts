import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { isSameFile } from '../../src/disk/paths.ts';
import { findExposures } from '../../src/system/permissions.ts';

let folder = '';
let path = '';
const codes = (...paths: string[]) => findExposures(paths).map(({ Code }) => Code);

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-paths-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  path = join(folder, 'alice.json');
  fs.writeFileSync(path, '', { mode: 0o600 });
});

it('isSameFile follows links to the file and to its folder', () => {
  fs.symlinkSync(path, join(folder, 'link.json'));
  fs.symlinkSync(folder, join(folder, 'again'));
  for (const name of ['link.json', 'again/alice.json', './again/../alice.json']) {
    expect([name, isSameFile(path, join(folder, name))]).toEqual([name, true]);
  }
  expect(isSameFile(join(folder, 'new.json'), join(folder, 'again', 'new.json'))).toBe(true);
  expect(isSameFile(path, join(folder, 'bob.json'))).toBe(false);
});

it('a file is exposed by its mode, also through a link, and by a world-writable folder', () => {
  fs.symlinkSync(path, join(folder, 'link.json'));
  expect(codes(path, join(folder, 'link.json'), join(folder, 'none'), join(path, 'x'))).toEqual([]);
  fs.chmodSync(path, 0o640);
  expect(codes(path, join(folder, 'link.json'))).toEqual(['Mode', 'Mode']);
  fs.chmodSync(path, 0o600);
  fs.chmodSync(folder, 0o777);
  expect(codes(path, join(folder, 'link.json'))).toEqual(['Mode']);
  expect(codes(join(folder, 'none'))).toEqual([]);
  // In a sticky folder such as /tmp, users cannot replace the files of others.
  fs.chmodSync(folder, 0o1777);
  expect(codes(path)).toEqual([]);
});

it('no chmod is recommended for devices and folders, because chmod 600 /dev/null would break the machine', () => {
  expect(JSON.stringify(findExposures(['/dev/null', folder]))).not.toContain('chmod 600');
});
