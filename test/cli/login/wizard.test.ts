import { verify } from '@node-rs/argon2';
import { beforeEach, expect, it } from 'vitest';
import type { LogonSettings } from '../../../src/core/workflows/login.ts';
import { splitWords } from '../../support/shell.ts';
import { type Answers, TestWorld } from '../../support/test-world.ts';

const PASSWORD = 'Correct-Horse-9';
const OWN: Answers = [
  ['Password', 'own'],
  ['New password', PASSWORD],
  ['New password again', PASSWORD],
];
const RESET = 'changed at the next logon';
const MFA = 'MFA device';

let world = new TestWorld();
const login = async (name: string, where = world) => (await where.state()).Users.get(name)?.LoginProfile;

async function furnished(): Promise<TestWorld> {
  const made = new TestWorld();
  await made.ramctl('user create alice --console --password-reset not-required --mfa required');
  await made.ramctl('user create bob');
  return made;
}

beforeEach(async () => {
  world = await furnished();
});

const CASES: [string, string, Answers, object][] = [
  [
    'keeps the password',
    'alice',
    [
      ['Password', 'keep'],
      [RESET, true],
      [MFA, false],
    ],
    { PasswordResetRequired: true, MFABindRequired: false },
  ],
  [
    'generates one',
    'alice',
    [
      ['Password', 'generate'],
      [RESET, true],
      [MFA, true],
    ],
    { PasswordResetRequired: true, MFABindRequired: true },
  ],
  [
    'takes one',
    'alice',
    [...OWN, [RESET, false], [MFA, false]],
    { PasswordResetRequired: false, MFABindRequired: false },
  ],
  [
    'gives console logon',
    'bob',
    [
      ['Password', 'generate'],
      [RESET, false],
      [MFA, true],
    ],
    { Status: 'Active', PasswordResetRequired: false, MFABindRequired: true },
  ],
];

it.each(CASES)('login set without flags %s; the command line does the same', async (_, name, answers, expected) => {
  const before = await login(name);
  const outcome = await world.ramctl(['login', 'set', name, '-o', 'json'], { answers });
  const { Password, ...made } = outcome.json as LogonSettings;
  expect([outcome.code, made]).toMatchObject([0, expected]);
  const [, choice] = answers[0] ?? [];
  expect(Password !== undefined).toBe(choice === 'generate');
  const after = await login(name);
  if (choice === 'keep') expect(after?.PasswordHash).toBe(before?.PasswordHash);
  else expect(await verify(after?.PasswordHash ?? '', Password ?? PASSWORD)).toBe(true);
  const { out, err, questions } = outcome;
  expect(out + err + questions.join()).not.toContain(PASSWORD);

  const line = /^ {2}ramctl (.*)$/m.exec(err)?.[1] ?? '';
  const other = await furnished();
  const again = await other.ramctl(`${line} -o json`, { input: PASSWORD });
  expect([line, again.code]).toEqual([line, 0]);
  const same = { ...(await login(name, other)), CreateDate: '', PasswordDate: '', PasswordHash: '' };
  expect(same).toEqual({ ...after, CreateDate: '', PasswordDate: '', PasswordHash: '' });
});

it.each(CASES)('login set that %s can be left at every question', async (_, name, answers) => {
  const before = await world.state();
  const script: Answers = [['User', name], ...answers];
  for (const [at, [question]] of script.entries()) {
    const left: Answers = [...script.slice(0, at), [question, '^C']];
    const { code, out } = await world.ramctl('login set', { answers: left });
    expect([question, code, out]).toEqual([question, 130, '']);
    expect(await world.state()).toEqual(before);
  }
});

it('login set offers to keep a password only where there is one', async () => {
  const { code } = await world.ramctl('login set bob', { answers: [['Password', 'keep']] });
  expect([code, await login('bob')]).toEqual([70, undefined]);
});

it('login set explains a weak password, and asks again when two differ', async () => {
  const answers: Answers = [
    ['Password', 'own'],
    ['New password', 'short'],
    ['New password', PASSWORD],
    ['New password again', 'another'],
    ['differ', ''],
    ...OWN.slice(1),
    [RESET, false],
    [MFA, false],
  ];
  const { code, questions } = await world.ramctl('login set alice', { answers });
  expect(code).toBe(0);
  expect(questions[2]).toMatch(/^\(the password is too weak/);
  expect(await verify((await login('alice'))?.PasswordHash ?? '', PASSWORD)).toBe(true);
});

it('login set names the directory and the sink in the equivalent command', async () => {
  const answers: Answers = [
    ['Password', 'generate'],
    [RESET, true],
    [MFA, false],
  ];
  const { code, err } = await world.ramctl('login set alice -d acme.json --secret-to file:alice.csv', { answers });
  const line = /^ {2}ramctl (.*)$/m.exec(err)?.[1] ?? '';
  expect([code, splitWords(line).slice(0, 5)]).toEqual([0, ['-d', 'acme.json', 'login', 'set', 'alice']]);
  expect(line).toContain('--secret-to file:alice.csv');
});

it('login set is exit 3 for nobody, without a question', async () => {
  expect(await world.ramctl('login set carol', { answers: [] })).toMatchObject({ code: 3, questions: [] });
});
