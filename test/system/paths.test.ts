import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isExposed, isSameFile } from '../../src/system/paths.ts';

it('a file is exposed when others can reach it, and the same behind every link to it or its folder', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'ramctl-paths-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const path = join(folder, 'alice.json');
  fs.writeFileSync(path, '', { mode: 0o600 });
  expect([isExposed(path), isExposed(join(folder, 'none')), isExposed(join(path, 'x'))]).toEqual([false, false, false]);
  fs.chmodSync(path, 0o640);
  expect(isExposed(path)).toBe(true);
  fs.symlinkSync(path, join(folder, 'link.json'));
  fs.symlinkSync(folder, join(folder, 'again'));
  for (const name of ['link.json', 'again/alice.json', './again/../alice.json']) {
    expect([name, isSameFile(path, join(folder, name))]).toEqual([name, true]);
  }
  expect(isSameFile(join(folder, 'new.json'), join(folder, 'again', 'new.json'))).toBe(true);
  expect(isSameFile(path, join(folder, 'bob.json'))).toBe(false);
});
