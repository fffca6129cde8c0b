import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { Home } from '../support/process.ts';

interface Entry {
  Actor: string;
  Command: string;
  Summary: string;
}

const entriesOf = (home: Home): Entry[] =>
  home
    .read('ramctl/directory.history.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

it('an entry has the OS user or RAMCTL_ACTOR, and the command line without long texts', async () => {
  const home = new Home();
  await home.json('init');
  const environment = { RAMCTL_ACTOR: 'pipeline 7' };
  const args = [
    'user',
    'create',
    'alice',
    '--display-name',
    'Alice',
    '--comments',
    'x'.repeat(100),
    '--tag',
    `team=${'y'.repeat(90)}`,
  ];
  expect((await home.run(args, { environment })).code).toBe(0);
  const [first, second] = entriesOf(home);
  expect([first?.Actor, first?.Summary]).toEqual([userInfo().username, 'created the directory']);
  expect([second?.Actor, second?.Summary]).toEqual(['pipeline 7', 'created user alice']);
  expect(second?.Command).toMatch(/^ramctl user create alice --display-name Alice --comments x+ --tag team=y+\.\.\.$/);
  expect(second?.Command).toHaveLength(200);
});

it('no file of the directory has a clear secret or password', async () => {
  const home = new Home();
  const { AccessKey, Password } = await home.json<{ AccessKey: { AccessKeySecret: string }; Password: string }>(
    ...['user', 'create', 'alice', '--access-key', '--console'],
  );
  await home.json('user', 'delete', 'alice', '--cascade', '--yes');
  const texts = home.files().map((name) => home.read(`ramctl/${name}`));
  expect(texts.join()).toContain('deleted user alice');
  for (const secret of [AccessKey.AccessKeySecret, Password]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(texts.join()).not.toContain(secret);
  }
});

it('restore keeps the history next to the replaced directory, and backup and secret files never replace it', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  await home.json('directory', 'backup', 'copy.json');
  await home.json('user', 'create', 'bob');
  const before = entriesOf(home);
  const { Kept } = await home.json<{ Kept: string }>('directory', 'restore', 'copy.json', '--yes');
  const keptHistory = Kept.replace('directory.json', 'directory.history.jsonl');
  expect([existsSync(Kept), existsSync(keptHistory)]).toEqual([true, true]);
  expect(entriesOf(home).map(({ Summary }) => Summary)).toEqual(['restored the directory from a backup']);
  expect(before).toHaveLength(2);
  const path = `${home.config}/directory.history.jsonl`;
  const args = ['directory', 'backup', path, '--overwrite'];
  expect((await home.run(args)).code).toBe(2);
  expect(entriesOf(home)).toHaveLength(1);
});

it('directory check reports a history file that others can read', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  await home.sh('chmod 644 ramctl/directory.history.jsonl');
  const { out, code } = await home.run(['directory', 'check', '-o', 'json']);
  expect([code, out.includes('directory.history.jsonl')]).toEqual([4, true]);
});
