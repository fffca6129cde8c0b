import { beforeEach, describe, expect, it } from 'vitest';
import { type RunOptions, TestWorld } from '../support/test-world.ts';

let world = new TestWorld();
/** A map, because the order of its entries does not matter when it is compared. */
const users = async () => new Map((await world.state()).Users);

/** Command lines that create a secret. */
const SECRET_COMMANDS = [
  'user create carol --console',
  'user create carol --access-key --policy ReadOnlyAccess',
  'user create carol --console --access-key',
  'ak create alice',
  'login set alice --generate-password',
  'login set bob --generate-password --mfa required',
];

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice --console --password-stdin', { input: 'Correct-Horse-9' });
  await world.ramctl('user create bob');
});

describe.each(SECRET_COMMANDS)('%s', (line) => {
  it.each(['EPIPE', 'ENOSPC'])('is rolled back when writing to stdout fails with %s', async (brokenOutput) => {
    const before = await users();
    const { code, out, error } = await world.ramctl(`${line} -o json`, { brokenOutput });
    expect([code, out, error.Code]).toEqual([5, '', 'DeliveryFailed']);
    expect(await users()).toEqual(before);
  });

  it('is rolled back when the file cannot be written', async () => {
    const before = await users();
    world.failingPaths.add('s.json');
    const { code, out, error } = await world.ramctl(`${line} --secret-to file:s.json -o json`);
    expect([code, out, error.Code]).toEqual([5, '', 'DeliveryFailed']);
    expect(await users()).toEqual(before);
  });

  it('names what was created and the command that removes it when the rollback fails', async () => {
    const secretsOf = async () => JSON.stringify([...(await users()).values()]);
    const before = await secretsOf();
    const name = /carol|alice|bob/.exec(line)?.[0] ?? '';
    const meanwhile = () => world.directory.updateUser({ UserName: name, NewComments: 'changed by others' });
    const { code, error } = await world.ramctl(`${line} -o json`, { brokenOutput: 'EPIPE', meanwhile });
    expect([code, error.Code]).toEqual([5, 'DeliveryFailed']);
    expect(error.Message).toMatch(/was created, but/);
    expect(await secretsOf()).not.toBe(before);
    const cleanup = await world.ramctl(`${error.Hint?.replace('ramctl ', '')} --yes --quiet`);
    expect(cleanup).toMatchObject({ code: 0, err: '' });
  });

  it('changes nothing when the query would remove the secret', async () => {
    const before = await world.state();
    for (const query of ['UserName', 'null', '{n: UserName, p: Pass, k: AccessKeyId}']) {
      const { code, out, error } = await world.ramctl([...line.split(' '), '--query', query, '-o', 'json']);
      expect([code, out, error.Code]).toEqual([2, '', 'Usage']);
    }
    expect(await world.state()).toEqual(before);
  });

  it('changes nothing when the sink cannot be used', async () => {
    world.delivered.set('old.json', 'old');
    const before = await world.state();
    for (const [sink, exit] of [
      ['nowhere', 2],
      ['file:', 2],
      ['file:s', 2],
      ['file:s.txt', 2],
      ['github', 2],
      ['file:old.json', 1],
      ...(/console|password/.test(line) ? [['file:s.ini', 2] as const] : []),
    ] as const) {
      expect(await world.ramctl(`${line} --secret-to ${sink}`)).toMatchObject({ code: exit, out: '' });
    }
    expect(await world.state()).toEqual(before);
    expect([...world.delivered.values(), ...world.openPaths]).toEqual(['old']);
  });

  it.each(['table', 'json', 'yaml', 'csv'])(
    'prints complete secrets as %s, and none when they go to a file',
    async (format) => {
      const secrets = [
        ...(/console|password/.test(line) ? [/(?<=[",\s])[A-Za-z][A-Za-z0-9!@%^*_]{19}(?=[",\s])/] : []),
        ...(/access-key|ak/.test(line) ? [/\b[A-Za-z0-9]{30}\b/] : []),
      ];
      const toFile = await world.ramctl(`${line} -o ${format} --secret-to file:s.json`);
      for (const secret of secrets) {
        expect(toFile.out).not.toMatch(secret);
        expect(world.delivered.get('s.json')).toMatch(secret);
      }
      await world.ramctl('user delete carol --cascade --yes');
      const shown = await world.ramctl(`${line} -o ${format}`);
      expect([toFile.code, shown.code]).toEqual([0, 0]);
      for (const secret of secrets) expect(shown.out).toMatch(secret);
    },
  );
});

const HEADER = 'UserPrincipalName,Password,LogonUrl,AccessKeyId,AccessKeySecret';

describe('A file for secrets', () => {
  it.each([
    ['s.csv', `${HEADER}\ncarol@\\S+,\\S{20},https:\\S+,ID,SECRET\n`],
    ['s.env', 'ALIBABA_CLOUD_ACCESS_KEY_ID=ID\nALIBABA_CLOUD_ACCESS_KEY_SECRET=SECRET\nRAMCTL_PASSWORD=\\S{20}\n'],
    ['s.ini', '\\[default\\]\ntype = access_key\naccess_key_id = ID\naccess_key_secret = SECRET\n'],
  ])('%s contains the secrets in its format, and the result contains none', async (path, format) => {
    const modes = path === 's.ini' ? '--access-key' : '--access-key --console';
    const { out } = await world.ramctl(`user create carol ${modes} --secret-to file:${path} -o json`);
    const pattern = format.replace(/\bID\b/, 'LTAI\\w{20}').replace(/\bSECRET\b/, '\\w{30}');
    expect(world.delivered.get(path)).toMatch(new RegExp(`^${pattern}$`));
    expect(out).not.toMatch(/Password"|Secret/);
    expect(JSON.parse(out)).toMatchObject({ UserName: 'carol', AccessKey: { Status: 'Active' } });
  });

  it('is replaced with --overwrite, but not when the command is refused', async () => {
    await world.ramctl('ak create alice --secret-to file:s.env');
    const first = world.delivered.get('s.env');
    expect((await world.ramctl('ak create nobody --secret-to file:s.env --overwrite')).code).toBe(3);
    expect(world.delivered.get('s.env')).toBe(first);
    await world.ramctl('ak create alice --secret-to file:s.env --overwrite');
    expect(world.delivered.get('s.env')).not.toBe(first);
    expect(world.openPaths.size).toBe(0);
  });

  it.each([
    'user create carol',
    'login set alice --mfa required',
    'login set alice --password-stdin',
    'user create carol --console --password-stdin',
  ])('is not changed by %s, which creates no secret', async (line) => {
    world.delivered.set('s.ini', 'old');
    const { code } = await world.ramctl(`${line} --secret-to file:s.ini --overwrite`, { input: 'Another-Horse-9' });
    expect([code, world.delivered.get('s.ini'), world.openPaths.size]).toEqual([0, 'old', 0]);
  });

  it('cannot be the directory file, and --overwrite requires --secret-to', async () => {
    expect((await world.ramctl('ak create alice --secret-to file:/memory/directory.json --overwrite')).code).toBe(2);
    expect((await world.ramctl('ak create alice --overwrite')).code).toBe(2);
    expect((await users()).get('alice')?.AccessKeys).toEqual([]);
  });
});

describe('A closed stdout', () => {
  it.each(['user create carol', 'user list', 'user get alice', 'login disable alice', '--help', 'help exit-codes'])(
    'ends %s without an error',
    async (line) => {
      expect(await world.ramctl(line, { brokenOutput: 'EPIPE' })).toMatchObject({ code: 0, err: '' });
      expect((await users()).has('carol')).toBe(line.endsWith('carol'));
    },
  );

  it('differs from a full disk', async () => {
    expect((await world.ramctl('user list', { brokenOutput: 'ENOSPC' })).code).toBe(5);
  });
});

it('accepts a query that keeps the secrets', async () => {
  const line = ['user', 'create', 'carol', '--console', '--access-key', '-o', 'json', '--query'];
  const { json } = await world.ramctl([...line, '{p: Password, k: AccessKey}']);
  expect(json).toMatchObject({ p: expect.stringMatching(/^\S{20}$/), k: { AccessKeySecret: expect.any(String) } });
});

/** A configuration file of the official CLI, with a number that JavaScript cannot represent. */
const CONFIG = `{
\t"current": "default",
\t"profiles": [
\t\t{
\t\t\t"name": "default",
\t\t\t"mode": "AK",
\t\t\t"access_key_id": "LTAIold",
\t\t\t"access_key_secret": "old",
\t\t\t"serial": 12345678901234567890
\t\t}
\t]
}
`;
const DEFAULT_CONFIG_PATH = '/home/admin/.aliyun/config.json';
const withConfigPath: RunOptions = { environment: { aliyunConfigPath: DEFAULT_CONFIG_PATH } };
const KEY_COMMANDS = SECRET_COMMANDS.filter((line) => !/console|password/.test(line));
const PASSWORD_COMMANDS = SECRET_COMMANDS.filter((line) => /console|password/.test(line));
const expectNoChange = async (line: string, exit: number, situation: RunOptions = {}) => {
  const [before, delivered] = [await world.state(), [...world.delivered]];
  const { code, out, err } = await world.ramctl(line, situation);
  expect([code, out]).toEqual([exit, '']);
  expect([await world.state(), [...world.delivered], world.openPaths.size]).toEqual([before, delivered, 0]);
  return err;
};

describe('A profile of the official CLI', () => {
  it.each(KEY_COMMANDS)('is created by %s', async (line) => {
    const { code, out } = await world.ramctl(`${line} --secret-to aliyun:robot -o json`, withConfigPath);
    const { current, profiles } = JSON.parse(world.delivered.get(DEFAULT_CONFIG_PATH) ?? '');
    expect([code, current, profiles.length]).toEqual([0, 'robot', 1]);
    const { access_key_id: id, access_key_secret: input } = profiles[0];
    expect(out).toContain(id);
    expect(out).not.toContain(input);
    expect((await world.ramctl(`ak verify ${id} --secret-stdin`, { input })).code).toBe(0);
  });

  it('is added, or its AccessKey is replaced, and everything else stays the same', async () => {
    world.delivered.set('c.json', CONFIG);
    const flags = '--config-path c.json -o json --secret-to';
    await world.ramctl(`ak create alice ${flags} aliyun:robot`);
    const added = world.delivered.get('c.json') ?? '';
    expect(added.startsWith(CONFIG.slice(0, CONFIG.indexOf('}') + 1))).toBe(true);
    expect(JSON.parse(added)).toMatchObject({ current: 'default', profiles: [{ name: 'default' }, { name: 'robot' }] });
    world.delivered.set('c.json', CONFIG);
    const { json } = await world.ramctl(`ak create bob ${flags} aliyun:default`);
    const replaced = world.delivered.get('c.json') ?? '';
    const { AccessKeyId } = json as { AccessKeyId: string };
    expect(replaced.replace(AccessKeyId, 'LTAIold').replace(/\b\w{30}\b/, 'old')).toBe(CONFIG);
    expect(world.delivered.has(DEFAULT_CONFIG_PATH)).toBe(false);
  });

  it.each(['{', '[]', '{"profiles":{}}', CONFIG.replace('"AK"', '"StsToken"')])(
    'is not written to an unsuitable file, and nothing is created: %s',
    async (text) => {
      world.delivered.set(DEFAULT_CONFIG_PATH, text);
      await expectNoChange('ak create alice --secret-to aliyun:default', 5, withConfigPath);
    },
  );

  it.each(['\u001b[2J', 'x\u202ey', '\n'])('cannot have a name with control characters: %j', async (name) => {
    const { code, out } = await world.ramctl(
      ['ak', 'create', 'alice', '--secret-to', `aliyun:${name}`],
      withConfigPath,
    );
    expect([code, out, world.delivered.size, world.openPaths.size]).toEqual([2, '', 0, 0]);
  });

  it.each(['__proto__', 'constructor', '../x', 'x/y', ' ', 'x'.repeat(1000)])('can have the name %s', async (name) => {
    const { code } = await world.ramctl(['ak', 'create', 'alice', '--secret-to', `aliyun:${name}`], withConfigPath);
    const { profiles } = JSON.parse(world.delivered.get(DEFAULT_CONFIG_PATH) ?? '');
    expect([code, profiles[0].name, Array.from(world.delivered.keys())]).toEqual([0, name, [DEFAULT_CONFIG_PATH]]);
  });

  it.each([...PASSWORD_COMMANDS, 'mfa enable alice --no-bind', 'user import two.csv'])(
    'cannot hold the secrets of %s',
    async (line) => {
      const files = { 'two.csv': 'UserName,AccessKey\nx,yes\ny,yes\n' };
      await expectNoChange(`${line} --secret-to aliyun:robot`, 2, { ...withConfigPath, files });
    },
  );
});

const githubOutputPath = '/runner/output';
const inGitHubActions: RunOptions = { environment: { githubOutputPath } };

describe('The output file of a GitHub Actions step', () => {
  beforeEach(() => world.delivered.set(githubOutputPath, ''));

  it.each(SECRET_COMMANDS)('contains the secrets of %s, which are masked first', async (line) => {
    const { code, out, err } = await world.ramctl(`${line} --secret-to github -q`, inGitHubActions);
    const text = world.delivered.get(githubOutputPath) ?? '';
    const outputs = Array.from(text.matchAll(/^(\w+)<<(ramctl_f{32})\n(.+)\n\2\n/gm), ([, name, , value]) => [
      name,
      value,
    ]);
    expect(outputs.map(([name]) => name)).toEqual([
      ...(/access-key|ak/.test(line) ? ['access_key_id', 'access_key_secret'] : []),
      ...(/console|password/.test(line) ? ['password'] : []),
    ]);
    expect(text.split('\n')).toHaveLength(outputs.length * 3 + 1);
    const secrets = outputs.filter(([name]) => name !== 'access_key_id').map(([, value]) => value ?? '');
    expect(
      err
        .split('\n')
        .filter((text) => text !== '')
        .sort(),
    ).toEqual(secrets.map((secret) => `::add-mask::${secret.replaceAll('%', '%25')}`).sort());
    expect(code).toBe(0);
    for (const secret of secrets) expect(out).not.toContain(secret);
  });

  it('contains the AccessKey of a rotation, whose secret is masked first', async () => {
    await world.ramctl('ak create bob');
    const { code, err } = await world.ramctl('ak rotate bob --secret-to github --check smoke', inGitHubActions);
    const [shell] = world.shellCommands;
    expect([code, err]).toEqual([0, `::add-mask::${shell?.variables.ALIBABA_CLOUD_ACCESS_KEY_SECRET}\n`]);
    for (const value of Object.values(shell?.variables ?? {}))
      expect(world.delivered.get(githubOutputPath)).toContain(value);
  });

  it('is required for --secret-to github', async () => {
    for (const line of SECRET_COMMANDS) {
      await expectNoChange(`${line} --secret-to github`, 2);
      await expectNoChange(`${line} --secret-to github`, 2, { environment: { githubOutputPath: '/runner/none' } });
    }
  });

  it.each(['mfa enable alice --no-bind', 'user import two.csv'])('cannot hold the secrets of %s', async (line) => {
    const files = { 'two.csv': 'UserName,AccessKey\nx,yes\ny,yes\n' };
    await expectNoChange(`${line} --secret-to github`, 2, { ...inGitHubActions, files });
  });

  it.each(SECRET_COMMANDS)('causes a rollback of %s if it cannot be written', async (line) => {
    world.failingPaths.add(githubOutputPath);
    const before = await users();
    expect(await world.ramctl(`${line} --secret-to github`, inGitHubActions)).toMatchObject({ code: 5, out: '' });
    expect(await users()).toEqual(before);
  });
});

it.each([
  '--config-path c.json',
  '--config-path c.json --secret-to stdout',
  '--config-path c.json --secret-to file:s.env',
  '--config-path c.json --secret-to github',
  '--overwrite --secret-to stdout',
  '--overwrite --secret-to aliyun:robot',
  '--overwrite --secret-to github',
  '--secret-to aliyun:',
  '--secret-to aliyun',
  '--secret-to github:x',
  '--secret-to GITHUB',
  '--secret-to=',
])('refuses %s and creates nothing', async (flags) => {
  world.delivered.set(githubOutputPath, '');
  const err = await expectNoChange(`ak create alice ${flags}`, 2, inGitHubActions);
  expect(err).toMatch(/^error: --(overwrite|config-path|secret-to) /);
});
