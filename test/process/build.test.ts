import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { Home, PROGRAM } from '../support/process.ts';

it.each([
  [
    'a constant of a module that is loaded at its first call',
    "import { constants } from 'node:crypto';\nconsole.log(constants);",
    /"constants" is not exported/,
  ],
  [
    'a class of a module that is loaded at its first call',
    "import { X509Certificate } from 'node:crypto';\nconsole.log(X509Certificate);",
    /"X509Certificate" is not exported/,
  ],
])('the build refuses %s', (_, code, message) => {
  const { folder } = new Home();
  for (const name of ['src', 'schema', 'build.js', 'compile.js', 'package.json'])
    cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  appendFileSync(join(folder, 'src/core/target.ts'), code);
  const { status, stderr } = spawnSync(process.execPath, ['build.js'], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
  expect(existsSync(join(folder, 'dist'))).toBe(false);
});

it('the license notices of packages stay in the files of dist', () => {
  const dist = join(PROGRAM, '../../dist');
  const files = Object.keys(JSON.parse(readFileSync(join(dist, 'modules.json'), 'utf8')));
  const name = files.find((file) => file.startsWith('self-signed-certificate-')) ?? '';
  expect(readFileSync(join(dist, name), 'utf8')).toContain('Copyright (c) 2017-2024 Peculiar Ventures');
});
