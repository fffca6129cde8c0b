import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { validateState } from '../../src/core/validate-state.ts';
import { encodeBody } from '../../src/store/file-format.ts';
import { systemRandom } from '../../src/system/random.ts';
import { FileVault } from '../../src/system/vault.ts';
import { expectNoSecrets } from '../support/secrets.ts';
import { type CommandResult, TestWorld } from '../support/test-world.ts';

const COMMANDS = [
  ['user create USER --policy POLICY', 'user create USER --access-key', 'user create USER --console --mfa required'],
  ['user create USER --access-key --if-not-exists', 'user create USER --access-key --dry-run'],
  ['user create USER --group GROUP --policy CUSTOM', 'user import ROWS', 'user import ROWS --skip-existing'],
  ['user edit USER --name OTHER', 'user edit USER --comments TEXT', 'user edit USER --display-name TEXT'],
  ['user delete USER', 'user delete USER OTHER --cascade', 'user delete USER --cascade --dry-run'],
  ['ak create USER', 'ak create USER --secret-to file:s.env', 'ak create USER --query AccessKeyId'],
  ['ak enable USER KEY', 'ak disable USER KEY', 'ak delete USER KEY', 'ak delete USER KEY --force'],
  [
    'ak rotate USER',
    'ak rotate USER --grace GRACE --secret-to file:s.env --overwrite',
    'ak rotate USER --run-id TOKEN',
    'ak rotate USER --run-id TOKEN --replace inactive --grace GRACE',
  ],
  [
    'ak rotate USER --run-id TOKEN --grace GRACE --check CHECK --secret-to aliyun:robot --config-path c.json',
    'ak rotate USER --check CHECK',
  ],
  ['ak rotate USER --run-id TOKEN --replace KEY --force', 'ak rotate USER --replace KEY --secret-to file:s.json'],
  ['ak rotation finish', 'ak rotation finish USER', 'ak rotation rollback USER', 'ak verify KEY --secret-stdin'],
  ['login set USER --generate-password', 'mfa enable USER --no-bind', 'mfa disable USER'],
  [
    'mfa enable USER --no-bind --secret-to file:s.json --overwrite',
    'user create USER --console --secret-to file:s.csv',
  ],
  ['login set USER --mfa required', 'login enable USER', 'login disable USER', 'login delete USER'],
  ['policy attach POLICY ReadOnlyAccess --user USER', 'policy detach POLICY --user USER --user OTHER'],
  ['policy attach CUSTOM --user USER --group GROUP', 'policy detach POLICY CUSTOM --group GROUP'],
  ['policy attach CUSTOM POLICY --group GROUP', 'policy create CUSTOM --document FILE --description TEXT'],
  [
    'policy create CUSTOM --document FILE',
    'policy edit CUSTOM --document FILE',
    'policy edit CUSTOM --description TEXT',
  ],
  ['policy edit CUSTOM --document FILE --rotate', 'policy edit CUSTOM --document FILE --not-default --rotate'],
  ['policy edit CUSTOM --document FILE --not-default', 'policy set-default CUSTOM VERSION'],
  ['policy delete CUSTOM', 'policy delete CUSTOM --cascade'],
  ['group create GROUP', 'group create GROUP --comments TEXT --if-not-exists', 'group edit GROUP --comments TEXT'],
  ['group edit GROUP --name GROUPS', 'group add GROUP USER OTHER', 'group add GROUP USER', 'group remove GROUP USER'],
  ['group delete GROUP', 'group delete GROUP GROUPS --cascade', 'group delete GROUP --cascade --dry-run'],
  [
    'account alias ALIAS',
    'account alias --clear',
    'account settings set --require-numbers true --max-password-age AGE',
  ],
].flat();

/** Commands that read the directory and must succeed in every state. */
const READ_COMMANDS = [
  'overview',
  'report',
  'user list',
  'group list',
  'policy list',
  'account settings get',
  'directory check',
  'ak rotation list',
];

const user = fc.constantFrom('alice', 'ALICE', 'bob', '__proto__');
const group = fc.constantFrom('ops', 'OPS', 'dev', '__proto__');
const command = fc.record({
  line: fc.constantFrom(...COMMANDS),
  USER: user,
  OTHER: user,
  GROUP: group,
  GROUPS: group,
  POLICY: fc.constantFrom('ReadOnlyAccess', 'administratoraccess', 'Nope'),
  CUSTOM: fc.constantFrom('Own', 'OWN', 'constructor', 'readonlyaccess'),
  VERSION: fc.constantFrom('v1', 'v2', 'v7', '2'),
  FILE: fc.constantFrom('allow', 'allow', 'deny', 'broken'),
  ROWS: fc.constantFrom('rows.csv', 'rows.jsonl', 'duplicate.csv'),
  ALIAS: fc.constantFrom('acme', 'acme-2', 'Acme'),
  AGE: fc.constantFrom('0', '90', '9999'),
  TOKEN: fc.constantFrom('t1', 't2', '__proto__'),
  GRACE: fc.constantFrom('0s', '5s', '1h'),
  CHECK: fc.constantFrom('good', 'bad', 'killed'),
  TEXT: fc.constantFrom('ops', '=1+1', 'a\u202eb', '😀', '-y'),
  brokenOutput: fc.constantFrom('', '', '', 'EPIPE', 'ENOSPC'),
  format: fc.constantFrom('table', 'json', 'yaml', 'csv'),
});

/** A `--check` command that uses the new AccessKey. With `killed`, it ends without a result. */
const checkCommand = (world: TestWorld) => async (command: string, variables: Record<string, string>) => {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: input = '' } = variables;
  expect((await world.ramctl(`ak verify ${id} --secret-stdin`, { input })).code).toBe(0);
  if (command === 'killed') throw new Failure('later', 'Killed', 'killed');
  return command === 'bad' ? 1 : 0;
};

const statement = (Effect: string) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect, Action: 'ram:*', Resource: 'acs:ram:*:*:user/alice' }] });
const files = {
  allow: statement('Allow'),
  deny: statement('Deny'),
  broken: statement('Maybe'),
  'rows.csv': 'UserName,AccessKey,Groups,Policies\ncarol,yes,ops,Own\nerin,,,\n',
  'rows.jsonl': '{"UserName":"dave"}\n{"UserName":"erin","Groups":["ops"]}\n',
  'duplicate.csv': 'UserName\nalice\nALICE\n',
};

const folder = mkdtempSync(join(tmpdir(), 'ramctl-sequence-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A vault that records the secrets that it encrypts. */
class RecordingVault extends FileVault {
  readonly secrets = new Set<string>();

  override encrypt(clear: string, label: string): string {
    this.secrets.add(clear);
    return super.encrypt(clear, label);
  }
}

/** A directory with users, a group and a policy. Generated passwords are recorded with the other secrets. */
async function createFilledWorld(vault: RecordingVault): Promise<TestWorld> {
  const world = new TestWorld(vault);
  const { directory } = world;
  const { generatePassword } = directory;
  directory.generatePassword = (policy) => {
    const password = generatePassword(policy);
    vault.secrets.add(password);
    return password;
  };
  const [UserName, GroupName, PolicyName] = ['alice', 'ops', 'Own'];
  for (const name of [UserName, 'bob']) await directory.createUser({ UserName: name });
  await directory.createAccessKey({ UserName });
  await directory.createGroup({ GroupName });
  await directory.addUserToGroup({ UserName, GroupName });
  await directory.createPolicy({ PolicyName, PolicyDocument: files.allow });
  await directory.attachPolicyToGroup({ PolicyName, PolicyType: 'Custom', GroupName });
  return world;
}

/** Expects that a command prints no secret twice, and none to stderr. `shown` are the secrets printed before. */
function expectNoSecretTwice(
  world: TestWorld,
  { out, err }: CommandResult,
  secrets: Set<string>,
  shown: Set<string>,
): void {
  expectNoSecrets(secrets, err + world.shellCommands.map(({ command }) => command).join());
  const delivered = Array.from(world.delivered.values()).join();
  expectNoSecrets([...shown, ...Array.from(secrets).filter((secret) => delivered.includes(secret))], out);
  for (const secret of secrets) if (out.includes(secret)) shown.add(secret);
}

it('any sequence of commands keeps the directory valid and prints no secret twice, and a failed command changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 25, size: 'max' }), async (commands) => {
      const vault = new RecordingVault(join(folder, 'directory.key'), systemRandom);
      const world = await createFilledWorld(vault);
      const { secrets } = vault;
      const shown = new Set<string>();
      for (const { line, brokenOutput, format, ...values } of commands) {
        const before = await world.state();
        const [key] = Array.from(before.Users.values()).flatMap(({ AccessKeys }) => AccessKeys);
        const filled: Record<string, string> = { ...values, KEY: key?.AccessKeyId ?? 'LTAIx' };
        const args = line.split(' ').map((arg) => filled[arg] ?? arg);
        const outcome = await world.ramctl([...args, '--yes', '--debug', '-o', format], {
          brokenOutput,
          files,
          shell: checkCommand(world),
        });
        const { code, out } = outcome;
        expect([0, 1, 2, 3, 4, 5]).toContain(code);
        if (code !== 0) expect(out).toBe('');
        if (![0, 4, 5].includes(code)) expect(await world.state()).toEqual(before);
        expectNoSecretTwice(world, outcome, secrets, shown);
      }
      const state = await world.state();
      expect(await validateState(state, vault)).toEqual([]);
      expectNoSecrets(secrets, encodeBody(state));
      const simulations = Array.from(
        state.Users.values(),
        ({ UserName }) => `policy simulate ${UserName} --action ram:GetUser`,
      );
      for (const line of [...READ_COMMANDS, ...simulations]) {
        const outcome = await world.ramctl(`${line} -o json --debug`);
        expect([0, 4]).toContain(outcome.code);
        expectNoSecrets(secrets, outcome.out + outcome.err);
      }
    }),
    { numRuns: 20 },
  );
});
