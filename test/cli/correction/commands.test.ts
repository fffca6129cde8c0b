import { describe, expect, it } from 'vitest';
import { splitNames } from '../../../src/cli/correction/find-command.ts';
import { OPTION_SYNONYMS, OPTION_TOPICS } from '../../../src/cli/correction/option-synonyms.ts';
import { COMMAND_SYNONYMS, NOUN_SYNONYMS, VERB_SYNONYMS } from '../../../src/cli/correction/synonyms.ts';
import { HELP_TOPICS } from '../../../src/cli/help/topics.ts';
import { splitWords } from '../../support/shell.ts';
import { TestWorld } from '../../support/test-world.ts';
import { program, verbs } from '../../support/verbs.ts';

const world = new TestWorld();
const verbNames = verbs.map(([name]) => name);

async function hintFor(line: string | string[]): Promise<string | undefined> {
  const { code, out, error } = await world.ramctl([
    '-o',
    'json',
    ...(typeof line === 'string' ? splitWords(line) : line),
  ]);
  expect([code, out, error.Code]).toEqual([2, '', 'Usage']);
  return error.Hint;
}

describe('The hint for an unknown command is the command that was meant, with its arguments', () => {
  it.each([
    ['user update alice --comments x', 'user edit alice --comments x'],
    ['user modify alice --display-name "Alice Li"', "user edit alice --display-name 'Alice Li'"],
    ['user rename alice bob', 'user edit alice --name bob'],
    ['user rename alice', 'user edit alice --name <new>'],
    ['user show alice', 'user get alice'],
    ['user describe alice', 'user get alice'],
    ['user info', 'user get <name>'],
    ['user rm alice bob --cascade', 'user delete alice bob --cascade'],
    ['user remove alice', 'user delete alice'],
    ['user del alice', 'user delete alice'],
    ['user add alice --console', 'user create alice --console'],
    ['user new', 'user create'],
    ['user ls', 'user list'],
    ['user passwd alice', 'login set alice'],
    ['user disable alice', 'login disable alice   # AccessKeys stay active: ramctl ak disable <user> <id>'],
    ['user attach-policy alice ReadOnlyAccess', 'policy attach ReadOnlyAccess --user alice'],
    ['user attach-policy', 'policy attach <policy> --user <name>'],
    ['user add-to-group alice ops', 'group add ops alice'],
    ['group rename ops crew', 'group edit ops --name crew'],
    ['group add-user ops alice', 'group add ops alice'],
    ['group show ops', 'group get ops'],
    ['role show auditor', 'role get auditor'],
    ['roles', 'role list'],
    ['ListRoles', 'role list'],
    ['CreateRole --role-name auditor', 'role create auditor'],
    ['role attach-policy auditor ReadOnlyAccess', 'policy attach ReadOnlyAccess --role auditor'],
    ['DetachPolicyFromRole ReadOnlyAccess auditor', 'policy detach ReadOnlyAccess --role auditor'],
    ['user tag alice team=iot', 'user edit alice --tag team=iot'],
    ['role untag auditor team', 'role edit auditor --untag team'],
    ['TagResources', 'user edit --tag <key=value>'],
    ['policy attach-user ReadOnlyAccess alice', 'policy attach ReadOnlyAccess --user alice'],
    ['policy show ReadOnlyAccess', 'policy get ReadOnlyAccess'],
    ['mfa reset alice', 'mfa disable alice'],
    ['mfa setup alice --at-next-logon', 'mfa enable alice --at-next-logon'],
    ['mfa verify bob --code 123456 --code 654321', 'mfa bind bob --code <6 digits>'],
    ['ak ls alice', 'ak list alice'],
    ['ak show alice', 'ak list alice'],
    ['access-key rm alice LTAI0 --force', 'ak delete alice LTAI0 --force'],
    ['ak update alice LTAI0 --status Inactive', 'ak disable alice LTAI0   # or: ramctl ak enable <user> <id>'],
    ['ak rotation ls', 'ak rotation list'],
    ['account settings show', 'account settings get'],
    ['account settings update --max-password-age 90', 'account settings set --max-password-age 90'],
    ['login show alice', 'login get alice'],
    ['login reset-password alice', 'login set alice'],
    ['passwd alice', 'login set alice'],
    ['password', 'login set'],
    ['reset-password alice', 'login set alice'],
    ['unlock alice', 'login set alice --generate-password   # a new password unlocks'],
    ['lock alice', 'login disable alice   # AccessKeys stay active: ramctl ak disable <user> <id>'],
    ['users', 'user list'],
    ['users list', 'user list'],
    ['users rm alice', 'user delete alice'],
    ['groups', 'group list'],
    ['policies', 'policy list'],
    ['policies attach ReadOnlyAccess --user alice', 'policy attach ReadOnlyAccess --user alice'],
    ['keys alice', 'ak list alice'],
    ['accesskey create alice', 'ak create alice'],
    ['access-keys', 'ak list'],
    ['whoami', 'overview'],
    ['version', '--version'],
    ['config set region cn', 'help environment'],
    ['settings', 'account settings get'],
    ['exit-codes', 'help exit-codes'],
    ['add-user alice --console', 'user create alice --console'],
    ['useradd alice', 'user create alice'],
    ['userdel alice', 'user delete alice'],
    ['adduser alice', 'user create alice'],
    ['usermod alice --comments x', 'user edit alice --comments x'],
    ['get users', 'user list'],
    ['describe user alice', 'user get alice'],
    ['delete user alice --cascade', 'user delete alice --cascade'],
    ['create group ops', 'group create ops'],
    ['CreateUser --UserName alice --DisplayName Alice', 'user create alice --display-name Alice'],
    ['ListUsers', 'user list'],
    ['GetUser --UserName alice', 'user get alice'],
    ['UpdateUser --UserName alice --NewUserName bob', 'user edit alice --name bob'],
    ['CreateLoginProfile --UserName alice', 'login set alice'],
    ['ListAccessKeys --UserName alice', 'ak list alice'],
    ['create-access-key --user-name alice', 'ak create alice'],
    ['AddUserToGroup --UserName alice --GroupName ops', 'group add ops alice'],
    [
      'AttachPolicyToUser --PolicyType System --PolicyName ReadOnlyAccess --UserName alice',
      'policy attach ReadOnlyAccess --user alice',
    ],
    ['attach-user-policy alice ReadOnlyAccess', 'policy attach ReadOnlyAccess --user alice'],
    ['GetCallerIdentity', 'overview'],
    ['help users', 'help user list'],
    ['ramctl user show alice', 'user get alice'],
    ['ram CreateUser --UserName alice', 'user create alice'],
    ['aliyun ram ListUsers', 'user list'],
    ['iam create-login-profile --user-name alice --password hunter2', 'login set alice --password-stdin'],
    ['ram user list', 'user list'],
    ['auth login', 'help directories'],
    ['edit alice', 'help'],
    ['grant ReadOnlyAccess alice', 'policy attach ReadOnlyAccess --user alice'],
    ['policy revoke ReadOnlyAccess', 'policy detach ReadOnlyAccess --user <name>'],
    ['policy attach-to-user ReadOnlyAccess alice', 'policy attach ReadOnlyAccess --user alice'],
    ['group delete-user ops alice', 'group remove ops alice'],
    ['directory create', 'init'],
    ['account set-alias acme', 'account alias acme'],
    ['alice', 'help'],
    ['simulate alice ecs:DescribeInstances', 'policy simulate alice --action ecs:DescribeInstances'],
    ['policy new Mine', 'policy create Mine --document <file>'],
    ['mfa rm spare', 'mfa delete spare'],
    ['DeleteVirtualMFADevice', 'mfa delete <device>'],
    ['help user update', 'help user edit'],
  ])('%s', async (line, hint) => {
    expect(await hintFor(line)).toBe(`ramctl ${hint}`);
  });

  it('names a command with a similar spelling', async () => {
    expect(await hintFor('user craete alice --console')).toBe('ramctl user create alice --console');
    expect(await hintFor('usr list ali')).toBe('ramctl user list ali');
    expect(await hintFor('gruop list')).toBe('ramctl group list');
    expect(await hintFor('ak rotation lst')).toBe('ramctl ak rotation list');
  });

  it('keeps the directory, and leaves out the other global options', async () => {
    expect(await hintFor('-d d.json user -q update alice')).toBe('ramctl -d d.json user edit alice');
  });

  it('names the help of the noun if nothing fits', async () => {
    expect(await hintFor('user frobnicate')).toBe('ramctl help user');
    expect(await hintFor('users frobnicate')).toBe('ramctl user list frobnicate');
    expect(await hintFor('frobnicate')).toBe('ramctl help');
  });

  it.each([
    'user add alice hunter2',
    'user add alice --password hunter2',
    'user add --password hunter2 alice',
    'user add alice --password=hunter2',
    'user add alice --password-stdin hunter2',
    'user add -p hunter2 alice',
    'user add alice -phunter2',
    'user add alice --passwrod hunter2',
    'user add alice --unknown hunter2',
    'passwd alice hunter2',
    'user passwd alice hunter2',
    'passwd alice --new-password hunter2',
    'configure LTAI0 hunter2',
    'ak check LTAI0 hunter2',
    'ak check LTAI0 --secrets hunter2',
    'mfa verify alice --code hunter2',
    'useradd alice --set-password hunter2',
    'user create alice -phunter2',
    'user create alice --pwd:hunter2',
    'ChangePassword --OldPassword hunter2 --NewPassword hunter2',
    'login set --random-password hunter2',
    'user add alice:hunter2',
    'chpasswd alice:hunter2',
    'logon alice@acme:hunter2',
    'login set alice hunter2',
    'login set alice --password-reset hunter2',
    'BindMFADevice --UserName alice --AuthenticationCode1 hunter2',
    'user edit alice --password=hunter2',
    'auth login --token hunter2',
  ])('does not repeat a value that may be a secret: %s', async (line) => {
    expect((await world.ramctl(line)).err).toMatch(/^error: (?!.*hunter2).*\nhint: (?!.*hunter2).*\n$/);
  });
});

describe('The tables of names', () => {
  it.each(COMMAND_SYNONYMS)('have the command $command', async ({ command, order = [] }) => {
    if (command === '--version' || command === 'help') return;
    const [, topic] = /^help (.+)/.exec(command) ?? [];
    if (topic) return expect(Object.keys(HELP_TOPICS)).toContain(topic);
    const [name = '', ...options] = command.split(/ (?=--)/);
    expect(verbNames).toContain(name);
    const verb = verbs.find(([verbName]) => verbName === name)?.[1];
    expect(verb?.options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
    const placeholders = order.map((entity) => `a-${entity}`);
    const [typed = ''] = splitNames(
      COMMAND_SYNONYMS.find((row) => row.command === command && row.order === order)?.typed ?? '',
    );
    for (const placeholder of placeholders)
      expect(await hintFor([...typed.split(' '), ...placeholders])).toContain(placeholder);
  });

  it.each(COMMAND_SYNONYMS.flatMap(({ typed, command }) => splitNames(typed).map((name) => [name, command])))(
    'give a hint for %s: %s',
    async (name, command) => {
      const words = command.split(/ (?=--\w)/)[0] ?? '';
      if (!verbNames.includes(name)) expect(await hintFor(name)).toContain(`ramctl ${words}`);
    },
  );

  it('have the nouns and the verbs of the program', () => {
    const nouns = program.commands.map((command) => command.name());
    expect(nouns).toEqual(expect.arrayContaining(Object.keys(NOUN_SYNONYMS)));
    const names = verbs.map(([, verb]) => verb.name());
    expect(names).toEqual(expect.arrayContaining(Object.keys(VERB_SYNONYMS)));
  });

  it('have options that a verb has', () => {
    const options = verbs.flatMap(([, verb]) => verb.options.map(({ long }) => long));
    expect(options).toEqual(
      expect.arrayContaining(Object.keys(OPTION_SYNONYMS).flatMap((key) => key.match(/--[\w-]+/g) ?? [])),
    );
    expect(Object.keys(HELP_TOPICS)).toEqual(expect.arrayContaining(Object.keys(OPTION_TOPICS)));
  });
});
