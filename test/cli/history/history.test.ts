import { beforeAll, describe, expect, it } from 'vitest';
import type { Change, ChangeWithRecords } from '../../../src/core/history.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { expectNoSecrets } from '../../support/secrets.ts';
import { TestWorld } from '../../support/test-world.ts';

const policy = (action: string) =>
  `{"Version":"1","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const files = { 'iot.json': policy('iot:*'), 'oss.json': policy('oss:*') };

const world = new TestWorld();
const secrets: string[] = [];

beforeAll(async () => {
  await world.ramctl('group create ops');
  await world.ramctl('policy create Own --document iot.json', { files });
  await world.ramctl('user create bob');
  await create('user create alice --console --access-key --group ops --policy Own --tag team=iot -o json');
  world.clock.step(86_400);
  await world.ramctl('user edit alice --name alicia --comments "works at home"');
  await create('login set alicia --generate-password -o json');
  await world.ramctl('policy edit Own --document oss.json', { files });
  await world.ramctl('group delete ops --cascade --yes');
  await world.ramctl('user delete alicia --cascade --yes');
});

async function create(line: string): Promise<void> {
  const { Password = '', AccessKey }: CreatedUser = (await world.ramctl(line)).json;
  secrets.push(...[Password, AccessKey?.AccessKeySecret ?? ''].filter((secret) => secret !== ''));
}

async function list(options = ''): Promise<Change[]> {
  return (await world.ramctl(`history ${options} -o json`)).json;
}

const commandsOf = (changes: Change[]) => changes.map(({ Command }) => Command.replace(/^ramctl (\S+ \S+).*/, '$1'));

/** Returns the change that a command made. */
async function find(command: string): Promise<ChangeWithRecords> {
  const { ChangeId } = (await list()).find(({ Command }) => Command.startsWith(`ramctl ${command}`)) ?? {};
  return (await world.ramctl(`history get ${ChangeId} -o json`)).json;
}

describe('history', () => {
  it('lists who changed what, the newest first', async () => {
    const changes = await list();
    expect(commandsOf(changes)).toEqual([
      'user delete',
      'group delete',
      'policy edit',
      'login set',
      'user edit',
      'user create',
      'user create',
      'policy create',
      'group create',
    ]);
    expect(changes.at(-1)).toEqual({
      ChangeId: expect.stringMatching(/^\S+$/),
      Date: '2026-01-01T00:00:01Z',
      Actor: 'tester',
      Command: 'ramctl group create ops',
      Summary: expect.stringContaining('group ops'),
    });
    expect(new Set(changes.map(({ ChangeId }) => ChangeId)).size).toBe(changes.length);
  });

  it('finds the changes of a user under every name that the user had', async () => {
    const ofAlice = ['user delete', 'group delete', 'login set', 'user edit', 'user create'];
    expect(commandsOf(await list('--user alice'))).toEqual(ofAlice);
    expect(commandsOf(await list('--user ALICIA'))).toEqual(ofAlice);
    expect(commandsOf(await list('--user bob'))).toEqual(['user create']);
    expect(await list('--user nobody')).toEqual([]);
  });

  it('limits the list to a time and a number', async () => {
    const latest = ['user delete', 'group delete', 'policy edit', 'login set', 'user edit'];
    for (const since of ['1h', '2026-01-02', '2026-01-02T00:00:05Z']) {
      expect([since, commandsOf(await list(`--since ${since}`))]).toEqual([since, latest]);
    }
    expect(await list('--since 3d')).toHaveLength(9);
    expect(await list('--since 2027-01-01')).toEqual([]);
    expect(commandsOf(await list('--since 3d --limit 2'))).toEqual(['user delete', 'group delete']);
  });

  it.each(['2026-02-30', '2026-13-01', 'yesterday', '7', '01.02.2026', '--limit 0'])(
    'refuses --since %s',
    async (text) => {
      const { code, out, error } = await world.ramctl(`history --since ${text} -o json`);
      expect([code, out, error.Code]).toEqual([2, '', 'Usage']);
    },
  );

  it('takes one line for each change on a terminal of 80 columns', async () => {
    const lines = (await world.ramctl('history', { width: 80 })).out.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines[0]).toMatch(/^Change +Date +Actor +Command +Summary$/);
    expect(lines[5]).toMatch(/^\S+ +\S+ \S+ ago|just now +tester +user edit alice --.*… +renamed user alice.*…$/);
    expect((await world.ramctl('history')).out).toContain("user edit alice --name alicia --comments 'works at home'");
  });

  it('prints an empty list if nothing was changed', async () => {
    const empty = new TestWorld();
    expect((await empty.ramctl('history')).out).toBe('no changes\n');
    expect((await empty.ramctl('history -o json')).json).toEqual([]);
  });

  it('names no command that --check runs, because it may contain a secret', async () => {
    const other = new TestWorld();
    await other.ramctl('user create robot --access-key');
    await other.ramctl(['ak', 'rotate', 'robot', '--check', 'curl -u me:hunter2 example.com']);
    await other.ramctl(['ak', 'rotate', 'robot', '--replace', 'inactive', '--check=curl -u me:hunter2 example.com']);
    const { out } = await other.ramctl('history -o json');
    expect(out).toContain('ak rotate robot --check');
    expect(out).not.toContain('hunter2');
  });
});

describe('history get', () => {
  it('shows the records before and after the change', async () => {
    const { Records } = await find('user edit');
    expect(Records).toEqual([
      {
        Kind: 'User',
        Name: 'alicia',
        Before: expect.objectContaining({ UserName: 'alice', Tags: { team: 'iot' } }),
        After: expect.objectContaining({ UserName: 'alicia', Comments: 'works at home' }),
      },
    ]);
    expect((await find('user create bob')).Records).toMatchObject([{ Kind: 'User', Name: 'bob', Before: null }]);
    expect((await find('user delete')).Records).toMatchObject([{ Kind: 'User', Name: 'alicia', After: null }]);
  });

  it('shows only the members that changed in a table', async () => {
    const { ChangeId } = await find('user edit');
    const { out } = await world.ramctl(`history get ${ChangeId}`, { width: 80 });
    expect(out.slice(out.indexOf('~'))).toBe(
      ['~ User alicia', '    ~ UserName  "alice" → "alicia"', '    + Comments  "works at home"', ''].join('\n'),
    );
  });

  it('shows the items of lists that changed, and groups by their names', async () => {
    const { ChangeId } = await find('user create alice');
    const { out } = await world.ramctl(`history get ${ChangeId}`);
    expect(out).toMatch(/^\+ User alice$/m);
    expect(out).toMatch(/^ {4}\+ AccessKeys\.LTAI\w+ +Status "Active"/m);
    expect(out).toMatch(/^ {4}\+ Groups\.ops /m);
    expect(out).toMatch(/^ {4}\+ Policies\.Own /m);
    expect(out).toMatch(/^ {4}\+ Tags\.team +"iot"$/m);
    // The group and its members are deleted now.
    const deletion = await find('group delete');
    const { out: text } = await world.ramctl(`history get ${deletion.ChangeId}`);
    expect(text).toMatch(/^- Group ops$/m);
    expect(text).toMatch(/^~ User alicia\n {4}- Groups\.ops /m);
  });

  it('shows that a password and a policy document changed', async () => {
    const password = await find('login set');
    expect((await world.ramctl(`history get ${password.ChangeId}`)).out).toMatch(
      /^ {4}~ LoginProfile\.Password +changed$/m,
    );
    const edit = await find('policy edit');
    expect((await world.ramctl(`history get ${edit.ChangeId}`)).out).toMatch(
      /^~ Policy Own\n {4}~ DefaultVersion +"v1" → "v2"\n {4}\+ Versions\.v2 +PolicyDocument 80 characters, /m,
    );
  });

  it('shows no secret, no hash and no encrypted secret', async () => {
    expect(secrets).toHaveLength(3);
    for (const { ChangeId } of await list()) {
      for (const format of ['table', 'json', 'yaml', 'csv']) {
        const { code, out, err } = await world.ramctl(`history get ${ChangeId} -o ${format}`);
        expect(code).toBe(0);
        expectNoSecrets(secrets, out + err);
        expect(out + err).not.toMatch(/argon2|Sealed|Hash|Fingerprint/i);
      }
    }
  });

  it('does not know an unknown ID', async () => {
    const { code, out, error } = await world.ramctl('history get unknown -o json');
    expect([code, out, error.Code, error.Hint]).toEqual([3, '', 'EntityNotExist.Change', 'ramctl history']);
  });
});

it('the help of history describes its own options and its verb', async () => {
  const { out } = await world.ramctl('help history');
  expect(out).toContain('--since <time>');
  expect(out).toMatch(/^ +get .*<change-id>/m);
  expect((await world.ramctl('history get --help')).out).not.toContain('--since');
});

it.each([
  ['log', 'ramctl history'],
  ['audit-log', 'ramctl history'],
  ['audit', 'ramctl history   # findings: ramctl report'],
  ['history show 1-ab', 'ramctl history get 1-ab'],
  ['history 1-ab', 'ramctl help history'],
  ['history list', 'ramctl history'],
  ['history undo 1-ab', 'ramctl undo 1-ab'],
  ['revert 1-ab', 'ramctl undo 1-ab'],
  ['user history alice', 'ramctl history --user alice'],
  ['user undelete alice', 'ramctl history --user alice   # then: ramctl undo <id>'],
])('ramctl %s gets the hint %s', async (line, hint) => {
  const { code, error } = await world.ramctl(`${line} -o json`);
  expect([code, error.Hint]).toEqual([2, hint]);
});

it('completes the IDs of the latest changes', async () => {
  const [latest] = await list('--limit 1');
  for (const line of ['undo', 'history get']) {
    const { out } = await world.ramctl(`complete -- ${line} ""`);
    expect(out.split('\n')).toHaveLength(10);
    expect(out.split('\n')[0]).toBe(`${latest?.ChangeId}\tdeleted user alicia`);
  }
  expect((await world.ramctl('complete -- history ""')).out).toMatch(/^get\t.*\n$/);
  expect((await world.ramctl('complete -- history --user b')).out).toMatch(/^bob\t/);
});
