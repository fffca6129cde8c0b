import { execFileSync } from 'node:child_process';
import { verify } from '@node-rs/argon2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { type Answers, type CommandResult, type RunOptions, TestWorld } from '../../support/test-world.ts';

const PASSWORD = 'Correct-Horse-9';
const ENTER = ['Press Enter', ''] as const;

let world = new TestWorld();
const names = async () => Array.from((await world.state()).Users.values(), ({ UserName }) => UserName);
const user = async (name: string, where = world): Promise<CreatedUser> =>
  (await where.ramctl(['user', 'get', name, '-o', 'json'])).json;

/** The command lines that a wizard ended with. */
function equivalents({ err }: CommandResult): string[] {
  const [, lines = ''] = err.split('The same from a shell:\n');
  return Array.from(lines.matchAll(/^ {2}(ramctl .*)$/gm), ([, line]) => line ?? '');
}

/** The words that a shell makes of a command line, less the first. */
function wordsOf(line: string): string[] {
  const script = `ramctl() { printf '%s\\0' "$@"; }\n${line}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** A user without what differs from one making to the next. */
function lasting({ UserId: _, CreateDate, UpdateDate, AccessKeys, LoginProfile, Policies, ...rest }: CreatedUser) {
  return {
    ...rest,
    AccessKeys: AccessKeys.map(({ Status }) => Status),
    LoginProfile: LoginProfile && { ...LoginProfile, CreateDate: null },
    Policies: Policies.map(({ PolicyName }) => PolicyName),
  };
}

/** Leaves at each question in turn: exit 130, and the directory is what it was. */
async function leavesAtEach(line: string, answers: Answers, situation: RunOptions = {}): Promise<void> {
  const before = await world.state();
  for (const [at, [question]] of answers.entries()) {
    const script: Answers = [...answers.slice(0, at), [question, '^C']];
    const { code, out, err } = await world.ramctl(line, { ...situation, answers: script });
    expect([question, code, out]).toEqual([question, 130, '']);
    expect(err).toContain('cancelled; nothing was written');
    expect(await world.state()).toEqual(before);
  }
}

beforeEach(() => {
  world = new TestWorld();
});

const PERSON: Answers = [
  ['Logon name', 'alice'],
  ['Display name', 'Alice Li'],
  ['Comments', 'on call'],
  ['Access mode', 'console'],
  ['Password', 'generate'],
  ['changed at the next logon', true],
  ['MFA device', true],
  ['Policies', ['ReadOnlyAccess', 'AliyunIOTReadOnlyAccess']],
];
const PROGRAM: Answers = [
  ['Logon name', 'deployer'],
  ['Display name', ''],
  ['Comments', ''],
  ['Access mode', 'key'],
  ['Policies', []],
];
const OWN_PASSWORD: Answers = [
  ['Password', 'own'],
  ['New password', PASSWORD],
  ['New password again', PASSWORD],
];
const NO_MORE: Answers = [
  ['Add another user?', false],
  ['Create this user?', true],
];
const withOwn = [...PERSON.slice(0, 4), ...OWN_PASSWORD, ...PERSON.slice(5)];

describe('user create without a name', () => {
  it('makes one user of the answers and shows the secret before it waits for Enter', async () => {
    const answers: Answers = [...PERSON, ...NO_MORE, ENTER as never];
    const outcome = await world.ramctl('user create -o json', { answers });
    const made: CreatedUser = outcome.json;
    expect(outcome.code).toBe(0);
    expect(made).toMatchObject({
      UserName: 'alice',
      DisplayName: 'Alice Li',
      Comments: 'on call',
      LoginProfile: { Status: 'Active', PasswordResetRequired: true, MFABindRequired: true },
      Password: expect.stringMatching(/^[A-Za-z][A-Za-z0-9!@%^*_]{19}$/),
      AccessKeys: [],
      Policies: [{ PolicyName: 'ReadOnlyAccess' }, { PolicyName: 'AliyunIOTReadOnlyAccess' }],
    });
    expect(outcome.err + outcome.questions.join()).not.toContain(made.Password);
    const hash = (await world.state()).Users.get('alice')?.LoginProfile?.PasswordHash ?? '';
    expect(await verify(hash, made.Password ?? '')).toBe(true);
  });

  it('makes two users at once, after one review', async () => {
    const seen: string[] = [];
    const review = (err: string) => {
      seen.push(err);
      return true;
    };
    const answers: Answers = [
      ...PERSON,
      ['Add another user?', true],
      ['Logon name', 'ALICE'],
      ...PROGRAM,
      ['Add another user?', false],
      ['Create these 2 users?', review],
      ENTER as never,
    ];
    const outcome = await world.ramctl('user create -o json', { answers });
    expect(outcome.code).toBe(0);
    expect(outcome.questions).toContain('(ALICE is taken)');
    for (const word of ['alice', 'Alice Li', 'on call', 'generated password', 'deployer', 'ReadOnlyAccess']) {
      expect(seen[0]).toContain(word);
    }
    const made = outcome.json as CreatedUser[];
    expect(made.map(({ UserName }) => UserName)).toEqual(['alice', 'deployer']);
    expect(made[1]?.AccessKey?.AccessKeySecret).toMatch(/^[A-Za-z0-9]{30}$/);
    expect(outcome.err).not.toContain(made[0]?.Password);
    expect(outcome.err).not.toContain(made[1]?.AccessKey?.AccessKeySecret);
    expect(equivalents(outcome)).toHaveLength(2);
  });

  it('makes none of two when one has become impossible meanwhile', async () => {
    const answers: Answers = [
      ...PERSON,
      ['Add another user?', true],
      ...PROGRAM,
      ['Add another user?', false],
      ['Create these 2 users?', () => world.ramctl('user create deployer')],
    ];
    const { code, out, err } = await world.ramctl('user create -o json', { answers });
    expect([code, out, await names()]).toEqual([1, '', ['deployer']]);
    expect(err).toContain('"EntityAlreadyExists.User"');
  });

  it('takes a password of one’s own, typed twice alike, and shows it nowhere', async () => {
    const seen: string[] = [];
    const answers: Answers = [
      ...PERSON.slice(0, 4),
      ['Password', 'own'],
      ['New password', PASSWORD],
      ['New password again', 'Correct-Horse-8'],
      ['differ', ''],
      ...OWN_PASSWORD.slice(1),
      ...PERSON.slice(5),
      ['Add another user?', false],
      ['Create this user?', (err: string) => seen.push(err)],
    ];
    const outcome = await world.ramctl('user create -o json', { answers });
    expect([outcome.code, (outcome.json as CreatedUser).Password]).toEqual([0, undefined]);
    expect(seen[0]).toContain('your own password');
    const { out, err, questions } = outcome;
    for (const text of [out, err, ...questions]) expect(text).not.toMatch(/Correct-Horse/);
    const hash = (await world.state()).Users.get('alice')?.LoginProfile?.PasswordHash ?? '';
    expect(await verify(hash, PASSWORD)).toBe(true);
  });

  it.each([
    ['', [...PERSON, ...NO_MORE]],
    ['', [...withOwn, ...NO_MORE]],
    ['', [...PROGRAM, ['Add another user?', true], ...withOwn, ...NO_MORE.slice(0, 1), ['Create these 2', true]]],
    ['--console --access-key', [...withOwn.slice(0, 3), ...withOwn.slice(4), ...NO_MORE]],
    ['-o json --quiet', [...PERSON, ...NO_MORE]],
  ] as [string, Answers][])('%s can be left at every question, and nothing is written', async (flags, answers) => {
    await world.ramctl('user create bob');
    await leavesAtEach(`user create ${flags}`, answers);
  });

  it('can be left where two passwords differ', async () => {
    const script: Answers = [...withOwn.slice(0, 6), ['New password again', 'Correct-Horse-8'], ['differ', '^C']];
    const { code } = await world.ramctl('user create', { answers: script });
    expect([code, await names()]).toEqual([130, []]);
  });

  it('a no at the review is exit 130 and makes nothing', async () => {
    const before = await world.state();
    const answers: Answers = [...PERSON, ['Add another user?', false], ['Create this user?', false]];
    const { code, out, err } = await world.ramctl('user create', { answers });
    expect([code, out]).toEqual([130, '']);
    expect(err).toContain('nothing was written');
    expect(await world.state()).toEqual(before);
  });

  it('leaving where it waits for Enter is the same as Enter: the user is there', async () => {
    const { code, out } = await world.ramctl('user create', {
      answers: [...PERSON, ...NO_MORE, ['Press Enter', '^C']],
    });
    expect([code, out !== '', await names()]).toEqual([0, true, ['alice']]);
  });

  it('explains a wrong answer by the rule that the command line has', async () => {
    await world.ramctl('user create Bob');
    await world.store.change(async ({ Account }) => {
      Account.PasswordPolicy.RequireNumbers = true;
    });
    const said = async (...words: string[]) =>
      (
        await world.ramctl(['user', 'create', ...words, '--console', '--password-stdin', '-o', 'json'], {
          input: 'none!',
        })
      ).error.Message;
    const long = 'x'.repeat(129);
    const expected = [
      await said('no blanks'),
      await said('-first').catch(() => ''),
      await said('x'.repeat(65)),
      await said('carol', '--display-name', long),
      await said('carol', '--comments', 'a\u202eb'),
      await said('carol'),
    ];
    const answers: Answers = [
      ['Logon name', 'no blanks'],
      ['Logon name', ''],
      ['Logon name', 'x'.repeat(65)],
      ['Logon name', 'BOB'],
      ['Logon name', 'carol'],
      ['Display name', long],
      ['Display name', 'Carol'],
      ['Comments', 'a\u202eb'],
      ['Comments', ''],
      ['Access mode', 'console'],
      ['Password', 'own'],
      ['New password', 'none!'],
      ['New password', 'no-digits-here'],
      ['New password', PASSWORD],
      ['New password again', '^C'],
    ];
    const { code, questions, err } = await world.ramctl('user create', { answers });
    expect(code).toBe(130);
    const explained = questions.filter((line) => line.startsWith('('));
    expect(explained).toHaveLength(8);
    for (const message of [0, 2, 3, 4, 5].map((at) => expected[at])) expect(explained).toContain(`(${message})`);
    expect(explained).toContain('(BOB is taken)');
    expect(explained.join()).toContain('RequireNumbers');
    expect(explained.join() + err).not.toMatch(/none!|no-digits-here/);
  });

  it.each([
    ['--console --mfa required --password-reset not-required', ['Access mode', 'changed at', 'MFA device']],
    ['--access-key', ['Access mode', 'Password', 'changed at', 'MFA device']],
    ['--policy ReadOnlyAccess', ['Policies']],
    ['--display-name X --comments Y', ['Display name', 'Comments']],
    ['--console --password-file pw', ['Access mode', 'Password']],
  ])('does not ask for what %s says', async (flags, said) => {
    const left = [...PERSON, ...NO_MORE].filter(([question]) => !said.some((part) => question.includes(part)));
    const pause = flags.includes('pw') ? [] : [ENTER as never];
    const situation = { answers: [...left, ...pause], files: { pw: PASSWORD } };
    const outcome = await world.ramctl(`user create ${flags}`, situation);
    expect(outcome.code).toBe(0);
    const made = await user('alice');
    if (flags.includes('--mfa')) {
      expect(made.LoginProfile).toMatchObject({ MFABindRequired: true, PasswordResetRequired: false });
    }
    if (flags.includes('--access-key')) expect(made).toMatchObject({ LoginProfile: null, AccessKeys: [{}] });
    if (flags.includes('--policy')) expect(made.Policies).toMatchObject([{ PolicyName: 'ReadOnlyAccess' }]);
    if (flags.includes('--comments')) expect(made).toMatchObject({ DisplayName: 'X', Comments: 'Y' });
  });

  it('asks for groups where there are any and none are named; the command line does the same', async () => {
    const groups = async (where: TestWorld) => {
      for (const name of ['ops', 'dev']) await where.ramctl(`group create ${name} --comments "the ${name}"`);
    };
    await groups(world);
    const answers: Answers = [...PROGRAM.slice(0, -1), ['Groups', ['ops', 'dev']], ...PROGRAM.slice(-1), ...NO_MORE];
    await leavesAtEach('user create', answers);
    const outcome = await world.ramctl('user create', { answers: [...answers, ENTER as never] });
    expect([outcome.code, await user('deployer')]).toMatchObject([0, { Groups: ['dev', 'ops'] }]);
    const [line = ''] = equivalents(outcome);
    const other = new TestWorld();
    await groups(other);
    expect((await other.ramctl(wordsOf(line))).code).toBe(0);
    expect(lasting(await user('deployer', other))).toEqual(lasting(await user('deployer')));
    const named = [['Logon name', 'eve'] as Answers[number], ...PROGRAM.slice(1), ...NO_MORE, ENTER as never];
    expect((await world.ramctl('user create --group ops', { answers: named })).code).toBe(0);
    expect(await user('eve')).toMatchObject({ Groups: ['ops'] });
    expect(await world.ramctl('user create --group nothing', { answers: [] })).toMatchObject({
      code: 3,
      questions: [],
    });
  });

  it('with --secret-to does not wait for Enter; with --dry-run it makes nothing', async () => {
    const answers = [...PERSON, ...NO_MORE];
    const dry = await world.ramctl('user create --dry-run', { answers });
    expect([dry.code, await names()]).toEqual([0, []]);
    const outcome = await world.ramctl('user create --secret-to file:alice.json', { answers });
    expect([outcome.code, [...world.delivered.keys()]]).toEqual([0, ['alice.json']]);
    expect(outcome.out).not.toContain(JSON.parse(world.delivered.get('alice.json') ?? '').Password);
  });

  it.each([
    ['a person', PERSON, ''],
    ['a program', PROGRAM, ''],
    ['a person with a password of their own', withOwn, ''],
    [
      'settings that are not the default',
      [...PERSON.slice(0, 5), ['changed', false], ['MFA', false], ['Policies', []]],
      '',
    ],
    ['flags', PROGRAM.filter(([question]) => question !== 'Access mode'), '--access-key --email deployer@example.com'],
    ['a sink', PERSON, '--secret-to file:x.json'],
    [
      'words that a shell would take apart',
      [['Logon name', 'eve'], ['Display name', `O'Neil "$HOME"`], ...PROGRAM.slice(2)],
      '',
    ],
    ['a comment that looks like a flag', [...PROGRAM.slice(0, 2), ['Comments', '--urgent'], ...PROGRAM.slice(3)], ''],
    ['a display name that looks like a flag', [['Logon name', 'eve'], ['Display name', '-y'], ...PROGRAM.slice(2)], ''],
  ] as [string, Answers, string][])('ends with a command line that does the same: %s', async (_, questions, flags) => {
    const isAsked = !flags.includes('--secret-to') && questions !== withOwn;
    const answers = [...questions, ...NO_MORE, ...(isAsked ? [ENTER as never] : [])];
    const outcome = await world.ramctl(`user create ${flags}`, { answers });
    expect(outcome.code).toBe(0);
    const [line = '', ...more] = equivalents(outcome);
    expect(more).toEqual([]);
    expect(line).not.toContain(PASSWORD);
    const other = new TestWorld();
    const again = await other.ramctl(wordsOf(line), { input: PASSWORD });
    expect([line, again.code, again.err]).toEqual([line, 0, expect.any(String)]);
    const [name = ''] = await names();
    expect(lasting(await user(name, other))).toEqual(lasting(await user(name)));
    expect([...other.delivered.keys()]).toEqual([...world.delivered.keys()]);
    const [hash, otherHash] = [await world.state(), await other.state()].map(
      (state) => state.Users.get(name)?.LoginProfile?.PasswordHash,
    );
    if (questions === withOwn) expect(await verify(otherHash ?? '', PASSWORD)).toBe(true);
    expect(hash === undefined).toBe(otherHash === undefined);
  });

  it('names the directory in the equivalent command', async () => {
    const answers = [...PROGRAM, ...NO_MORE, ENTER as never];
    const outcome = await world.ramctl('user create -d "my users.json"', { answers });
    expect(equivalents(outcome)).toEqual(["ramctl -d 'my users.json' user create deployer --access-key"]);
  });

  it('with --quiet says nothing but what is asked and reviewed', async () => {
    const outcome = await world.ramctl('user create --quiet', { answers: [...PROGRAM, ...NO_MORE, ENTER as never] });
    expect([outcome.code, equivalents(outcome)]).toEqual([0, []]);
  });
});

describe('user edit without flags', () => {
  const KEEP: Answers = ['Logon name', 'Display name', 'Comments', 'Email', 'Mobile phone'].map((part) => [part, '=']);
  const create = 'user create alice --display-name "Alice Li" --comments "on call" --email alice@example.com';
  const edited = (changes: Record<string, string>): Answers =>
    KEEP.map(([question, answer]) => [question, changes[question] ?? answer]);

  beforeEach(async () => {
    await world.ramctl(create);
    await world.ramctl('user create bob');
  });

  it.each([
    ['a new name', { 'Logon name': 'alice.li' }, { UserName: 'alice.li', DisplayName: 'Alice Li' }],
    ['another case of the name', { 'Logon name': 'ALICE' }, { UserName: 'ALICE' }],
    ['what was empty', { 'Mobile phone': '86-13800000000' }, { MobilePhone: '86-13800000000', Comments: 'on call' }],
    ['what is cleared', { Comments: '', Email: '' }, { Comments: null, Email: null, DisplayName: 'Alice Li' }],
    ['a cleared display name', { 'Display name': '' }, { DisplayName: 'alice' }],
    ['a comment that looks like a flag', { Comments: '--urgent' }, { Comments: '--urgent' }],
  ])('changes %s and keeps the rest; the command line does the same', async (_, changes, expected) => {
    const outcome = await world.ramctl('user edit alice -o json', {
      answers: edited(changes as Record<string, string>),
    });
    expect([outcome.code, outcome.json]).toMatchObject([0, expected]);
    const [line = ''] = equivalents(outcome);
    const other = new TestWorld();
    await other.ramctl(create);
    const again = await other.ramctl(wordsOf(line));
    expect([line, again.code]).toEqual([line, 0]);
    const { UserName } = outcome.json as CreatedUser;
    expect(lasting(await user(UserName, other))).toEqual(lasting(await user(UserName)));
  });

  it('keeps everything when every answer stays, and says no command that would be refused', async () => {
    const before = lasting(await user('alice'));
    const outcome = await world.ramctl('user edit alice', { answers: KEEP });
    expect(outcome.code).toBe(0);
    expect(lasting(await user('alice'))).toEqual(before);
    for (const line of equivalents(outcome)) expect((await world.ramctl(wordsOf(line))).code).toBe(0);
  });

  it('lets the user be found, and refuses names and addresses as the command line does', async () => {
    const answers: Answers = [
      ['User', 'alice (Alice Li)'],
      ['Logon name', 'BOB'],
      ['Logon name', 'no blanks'],
      ['Logon name', '='],
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

  it('can be left at every question', async () => {
    await leavesAtEach('user edit', [['User', 'alice'], ...edited({ 'Logon name': 'x', Email: '' })]);
  });

  it('is exit 3 for nobody, without a question', async () => {
    expect(await world.ramctl('user edit carol', { answers: [] })).toMatchObject({ code: 3, questions: [] });
  });
});

describe('nobody to ask', () => {
  beforeEach(async () => {
    await world.ramctl('user create alice --console');
  });

  it.each([
    ['user create', 'name'],
    ['user create --console', 'name'],
    ['user edit', 'user'],
    ['user edit alice', '--name'],
    ['login set', 'user'],
    ['login set alice', '--generate-password'],
    ['ak create', 'user'],
    ['mfa enable', '--no-bind'],
    ['mfa enable alice', '--no-bind'],
    ['mfa enable --no-bind', 'user'],
    ['mfa enable --at-next-logon', 'user'],
  ])('%s is exit 2 and never a question', async (line, argument) => {
    const before = await world.state();
    const situations: [string, RunOptions][] = [
      [line, {}],
      [`${line} --no-input`, { answers: [] }],
      [line, { answers: [], environment: { input: false } }],
    ];
    for (const [words, situation] of situations) {
      const { code, out, error, questions } = await world.ramctl(`${words} -o json`, situation);
      expect([code, out, questions, error.Code]).toEqual([2, '', [], 'Usage']);
      expect(error.Field).toBe(argument);
    }
    expect(await world.state()).toEqual(before);
  });
});

describe('ak create without a user', () => {
  it('lets one be found, and can be left', async () => {
    await world.ramctl('user create alice --display-name "Alice Li"');
    await leavesAtEach('ak create', [['User', 'alice']]);
    const { code, json } = await world.ramctl('ak create -o json', { answers: [['User', 'alice (Alice Li)']] });
    expect([code, json]).toMatchObject([0, { UserName: 'alice', AccessKeyId: expect.any(String) }]);
  });

  it('asks nothing when there is nobody to be chosen', async () => {
    const { code, questions } = await world.ramctl('ak create', { answers: [] });
    expect([code, questions]).toEqual([3, []]);
  });
});
