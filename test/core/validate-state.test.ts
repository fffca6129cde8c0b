import { expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Records } from '../../src/core/records.ts';
import type { GroupRecord, PolicyRecord, RoleRecord, RotationRecord, State, UserRecord } from '../../src/core/state.ts';
import { validateState } from '../../src/core/validate-state.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

const world = new TestWorld();
await world.ramctl('user create alice --console --access-key --policy ReadOnlyAccess --email alice@example.com');
await world.ramctl('user create bob --access-key');
await world.ramctl('group create ops --comments "on call"');
await world.ramctl('group add ops alice bob');
const input = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
await world.ramctl('policy create Own --document - --description "reads of IoT"', { input });
await world.ramctl('policy edit Own --document -', { input });
await world.ramctl('role create reader --description reads --trusted-service ecs.aliyuncs.com');
await world.ramctl('policy attach Own ReadOnlyAccess --group ops --user bob --role reader');

const imported = ({ PolicyName }: PolicyRecord) => ({ PolicyName, DefaultVersion: 'v1', PolicyDocument: input });

it('a custom policy may have the name of a system policy that older versions did not know', async () => {
  const state = await world.state();
  const own = state.Policies.get('own');
  if (own) state.Policies.set('aliyunslbfullaccess', { ...own, PolicyName: 'AliyunSLBFullAccess' });
  state.SystemPolicies.set('new', { ...imported({ ...own, PolicyName: 'New' } as PolicyRecord) });
  expect(await validateState(state, createPlainVault())).toEqual([]);
});

/** Returns the problems of a directory after some damage to it. */
async function problemsAfter(
  damage: (alice: UserRecord, bob: UserRecord, state: State) => void,
  vault = createPlainVault(),
) {
  const state = await world.state();
  const [alice, bob] = state.Users.values();
  if (alice && bob) damage(alice, bob, state);
  return validateState(state, vault);
}

it('rotations in any state, also of renamed and new users, have no problems', async () => {
  const rotationWorld = new TestWorld();
  const run = (line: string, code?: number) => rotationWorld.ramctl(line, { shell: async () => code });
  for (const name of ['done', 'grace', 'back', 'killed', 'gone', 'renamed']) {
    await run(`user create ${name} --access-key`);
    const shell = async () => Promise.reject(new Error('killed'));
    if (name === 'killed') await rotationWorld.ramctl('ak rotate killed --check smoke --run-id "any token"', { shell });
    else await run(`ak rotate ${name} ${name === 'grace' ? '--grace 1h' : ''}`);
  }
  await run('ak rotation rollback back --yes');
  const [, key] = (await rotationWorld.state()).Users.get('grace')?.AccessKeys ?? [];
  await run(`ak delete grace ${key?.AccessKeyId} --force --yes`);
  await run('ak rotate grace --grace 1h');
  await run('user edit renamed --name other --yes');
  await run('user delete gone --cascade --yes');
  const { Users } = await rotationWorld.state();
  const states = Array.from(Users.values(), ({ Rotations }) => Rotations?.map(({ State }) => State).join());
  expect(states.sort()).toEqual(['Checking', 'Done', 'Done', 'Grace,Grace', 'RolledBack']);
  expect(await validateState(await rotationWorld.state(), createPlainVault())).toEqual([]);
});

it.each<[string, (rotation: RotationRecord, alice: UserRecord) => unknown]>([
  ['an unknown state', (rotation) => Object.assign(rotation, { State: 'Over' })],
  ['an invalid creation date', (rotation) => Object.assign(rotation, { CreateDate: 'yesterday' })],
  ['an invalid due date', (rotation) => Object.assign(rotation, { DueDate: 'tomorrow' })],
  ['an empty RunId', (rotation) => Object.assign(rotation, { RunId: '' })],
  ['a RunId with a terminal escape sequence', (rotation) => Object.assign(rotation, { RunId: 'a\u001b[2J' })],
  ['a malformed old key id', (rotation) => Object.assign(rotation, { OldAccessKeyId: 'LTAI' })],
  [
    'an invalid date before it was repeated',
    (rotation) => {
      Object.assign(rotation, { Earlier: { ...rotation, CreateDate: 'yesterday' } });
    },
  ],
  ['a delivery time that is no number', (rotation) => Object.assign(rotation, { DeliveryTimeMs: '1' })],
  ['no new key id', (rotation) => Object.assign(rotation, { NewAccessKeyId: undefined })],
  ['a RunId that another rotation has', (rotation, alice) => alice.Rotations?.push({ ...rotation, State: 'Done' })],
  ['a second pending rotation', (rotation, alice) => alice.Rotations?.push({ ...rotation, RunId: 'other' })],
])('reports a Value problem for a rotation with %s', async (_, damage) => {
  const problems = await problemsAfter((alice) => {
    const rotation = rotationOf(alice);
    alice.Rotations = [rotation];
    damage(rotation, alice);
  });
  expect(problems).toMatchObject([{ Code: 'Value', Message: expect.stringContaining('alice') }]);
  expect(JSON.stringify(problems)).not.toContain('\u001b');
});

it('a directory that only commands have changed has no problems', async () => {
  expect(await problemsAfter(() => {})).toEqual([]);
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
])('reports a %s problem after %s', async (code, damage) => {
  const problems = await problemsAfter(damage);
  expect(problems.map(({ Code }) => Code)).toContain(code);
  expect(JSON.stringify(problems)).not.toMatch(/Correct-Horse-9|\u001b/);
});

it('a wrong vault key is reported once, and everything else is checked too', async () => {
  const throwKeyFileMissing = () => {
    throw new Failure('broken', 'KeyFileMissing', 'the key file is missing');
  };
  const problems = await problemsAfter((alice) => Object.assign(alice, { CreateDate: '' }), {
    ...createPlainVault(),
    verifyKey: throwKeyFileMissing,
    decrypt: throwKeyFileMissing,
  });
  expect(problems.map(({ Code }) => Code)).toEqual(['Key', 'Value']);
});

it.each<[string, string, (things: { ops: GroupRecord; own: PolicyRecord; alice: UserRecord; state: State }) => void]>([
  [
    'Identifier',
    'two groups with the same id',
    ({ ops, state }) => state.Groups.set('dev', { ...ops, GroupName: 'dev' }),
  ],
  ['Value', 'an invalid group name', ({ ops }) => Object.assign(ops, { GroupName: 'a b' })],
  ['Value', 'an invalid DisplayName of a group', ({ ops }) => Object.assign(ops, { DisplayName: '' })],
  ['Value', 'invalid comments of a group', ({ ops }) => Object.assign(ops, { Comments: 'a\u001b[2J' })],
  ['Value', 'an invalid date of a group', ({ ops }) => Object.assign(ops, { UpdateDate: 'yesterday' })],
  ['Value', 'an invalid JoinDate', ({ alice }) => alice.Groups.map((group) => Object.assign(group, { JoinDate: '' }))],
  ['Value', 'an invalid AttachDate', ({ ops }) => ops.Policies.map((one) => Object.assign(one, { AttachDate: '' }))],
  [
    'Reference',
    'a membership in an unknown group',
    ({ alice }) => alice.Groups.push({ GroupId: 'g-x', JoinDate: DATE }),
  ],
  ['Reference', 'a deleted group with members', ({ state }) => state.Groups.delete('ops')],
  ['Reference', 'a user who is in a group twice', ({ alice }) => alice.Groups.push(...alice.Groups)],
  ['Quota', 'a user in eleven groups', ({ alice }) => alice.Groups.push(...Array(10).fill(alice.Groups[0]))],
  ['Reference', 'a deleted policy that is attached', ({ state }) => state.Policies.delete('own')],
  ['Reference', 'a policy that is attached twice', ({ ops }) => ops.Policies.push(...ops.Policies)],
  ['Quota', 'eleven custom policies', ({ ops }) => ops.Policies.push(...Array(10).fill(ops.Policies[0]))],
  ['Quota', 'twenty-one system policies', ({ ops }) => ops.Policies.push(...Array(20).fill(ops.Policies[1]))],
  ['Quota', '301 groups', ({ ops, state }) => fillUpTo(state.Groups, ops, 301)],
  ['Quota', '1501 policies', ({ own, state }) => fillUpTo(state.Policies, own, 1501)],
  [
    'Document',
    'a document that is not JSON',
    ({ own }) => Object.assign(own.Versions[0] ?? {}, { PolicyDocument: 'x' }),
  ],
  [
    'Value',
    'a custom policy with the name of a system policy',
    ({ own }) => Object.assign(own, { PolicyName: 'readonlyaccess' }),
  ],
  [
    'Value',
    'a custom policy with the name of an imported system policy',
    ({ own, state }) => state.SystemPolicies.set('own', imported(own)),
  ],
  [
    'Value',
    'an imported policy with a malformed document',
    ({ own, state }) => state.SystemPolicies.set('other', { ...imported(own), PolicyDocument: '{}' }),
  ],
  [
    'Value',
    'an imported policy with a malformed version',
    ({ own, state }) => state.SystemPolicies.set('other', { ...imported(own), DefaultVersion: 'first' }),
  ],
  [
    'Value',
    'an imported policy with an invalid date',
    ({ own, state }) => state.SystemPolicies.set('other', { ...imported(own), UpdateDate: 'yesterday' }),
  ],
  ['Value', 'an alias with spaces', ({ state }) => Object.assign(state.Account, { AccountAlias: 'A B' })],
  [
    'Value',
    'a setting of the wrong type',
    ({ state }) => Object.assign(state.Account.SecurityPreference, { AllowUserToChangePassword: 'yes' }),
  ],
  ['Value', 'a tag whose value is not a text', ({ own }) => Object.assign(own, { Tags: { team: 1 } })],
  ['Value', 'a reserved tag key', ({ alice }) => Object.assign(alice, { Tags: { 'acs:team': '' } })],
  [
    'Value',
    'a tag value that is too long for a user',
    ({ alice }) => Object.assign(alice, { Tags: { a: 'b'.repeat(129) } }),
  ],
  ['Value', 'twenty-one tags', ({ own }) => Object.assign(own, { Tags: createTags(21) })],
  ['Value', 'an invalid policy name', ({ own }) => Object.assign(own, { PolicyName: 'a_b' })],
  ['Value', 'an invalid date of a policy', ({ own }) => Object.assign(own, { CreateDate: '2026-13-01T00:00:00Z' })],
  ['Value', 'an invalid date of a version', ({ own }) => Object.assign(own.Versions[0] ?? {}, { CreateDate: '' })],
  ['Value', 'a default version that does not exist', ({ own }) => Object.assign(own, { DefaultVersion: 'v3' })],
  ['Value', 'a policy without versions', ({ own }) => Object.assign(own, { Versions: [] })],
  ['Value', 'versions out of order', ({ own }) => own.Versions.reverse()],
  ['Value', 'the same version twice', ({ own }) => own.Versions.push(...own.Versions.slice(1))],
  ['Value', 'a version above LatestVersion', ({ own }) => Object.assign(own, { LatestVersion: 1 })],
  ['Value', 'a malformed version id', ({ own }) => Object.assign(own.Versions[0] ?? {}, { VersionId: 'first' })],
  ['Value', 'six versions', ({ own }) => addVersionsUpToSix(own)],
])('reports a %s problem for %s', async (code, _, damage) => {
  const problems = await problemsAfter((alice, __, state) => {
    const [ops, own] = [state.Groups.get('ops'), state.Policies.get('own')];
    if (ops && own) damage({ ops, own, alice, state });
  });
  expect(problems.map(({ Code }) => Code)).toContain(code);
  expect(JSON.stringify(problems)).not.toContain('\u001b');
});

it.each<[string, string, (role: RoleRecord, state: State) => void]>([
  ['Value', 'an invalid name', (role) => Object.assign(role, { RoleName: 'a_b' })],
  ['Value', 'an invalid description', (role) => Object.assign(role, { Description: 'a\u001b[2J' })],
  ['Value', 'a short session', (role) => Object.assign(role, { MaxSessionDuration: 60 })],
  ['Value', 'no session duration', (role) => Object.assign(role, { MaxSessionDuration: undefined })],
  ['Value', 'an invalid date', (role) => Object.assign(role, { CreateDate: 'yesterday' })],
  ['Value', 'a malformed id', (role) => Object.assign(role, { RoleId: '42' })],
  ['Identifier', 'the id of a user', (role, { Users }) => Object.assign(role, { RoleId: Users.get('alice')?.UserId })],
  [
    'Document',
    'a policy instead of a trust policy',
    (role) => Object.assign(role, { AssumeRolePolicyDocument: input }),
  ],
  ['Reference', 'a policy twice', (role) => role.Policies.push(...role.Policies)],
  ['Quota', 'too many policies', (role) => role.Policies.push(...Array(20).fill(role.Policies[1]))],
  ['Quota', 'more than 1000 roles', (role, { Roles }) => fillUpTo(Roles, role, 1001)],
])('reports a %s problem for a role with %s', async (code, _, damage) => {
  const problems = await problemsAfter((_alice, _bob, state) => {
    const reader = state.Roles.get('reader');
    if (reader) damage(reader, state);
  });
  expect(problems.map(({ Code }) => Code)).toContain(code);
  expect(JSON.stringify(problems)).not.toContain('\u001b');
});

it('twenty tags with any keys have no problems', async () => {
  const problems = await problemsAfter((alice) =>
    Object.assign(alice, { Tags: { ...createTags(19), ReleaseDate: 'soon' } }),
  );
  expect(problems).toEqual([]);
});

function createTags(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, '']));
}

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

function fillUpTo<T extends object>(records: Records<T>, record: T, count: number): void {
  for (let n = records.size; n < count; n += 1) records.set(`x${n}`, record);
}

function addVersionsUpToSix(policy: PolicyRecord): void {
  policy.LatestVersion = 6;
  for (let n = 3; n <= 6; n += 1) {
    policy.Versions.push({ VersionId: `v${n}`, PolicyDocument: input, CreateDate: DATE });
  }
}
