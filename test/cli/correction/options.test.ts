import { beforeAll, describe, expect, it } from 'vitest';
import { splitWords } from '../../support/shell.ts';
import { TestWorld } from '../../support/test-world.ts';

const world = new TestWorld();

beforeAll(async () => {
  for (const line of ['user create alice --console', 'group create ops', 'account alias acme'])
    await world.ramctl(line);
});

async function hintFor(line: string, exitCode = 2): Promise<string | undefined> {
  const { code, out, error } = await world.ramctl(['-o', 'json', ...splitWords(line)]);
  expect([line, code, out]).toEqual([line, exitCode, '']);
  return error.Hint;
}

describe('The hint for an unknown option is the command line with the option that was meant', () => {
  it.each([
    ['user create bob --password hunter2', 'user create bob --console --password-stdin'],
    ['user create bob --console --password=hunter2', 'user create bob --console --password-stdin'],
    ['login set alice --password hunter2', 'login set alice --password-stdin'],
    ['login set --password hunter2 alice', 'login set alice --password-stdin'],
    ['logon alice@acme --password hunter2', 'logon alice@acme --password-stdin'],
    ['logon alice@acme --new-password hunter2', 'logon alice@acme --new-password-file <path>'],
    ['logon alice@acme --otp 123456', 'logon alice@acme --code <6 digits>'],
    ['ak verify LTAI0 --secret hunter2', 'ak verify LTAI0 --secret-stdin'],
    ['ak verify LTAI0 --access-key-secret hunter2', 'ak verify LTAI0 --secret-stdin'],
    ['user list --format json', 'user list --output json'],
    ['user list --json', 'user list --output json'],
    ['user list --format text', 'user list --output <format>'],
    ['user list --max-items 5', 'user list --limit 5'],
    ['user list --filter "[].UserName"', "user list --query '[].UserName'"],
    ['user delete alice --force', 'user delete alice --yes'],
    ['user delete --force alice --cascade', 'user delete alice --yes --cascade'],
    ['role create web --assume-role-policy-document t.json', 'role create web --trust-policy t.json'],
    ['role edit web --duration 2h', 'role edit web --max-session-duration 2h'],
    ['policy attach ReadOnlyAccess --role-name web', 'policy attach ReadOnlyAccess --role web'],
    ['user edit alice --label team=iot --remove-tag stage', 'user edit alice --tag team=iot --untag stage'],
    ['serve --cert a.crt --private-key a.key', 'serve --tls-cert a.crt --tls-key a.key'],
    ['serve --https --bind 0.0.0.0', 'serve --tls self-signed --host 0.0.0.0'],
    ['user get -alice', 'user get -- <name>   # if the name starts with a hyphen'],
    ['user create --name bob --console', 'user create bob --console'],
    ['user create --user-name bob', 'user create bob'],
    ['user create --username bob --displayname Bob', 'user create bob --display-name Bob'],
    ['user create bob --DisplayName Bob', 'user create bob --display-name Bob'],
    ['user create bob --comment "from HR"', "user create bob --comments 'from HR'"],
    ['user create bob --description x', 'user create bob --comments x'],
    ['user create bob --phone 86-13800000000', 'user create bob --mobile-phone 86-13800000000'],
    ['user create bob --groups ops --policies ReadOnlyAccess', 'user create bob --group ops --policy ReadOnlyAccess'],
    [
      'user create bob --console --password-reset-required true',
      'user create bob --console --password-reset <requirement>',
    ],
    ['user create bob --coments x', 'user create bob --comments x'],
    ['user create bob --comments=-x --dryrun', 'user create bob --comments=-x --dry-run'],
    ['user edit alice --new-user-name bob', 'user edit alice --name bob'],
    ['group create --name dev', 'group create dev'],
    ['group add --group ops --user alice', 'group add ops alice'],
    ['group create dev --description x', 'group create dev --comments x'],
    ['policy edit Mine --policy-document p.json', 'policy edit Mine --document p.json'],
    ['policy create Mine --document p.json --comment x', 'policy create Mine --document p.json --description x'],
    ['policy attach --policy-name ReadOnlyAccess --user-name alice', 'policy attach ReadOnlyAccess --user alice'],
    ['ak create --user alice', 'ak create alice'],
    ['ak delete alice --access-key-id LTAI0', 'ak delete alice LTAI0'],
    ['user import --file users.csv', 'user import users.csv'],
    ['user list --no-color', 'user list --color never'],
    ['user list --verbose', 'user list --debug'],
    ['user list --profile prod', 'help directories'],
    ['--region cn-hangzhou user list', 'help directories'],
    ['--json user list', 'user list --output json'],
    ['--format json user list ali', 'user list ali --output json'],
    ['-d d.json --verbose user list', '-d d.json user list --debug'],
    ['user create bob --generate-password', 'user create bob --console'],
    ['user edit alice --password hunter2', 'login set alice --password-stdin'],
    ['mfa bind alice --authentication-code1 1', 'mfa bind alice --code <6 digits>'],
    ['user edit alice --username bob', 'help user edit'],
    ['policy list --custom', 'policy list --type custom'],
    ['account alias --remove', 'account alias --clear'],
    ['user list --frobnicate', 'help user list'],
  ])('%s', async (line, hint) => {
    expect(await hintFor(line)).toBe(`ramctl ${hint}`);
  });

  it.each([
    'user create bob --secret hunter2',
    'user create bob --secrets hunter2',
    'user create bob -p hunter2',
    'user create bob --passwort hunter2',
    'user create bob --paswordreset hunter2',
    'user create bob --frobnicate hunter2 --dryrun',
    'user create bob --dryrun --frobnicate hunter2',
    'user create bob --dryrun --password-stdin hunter2',
    'ak verify LTAI0 --secret-stdin hunter2 --json',
    'ak verify LTAI0 --secretstdin hunter2',
    'mfa bind alice --code hunter2 --json',
  ])('does not repeat a value that may be a secret: %s', async (line) => {
    const { code, err } = await world.ramctl(line);
    expect([code, err]).toEqual([2, expect.not.stringContaining('hunter2')]);
  });
});

describe('A user name with the domain of the account', () => {
  it.each([
    ['user create bob@acme.onaliyun.com --console', 'user create bob --console'],
    ['user create bob@acme --email bob@example.com', 'user create bob --email bob@example.com'],
    ['user get alice@acme.onaliyun.com', 'user get alice'],
    ['user edit alice@acme --comments x', 'user edit alice --comments x'],
    ['user delete alice@acme bob --yes', 'user delete alice bob'],
    ['login get alice@acme.onaliyun.com', 'login get alice'],
    ['login set alice@acme --generate-password', 'login set alice --generate-password'],
    ['mfa get alice@acme', 'mfa get alice'],
    ['mfa enable alice@acme --no-bind', 'mfa enable alice --no-bind'],
    ['ak create alice@acme', 'ak create alice'],
    ['ak list alice@acme', 'ak list alice'],
    ['ak disable alice@acme LTAI0', 'ak disable alice LTAI0'],
    ['ak rotate alice@acme', 'ak rotate alice'],
    ['group add ops alice@acme', 'group add ops alice'],
    ['policy attach ReadOnlyAccess --user alice@acme', 'policy attach ReadOnlyAccess --user alice'],
    ['policy simulate alice@acme --action ecs:Run', 'policy simulate alice --action ecs:Run'],
  ])('is an error that explains the name: %s', async (line, hint) => {
    expect(await hintFor(line, 1)).toBe(`ramctl ${hint}`);
    expect((await world.ramctl(line)).err).toContain('the part after @ is the domain of the account');
  });

  it('is explained for rows of an import too', async () => {
    const files = { 'users.csv': 'UserName\nbob@acme\n' };
    const { code, err } = await world.ramctl('user import users.csv', { files });
    expect([code, err]).toEqual([1, expect.stringContaining('row 2, UserName: UserName has a domain')]);
  });

  it('keeps the directory in the hint', async () => {
    expect(await hintFor('-d d.json user get alice@acme', 1)).toBe('ramctl -d d.json user get alice');
  });
});
