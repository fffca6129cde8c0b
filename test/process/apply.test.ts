import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { Home, parseError } from '../support/process.ts';
import { startServer } from '../support/server-process.ts';
import { splitWords } from '../support/shell.ts';

const SCHEMA = 'schema/directory.schema.json';

it('applies a folder and what export prints, and nothing changes the second time', async () => {
  const home = new Home();
  await home.json('init');
  mkdirSync(join(home.folder, 'acme/archive.yaml'), { recursive: true });
  home.write('acme/users.yaml', 'Users:\n  - UserName: alice\n    Groups: [ops]\n    LoginProfile: {}\n');
  home.write('groups.json', '{ "Groups": [{ "GroupName": "ops", "Policies": ["ReadOnlyAccess"] }] }');
  symlinkSync('../groups.json', join(home.folder, 'acme/groups.json'));
  home.write('acme/readme.txt', 'text');
  const { code } = await home.ramctl(splitWords('apply acme --secret-to file:new.csv'));
  expect([code, home.read('new.csv')]).toEqual([0, expect.stringContaining('alice@')]);
  const exported = await home.ramctl(['export']);
  expect(parse(exported.out)).toMatchObject({ Users: [{ UserName: 'alice', Groups: ['ops'] }] });
  const before = readFileSync(home.directory, 'utf8');
  for (const args of [['apply', 'acme'], splitWords('apply - --prune --yes')]) {
    const again = await home.run([...args, '--detailed-exitcode'], { input: exported.out });
    expect(again).toMatchObject({ code: 0, out: 'no changes\n' });
  }
  expect(readFileSync(home.directory, 'utf8')).toBe(before);
});

it('a missing file, an empty folder and a folder without descriptions are errors', async () => {
  const home = new Home();
  await home.json('init');
  mkdirSync(join(home.folder, 'empty'));
  const missing = await home.run(splitWords('apply none.yaml -o json'));
  expect([missing.code, parseError(missing).Code]).toEqual([3, 'FileNotFound']);
  const empty = await home.run(splitWords('apply empty -o json'));
  expect([empty.code, parseError(empty)]).toMatchObject([2, { Code: 'Usage' }]);
});

it('works for another ramctl, and the caller keeps its permissions until the end', async () => {
  const serverHome = new Home();
  const { address, admin } = await startServer(serverHome);
  const environment = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: admin.AccessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: admin.AccessKeySecret,
  };
  const home = new Home();
  const run = (line: string, input = '') => home.run(['-d', address, ...splitWords(line)], { environment, input });
  await serverHome.json('user', 'create', 'zoe');
  const description = 'Users: [{ UserName: alice, Groups: [ops], LoginProfile: {} }]\nGroups: [{ GroupName: ops }]';
  const made = await run('apply - --prune --yes --secret-to file:new.json', description);
  expect([made.code, made.err]).toEqual([
    0,
    expect.stringMatching(/Not deleted, because the caller of this command needs it: user \S+\./),
  ]);
  const [caller = '', ...names] = (await serverHome.json<{ UserName: string }[]>('user', 'list'))
    .map(({ UserName }) => UserName)
    .sort((left) => (left === 'alice' ? 1 : -1));
  expect([made.err.includes(`needs it: user ${caller}.`), names]).toEqual([true, ['alice']]);
  const remote = await run('export');
  expect(remote.out).toBe((await serverHome.run(['export'])).out);
  expect(await run('apply -', remote.out)).toMatchObject({ code: 0, out: 'no changes\n' });
  const replacement = `
Users: [{ UserName: ${caller}, Policies: [Everything] }, { UserName: zoe, Groups: [ops] }]
Policies:
  - PolicyName: Everything
    PolicyDocument: { Version: "1", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }`;
  expect((await run('apply - --prune --yes', replacement)).code).toBe(0);
  expect((await run('apply - --prune --yes', `Users: [{ UserName: ${caller} }]\nPolicies: []`)).code).toBe(0);
  expect(await run('export')).toMatchObject({ code: 0, out: expect.stringContaining('PolicyName: Everything') });
});

it('exports and compares 1,000 users', async () => {
  const home = new Home();
  await home.json('init');
  const Users = Array.from({ length: 1000 }, (_, index) => ({
    UserName: `user-${index}`,
    Email: `user-${index}@example.com`,
    Groups: ['ops', `group-${index % 299}`],
    Policies: ['ReadOnlyAccess'],
  }));
  const names = ['ops', ...Array.from({ length: 299 }, (_, index) => `group-${index}`)];
  home.write('all.json', JSON.stringify({ Users, Groups: names.map((GroupName) => ({ GroupName })) }));
  expect((await home.run(splitWords('apply all.json -q'))).code).toBe(0);
  const exported = await home.run(['export']);
  home.write('all.yaml', exported.out.replaceAll('@example.com', '@example.org'));
  const compared = await home.run(splitWords('apply all.yaml --prune --dry-run'));
  expect(compared.out).toContain('Plan: 0 to create, 1000 to change, 0 to delete.\n');
});

it('the package contains the schema', () => {
  expect(packageJson.files).toContain('schema');
  const schema = JSON.parse(readFileSync(new URL(`../../${SCHEMA}`, import.meta.url), 'utf8'));
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
});
