import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { Home } from '../support/process.ts';

/** For `before`: at the end, writes the paths of all files that were required to the file named by RECORD. */
const RECORDING = `import { writeFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  process.on('exit', () => {
    writeFileSync(process.env.RECORD, Object.keys(createRequire('/').cache).join('\\n'));
  });`;

/** Packages that cost a noticeable part of a command's time. */
const HEAVY = [
  'inquirer',
  '@node-rs/argon2',
  'yaml',
  'csv-stringify',
  'otplib',
  'proper-lockfile',
  '@jmespath-community/jmespath',
];

const home = new Home();
beforeAll(() => home.json('user', 'create', 'alice'));

/** The packages that a command loads. The bundler names the origin of each module in what it makes. */
async function packagesOf(words: string[]): Promise<string[]> {
  const record = home.write('loaded.txt', '');
  const { code, err } = await home.ramctl(words, { before: RECORDING, environment: { RECORD: record } });
  expect([code, err]).toEqual([0, '']);
  const files = readFileSync(record, 'utf8').split('\n').filter(existsSync);
  expect(files.some((path) => path.endsWith('/dist/main.cjs'))).toBe(true);
  const origins = files.flatMap((path) => [path, readFileSync(path, 'utf8')]);
  const names = origins.flatMap((text) => Array.from(text.matchAll(/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)));
  return [...new Set(names.map(([, name = '']) => name))].sort();
}

it.each([
  '--help',
  '--version',
  'user --help',
  'help exit-codes',
  'user list',
  'user get alice',
  'user get alice --output json',
  'directory path',
  'complete -- user get al',
])('ramctl %s loads nothing heavy', async (line) => {
  const packages = await packagesOf(line.split(' '));
  expect(packages).toContain('commander');
  expect(packages.filter((name) => HEAVY.includes(name) || name.startsWith('@inquirer/'))).toEqual([]);
});

it('would notice', async () => {
  const create = ['user', 'create', 'bob', '--console', '--quiet'];
  expect(await packagesOf([...create, '--output', 'yaml'])).toEqual(
    expect.arrayContaining(['@node-rs/argon2', 'commander', 'conf', 'proper-lockfile', 'yaml']),
  );
  expect(await packagesOf(['user', 'list', '--output', 'csv'])).toContain('csv-stringify');
  expect(await packagesOf(['user', 'list', '--query', '[]'])).toContain('@jmespath-community/jmespath');
});
