import { verify } from '@node-rs/argon2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { type Answers, TestWorld } from '../../support/test-world.ts';
import { equivalentCommands, expectCancelAtEach, shellArgs, withoutUniqueValues } from '../../support/wizard.ts';
import { PERSON, PROGRAM } from './wizard-answers.ts';

const PASSWORD = 'Correct-Horse-9';
const ENTER: Answers[number] = ['Press Enter', ''];

let world = new TestWorld();
const names = async () => Array.from((await world.state()).Users.values(), ({ UserName }) => UserName);
const user = async (name: string, target = world): Promise<CreatedUser> =>
  (await target.ramctl(['user', 'get', name, '-o', 'json'])).json;

beforeEach(() => {
  world = new TestWorld();
});

const OWN_PASSWORD: Answers = [
  ['Password', 'own'],
  ['New password', PASSWORD],
  ['New password again', PASSWORD],
];
const NO_MORE: Answers = [
  ['Add another user?', false],
  ['Create this user?', 'create'],
];
const PERSON_WITH_PASSWORD = [...PERSON.slice(0, 4), ...OWN_PASSWORD, ...PERSON.slice(5)];

describe('user create without a name', () => {
  it('creates one user from the answers and shows the secret before it waits for Enter', async () => {
    const answers: Answers = [...PERSON, ...NO_MORE, ENTER];
    const outcome = await world.ramctl('user create -o json', { answers });
    const created: CreatedUser = outcome.json;
    expect(outcome.code).toBe(0);
    expect(created).toMatchObject({
      UserName: 'alice',
      DisplayName: 'Alice Li',
      Comments: 'on call',
      LoginProfile: { Status: 'Active', PasswordResetRequired: true, MFABindRequired: true },
      Password: expect.stringMatching(/^[A-Za-z][A-Za-z0-9!@%^*_]{19}$/),
      AccessKeys: [],
      Policies: [{ PolicyName: 'ReadOnlyAccess' }, { PolicyName: 'AliyunIOTReadOnlyAccess' }],
    });
    expect(outcome.err + outcome.questions.join()).not.toContain(created.Password);
    const hash = (await world.state()).Users.get('alice')?.LoginProfile?.PasswordHash ?? '';
    expect(await verify(hash, created.Password ?? '')).toBe(true);
  });

  it('creates two users in one transaction after one review', async () => {
    const reviews: string[] = [];
    const review = (err: string) => {
      reviews.push(err);
      return 'create';
    };
    const answers: Answers = [
      ...PERSON,
      ['Add another user?', true],
      ['User name', 'ALICE'],
      ...PROGRAM,
      ['Add another user?', false],
      ['Create these 2 users?', review],
      ENTER,
    ];
    const outcome = await world.ramctl('user create -o json', { answers });
    expect(outcome.code).toBe(0);
    expect(outcome.questions).toContain('(the user ALICE already exists)');
    for (const word of ['alice', 'Alice Li', 'on call', 'generated', 'deployer', 'ReadOnlyAccess']) {
      expect(reviews[0]).toContain(word);
    }
    const created = outcome.json as CreatedUser[];
    expect(created.map(({ UserName }) => UserName)).toEqual(['alice', 'deployer']);
    expect(created[1]?.AccessKey?.AccessKeySecret).toMatch(/^[A-Za-z0-9]{30}$/);
    expect(outcome.err).not.toContain(created[0]?.Password);
    expect(outcome.err).not.toContain(created[1]?.AccessKey?.AccessKeySecret);
    expect(equivalentCommands(outcome)).toHaveLength(2);
  });

  it('creates neither of two users when another process created one of them during the review', async () => {
    const answers: Answers = [
      ...PERSON,
      ['Add another user?', true],
      ...PROGRAM,
      ['Add another user?', false],
      [
        'Create these 2 users?',
        async () => {
          await world.ramctl('user create deployer');
          return 'create';
        },
      ],
    ];
    const { code, out, err } = await world.ramctl('user create -o json', { answers });
    expect([code, out, await names()]).toEqual([1, '', ['deployer']]);
    expect(err).toContain('"EntityAlreadyExists.User"');
  });

  it('accepts a password that the user types twice, and shows it nowhere', async () => {
    const reviews: string[] = [];
    const answers: Answers = [
      ...PERSON.slice(0, 4),
      ['Password', 'own'],
      ['New password', PASSWORD],
      ['New password again', 'Correct-Horse-8'],
      ['differ', ''],
      ...OWN_PASSWORD.slice(1),
      ...PERSON.slice(5),
      ['Add another user?', false],
      ['Create this user?', (err: string) => reviews.push(err) && 'create'],
    ];
    const outcome = await world.ramctl('user create -o json', { answers });
    expect([outcome.code, (outcome.json as CreatedUser).Password]).toEqual([0, undefined]);
    expect(reviews[0]).toContain('your own password');
    const { out, err, questions } = outcome;
    for (const text of [out, err, ...questions]) expect(text).not.toMatch(/Correct-Horse/);
    const hash = (await world.state()).Users.get('alice')?.LoginProfile?.PasswordHash ?? '';
    expect(await verify(hash, PASSWORD)).toBe(true);
  });

  it.each([
    ['', [...PERSON, ...NO_MORE]],
    ['', [...PERSON_WITH_PASSWORD, ...NO_MORE]],
    [
      '',
      [
        ...PROGRAM,
        ['Add another user?', true],
        ...PERSON_WITH_PASSWORD,
        ...NO_MORE.slice(0, 1),
        ['Create these 2', 'create'],
      ],
    ],
    ['--console --access-key', [...PERSON_WITH_PASSWORD.slice(0, 3), ...PERSON_WITH_PASSWORD.slice(4), ...NO_MORE]],
    ['-o json --quiet', [...PERSON, ...NO_MORE]],
  ] as [string, Answers][])(
    'with flags "%s" can be cancelled at every question, and nothing is written',
    async (flags, answers) => {
      await world.ramctl('user create bob');
      await expectCancelAtEach(world, `user create ${flags}`, answers);
    },
  );

  it('can be cancelled after two different passwords', async () => {
    const script: Answers = [
      ...PERSON_WITH_PASSWORD.slice(0, 6),
      ['New password again', 'Correct-Horse-8'],
      ['differ', '^C'],
    ];
    const { code } = await world.ramctl('user create', { answers: script });
    expect([code, await names()]).toEqual([130, []]);
  });

  it('exits with 130 and creates nothing when the user cancels at the review', async () => {
    const before = await world.state();
    const answers: Answers = [...PERSON, ['Add another user?', false], ['Create this user?', 'cancel']];
    const { code, out, err } = await world.ramctl('user create', { answers });
    expect([code, out]).toEqual([130, '']);
    expect(err).toContain('nothing was written');
    expect(await world.state()).toEqual(before);
  });

  it('treats Ctrl-C like Enter after it has created the user', async () => {
    const { code, out } = await world.ramctl('user create', {
      answers: [...PERSON, ...NO_MORE, ['Press Enter', '^C']],
    });
    expect([code, out !== '', await names()]).toEqual([0, true, ['alice']]);
  });

  it('rejects a wrong answer with the same message as the command line', async () => {
    await world.ramctl('user create Bob');
    await world.store.change(async ({ Account }) => {
      Account.PasswordPolicy.RequireNumbers = true;
    });
    const messageFor = async (...args: string[]) =>
      (
        await world.ramctl(['user', 'create', ...args, '--console', '--password-stdin', '-o', 'json'], {
          input: 'none!',
        })
      ).error.Message;
    const long = 'x'.repeat(129);
    const expected = [
      await messageFor('no blanks'),
      await messageFor('-first').catch(() => ''),
      await messageFor('x'.repeat(65)),
      await messageFor('carol', '--display-name', long),
      await messageFor('carol', '--comments', 'a\u202eb'),
      await messageFor('carol'),
    ];
    const answers: Answers = [
      ['User name', 'no blanks'],
      ['User name', ''],
      ['User name', 'x'.repeat(65)],
      ['User name', 'BOB'],
      ['User name', 'carol'],
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
    const rejections = questions.filter((line) => line.startsWith('('));
    expect(rejections).toHaveLength(8);
    for (const message of [0, 2, 3, 4, 5].map((index) => expected[index])) expect(rejections).toContain(`(${message})`);
    expect(rejections).toContain('(the user BOB already exists)');
    expect(rejections.join()).toContain('RequireNumbers');
    expect(rejections.join() + err).not.toMatch(/none!|no-digits-here/);
  });

  it.each([
    ['--console --mfa required --password-reset not-required', ['Access mode', 'new password at', 'MFA device']],
    ['--access-key', ['Access mode', 'Password', 'new password at', 'MFA device']],
    ['--policy ReadOnlyAccess', ['Policies']],
    ['--display-name X --comments Y', ['Display name', 'Comments']],
    ['--console --password-file pw', ['Access mode', 'Password']],
  ])('does not ask for the values that %s gives', async (flags, given) => {
    const questions = [...PERSON, ...NO_MORE].filter(([question]) => !given.some((part) => question.includes(part)));
    const pause = flags.includes('pw') ? [] : [ENTER];
    const situation = { answers: [...questions, ...pause], files: { pw: PASSWORD } };
    const outcome = await world.ramctl(`user create ${flags}`, situation);
    expect(outcome.code).toBe(0);
    const created = await user('alice');
    if (flags.includes('--mfa')) {
      expect(created.LoginProfile).toMatchObject({ MFABindRequired: true, PasswordResetRequired: false });
    }
    if (flags.includes('--access-key')) expect(created).toMatchObject({ LoginProfile: null, AccessKeys: [{}] });
    if (flags.includes('--policy')) expect(created.Policies).toMatchObject([{ PolicyName: 'ReadOnlyAccess' }]);
    if (flags.includes('--comments')) expect(created).toMatchObject({ DisplayName: 'X', Comments: 'Y' });
  });

  it('asks for groups when groups exist and no --group is given, and prints an equivalent command', async () => {
    const createGroups = async (target: TestWorld) => {
      for (const name of ['ops', 'dev']) await target.ramctl(`group create ${name} --comments "the ${name}"`);
    };
    await createGroups(world);
    const answers: Answers = [...PROGRAM.slice(0, -1), ['Groups', ['ops', 'dev']], ...PROGRAM.slice(-1), ...NO_MORE];
    await expectCancelAtEach(world, 'user create', answers);
    const outcome = await world.ramctl('user create', { answers: [...answers, ENTER] });
    expect([outcome.code, await user('deployer')]).toMatchObject([0, { Groups: ['dev', 'ops'] }]);
    const [line = ''] = equivalentCommands(outcome);
    const other = new TestWorld();
    await createGroups(other);
    expect((await other.ramctl(shellArgs(line))).code).toBe(0);
    expect(withoutUniqueValues(await user('deployer', other))).toEqual(withoutUniqueValues(await user('deployer')));
    const answersForEve = [['User name', 'eve'] as Answers[number], ...PROGRAM.slice(1), ...NO_MORE, ENTER];
    expect((await world.ramctl('user create --group ops', { answers: answersForEve })).code).toBe(0);
    expect(await user('eve')).toMatchObject({ Groups: ['ops'] });
    expect(await world.ramctl('user create --group nothing', { answers: [] })).toMatchObject({
      code: 3,
      questions: [],
    });
  });

  it('does not wait for Enter with --secret-to, and creates nothing with --dry-run', async () => {
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
    ['a person who types a password', PERSON_WITH_PASSWORD, ''],
    [
      'settings other than the defaults',
      [...PERSON.slice(0, 5), ['Require a new password', false], ['MFA', false], ['Policies', []]],
      '',
    ],
    ['flags', PROGRAM.filter(([question]) => question !== 'Access mode'), '--access-key --email deployer@example.com'],
    ['a sink', PERSON, '--secret-to file:x.json'],
    [
      'a display name that a shell would split',
      [['User name', 'eve'], ['Display name', `O'Neil "$HOME"`], ...PROGRAM.slice(2)],
      '',
    ],
    ['a comment that looks like a flag', [...PROGRAM.slice(0, 2), ['Comments', '--urgent'], ...PROGRAM.slice(3)], ''],
    ['a display name that looks like a flag', [['User name', 'eve'], ['Display name', '-y'], ...PROGRAM.slice(2)], ''],
  ] as [string, Answers, string][])('prints an equivalent command for %s', async (_, questions, flags) => {
    const waitsForEnter = !flags.includes('--secret-to') && questions !== PERSON_WITH_PASSWORD;
    const answers = [...questions, ...NO_MORE, ...(waitsForEnter ? [ENTER] : [])];
    const outcome = await world.ramctl(`user create ${flags}`, { answers });
    expect(outcome.code).toBe(0);
    const [line = '', ...more] = equivalentCommands(outcome);
    expect(more).toEqual([]);
    expect(line).not.toContain(PASSWORD);
    const other = new TestWorld();
    const again = await other.ramctl(shellArgs(line), { input: PASSWORD });
    expect([line, again.code, again.err]).toEqual([line, 0, expect.any(String)]);
    const [name = ''] = await names();
    expect(withoutUniqueValues(await user(name, other))).toEqual(withoutUniqueValues(await user(name)));
    expect([...other.delivered.keys()]).toEqual([...world.delivered.keys()]);
    const [hash, otherHash] = [await world.state(), await other.state()].map(
      (state) => state.Users.get(name)?.LoginProfile?.PasswordHash,
    );
    if (questions === PERSON_WITH_PASSWORD) expect(await verify(otherHash ?? '', PASSWORD)).toBe(true);
    expect(hash === undefined).toBe(otherHash === undefined);
  });

  it('repeats the directory option in the equivalent command', async () => {
    const answers = [...PROGRAM, ...NO_MORE, ENTER];
    const outcome = await world.ramctl('user create -d "my users.json"', { answers });
    expect(equivalentCommands(outcome)).toEqual(["ramctl -d 'my users.json' user create deployer --access-key"]);
  });

  it('repeats the sink and its options in the equivalent command', async () => {
    const flags = '--secret-to aliyun:deployer --config-path c.json';
    const outcome = await world.ramctl(`user create ${flags}`, { answers: [...PROGRAM, ...NO_MORE] });
    expect(equivalentCommands(outcome)).toEqual([`ramctl user create deployer --access-key ${flags}`]);
  });

  it('prints no equivalent command with --quiet', async () => {
    const outcome = await world.ramctl('user create --quiet', { answers: [...PROGRAM, ...NO_MORE, ENTER] });
    expect([outcome.code, equivalentCommands(outcome)]).toEqual([0, []]);
  });
});
