import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { type Answers, type RunOptions, TestWorld } from '../../support/test-world.ts';
import { expectCancelAtEach, shellArgs, withoutUniqueValues } from '../../support/wizard.ts';
import { PERSON, PROGRAM } from './wizard-answers.ts';

const PASSWORD = 'Correct-Horse-9';
const ENTER: Answers[number] = ['Press Enter', ''];
const ONE: Answers = [...PERSON, ['Add another user?', false]];
const TWO: Answers = [...PERSON, ['Add another user?', true], ...PROGRAM, ['Add another user?', false]];
const CREATE: Answers = [['Create', 'create'], ENTER];

let world = new TestWorld();
const state = () => world.state();
const readUsers = async (target = world): Promise<CreatedUser[]> => {
  const names = Array.from((await target.state()).Users.values(), ({ UserName }) => UserName);
  return Promise.all(names.sort().map(async (name) => (await target.ramctl(['user', 'get', name, '-o', 'json'])).json));
};
const change = (label: string, ...answers: Answers): Answers => [
  ['Create this user?', 'change'],
  ['Which answer about', label],
  ...answers,
];

beforeEach(() => {
  world = new TestWorld();
});

describe('the review of user create', () => {
  it.each([
    ['User name: alice', [['User name', 'alice.li']], { UserName: 'alice.li' }],
    ['Display name: Alice Li', [['Display name', '']], { DisplayName: null }],
    ['Comments: on call', [['Comments', 'day shift']], { Comments: 'day shift' }],
    ['Email: none', [['Email', 'alice@example.com']], { Email: 'alice@example.com' }],
    ['Mobile phone: none', [['Mobile phone', '86-13800000000']], { MobilePhone: '86-13800000000' }],
    ['Access mode: console logon', [['Access mode', 'key']], { LoginProfile: null, AccessKeys: [{}] }],
    ['Access mode: console logon', [['Access mode', 'both']], { LoginProfile: {}, AccessKeys: [{}] }],
    [
      'Password reset: required',
      [['new password at', false]],
      { LoginProfile: { PasswordResetRequired: false, MFABindRequired: true } },
    ],
    ['MFA: required', [['MFA device', false]], { LoginProfile: { MFABindRequired: false } }],
    ['Groups: none', [['Groups', ['ops']]], { Groups: ['ops'] }],
    [
      'Policies: ReadOnlyAccess, AliyunIOTReadOnlyAccess',
      [['Policies', ['AliyunOSSReadOnlyAccess']]],
      { Policies: [{ PolicyName: 'AliyunOSSReadOnlyAccess' }] },
    ],
  ] as [string, Answers, object][])(
    'changes the answer "%s" and keeps the others',
    async (label, answers, expected) => {
      await world.ramctl('group create ops');
      const one = [...PERSON.slice(0, -1), ['Groups', []], ...PERSON.slice(-1), ['Add another', false]] as Answers;
      const script = [...one, ...change(label, ...answers), ...CREATE];
      expect((await world.ramctl('user create', { answers: script })).code).toBe(0);
      const unchanged = { DisplayName: 'Alice Li', Comments: 'on call', Email: null };
      expect(await readUsers()).toMatchObject([{ ...unchanged, ...expected }]);
    },
  );

  it('shows the present answer as the default of a changed question', async () => {
    const script = [...ONE, ...change('Comments: on call', ['Comments', '=']), ...CREATE];
    expect((await world.ramctl('user create', { answers: script })).code).toBe(0);
    expect(await readUsers()).toMatchObject([{ Comments: 'on call' }]);
  });

  it('replaces a generated password by a typed one and the other way round', async () => {
    const own: Answers = [
      ['Password', 'own'],
      ['New password', PASSWORD],
      ['New password again', PASSWORD],
    ];
    const typed = [...ONE, ...change('Password: generated', ...own), ['Create', 'create'] as Answers[number]];
    const outcome = await world.ramctl('user create -o json', { answers: typed });
    expect([outcome.code, (outcome.json as CreatedUser).Password]).toEqual([0, undefined]);
    world = new TestWorld();
    const both = [
      ...ONE,
      ...change('Password: generated', ...own),
      ...change('Password: typed', ['Password', 'keep']),
      ...change('Password: typed', ['Password', 'generate']),
      ...CREATE,
    ];
    const { json, err } = await world.ramctl('user create -o json', { answers: both });
    expect((json as CreatedUser).Password).toMatch(/^.{20}$/);
    expect(err).not.toContain(PASSWORD);
  });

  it('asks for the logon settings when the changed access mode adds console logon', async () => {
    const settings: Answers = [
      ['Access mode', 'console'],
      ['Password', 'generate'],
      ['new password at', false],
      ['MFA device', true],
    ];
    const script = [
      ...PROGRAM,
      ['Add another user?', false] as Answers[number],
      ...change('Access mode: AccessKey', ...settings),
      ...CREATE,
    ];
    expect((await world.ramctl('user create', { answers: script })).code).toBe(0);
    const LoginProfile = { PasswordResetRequired: false, MFABindRequired: true };
    expect(await readUsers()).toMatchObject([{ LoginProfile, AccessKeys: [] }]);
  });

  it('changes one of several users, refuses the name of another one, and shows the change in the next review', async () => {
    await world.ramctl('user create bob');
    const reviews: string[] = [];
    const script: Answers = [
      ...TWO,
      ['Create these 2 users?', 'change'],
      ['Which user?', 'deployer'],
      ['Which answer about deployer?', 'User name: deployer'],
      ['User name', 'ALICE'],
      ['User name', 'Bob'],
      ['User name', 'pipeline'],
      ['Create these 2 users?', (err: string) => reviews.push(err.split('deployer').at(-1) ?? '') && 'create'],
      ENTER,
    ];
    const { code, questions } = await world.ramctl('user create', { answers: script });
    expect(code).toBe(0);
    expect(questions).toEqual(
      expect.arrayContaining(['(the user ALICE already exists)', '(the user Bob already exists)']),
    );
    expect(reviews[0]).toContain('pipeline');
    expect((await readUsers()).map(({ UserName }) => UserName)).toEqual(['alice', 'bob', 'pipeline']);
  });

  it('removes a user from the list, adds another one and goes back without a change', async () => {
    const script: Answers = [
      ...TWO,
      ['Create these 2 users?', 'change'],
      ['Which user?', 'alice'],
      ['Which answer about alice?', 'remove alice from the list'],
      ['Create this user?', 'add'],
      ['User name', 'alice'],
      ...PERSON.slice(1),
      ['Create these 2 users?', 'change'],
      ['Which user?', 'deployer'],
      ['Which answer about deployer?', 'back'],
      ['Create these 2 users?', 'create'],
      ENTER,
    ];
    expect((await world.ramctl('user create', { answers: script })).code).toBe(0);
    expect((await readUsers()).map(({ UserName }) => UserName)).toEqual(['alice', 'deployer']);
  });

  it('keeps the answers when a rule does not allow them, and says why', async () => {
    const script: Answers = [
      ...TWO,
      ['Cannot create these 2 users: a .env file can hold the secrets of one user only', 'change'],
      ['Which user?', 'alice'],
      ['Which answer', 'remove alice from the list'],
      ['Create this user?', 'create'],
    ];
    expect((await world.ramctl('user create --secret-to file:x.env', { answers: script })).code).toBe(0);
    expect([...world.delivered.keys(), ...(await state()).Users.keys()]).toEqual(['x.env', 'deployer']);
  });

  it.each([80, 100])('shows ten users in at most three lines each at %s columns', async (width) => {
    const flags = '--console --mfa required --password-reset required --email team@example.com';
    const names = Array.from({ length: 10 }, (_, index) => `person${index}`);
    const questions = names.flatMap(
      (name): Answers => [
        ['User name', name],
        ['Display name', `Person ${name}`],
        ['Comments', ''],
        ['Password', 'generate'],
        ['Policies', ['AliyunECSReadOnlyAccess']],
        ['Add another user?', name !== 'person9'],
      ],
    );
    const answers: Answers = [...questions, ['Create these 10 users?', 'cancel']];
    const { err } = await world.ramctl(`user create ${flags}`, { answers, width });
    expect(err.match(/^(person| {2}).*$/gm)?.length).toBeLessThanOrEqual(30);
    for (const name of names) expect(err).toContain(name);
  });

  it('prints the secrets of several users in one line for each user', async () => {
    const script: Answers = [...TWO, ['Create these 2 users?', 'create'], ENTER];
    const { out } = await world.ramctl('user create', { answers: script, width: 120 });
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^User +Password +AccessKey ID +AccessKey Secret$/),
      expect.stringMatching(/^alice +[A-Za-z]\S{19} +- +-$/),
      expect.stringMatching(/^deployer +- +LTAI\S+ +\S{30}$/),
      'Secrets are shown only once. Store them now.',
    ]);
  });

  it('prints the remark about a weak password once for each password', async () => {
    const type = (password: string): Answers => [
      ['Password', 'own'],
      ['New password', password],
      ['New password again', password],
    ];
    const weak = [...PERSON.slice(0, 4), ...type('weakpassword'), ...PERSON.slice(5)];
    const script: Answers = [
      ...weak,
      ['Add another user?', false],
      ...change('Comments: on call', ['Comments', '']),
      ...change('Password: typed', ...type('otherpassword')),
      ...change('Email: none', ['Email', '']),
      ['Create this user?', 'cancel'],
    ];
    const { err } = await world.ramctl('user create', { answers: script });
    expect(err.match(/password is weak/g)).toHaveLength(2);
  });

  it('can be cancelled at every question, and nothing is written', async () => {
    const script = [...ONE, ...change('Comments: on call', ['Comments', 'x']), ['Create', 'save'] as Answers[number]];
    await expectCancelAtEach(world, 'user create', [...script, ['New file', '']]);
    expect([...world.delivered]).toEqual([]);
  });
});

describe('saving the new users as a file', () => {
  const save = (path: string, script: Answers = TWO): Answers => [...script, ['Create', 'save'], ['New file', path]];
  const read = (path: string): RunOptions => ({ files: { [path]: world.delivered.get(path) ?? '' } });

  it.each(['users.csv', 'users.json', 'users.yaml', 'users.yml'])('%s imports as the same users', async (path) => {
    const odd: Answers = [
      ['User name', '007'],
      ['Display name', '=1+1; "quoted", yes'],
      ['Comments', ' 2026-01-01 '],
      ['Access mode', 'both'],
      ['Password', 'generate'],
      ['new password at', false],
      ['MFA', false],
      ['Groups', ['ops', 'dev']],
      ['Policies', []],
    ];
    const answers = odd.filter(([question]) => question !== 'Groups');
    const script = (end: Answers): Answers => [
      ...PERSON,
      ['Add another user?', true],
      ...PROGRAM,
      ['Add another user?', true],
      ...answers,
      ['Add another user?', false],
      ...end,
    ];
    const flags = '--group ops --group dev --email team@example.com';
    for (const name of ['ops', 'dev']) await world.ramctl(`group create ${name}`);
    const saved = await world.ramctl(`user create ${flags}`, {
      answers: script([
        ['Create', 'save'],
        ['New file', path],
      ]),
    });
    expect([saved.code, saved.out, (await state()).Users.size]).toEqual([0, '', 0]);
    if (path.endsWith('.csv')) expect(world.delivered.get(path)).toContain('"\'=1+1; ""quoted""');
    const [, command = ''] = /Create the users with:\n {2}(ramctl .*)\n/.exec(saved.err) ?? [];
    const imported = await world.ramctl(shellArgs(command), read(path));
    expect([imported.err, imported.code]).toEqual([expect.any(String), 0]);
    const other = new TestWorld();
    for (const name of ['ops', 'dev']) await other.ramctl(`group create ${name}`);
    await other.ramctl(`user create ${flags}`, { answers: script(CREATE) });
    const users = await readUsers();
    expect(users).toHaveLength(3);
    expect(users.map(withoutUniqueValues)).toEqual((await readUsers(other)).map(withoutUniqueValues));
  });

  it('does not save a typed password, and says that the import generates one', async () => {
    const own: Answers = [
      ['Password', 'own'],
      ['New password', PASSWORD],
      ['New password again', PASSWORD],
    ];
    const script = [...PERSON.slice(0, 4), ...own, ...PERSON.slice(5), ['Add another user?', false] as Answers[number]];
    const { err } = await world.ramctl('user create', { answers: save('users.csv', script) });
    expect(err).toContain('The import will generate a password for alice');
    expect(err + world.delivered.get('users.csv')).not.toContain(PASSWORD);
    expect((await world.ramctl('user import users.csv', read('users.csv'))).code).toBe(0);
  });

  it('asks for another file when the file exists, belongs to the directory or has another extension', async () => {
    world.delivered.set('users.csv', 'mine');
    const script: Answers = [
      ...save('users.csv'),
      ['users.csv already exists', 'users.txt'],
      ['already exists', '/memory/directory.json'],
      ['belongs to the directory', '-new.csv'],
    ];
    const { code, questions, err } = await world.ramctl('user create -d x.json --secret-to file:s.csv', {
      answers: script,
    });
    expect([code, world.delivered.get('users.csv')]).toEqual([0, 'mine']);
    expect(questions.join()).toContain('must end in .csv, .json, .yaml or .yml');
    expect(err).toContain('ramctl -d x.json user import ./-new.csv --secret-to file:s.csv');
  });
});
