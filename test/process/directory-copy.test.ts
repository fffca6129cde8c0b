import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { MadeChange } from '../../src/core/description/make-changes.ts';
import { Home, parseError } from '../support/process.ts';
import { splitWords } from '../support/shell.ts';

let home: Home;

beforeEach(async () => {
  home = new Home();
  await home.json(...splitWords('init -d a.json --account-id 1000000000000001'));
  await home.json(...splitWords('user create alice --console --access-key --policy ReadOnlyAccess -d a.json'));
  await home.json(...splitWords('role create buyer -d a.json'));
});

const copy = (line: string) => home.run(splitWords(`directory copy ${line} -o json`));

it('a missing target is exit code 3 with a hint, and is not created', async () => {
  const before = readdirSync(home.folder);
  const failed = await copy('a.json new/b.json --new-passwords --secret-to file:secrets.csv');
  expect([failed.code, failed.out, parseError(failed)]).toMatchObject([
    3,
    '',
    { Code: 'DirectoryNotFound', Hint: 'ramctl -d new/b.json init' },
  ]);
  expect(readdirSync(home.folder)).toEqual(before);
});

it('a missing source is exit code 3', async () => {
  const failed = await copy('none.json a.json');
  expect([failed.code, parseError(failed).Hint]).toEqual([3, 'ramctl -d none.json init']);
});

it('copies between two files with their own keys, and the copy can be checked', async () => {
  await home.json(...splitWords('init -d b.json --account-id 2000000000000002'));
  const args = 'a.json b.json --new-passwords --new-access-keys';
  const { code, out, err } = await copy(`${args} --secret-to file:secrets.json`);
  expect([code, err]).toEqual([0, expect.stringContaining('1000000000000001')]);
  const [, user] = JSON.parse(home.read('secrets.json')) as MadeChange[];
  const { AccessKeyId, AccessKeySecret } = user?.AccessKey ?? { AccessKeyId: '', AccessKeySecret: '' };
  expect(out).not.toContain(AccessKeySecret);
  const input = { input: AccessKeySecret };
  const verified = await home.run(['ak', 'verify', AccessKeyId, '--secret-stdin', '-d', 'b.json'], input);
  expect(verified.code).toBe(0);
  expect(await home.json(...splitWords('directory check -d b.json'))).toMatchObject({ Whole: true });
  const file = home.read('b.json');
  expect(await copy(args)).toEqual({ code: 0, out: '[]\n', err: '' });
  expect(home.read('b.json')).toBe(file);
});

it('a link to the source is the source', async () => {
  mkdirSync(join(home.folder, 'links'));
  symlinkSync('../a.json', join(home.folder, 'links/b.json'));
  const failed = await copy('a.json links/b.json');
  expect([failed.code, parseError(failed).Code]).toEqual([2, 'Usage']);
});

it('does not replace a file of the source by secrets', async () => {
  await home.json(...splitWords('init -d b.json'));
  for (const line of ['--secret-to file:./a.json', '--secret-to aliyun:p --config-path a.key']) {
    expect((await copy(`a.json b.json --new-access-keys ${line}`)).code).toBe(2);
  }
  await home.json(...splitWords('user create a --access-key -d a.json'));
  const file = home.read('a.json');
  for (const sink of ['file:a.json', 'file:{user}.json']) {
    expect((await copy(`a.json b.json --new-access-keys --secret-to ${sink} --overwrite`)).code).toBe(2);
  }
  expect(home.read('a.json')).toBe(file);
});
