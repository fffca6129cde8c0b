import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Home, PROGRAM } from '../support/process.ts';

/** The modules in each file of dist. */
const modules: Record<string, string[]> = JSON.parse(readFileSync(join(PROGRAM, '../../dist/modules.json'), 'utf8'));

const home = new Home();
beforeAll(async () => {
  await home.json('user', 'create', 'alice', '--access-key');
  home.write('iot.json', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}');
  home.write('users.csv', 'UserName\nbob\n');
});

interface LoadedFiles {
  /** The files of dist. */
  files: string[];
  /** The built-in modules, without those of Node's own start. */
  builtins: string[];
  /** The paths of other files, which are not bundled. */
  paths: string[];
}

/** Runs a script and returns what it loads. */
async function findLoadedFiles(script: string, line = ''): Promise<LoadedFiles> {
  home.write(
    'log.cjs',
    `const fs = require('node:fs');
    const { readFileSync } = fs;
    const files = [];
    fs.readFileSync = (path, ...rest) => {
      if (/\\/dist\\/[^/]*\\.cjs$/.test(path)) files.push(path);
      return readFileSync(path, ...rest);
    };
    process.on('exit', () => {
      const builtins = process.moduleLoadList.map((name) => /^NativeModule (?!internal|stream|string_decoder)(.*)/.exec(name)?.[1]);
      const loaded = { files, builtins: builtins.filter(Boolean), paths: Object.keys(require.cache) };
      fs.writeFileSync('loaded.json', JSON.stringify(loaded));
    });`,
  );
  const { code, err } = await home.sh(`"${process.execPath}" -r ./log.cjs "${script}" ${line}`);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(readFileSync(join(home.folder, 'loaded.json'), 'utf8'));
}

/** The packages that a command loads. */
async function loadedPackages(line: string): Promise<string[]> {
  const { files, paths } = await findLoadedFiles(PROGRAM, `${line} --quiet`);
  const bundled = files.flatMap((file) => modules[basename(file)] ?? []);
  expect(bundled).toContain('src/main.ts');
  // The code for other targets than a file.
  expect(bundled.filter((path) => path.startsWith('src/remote'))).toEqual([]);
  const names = [...bundled, ...paths].map((path) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

const HELP_PACKAGES = ['commander'];
const WIDTH_PACKAGES = ['fast-string-truncated-width', 'fast-string-width'];
const OTPLIB_PACKAGES = ['core', 'hotp', 'totp', 'plugin-base32-scure', 'plugin-crypto-noble'].map(
  (name) => `@otplib/${name}`,
);
const READ_PACKAGES = [...HELP_PACKAGES, ...WIDTH_PACKAGES, '@noble/hashes', 'conf', 'dot-prop', 'env-paths'];
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
  [
    'login set alice --generate-password',
    [...CHANGE_PACKAGES, '@node-rs/argon2', expect.stringMatching(/^@node-rs\/argon2-/)],
  ],
  ['mfa enable alice --no-bind', [...CHANGE_PACKAGES, 'otplib', ...OTPLIB_PACKAGES, '@scure/base']],
  ['user import users.csv', [...CHANGE_PACKAGES, 'csv-parse']],
  ['user create carol --color always', [...CHANGE_PACKAGES, 'chalk']],
])('ramctl %s loads only the packages that it uses', async (line, packages) => {
  expect(await loadedPackages(line)).toEqual([...packages].sort());
});

const START_MODULES = ['main.cjs', 'rolldown-runtime.cjs', 'start.cjs', 'os', 'process', 'vm'];

// Each takes time that a script pays for each command: a large file of dist and node:crypto about 2 ms each.
it.each<[line: string, modules: string[]]>([
  ['--version', START_MODULES],
  ['--help', START_MODULES],
  ['user get alice', [...START_MODULES, 'directory.cjs', 'reads.cjs', 'zlib']],
])('ramctl %s loads only the modules that it uses', async (line, modules) => {
  home.write('empty.cjs', '');
  const ofNode = await findLoadedFiles(join(home.folder, 'empty.cjs'));
  const { files, builtins } = await findLoadedFiles(PROGRAM, line);
  const names = files.map((path) => basename(path).replace(/-[0-9a-f]{8}\./, '.'));
  const loaded = [...names, ...builtins.filter((name) => !ofNode.builtins.includes(name))];
  expect(loaded.sort()).toEqual([...modules].sort());
});

/** Copies the built program to a folder `program` of the home and returns its path. */
function copyProgram({ folder }: Home): string {
  const program = join(folder, 'program');
  cpSync(join(PROGRAM, '../../dist'), join(program, 'dist'), { recursive: true });
  cpSync(join(PROGRAM, '..'), join(program, 'bin'), { recursive: true });
  return program;
}

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['damaged', (bytes) => Buffer.concat([bytes.subarray(0, 999), Buffer.of(~(bytes[999] ?? 0)), bytes.subarray(1000)])],
  ['truncated', (bytes) => bytes.subarray(0, 1001)],
  ['empty', () => Buffer.alloc(0)],
])('a compiled code file that is %s is ignored', async (_, damage) => {
  const program = copyProgram(home);
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

describe('a program that another version of Node compiled', () => {
  /** Runs it. Returns the folder that it gives to the compile cache of Node, which Node 20 does not have. */
  async function findCacheFolder(home: Home, HOME = home.folder): Promise<string | undefined> {
    const dist = join(copyProgram(home), 'dist');
    for (const name of readdirSync(dist))
      if (name.startsWith('compiled-')) rmSync(join(dist, name), { recursive: true });
    // Node adds the function when node:module is loaded.
    home.write(
      'cache.cjs',
      `const Module = module.constructor;
      const load = Module._load;
      Module._load = (path, ...rest) => {
        const enableCompileCache = (folder) => require('node:fs').writeFileSync('cache-folder', folder);
        return path === 'node:module' ? { ...Module, enableCompileCache } : load(path, ...rest);
      };`,
    );
    const result = await home.sh(`exec "${process.execPath}" -r ./cache.cjs program/bin/ramctl.js --version`, {
      environment: { HOME },
      killAfter: 10_000,
    });
    expect(result).toMatchObject({ code: 0, err: '' });
    return existsSync(join(home.folder, 'cache-folder')) ? home.read('cache-folder') : undefined;
  }

  it('uses the compile cache of Node', async () => {
    const home = new Home();
    expect(await findCacheFolder(home)).toBe(join(home.folder, '.cache/ramctl'));
  });

  it('uses no compile cache in a folder that others can write', async () => {
    const home = new Home();
    chmodSync(home.folder, 0o777);
    expect(await findCacheFolder(home)).toBeUndefined();
  });

  const isRootOnLinux = process.getuid?.() === 0 && existsSync('/proc/self');
  it.skipIf(!isRootOnLinux)('uses no compile cache if the home is /proc', async () => {
    expect(await findCacheFolder(new Home(), '/proc')).toBeUndefined();
  });
});
