import { beforeEach, describe, expect, it } from 'vitest';
import type { Change, ChangeWithRecords } from '../../../src/core/history.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { bindDevice, getMfaStatus } from '../../support/mfa.ts';
import { TestWorld } from '../../support/test-world.ts';

const policy = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const files = { 'policy.json': policy };

let world = new TestWorld();
let key = { AccessKeyId: '', AccessKeySecret: '' };

/** Creates alice with everything that a user can have. */
beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('group create ops');
  await world.ramctl('policy create Own --document policy.json', { files });
  const line = 'user create alice --console --access-key --group ops --policy Own --tag team=iot -o json';
  const { AccessKey }: CreatedUser = (await world.ramctl(line)).json;
  key = { AccessKeyId: '', AccessKeySecret: '', ...AccessKey };
  await bindDevice(world, 'alice');
});

async function latest(): Promise<string> {
  const [change]: Change[] = (await world.ramctl('history --limit 1 -o json')).json;
  return change?.ChangeId ?? '';
}

const getUser = async (name: string) => (await world.ramctl(`user get ${name} -o json`)).json;

it('a user who was deleted yesterday is back with keys, MFA device, groups and policies', async () => {
  const before = await getUser('alice');
  const deleted = await world.ramctl('user delete alice --cascade --yes');
  const [, command = ''] = /^remark: "ramctl (undo \S+)" brings back what was deleted\.$/m.exec(deleted.err) ?? [];
  world.clock.step(86_400);
  const verify = () => world.ramctl(`ak verify ${key.AccessKeyId} --secret-stdin`, { input: key.AccessKeySecret });
  expect((await verify()).code).toBe(4);

  const { code, out, err, questions } = await world.ramctl(command, { answers: [['Undo the change', true]] });
  expect(code).toBe(0);
  expect(questions[0]).toContain('2026-01-01T00:00:07Z by tester: deleted user alice');
  // The question is asked below what will be restored.
  expect(err).toMatch(/^\+ User alice\n/m);
  expect(err).toMatch(/^\+ MFADevice alice\n/m);
  expect(out).toContain(`Command  ramctl ${command}`);

  expect(await getUser('alice')).toEqual(before);
  expect((await verify()).code).toBe(0);
  expect(await getMfaStatus(world, 'alice')).toMatchObject({ MFA: 'bound' });
  expect((await world.ramctl('group get ops --query Users[].UserName -o json')).json).toEqual(['alice']);
  expect((await world.ramctl('policy get Own --query Users[].UserName -o json')).json).toEqual(['alice']);
});

it('an undo is a change that can be undone', async () => {
  await world.ramctl('user edit alice --comments x');
  const undo = await world.ramctl(`undo ${await latest()} --yes`);
  expect(await getUser('alice')).toMatchObject({ Comments: null });
  const id = await latest();
  expect(undo.err).toBe(`remark: "ramctl undo ${id}" undoes this undo.\n`);
  const { json } = await world.ramctl(`undo ${id} --yes -o json`);
  expect(json).toMatchObject({ ChangeId: await latest(), Records: [{ Name: 'alice', After: { Comments: 'x' } }] });
  expect(await getUser('alice')).toMatchObject({ Comments: 'x' });
});

it('--dry-run prints what would be restored and changes nothing', async () => {
  await world.ramctl('user delete alice --cascade --yes');
  const id = await latest();
  const before = await world.state();
  const { code, json, err } = await world.ramctl(`undo ${id} --dry-run -o json`);
  const { Records } = json as ChangeWithRecords;
  expect([code, Object.keys(json), err]).toEqual([0, ['Records'], expect.stringContaining('Nothing was restored')]);
  expect(Records.map(({ Kind, Before }) => [Kind, Before])).toEqual([
    ['User', null],
    ['MFADevice', null],
  ]);
  expect(Records[0]?.After).toMatchObject({ UserName: 'alice', Groups: [{ GroupName: 'ops' }] });
  expect((await world.ramctl(`undo ${id} --dry-run`)).out).toMatch(/^\+ User alice\n/);
  expect(await world.state()).toEqual(before);
  expect(await latest()).toBe(id);
});

describe('refuses', () => {
  it('a change whose records have changed since, and names them', async () => {
    await world.ramctl('user edit alice --comments x');
    const id = await latest();
    await world.ramctl('user edit alice --comments y');
    const before = await world.state();
    for (const option of ['--yes', '--dry-run']) {
      const { code, out, error } = await world.ramctl(`undo ${id} ${option} -o json`);
      expect([code, out, error]).toEqual([
        1,
        '',
        {
          Code: 'ChangedMeanwhile',
          Message: expect.stringContaining('alice'),
          Hint: expect.stringContaining('"ramctl history"'),
          Errors: [expect.objectContaining({ Message: expect.stringContaining('alice') })],
        },
      ]);
    }
    expect(await world.state()).toEqual(before);
  });

  it('a change that another process overtakes while the question is open', async () => {
    await world.ramctl('user edit alice --comments x');
    const change = () => world.directory.updateUser({ UserName: 'alice', NewComments: 'z' });
    const { code, err } = await world.ramctl(`undo ${await latest()}`, { answers: [['Undo the change', change]] });
    expect([code, err]).toEqual([1, expect.stringContaining('changed in the meantime')]);
    expect(await getUser('alice')).toMatchObject({ Comments: 'z' });
  });

  it('a change of more than 30 days ago', async () => {
    await world.ramctl('user delete alice --cascade --yes');
    const id = await latest();
    world.clock.step(31 * 86_400);
    const { code, error } = await world.ramctl(`undo ${id} --yes -o json`);
    expect([code, error.Code, error.Message]).toEqual([1, 'CannotUndo', expect.stringContaining('30 days')]);
    expect((await world.ramctl(`history get ${id} -o json`)).json).toMatchObject({ CanUndo: false, Records: [] });
    expect((await world.ramctl(`history get ${id}`)).out).toMatch(/^Can be undone +no$/m);
  });

  it('an unknown change', async () => {
    const { code, error } = await world.ramctl('undo unknown --yes -o json');
    expect([code, error.Code, error.Hint]).toEqual([3, 'EntityNotExist.Change', 'ramctl history']);
  });
});

describe('the confirmation', () => {
  it('is needed before the directory is read', async () => {
    for (const line of ['undo unknown', 'undo unknown --no-input']) {
      const { code, err } = await world.ramctl(line);
      expect([code, err]).toEqual([2, expect.stringContaining('--yes')]);
    }
  });

  it.each([false, '^C'])('restores nothing after %s', async (answer) => {
    await world.ramctl('user delete alice --cascade --yes');
    const id = await latest();
    const { code, out, err } = await world.ramctl(`undo ${id}`, { answers: [['Undo the change', answer]] });
    expect([code, out, err]).toEqual([130, '', expect.stringContaining('nothing was written')]);
    expect(await latest()).toBe(id);
  });

  it('is asked for a change that the user chooses if none is named', async () => {
    await world.ramctl('user edit alice --comments x');
    const id = await latest();
    const answers: [string, unknown][] = [
      ['Change to undo', id],
      ['Undo the change', true],
    ];
    expect((await world.ramctl('undo', { answers })).code).toBe(0);
    expect(await getUser('alice')).toMatchObject({ Comments: null });
    const { code, error } = await world.ramctl('undo --yes -o json');
    expect([code, error]).toEqual([2, expect.objectContaining({ Field: 'change-id', Hint: 'ramctl history' })]);
    const empty = await new TestWorld().ramctl('undo', { answers: [] });
    expect([empty.code, empty.err]).toEqual([3, expect.stringContaining('the history contains no changes')]);
  });

  it('is not asked for a result that cannot be printed', async () => {
    const id = await latest();
    const { code } = await world.ramctl(`undo ${id} --query abs(Summary)`, { answers: [] });
    expect([code, await latest()]).toEqual([2, id]);
  });
});

describe('the remark after a deletion', () => {
  const remarkOf = async (line: string) => /^remark: "(.*)" brings back/m.exec((await world.ramctl(line)).err)?.[1];

  it('names the command that undoes it', async () => {
    for (const line of [
      'mfa disable alice',
      'login delete alice',
      `ak delete alice ${key.AccessKeyId} --force`,
      'group delete ops --cascade',
      'policy delete Own --cascade',
      'user delete alice',
    ]) {
      expect([line, await remarkOf(`${line} --yes`)]).toEqual([line, `ramctl undo ${await latest()}`]);
    }
    expect(await remarkOf('-d directory.json user delete alice --yes --cascade')).toBeUndefined();
  });

  it('names the directory of the command', async () => {
    expect(await remarkOf('-d team.json group delete ops --cascade --yes')).toBe(
      `ramctl -d team.json undo ${await latest()}`,
    );
  });

  it('is not printed with --quiet, after a dry run and for other targets', async () => {
    expect(await remarkOf('mfa disable alice --yes --quiet')).toBeUndefined();
    expect(await remarkOf('user delete alice --cascade --dry-run')).toBeUndefined();
    const remote = {
      ...world.directory,
      atomically: (work: never) => world.directory.dryRun().atomically(work),
    };
    const { code, err } = await world.ramctl('user delete alice --cascade --yes', { remote: remote as never });
    expect([code, err]).toEqual([0, expect.not.stringContaining('undo')]);
  });
});

it.each(['history', 'history get 1', 'undo 1 --yes'])('%s names what other targets have', async (line) => {
  for (const target of ['aliyun:prod', 'https://ram.example.com']) {
    const { code, error } = await world.ramctl(`-d ${target} ${line} -o json`);
    expect([code, error.Code, error.Hint]).toEqual([1, 'NotSupported', expect.stringContaining('ActionTrail')]);
    expect(error.Hint).toContain('"ramctl -d <path> history"');
  }
});
