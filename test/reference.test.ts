import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RamctlCommand } from '../src/cli/command.ts';
import { NOUNS } from '../src/cli/nouns.ts';
import type { CreatedUser } from '../src/core/workflows/provision.ts';
import { buildTrustPolicy } from '../src/core/workflows/role.ts';
import { bindDevice, createUnboundDevice } from './support/mfa.ts';
import { splitWords } from './support/shell.ts';
import { TestWorld } from './support/test-world.ts';
import { program, verbs } from './support/verbs.ts';

const globals = program.options.map(({ long }) => long);

describe.each(verbs)('%s', (name, command) => {
  const verb = command as RamctlCommand;

  it('has a summary and an example', () => {
    expect(verb.summary()).toMatch(/\w/);
    expect(verb.examples.length).toBeGreaterThan(0);
  });

  it('has no option with the name of a global option', () => {
    const own = verb.options.map(({ long }) => long);
    expect(own.filter((long) => globals.includes(long)).sort()).toEqual([...globals].sort());
    expect(own).toHaveLength(new Set(own).size);
  });

  it.each(verb.examples.filter((line) => !line.startsWith('#')))('runs the example: %s', async (example) => {
    const world = / create$|^serve$/.test(name) ? new TestWorld() : await openExampleWorld();
    if (name === 'ak create') await world.ramctl(['user', 'create', 'deployer']);
    if (name === 'mfa delete') await world.directory.createVirtualMFADevice({ VirtualMFADeviceName: 'spare' });
    if (name === 'mfa disable') await bindDevice(world, 'alice');
    const robot = name.startsWith('ak') ? await createRobotKey(world) : undefined;
    if (name === 'ak rotation rollback') await world.ramctl('ak rotate robot');
    const input = name === 'logon' ? await setPasswordOfAlice(world) : (robot?.AccessKeySecret ?? '');
    const codes = name === 'mfa bind' ? (await createUnboundDevice(world, 'bob')).codes : ['123456', '654321'];
    const replacements = {
      '2-a1b2c3': (await world.history.list({ limit: 1 }))[0]?.ChangeId,
      LTAI0000000000000000test: name === 'ak verify' ? robot?.AccessKeyId : await findKeyIdOfDeployer(world),
      123456: codes[0],
      654321: codes[1],
    };
    const line = Object.entries(replacements).reduce(
      (text, [placeholder, value]) => text.replace(placeholder, value ?? ''),
      example,
    );
    const args = splitWords(line);
    expect(`${args.join(' ')} `).toContain(`ramctl ${name} `);
    const { code, err } = await world.ramctl([...args.slice(1), '--yes'], { files, input });
    expect([code, err]).toEqual([EXIT_CODES[line] ?? 0, expect.not.stringContaining('error')]);
  });
});

it('has a row for every noun in the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const noun of Object.keys(NOUNS)) expect(readme).toMatch(new RegExp(`^\\| \`${noun}\``, 'm'));
});

/** The exit codes of examples that do not end with 0. */
const EXIT_CODES: Record<string, number> = {
  'ramctl report --fail-on no-mfa --fail-on old-key --max-key-age 60d --output json': 4,
  'ramctl policy simulate alice --action iot:QueryDevice': 4,
  'ramctl apply directory.yaml --prune --dry-run --detailed-exitcode': 4,
};

const policy = {
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'iot:Query*',
      Resource: '*',
      Condition: { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } },
    },
  ],
};
const files = {
  'system-policies.json': JSON.stringify({
    Policy: { PolicyName: 'AliyunSLBFullAccess', PolicyType: 'System', DefaultVersion: 'v2' },
    DefaultPolicyVersion: { VersionId: 'v2', PolicyDocument: JSON.stringify(policy) },
  }),
  'policy.json': JSON.stringify(policy),
  'trust.json': buildTrustPolicy(['1234567890123456'], []),
  'users.csv': 'UserName,Console\ndora,true\nerin,\n',
  'directory-backup.json': '',
  'directory.yaml': 'Users:\n  - UserName: alice\n    DisplayName: Alice\n',
  'users.yaml': '- UserName: alice\n- UserName: dora\n',
};

/** The world of the last example, if that changed nothing. */
let unchanged: { world: TestWorld; changes: number } | undefined;

/** Returns a directory with everything that the examples name. */
async function openExampleWorld(): Promise<TestWorld> {
  if (unchanged && (await countChanges(unchanged.world)) === unchanged.changes) return unchanged.world;
  const world = await createExampleWorld();
  unchanged = { world, changes: await countChanges(world) };
  return world;
}

const countChanges = async (world: TestWorld) => (await world.history.list({})).length + world.delivered.size;

async function createExampleWorld(): Promise<TestWorld> {
  const world = new TestWorld();
  for (const name of ['alice', 'bob']) await world.ramctl(['user', 'create', name, '--console']);
  await world.ramctl(['user', 'create', 'deployer', '--access-key']);
  await world.ramctl(['ak', 'disable', 'deployer', await findKeyIdOfDeployer(world)]);
  await world.ramctl('account alias acme');
  await world.ramctl('group create operators');
  for (const name of ['auditor', 'deploy-pipeline']) await world.ramctl(`role create ${name}`);
  for (const name of ['IotFromOffice', 'Unused'])
    await world.ramctl(`policy create ${name} --document policy.json`, { files });
  await world.ramctl('policy attach IotFromOffice --user alice');
  world.addTarget('directory.json', world);
  world.addTarget('team.json', new TestWorld());
  return world;
}

async function createRobotKey(world: TestWorld) {
  const { json } = await world.ramctl('user create robot --access-key -o json');
  return (json as CreatedUser).AccessKey;
}

/** Sets and returns a password that needs no reset. */
async function setPasswordOfAlice(world: TestWorld): Promise<string> {
  await world.ramctl('login set alice --password-stdin --password-reset not-required', { input: 'Correct-Horse-9' });
  return 'Correct-Horse-9';
}

async function findKeyIdOfDeployer(world: TestWorld): Promise<string> {
  return (await world.state()).Users.get('deployer')?.AccessKeys[0]?.AccessKeyId ?? '';
}
