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

/** The packages whose code a command runs, by what V8 saw: the bundler names each module after its file. */
async function packagesOf(words: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(home.folder, 'coverage-'));
  const { code, err } = await home.ramctl([...words, '--quiet'], { environment: { NODE_V8_COVERAGE: folder } });
  expect([code, err]).toEqual([0, '']);
  const [name = ''] = readdirSync(folder);
  const { result }: Coverage = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const apart = result.map(({ url }) => url).filter((url) => !url.endsWith('/main.cjs'));
  const inside = result.filter(({ url }) => url.endsWith('/main.cjs')).flatMap(({ functions }) => functions);
  const run = inside.filter(({ ranges }) => ranges.some(({ count }) => count > 0));
  const places = [
    ...apart.map((url) => url.replace(/.*\/dist\/(.*)\.cjs$/, 'node_modules/$1/')),
    ...run.map(({ functionName }) => functionName),
  ];
  const names = places.map((place) => /^(?:file:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(place)?.[1]);
  return [...new Set(names)].filter((each) => each !== undefined).sort();
}

const SPEAKING = ['commander', 'fast-string-truncated-width', 'fast-string-width'];
const READING = [...SPEAKING, 'conf', 'dot-prop', 'env-paths'];
const CHANGING = [...READING, 'proper-lockfile'];

it.each<[line: string, packages: string[]]>([
  ['--help', SPEAKING],
  ['--version', SPEAKING],
  ['user --help', SPEAKING],
  ['help exit-codes', SPEAKING],
  ['completion bash', SPEAKING],
  ['directory path', READING],
  ['user list', READING],
  ['user get alice', READING],
  ['user get alice --output json', READING],
  ['user get alice --output yaml', [...READING, 'yaml']],
  ['user list --output csv', [...READING, 'csv-stringify-sync']],
  ['user list --query []', [...READING, 'jmespath-community-jmespath']],
  ['ak list alice', READING],
  ['group list', READING],
  ['policy list', READING],
  ['policy validate iot.json', [...READING, 'jsonc-parser']],
  ['overview', READING],
  ['report', READING],
  ['account settings get', READING],
  ['mfa list', READING],
  ['user edit alice --comments ops', CHANGING],
  ['ak create alice --secret-to file:alice.env', CHANGING],
  ['group create ops', CHANGING],
  ['policy attach AliyunIOTReadOnlyAccess --user alice', CHANGING],
  ['policy create iot --document iot.json', [...CHANGING, 'jsonc-parser']],
  ['login set alice --generate-password', [...CHANGING, '@node-rs/argon2']],
  ['mfa enable alice --no-bind', [...CHANGING, 'otplib']],
  ['user import users.csv', [...CHANGING, 'csv-parse-sync']],
  ['user create carol --color always', [...CHANGING, 'chalk']],
])('ramctl %s loads what it uses', async (line, packages) => {
  expect(await packagesOf(line.split(' '))).toEqual([...packages].sort());
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['damaged', (bytes) => Buffer.concat([bytes.subarray(0, 999), Buffer.of(~(bytes[999] ?? 0)), bytes.subarray(1000)])],
  ['cut', (bytes) => bytes.subarray(0, 1001)],
  ['empty', () => Buffer.alloc(0)],
])('code that was compiled ahead and is %s is not run', async (_, spoil) => {
  const program = join(home.folder, 'program');
  cpSync(join(PROGRAM, '../../dist'), join(program, 'dist'), { recursive: true });
  cpSync(join(PROGRAM, '..'), join(program, 'bin'), { recursive: true });
  const [ahead = ''] = readdirSync(join(program, 'dist')).filter((name) => name.startsWith('main.cjs.'));
  const path = join(program, 'dist', ahead);
  writeFileSync(path, spoil(readFileSync(path)));
  const { code, out } = await home.sh(`"${process.execPath}" program/bin/ramctl.js user list --query '[].UserName'`);
  expect([code, out]).toEqual([0, expect.stringContaining('alice')]);
});
