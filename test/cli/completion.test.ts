import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';

const world = new TestWorld();
beforeAll(async () => {
  for (const name of ['alice', 'Alina', 'bob']) await world.ramctl(['user', 'create', name]);
  for (const name of ['ops', 'auditors']) await world.ramctl(['group', 'create', name]);
  await world.ramctl(['role', 'create', 'auditor']);
  await world.ramctl(['ak', 'create', 'alice']);
  await world.ramctl(['mfa', 'enable', 'bob', '--no-bind']);
  await world.ramctl(['policy', 'create', 'Mine', '--document', '-'], { input: DOCUMENT });
});

const DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const GLOBAL = '--directory --output --query --columns --yes --no-input --quiet --color --debug --version --help';

/** Returns the candidates for the last word of a line, which is empty if the line ends with a space. */
async function complete(line: string): Promise<string[][]> {
  const { code, out, err } = await world.ramctl(['complete', '--', ...line.split(' ')]);
  expect([code, err]).toEqual([0, '']);
  return out
    .split('\n')
    .slice(0, -1)
    .map((candidate) => candidate.split('\t'));
}

async function completeValues(line: string): Promise<string> {
  return (await complete(line)).map(([value]) => value).join(' ');
}

describe.each<[what: string, table: [line: string, values: string][]]>([
  [
    'commands',
    [
      ['us', 'user'],
      ['ak cr', 'create'],
      ['acc', 'account'],
      ['access', 'access-key'],
      ['account s', 'settings'],
      ['account settings ', 'get set'],
      ['-qd path --output json user ge', 'get'],
      ['-dpath user ge', 'get'],
      ['--directory=path user ge', 'get'],
      ['help acc', 'account'],
      ['help exit', 'exit-codes'],
      ['help json acc', 'account'],
      ['help json user g', 'get'],
      ['help json ci', ''],
      ['help account settings g', 'get'],
      ['help user get ', ''],
      ['nope ', ''],
      ['user nope ', ''],
    ],
  ],
  [
    'options',
    [
      ['-', GLOBAL],
      ['user get alice ', GLOBAL],
      ['user list ', `--group --policy --without-mfa --sort-by --limit ${GLOBAL}`],
      ['user list --w', '--without-mfa'],
      ['user list --without-mfa --w', ''],
      ['-q user get alice --qu', '--query'],
      ['user get alice -qy --y', ''],
      ['user create --policy A --pol', '--policy'],
      ['report --fail-on no-mfa --fail', '--fail-on'],
      ['user get -- -', ''],
      ['user get -- alice ', ''],
    ],
  ],
  [
    'values',
    [
      ['--output ', 'table json yaml csv'],
      ['user list -o j', 'json'],
      ['user list -qo j', 'json'],
      ['user list --output=', '--output=table --output=json --output=yaml --output=csv'],
      ['user list --output=J', '--output=json'],
      ['login set alice --password-reset r', 'required'],
      ['report --fail-on no-mfa --fail-on no', ''],
      ['completion ', 'bash zsh fish'],
      ['user list --limit ', ''],
      ['user list --nope=', ''],
      ['user list --without-mfa=', ''],
    ],
  ],
  [
    'names',
    [
      ['user get ', 'alice Alina bob'],
      ['user get al', 'alice'],
      ['user get AL', 'alice Alina'],
      ['user get -- al', 'alice'],
      ['user create al', ''],
      ['user delete alice ', 'Alina bob'],
      ['login set --mfa required b', 'bob'],
      ['group get ', 'auditors ops'],
      ['group create o', ''],
      ['group add o', 'ops'],
      ['group add ops bob a', 'alice'],
      ['role get ', 'auditor'],
      ['role create a', ''],
      ['policy attach Mine --role ', 'auditor'],
      ['policy get Mi', 'Mine'],
      ['policy attach Mine Mi', ''],
      ['policy detach Mine --user alice --user ', 'Alina bob'],
      ['policy attach --group=o', '--group=ops'],
      ['user create carol --policy Mi', 'Mine'],
      ['user edit alice --name a', ''],
      ['mfa delete ', 'bob'],
      ['mfa enable bob --qr ', 'terminal none'],
      ['ak list --status ', 'Active Inactive'],
      ['ak verify ', ''],
      ['ak last-used alice LTAIx ', GLOBAL],
      ['ak disable nobody ', ''],
    ],
  ],
])('completion of %s', (_, table) => {
  it.each(table)('%s', async (line, values) => {
    expect(await completeValues(line)).toBe(values);
  });
});

it('Offers the AccessKeys of the user in the line, with their status', async () => {
  const key = [expect.stringMatching(/^LTAI/), 'Active'];
  expect(await complete('ak disable alice ')).toEqual([key]);
  expect(await complete('ak rotate alice --replace ')).toEqual([['inactive', ''], key]);
});

it.each([
  ['-d ', ''],
  ['--directory=some', '--directory='],
  ['login set alice --password-file /', ''],
  ['user import ', ''],
  ['policy create Mine --document ', ''],
  ['user create carol --secret-to file:', 'file:'],
  ['user create carol --secret-to=file:a', '--secret-to=file:'],
])('Leaves the completion of file names to the shell: %s', async (line, head) => {
  expect(await complete(line)).toEqual([[':files', head]]);
});

it('Offers names that start with a hyphen only where they are not options', async () => {
  for (const noun of ['user', 'group']) await world.ramctl(`${noun} create -- -x`);
  expect((await completeValues('user get ')).split(' ')).not.toContain('-x');
  expect(await completeValues('user get -- -')).toBe('-x');
  expect(await completeValues('group add -- -x -')).toBe('-x');
  expect(await completeValues('user list --group -')).toBe('-x');
  for (const noun of ['user', 'group']) await world.ramctl(`${noun} delete --yes -- -x`);
});

it('Describes commands, options and users without control characters', async () => {
  await world.store.change(async ({ Users }) => {
    for (const user of Users.values()) if (user.UserName === 'bob') user.DisplayName = 'Bob\tWu\n\u001b[31m';
  });
  expect(await complete('user g')).toEqual([['get', 'Show everything about one user']]);
  expect(await complete('user list --lim')).toEqual([['--limit', 'maximum number of users to print (default: all)']]);
  expect(await complete('user get b')).toEqual([['bob', 'BobWu[31m']]);
  expect(await complete('logon bob@')).toEqual([[expect.stringMatching(/^bob@\d{16}\.onaliyun\.com$/), 'BobWu[31m']]);
  expect(await complete('user get ali')).toEqual([['alice', '']]);
});

it.each([
  ['user list --', []],
  ['user get alice ', []],
  ['policy list --type ', []],
  ['user import ', []],
  ['user get ', [undefined]],
  ['-d there user get ', ['there']],
  ['-d here user get --directory there ', ['there']],
  ['user -yd there get a', ['there']],
])('Opens the directory of the line only if it needs names: %s', async (line, opened) => {
  world.opened.length = 0;
  await complete(line);
  expect(world.opened).toEqual(opened);
});

it('Opens the directory of the environment if the line names none', async () => {
  const other = new TestWorld();
  await other.ramctl(['complete', '--', 'user', 'get', ''], {
    environment: { directory: 'there', output: 'nonsense' },
  });
  expect(other.opened).toEqual(['there']);
});

it('Prints nothing when an error occurs', async () => {
  const broken = new TestWorld();
  broken.directory.listUsers = () => Promise.reject(new Error('broken'));
  const nothing = { code: 0, out: '', err: '' };
  expect(await broken.ramctl(['complete', '--', 'user', 'get', ''])).toMatchObject(nothing);
  expect(await broken.ramctl(['complete', '--'], { brokenOutput: 'EPIPE' })).toMatchObject(nothing);
});

it('Prints the scripts without opening a directory', async () => {
  const fresh = new TestWorld();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, out, err } = await fresh.ramctl(['completion', shell]);
    expect([code, out, err]).toEqual([0, expect.stringContaining('ramctl complete -- '), '']);
  }
  expect(fresh.opened).toEqual([]);
});

it.each(['completion', 'completion csh', 'completion bash zsh', 'complete'])(
  'Refuses the command line: ramctl %s',
  async (line) => {
    expect(await world.ramctl(line)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('error: ') });
  },
);

it('Explains in its help how to install the scripts', async () => {
  expect((await world.ramctl('completion --help')).out).toContain('~/.bashrc:  source <(ramctl completion bash)');
  expect((await world.ramctl('--help')).out).toMatch(/^ {2}completion .*Tab$/m);
});
