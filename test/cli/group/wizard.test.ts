import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupDetails } from '../../../src/core/workflows/group.ts';
import { splitWords } from '../../support/shell.ts';
import { type Answers, type RunOptions, TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const get = async (name: string, where = world): Promise<GroupDetails> =>
  (await where.ramctl(`group get ${name} -o json`)).json;

/** Leaves at each question in turn: exit 130, and the directory is what it was. */
async function leavesAtEach(line: string, answers: Answers): Promise<void> {
  const before = await world.state();
  for (const [at, [question]] of answers.entries()) {
    const { code, out } = await world.ramctl(line, { answers: [...answers.slice(0, at), [question, '^C']] });
    expect([question, code, out]).toEqual([question, 130, '']);
  }
  expect(await world.state()).toEqual(before);
}

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
  ])('makes %s of the answers and ends with a command line that does the same: %s', async (name, comments) => {
    const answers: Answers = [
      ['Group name', name],
      ['Comments', comments],
    ];
    await leavesAtEach('group create', answers);
    const { code, json, err } = await world.ramctl('group create -o json', { answers });
    expect([code, json]).toMatchObject([0, { GroupName: name, Comments: comments || null, Users: [], Policies: [] }]);
    const [, line = ''] = /^ {2}(ramctl .*)$/m.exec(err) ?? [];
    const other = new TestWorld();
    expect((await other.ramctl(splitWords(line).slice(1))).code).toBe(0);
    expect(await get(name, other)).toMatchObject({ GroupName: name, Comments: comments || null });
  });

  it('explains a wrong answer by the rule that the command line has', async () => {
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
      '(OPS is taken)',
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
  ])('%s and %s: what was typed changes, the rest stays', async (name, comments, expected) => {
    await world.ramctl('group add ops alice');
    const { GroupId, Users } = await get('ops');
    const answers: Answers = [
      ['Group name', name],
      ['Comments', comments],
    ];
    await leavesAtEach('group edit ops', answers);
    const { code, json } = await world.ramctl('group edit ops -o json', { answers });
    expect([code, json]).toMatchObject([0, { GroupId, Users, ...expected }]);
  });

  it('lets the group be found, and refuses the names of others', async () => {
    await world.ramctl('group create dev');
    const { code, questions } = await world.ramctl('group edit', {
      answers: [
        ['Group', 'ops'],
        ['Group name', 'DEV'],
        ['Group name', 'crew'],
        ['Comments', '='],
      ],
    });
    expect([code, questions]).toMatchObject([0, expect.arrayContaining(['(DEV is taken)'])]);
    expect(await get('crew')).toMatchObject({ Comments: 'on call' });
  });

  it('asks nothing when there is none to be edited', async () => {
    expect(await world.ramctl('group edit nobody', { answers: [] })).toMatchObject({ code: 3, questions: [] });
    expect(await new TestWorld().ramctl('group edit', { answers: [] })).toMatchObject({ code: 3, questions: [] });
  });
});

describe('group add and remove without users', () => {
  it('let several be chosen', async () => {
    const choose = (chosen: string[]): RunOptions => ({ answers: [['Users', chosen]] });
    await leavesAtEach('group add ops', [['Users', []]]);
    const added = await world.ramctl('group add ops -o json', choose(['alice (Alice Li)', 'bob']));
    expect([added.code, added.json]).toMatchObject([0, [{ UserName: 'alice' }, { UserName: 'bob' }]]);
    expect((await world.ramctl('group remove ops', choose(['bob']))).code).toBe(0);
    expect((await get('ops')).Users.map(({ UserName }) => UserName)).toEqual(['alice']);
    expect((await world.ramctl('group add ops', choose([]))).code).toBe(2);
  });

  it('ask nothing when there is nobody to be chosen', async () => {
    const empty = new TestWorld();
    await empty.ramctl('group create ops');
    expect(await empty.ramctl('group add ops', { answers: [] })).toMatchObject({ code: 3, questions: [] });
  });
});

it.each([
  ['group create', 'name'],
  ['group create --comments x', 'name'],
  ['group edit', 'group'],
  ['group edit --comments x', 'group'],
  ['group edit ops', '--name'],
  ['group add ops', 'user'],
  ['group remove ops', 'user'],
])('with nobody to ask, %s is exit 2 and names what is missing', async (line, Field) => {
  const before = await world.state();
  const situations: [string, RunOptions][] = [
    [line, {}],
    [`${line} --no-input`, { answers: [] }],
    [line, { answers: [], environment: { input: false } }],
  ];
  for (const [words, situation] of situations) {
    const { code, out, error, questions } = await world.ramctl(`${words} -o json`, situation);
    expect([code, out, questions, error]).toMatchObject([2, '', [], { Code: 'Usage', Field }]);
  }
  expect(await world.state()).toEqual(before);
});
