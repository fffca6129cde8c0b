import { expect, it } from 'vitest';
import { validateState } from '../../src/core/check.ts';
import { Failure } from '../../src/core/failure.ts';
import type { GroupRecord, PolicyRecord, RotationRecord, State, UserRecord } from '../../src/core/state.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

const world = new TestWorld();
await world.ramctl('user create alice --console --access-key --policy ReadOnlyAccess --email alice@example.com');
await world.ramctl('user create bob --access-key');
await world.ramctl('group create ops --comments "on call"');
await world.ramctl('group add ops alice bob');
const input = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
await world.ramctl('policy create Own --document - --description "reads of IoT"', { input });
await world.ramctl('policy edit Own --document -', { input });
await world.ramctl('policy attach Own ReadOnlyAccess --group ops --user bob');

/** What the check says about a directory after some damage to it. */
async function found(damage: (alice: UserRecord, bob: UserRecord, state: State) => void, vault = createPlainVault()) {
  const state = await world.state();
  const [alice, bob] = state.Users.values();
  if (alice && bob) damage(alice, bob, state);
  return validateState(state, vault);
}

it('there is nothing to say about rotations in any state, of users old and new', async () => {
  const rotating = new TestWorld();
  const run = (line: string, code?: number) => rotating.ramctl(line, { shell: async () => code });
  for (const name of ['done', 'grace', 'back', 'killed', 'gone', 'renamed']) {
    await run(`user create ${name} --access-key`);
    const shell = async () => Promise.reject(new Error('killed'));
    if (name === 'killed') await rotating.ramctl('ak rotate killed --check smoke --run-id "any token"', { shell });
    else await run(`ak rotate ${name} ${name === 'grace' ? '--grace 1h' : ''}`);
  }
  await run('ak rotation rollback back --yes');
  const [, key] = (await rotating.state()).Users.get('grace')?.AccessKeys ?? [];
  await run(`ak delete grace ${key?.AccessKeyId} --force --yes`);
  await run('ak rotate grace --grace 1h');
  await run('user edit renamed --name other --yes');
  await run('user delete gone --cascade --yes');
  const { Users } = await rotating.state();
  const states = Array.from(Users.values(), ({ Rotations }) => Rotations?.map(({ State }) => State).join());
  expect(states.sort()).toEqual(['Checking', 'Done', 'Done', 'Grace,Grace', 'RolledBack']);
  expect(await validateState(await rotating.state(), createPlainVault())).toEqual([]);
});

it.each<[string, (rotation: RotationRecord, alice: UserRecord) => unknown]>([
  ['a state that there is not', (rotation) => Object.assign(rotation, { State: 'Over' })],
  ['a bad date', (rotation) => Object.assign(rotation, { CreateDate: 'yesterday' })],
  ['a bad date of being due', (rotation) => Object.assign(rotation, { DueDate: 'tomorrow' })],
  ['no token', (rotation) => Object.assign(rotation, { RunId: '' })],
  ['a token that rewrites the screen', (rotation) => Object.assign(rotation, { RunId: 'a\u001b[2J' })],
  ['an id that is none', (rotation) => Object.assign(rotation, { OldAccessKeyId: 'LTAI' })],
  ['another id that is none', (rotation) => Object.assign(rotation, { NewAccessKeyId: undefined })],
  ['a token twice', (rotation, alice) => alice.Rotations?.push({ ...rotation, State: 'Done' })],
  ['two that are pending', (rotation, alice) => alice.Rotations?.push({ ...rotation, RunId: 'other' })],
])('Value: found for a rotation with %s', async (_, damage) => {
  const findings = await found((alice) => {
    const rotation = rotationOf(alice);
    alice.Rotations = [rotation];
    damage(rotation, alice);
  });
  expect(findings).toMatchObject([{ Code: 'Value', Message: expect.stringContaining('alice') }]);
  expect(JSON.stringify(findings)).not.toContain('\u001b');
});

it('there is nothing to say about what the rules made', async () => {
  expect(await found(() => {})).toEqual([]);
});

it.each<[string, (alice: UserRecord, bob: UserRecord) => void]>([
  ['Identifier', (alice) => Object.assign(alice, { UserId: '42' })],
  ['Identifier', (alice, bob) => Object.assign(alice, { UserId: bob.UserId })],
  ['Identifier', (alice, bob) => Object.assign(alice, { AccessKeys: bob.AccessKeys })],
  ['Identifier', (alice) => alice.AccessKeys.map((key) => Object.assign(key, { AccessKeyId: 'LTAI' }))],
  ['Value', (alice) => Object.assign(alice, { UserName: 'a b' })],
  ['Value', (alice) => Object.assign(alice, { Comments: 'a\u001b[2J' })],
  ['Value', (alice) => Object.assign(alice, { DisplayName: '' })],
  ['Value', (alice) => Object.assign(alice, { Email: 'alice' })],
  ['Value', (alice) => Object.assign(alice, { MobilePhone: '1' })],
  ['Value', (alice) => Object.assign(alice, { CreateDate: 'yesterday' })],
  ['Value', (alice) => Object.assign(alice.LoginProfile ?? {}, { Status: 'On' })],
  ['Value', (alice) => Object.assign(alice.LoginProfile ?? {}, { PasswordHash: 'Correct-Horse-9' })],
  ['Value', (alice) => Object.assign(alice.LoginProfile ?? {}, { EarlierHashes: ['Correct-Horse-9'] })],
  ['Quota', (alice, bob) => alice.AccessKeys.push(...bob.AccessKeys, ...bob.AccessKeys)],
  ['Quota', (alice) => alice.Policies.push(...Array(20).fill(alice.Policies[0]))],
  ['Reference', (alice) => alice.Policies.map((policy) => Object.assign(policy, { PolicyName: 'Gone' }))],
  ['Reference', (alice) => alice.Policies.map((policy) => Object.assign(policy, { PolicyName: 'constructor' }))],
  [
    'Seal',
    (alice, bob) =>
      alice.AccessKeys.map((key) => Object.assign(key, { SealedSecret: bob.AccessKeys[0]?.SealedSecret })),
  ],
])('%s: found after %s', async (code, damage) => {
  const findings = await found(damage);
  expect(findings.map(({ Code }) => Code)).toContain(code);
  expect(JSON.stringify(findings)).not.toMatch(/Correct-Horse-9|\u001b/);
});

it('a key that does not fit is found once, and the rest is looked at all the same', async () => {
  const missing = () => {
    throw new Failure('broken', 'KeyFileMissing', 'the key file is missing');
  };
  const findings = await found((alice) => Object.assign(alice, { CreateDate: '' }), {
    ...createPlainVault(),
    verifyKey: missing,
    decrypt: missing,
  });
  expect(findings.map(({ Code }) => Code)).toEqual(['Key', 'Value']);
});

it.each<[string, string, (things: { ops: GroupRecord; own: PolicyRecord; alice: UserRecord; state: State }) => void]>([
  ['Identifier', 'two groups with one id', ({ ops, state }) => state.Groups.set('dev', { ...ops, GroupName: 'dev' })],
  ['Value', 'a bad group name', ({ ops }) => Object.assign(ops, { GroupName: 'a b' })],
  ['Value', 'bad group comments', ({ ops }) => Object.assign(ops, { Comments: 'a\u001b[2J' })],
  ['Value', 'a bad date of a group', ({ ops }) => Object.assign(ops, { UpdateDate: 'yesterday' })],
  [
    'Value',
    'a bad date of joining',
    ({ alice }) => alice.Groups.map((group) => Object.assign(group, { JoinDate: '' })),
  ],
  ['Value', 'a bad date of attaching', ({ ops }) => ops.Policies.map((one) => Object.assign(one, { AttachDate: '' }))],
  ['Reference', 'a member of nothing', ({ alice }) => alice.Groups.push({ GroupId: 'g-x', JoinDate: DATE })],
  ['Reference', 'a group that is gone', ({ state }) => state.Groups.delete('ops')],
  ['Reference', 'a member twice', ({ alice }) => alice.Groups.push(...alice.Groups)],
  ['Quota', 'a member of eleven groups', ({ alice }) => alice.Groups.push(...Array(10).fill(alice.Groups[0]))],
  ['Reference', 'a policy that is gone', ({ state }) => state.Policies.delete('own')],
  ['Reference', 'a policy twice', ({ ops }) => ops.Policies.push(...ops.Policies)],
  ['Quota', 'eleven custom policies', ({ ops }) => ops.Policies.push(...Array(10).fill(ops.Policies[0]))],
  ['Quota', 'twenty-one system policies', ({ ops }) => ops.Policies.push(...Array(20).fill(ops.Policies[1]))],
  ['Quota', '301 groups', ({ ops, state }) => fill(state.Groups, ops, 301)],
  ['Quota', '1501 policies', ({ own, state }) => fill(state.Policies, own, 1501)],
  ['Document', 'a document that is none', ({ own }) => Object.assign(own.Versions[0] ?? {}, { PolicyDocument: 'x' })],
  ['Value', 'the name of a system policy', ({ own }) => Object.assign(own, { PolicyName: 'readonlyaccess' })],
  ['Value', 'an alias with blanks', ({ state }) => Object.assign(state.Account, { AccountAlias: 'A B' })],
  [
    'Value',
    'a preference of another type',
    ({ state }) => Object.assign(state.Account.SecurityPreference, { AllowUserToChangePassword: 'yes' }),
  ],
  ['Value', 'a bad policy name', ({ own }) => Object.assign(own, { PolicyName: 'a_b' })],
  ['Value', 'a bad date of a policy', ({ own }) => Object.assign(own, { CreateDate: '2026-13-01T00:00:00Z' })],
  ['Value', 'a bad date of a version', ({ own }) => Object.assign(own.Versions[0] ?? {}, { CreateDate: '' })],
  ['Value', 'no version in force', ({ own }) => Object.assign(own, { DefaultVersion: 'v3' })],
  ['Value', 'no version at all', ({ own }) => Object.assign(own, { Versions: [] })],
  ['Value', 'versions out of order', ({ own }) => own.Versions.reverse()],
  ['Value', 'a version twice', ({ own }) => own.Versions.push(...own.Versions.slice(1))],
  ['Value', 'a version later than the latest', ({ own }) => Object.assign(own, { LatestVersion: 1 })],
  ['Value', 'a version without a number', ({ own }) => Object.assign(own.Versions[0] ?? {}, { VersionId: 'first' })],
  ['Value', 'six versions', ({ own }) => sixVersions(own)],
])('%s: found for %s', async (code, _, damage) => {
  const findings = await found((alice, __, state) => {
    const [ops, own] = [state.Groups.get('ops'), state.Policies.get('own')];
    if (ops && own) damage({ ops, own, alice, state });
  });
  expect(findings.map(({ Code }) => Code)).toContain(code);
  expect(JSON.stringify(findings)).not.toContain('\u001b');
});

function rotationOf({ AccessKeys }: UserRecord): RotationRecord {
  const [AccessKeyId = ''] = AccessKeys.map((key) => key.AccessKeyId);
  return {
    RunId: 't',
    State: 'Grace',
    OldAccessKeyId: AccessKeyId,
    NewAccessKeyId: AccessKeyId,
    CreateDate: DATE,
    DueDate: DATE,
    Request: '',
  };
}

const DATE = '2026-01-01T00:00:00Z';

function fill<T>(records: Map<string, T>, record: T, count: number): void {
  for (let n = records.size; n < count; n += 1) records.set(`x${n}`, record);
}

function sixVersions(policy: PolicyRecord): void {
  policy.LatestVersion = 6;
  for (let n = 3; n <= 6; n += 1) {
    policy.Versions.push({ VersionId: `v${n}`, PolicyDocument: input, CreateDate: DATE });
  }
}
