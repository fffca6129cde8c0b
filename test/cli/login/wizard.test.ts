import { verify } from '@node-rs/argon2';
import { beforeEach, expect, it } from 'vitest';
import type { LogonSettings } from '../../../src/core/workflows/login.ts';
import { splitWords } from '../../support/shell.ts';
import { type Answers, TestWorld } from '../../support/test-world.ts';
import { equivalentCommands, expectCancelAtEach } from '../../support/wizard.ts';

const PASSWORD = 'Correct-Horse-9';
const TYPED_PASSWORD: Answers = [
  ['Password', 'own'],
  ['New password', PASSWORD],
  ['New password again', PASSWORD],
];
const RESET_QUESTION = 'new password at the next logon';
const MFA_QUESTION = 'MFA device';

let world = new TestWorld();
const readProfile = async (name: string, target = world) => (await target.state()).Users.get(name)?.LoginProfile;

async function createWorld(): Promise<TestWorld> {
  const created = new TestWorld();
  await created.ramctl('user create alice --console --password-reset not-required --mfa required');
  await created.ramctl('user create bob');
  return created;
}

beforeEach(async () => {
  world = await createWorld();
});

const CASES: [string, string, Answers, object][] = [
  [
    'keeps the password',
    'alice',
    [
      ['Password', 'keep'],
      [RESET_QUESTION, true],
      [MFA_QUESTION, false],
    ],
    { PasswordResetRequired: true, MFABindRequired: false },
  ],
  [
    'generates a password',
    'alice',
    [
      ['Password', 'generate'],
      [RESET_QUESTION, true],
      [MFA_QUESTION, true],
    ],
    { PasswordResetRequired: true, MFABindRequired: true },
  ],
  [
    'accepts a typed password',
    'alice',
    [...TYPED_PASSWORD, [RESET_QUESTION, false], [MFA_QUESTION, false]],
    { PasswordResetRequired: false, MFABindRequired: false },
  ],
  [
    'creates console logon',
    'bob',
    [
      ['Password', 'generate'],
      [RESET_QUESTION, false],
      [MFA_QUESTION, true],
    ],
    { Status: 'Active', PasswordResetRequired: false, MFABindRequired: true },
  ],
];

it.each(CASES)('login set without flags %s and prints an equivalent command', async (_, name, answers, expected) => {
  const before = await readProfile(name);
  const outcome = await world.ramctl(['login', 'set', name, '-o', 'json'], { answers });
  const { Password, ...settings } = outcome.json as LogonSettings;
  expect([outcome.code, settings]).toMatchObject([0, expected]);
  const [, choice] = answers[0] ?? [];
  expect(Password !== undefined).toBe(choice === 'generate');
  const after = await readProfile(name);
  if (choice === 'keep') expect(after?.PasswordHash).toBe(before?.PasswordHash);
  else expect(await verify(after?.PasswordHash ?? '', Password ?? PASSWORD)).toBe(true);
  const { out, err, questions } = outcome;
  expect(out + err + questions.join()).not.toContain(PASSWORD);

  const [line = ''] = equivalentCommands(outcome).map((command) => command.replace('ramctl ', ''));
  const other = await createWorld();
  const again = await other.ramctl(`${line} -o json`, { input: PASSWORD });
  expect([line, again.code]).toEqual([line, 0]);
  const same = { ...(await readProfile(name, other)), CreateDate: '', PasswordDate: '', PasswordHash: '' };
  expect(same).toEqual({ ...after, CreateDate: '', PasswordDate: '', PasswordHash: '' });
});

it.each(CASES)('login set that %s can be cancelled at every question', async (_, name, answers) => {
  await expectCancelAtEach(world, 'login set', [['User', name], ...answers]);
});

it('login set offers to keep the password only to a user with a password', async () => {
  const { code } = await world.ramctl('login set bob', { answers: [['Password', 'keep']] });
  expect([code, await readProfile('bob')]).toEqual([70, undefined]);
});

it('login set rejects a weak password, and asks again when two passwords differ', async () => {
  const answers: Answers = [
    ['Password', 'own'],
    ['New password', 'short'],
    ['New password', PASSWORD],
    ['New password again', 'another'],
    ['differ', ''],
    ...TYPED_PASSWORD.slice(1),
    [RESET_QUESTION, false],
    [MFA_QUESTION, false],
  ];
  const { code, questions } = await world.ramctl('login set alice', { answers });
  expect(code).toBe(0);
  expect(questions[2]).toMatch(/^\(the password is too weak/);
  expect(await verify((await readProfile('alice'))?.PasswordHash ?? '', PASSWORD)).toBe(true);
});

it('login set repeats the directory and the sink in the equivalent command', async () => {
  const answers: Answers = [
    ['Password', 'generate'],
    [RESET_QUESTION, true],
    [MFA_QUESTION, false],
  ];
  const outcome = await world.ramctl('login set alice -d acme.json --secret-to file:alice.csv', { answers });
  const [line = ''] = equivalentCommands(outcome);
  expect([outcome.code, splitWords(line).slice(1, 6)]).toEqual([0, ['-d', 'acme.json', 'login', 'set', 'alice']]);
  expect(line).toContain('--secret-to file:alice.csv');
});

it('login set exits with 3 without a question for an unknown user', async () => {
  expect(await world.ramctl('login set carol', { answers: [] })).toMatchObject({ code: 3, questions: [] });
});
