import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { type Answers, TestWorld } from '../../support/test-world.ts';
import { equivalentCommands, expectCancelAtEach, shellArgs, withoutUniqueValues } from '../../support/wizard.ts';

let world = new TestWorld();
const user = async (name: string, target = world): Promise<CreatedUser> =>
  (await target.ramctl(['user', 'get', name, '-o', 'json'])).json;

beforeEach(() => {
  world = new TestWorld();
});

describe('user edit without flags', () => {
  const KEEP: Answers = ['User name', 'Display name', 'Comments', 'Email', 'Mobile phone'].map((part) => [part, '=']);
  const createAlice = 'user create alice --display-name "Alice Li" --comments "on call" --email alice@example.com';
  const answersWith = (changes: Record<string, string>): Answers =>
    KEEP.map(([question, answer]) => [question, changes[question] ?? answer]);

  beforeEach(async () => {
    await world.ramctl(createAlice);
    await world.ramctl('user create bob');
  });

  it.each([
    ['a new name', { 'User name': 'alice.li' }, { UserName: 'alice.li', DisplayName: 'Alice Li' }],
    ['another case of the name', { 'User name': 'ALICE' }, { UserName: 'ALICE' }],
    [
      'a value that was empty',
      { 'Mobile phone': '86-13800000000' },
      { MobilePhone: '86-13800000000', Comments: 'on call' },
    ],
    ['empty values', { Comments: '', Email: '' }, { Comments: null, Email: null, DisplayName: 'Alice Li' }],
    ['an empty display name', { 'Display name': '' }, { DisplayName: null }],
    ['a comment that looks like a flag', { Comments: '--urgent' }, { Comments: '--urgent' }],
  ])('sets %s, keeps the rest and prints an equivalent command', async (_, changes, expected) => {
    const outcome = await world.ramctl('user edit alice -o json', {
      answers: answersWith(changes as Record<string, string>),
    });
    expect([outcome.code, outcome.json]).toMatchObject([0, expected]);
    const [line = ''] = equivalentCommands(outcome);
    const other = new TestWorld();
    await other.ramctl(createAlice);
    const again = await other.ramctl(shellArgs(line));
    expect([line, again.code]).toEqual([line, 0]);
    const { UserName } = outcome.json as CreatedUser;
    expect(withoutUniqueValues(await user(UserName, other))).toEqual(withoutUniqueValues(await user(UserName)));
  });

  it('changes nothing when the user accepts every value, and prints no command that would fail', async () => {
    const before = withoutUniqueValues(await user('alice'));
    const outcome = await world.ramctl('user edit alice', { answers: KEEP });
    expect(outcome.code).toBe(0);
    expect(withoutUniqueValues(await user('alice'))).toEqual(before);
    for (const line of equivalentCommands(outcome)) expect((await world.ramctl(shellArgs(line))).code).toBe(0);
  });

  it('lets the user search for a user, and rejects invalid names and addresses', async () => {
    const answers: Answers = [
      ['User', 'alice (Alice Li)'],
      ['User name', 'BOB'],
      ['User name', 'no blanks'],
      ['User name', '='],
      ['Display name', '='],
      ['Comments', 'a\u0007b'],
      ['Comments', '='],
      ['Email', 'nobody'],
      ['Email', '='],
      ['Mobile phone', '123'],
      ['Mobile phone', '86-13800000001'],
    ];
    const { code, questions } = await world.ramctl('user edit', { answers });
    expect(code).toBe(0);
    expect(questions.filter((line) => line.startsWith('('))).toHaveLength(5);
    expect(await user('alice')).toMatchObject({ MobilePhone: '86-13800000001', Comments: 'on call' });
  });

  it('can be cancelled at every question', async () => {
    await expectCancelAtEach(world, 'user edit', [['User', 'alice'], ...answersWith({ 'User name': 'x', Email: '' })]);
  });

  it('exits with 3 without a question for an unknown user', async () => {
    expect(await world.ramctl('user edit carol', { answers: [] })).toMatchObject({ code: 3, questions: [] });
  });
});
