import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { Home, PROGRAM } from '../support/process.ts';

interface Coverage {
  result: { url: string; functions: { functionName: string; ranges: { count: number }[] }[] }[];
}

const home = new Home();
beforeAll(async () => {
  await home.json('user', 'create', 'alice', '--access-key');
  home.write('iot.json', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}');
  home.write('users.csv', 'UserName\nbob\n');
});

/** The packages whose code a command runs, from V8's coverage data. The bundler names the function of a module after its file. */
async function loadedPackages(args: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(home.folder, 'coverage-'));
  const { code, err } = await home.ramctl([...args, '--quiet'], { environment: { NODE_V8_COVERAGE: folder } });
  expect([code, err]).toEqual([0, '']);
  const [name = ''] = readdirSync(folder);
  const { result }: Coverage = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const called = result.flatMap(({ functions }) =>
    functions.filter(({ ranges }) => ranges.some(({ count }) => count > 0)),
  );
  const modules = called.map(({ functionName }) => functionName);
  expect(modules).toContain('src/main.ts');
  // The code for other targets than a file.
  expect(modules.filter((path) => path.startsWith('src/remote'))).toEqual([]);
  const paths = [...modules, ...result.map(({ url }) => url)];
  const names = paths.map((path) => /^(?:file:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

const HELP_PACKAGES = ['commander'];
const OTPLIB_PACKAGES = ['core', 'hotp', 'totp', 'plugin-base32-scure', 'plugin-crypto-noble'].map(
  (name) => `@otplib/${name}`,
);
const READ_PACKAGES = [...HELP_PACKAGES, '@noble/hashes', 'conf', 'dot-prop', 'env-paths'];
const CHANGE_PACKAGES = [...READ_PACKAGES, 'proper-lockfile', 'retry'];

it.each<[line: string, packages: string[]]>([
  ['--help', HELP_PACKAGES],
  ['--version', HELP_PACKAGES],
  ['completion bash', HELP_PACKAGES],
  ['directory path', READ_PACKAGES],
  ['user get alice', READ_PACKAGES],
  ['user get alice --output json', READ_PACKAGES],
  ['user get alice --output yaml', [...READ_PACKAGES, 'yaml']],
  ['user list --output csv', [...READ_PACKAGES, 'csv-stringify']],
  ['user list --query []', [...READ_PACKAGES, '@jmespath-community/jmespath']],
  ['policy list', READ_PACKAGES],
  ['policy validate iot.json', [...READ_PACKAGES, 'jsonc-parser']],
  ['overview', READ_PACKAGES],
  ['report', READ_PACKAGES],
  ['user edit alice --comments ops', CHANGE_PACKAGES],
  ['ak create alice --secret-to file:alice.env', CHANGE_PACKAGES],
  ['policy attach AliyunIOTReadOnlyAccess --user alice', CHANGE_PACKAGES],
  ['policy create iot --document iot.json', [...CHANGE_PACKAGES, 'jsonc-parser']],
  ['login set alice --generate-password', [...CHANGE_PACKAGES, '@node-rs/argon2']],
  ['mfa enable alice --no-bind', [...CHANGE_PACKAGES, 'otplib', ...OTPLIB_PACKAGES, '@scure/base']],
  ['user import users.csv', [...CHANGE_PACKAGES, 'csv-parse']],
  ['user create carol --color always', [...CHANGE_PACKAGES, 'chalk']],
])('ramctl %s loads only the packages that it uses', async (line, packages) => {
  expect(await loadedPackages(line.split(' '))).toEqual([...packages].sort());
});

/** The files of dist and the built-in modules that a command loads, without those that Node always loads. */
async function loadedModules(script: string, line = ''): Promise<string[]> {
  home.write(
    'log.cjs',
    `const fs = require('node:fs');
    const { readFileSync } = fs;
    const files = [];
    fs.readFileSync = (path, ...rest) => {
      if (/\\/dist\\/[^/]*\\.cjs$/.test(path)) files.push(path.replace(/.*\\//, '').replace(/-[0-9a-f]{8}\\./, '.'));
      return readFileSync(path, ...rest);
    };
    process.on('exit', () => {
      const builtins = process.moduleLoadList.map((name) => /^NativeModule (?!internal|stream|string_decoder)(.*)/.exec(name)?.[1]);
      fs.writeFileSync('modules.json', JSON.stringify([...files, ...builtins.filter(Boolean)]));
    });`,
  );
  const { code } = await home.sh(`"${process.execPath}" -r ./log.cjs "${script}" ${line}`);
  expect(code).toBe(0);
  return JSON.parse(readFileSync(join(home.folder, 'modules.json'), 'utf8'));
}

const START_MODULES = ['main.cjs', 'rolldown-runtime.cjs', 'start.cjs', 'module', 'os', 'process', 'vm'];
const DIRECTORY_MODULES = [...START_MODULES, 'directory.cjs', 'keys.cjs', 'timers/promises', 'zlib'];

// Each takes time that a script pays for each command: a large file of dist about 2 ms, node:net and node:crypto 3 ms each.
it.each<[line: string, modules: string[]]>([
  ['--version', START_MODULES],
  ['--help', START_MODULES],
  ['user get alice', DIRECTORY_MODULES],
  // It prints a remark.
  ['user create dave --policy AdministratorAccess', [...DIRECTORY_MODULES, 'proper-lockfile.cjs', 'crypto']],
])('ramctl %s loads only the modules that it uses', async (line, modules) => {
  home.write('empty.cjs', '');
  const ofNode = await loadedModules(join(home.folder, 'empty.cjs'));
  const loaded = await loadedModules(PROGRAM, line);
  expect(loaded.filter((name) => !ofNode.includes(name)).sort()).toEqual([...modules].sort());
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['damaged', (bytes) => Buffer.concat([bytes.subarray(0, 999), Buffer.of(~(bytes[999] ?? 0)), bytes.subarray(1000)])],
  ['truncated', (bytes) => bytes.subarray(0, 1001)],
  ['empty', () => Buffer.alloc(0)],
])('a compiled code file that is %s is ignored', async (_, damage) => {
  const program = join(home.folder, 'program');
  cpSync(join(PROGRAM, '../../dist'), join(program, 'dist'), { recursive: true });
  cpSync(join(PROGRAM, '..'), join(program, 'bin'), { recursive: true });
  const files = readdirSync(join(program, 'dist'), { recursive: true, encoding: 'utf8' });
  const codeFiles = files.filter((path) => /^compiled-.*start-/.test(path)).map((path) => join(program, 'dist', path));
  expect(codeFiles).not.toEqual([]);
  for (const path of codeFiles) writeFileSync(path, damage(readFileSync(path)));
  const { code, out } = await home.sh(`"${process.execPath}" program/bin/ramctl.js user list --query '[].UserName'`);
  expect([code, out]).toEqual([0, expect.stringContaining('alice')]);
});

it('compiled code belongs to a file whose name contains its hash, so that the code of another build is never used', () => {
  const dist = join(PROGRAM, '../../dist');
  const [compiled = ''] = readdirSync(dist).filter((name) => name.startsWith('compiled-'));
  const files = readdirSync(join(dist, compiled));
  expect(files).toContainEqual(expect.stringMatching(/^start-/));
  for (const name of files) expect(name).toMatch(/-[0-9a-f]{8}\.cjs$/);
});
