import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupDetails } from '../../../src/core/workflows/group.ts';
import { splitWords } from '../../support/shell.ts';
import { type Answers, type RunOptions, TestWorld } from '../../support/test-world.ts';
import { equivalentCommands, expectCancelAtEach } from '../../support/wizard.ts';

let world = new TestWorld();
const get = async (name: string, target = world): Promise<GroupDetails> =>
  (await target.ramctl(`group get ${name} -o json`)).json;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice --display-name "Alice Li"');
  await world.ramctl('user create bob');
  await world.ramctl('group create ops --comments "on call"');
});

describe('group create without a name', () => {
  it.each([
    ['dev', 'day and night'],
    ['dev', ''],
    ['dev', '--urgent'],
    ['dev', '$HOME; exit'],
  ])('creates %s with the comments "%s" and prints an equivalent command', async (name, comments) => {
    const answers: Answers = [
      ['Group name', name],
      ['Comments', comments],
    ];
    await expectCancelAtEach(world, 'group create', answers);
    const outcome = await world.ramctl('group create -o json', { answers });
    expect([outcome.code, outcome.json]).toMatchObject([
      0,
      { GroupName: name, Comments: comments || null, Users: [], Policies: [] },
    ]);
    const [line = ''] = equivalentCommands(outcome);
    const other = new TestWorld();
    expect((await other.ramctl(splitWords(line).slice(1))).code).toBe(0);
    expect(await get(name, other)).toMatchObject({ GroupName: name, Comments: comments || null });
  });

  it('rejects a wrong answer with the same message as the command line', async () => {
    const { error } = await world.ramctl('group create "a b" -o json');
    const { code, questions } = await world.ramctl('group create', {
      answers: [
        ['Group name', 'a b'],
        ['Group name', 'OPS'],
        ['Group name', 'dev'],
        ['Comments', 'a\u0007b'],
        ['Comments', '^C'],
      ],
    });
    expect(code).toBe(130);
    expect(questions.filter((line) => line.startsWith('('))).toEqual([
      `(${error.Message})`,
      '(the group OPS already exists)',
      expect.stringContaining('control'),
    ]);
  });
});

describe('group edit without flags', () => {
  it.each([
    ['=', '=', { GroupName: 'ops', Comments: 'on call' }],
    ['OPS', '=', { GroupName: 'OPS', Comments: 'on call' }],
    ['crew', '', { GroupName: 'crew', Comments: null }],
    ['=', '--urgent', { GroupName: 'ops', Comments: '--urgent' }],
  ])('with the answers "%s" and "%s" changes only what the user typed', async (name, comments, expected) => {
    await world.ramctl('group add ops alice');
    const { GroupId, Users } = await get('ops');
    const answers: Answers = [
      ['Group name', name],
      ['Comments', comments],
    ];
    await expectCancelAtEach(world, 'group edit ops', answers);
    const { code, json } = await world.ramctl('group edit ops -o json', { answers });
    expect([code, json]).toMatchObject([0, { GroupId, Users, ...expected }]);
  });

  it('lets the user search for a group, and rejects the name of another group', async () => {
    await world.ramctl('group create dev');
    const { code, questions } = await world.ramctl('group edit', {
      answers: [
        ['Group', 'ops'],
        ['Group name', 'DEV'],
        ['Group name', 'crew'],
        ['Comments', '='],
      ],
    });
    expect([code, questions]).toMatchObject([0, expect.arrayContaining(['(the group DEV already exists)'])]);
    expect(await get('crew')).toMatchObject({ Comments: 'on call' });
  });

  it('exits with 3 without a question for an unknown group', async () => {
    expect(await world.ramctl('group edit unknown', { answers: [] })).toMatchObject({ code: 3, questions: [] });
  });
});

describe('group add and remove without users', () => {
  it('let the user choose several users', async () => {
    const choose = (chosen: string[]): RunOptions => ({ answers: [['Users', chosen]] });
    await expectCancelAtEach(world, 'group add ops', [['Users', []]]);
    const added = await world.ramctl('group add ops -o json', choose(['alice (Alice Li)', 'bob']));
    expect([added.code, added.json]).toMatchObject([0, [{ UserName: 'alice' }, { UserName: 'bob' }]]);
    expect((await world.ramctl('group remove ops', choose(['bob']))).code).toBe(0);
    expect((await get('ops')).Users.map(({ UserName }) => UserName)).toEqual(['alice']);
    expect((await world.ramctl('group add ops', choose([]))).code).toBe(2);
  });
});
