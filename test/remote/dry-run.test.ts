import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directory, Operations } from '../../src/core/directory.ts';
import { Failure, isFailure } from '../../src/core/failure.ts';
import { Records } from '../../src/core/records.ts';
import { deleteGroups } from '../../src/core/workflows/group.ts';
import { deleteCustomPolicy } from '../../src/core/workflows/policy.ts';
import { provisionUsers } from '../../src/core/workflows/provision.ts';
import { deleteRoles } from '../../src/core/workflows/role.ts';
import { deleteUsers, describeUser } from '../../src/core/workflows/user.ts';
import { remoteDirectory } from '../../src/remote/directory.ts';
import { failure } from '../support/failures.ts';
import { createPopulatedWorld, DOCUMENT, openRemote, operationsOf } from '../support/remote-world.ts';
import { TestWorld } from '../support/test-world.ts';

const user = fc.record({ UserName: fc.constantFrom('alice', 'bob', 'BOB', 'carol', 'a b', '__proto__') });
const group = fc.record({ GroupName: fc.constantFrom('ops', 'OPS', 'dev', 'no group') });
const role = fc.record({ RoleName: fc.constantFrom('deployer', 'Deployer', 'other') });
const ref = fc.constantFrom(
  { PolicyName: 'Own', PolicyType: 'Custom' as const },
  { PolicyName: 'own', PolicyType: 'Custom' as const },
  { PolicyName: 'Own', PolicyType: 'System' as const },
  { PolicyName: 'Nope', PolicyType: 'Custom' as const },
  { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const },
  { PolicyName: 'administratoraccess', PolicyType: 'System' as const },
);
const policy = fc.record({ PolicyName: fc.constantFrom('Own', 'OTHER', 'Nope', 'ReadOnlyAccess', 'a_b') });
const text = fc.constantFrom(undefined, '', 'text', 'x'.repeat(129));
const tags = fc.constantFrom([{ Key: 'team', Value: 'red' }], [{ Key: 'a' }, { Key: 'team', Value: 'blue' }]);
const document = fc.constantFrom(DOCUMENT, DOCUMENT, '{"Version":"1"}');
const trust = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } }],
});
const tagged = fc.oneof(
  fc.record({
    ResourceType: fc.constant('user' as const),
    ResourceNames: fc.constantFrom(['bob'], ['alice', 'carol']),
  }),
  fc.record({ ResourceType: fc.constant('role' as const), ResourceNames: fc.constant(['deployer']) }),
  fc.record({
    ResourceType: fc.constant('policy' as const),
    ResourceNames: fc.constantFrom(['Own'], ['ReadOnlyAccess']),
  }),
);
const status = fc.constantFrom('Active' as const, 'Inactive' as const);
const merge = <A extends object, B extends object>(left: fc.Arbitrary<A>, right: fc.Arbitrary<B>) =>
  fc.tuple(left, right).map(([a, b]) => ({ ...a, ...b }));

/** A step of a transaction. */
type Step = { name: string; run: (operations: Operations) => Promise<unknown> };

/** Inputs of operations that change something. */
const CHANGES: Record<string, fc.Arbitrary<unknown>> = {
  createUser: merge(user, fc.record({ Comments: text, Email: text, Tag: tags })),
  updateUser: merge(
    user,
    fc.record({ NewUserName: fc.constantFrom(undefined, 'alice', 'dave', 'Bob'), NewComments: text }),
  ),
  deleteUser: user,
  createLoginProfile: merge(
    user,
    fc.record({
      Password: fc.constantFrom({ plaintext: 'Correct-Horse-1', hash: '' }, { plaintext: 'short', hash: '' }),
    }),
  ),
  updateLoginProfile: merge(user, fc.record({ Status: status, MFABindRequired: fc.boolean() })),
  deleteLoginProfile: user,
  createAccessKey: user,
  createVirtualMFADevice: fc.record({ VirtualMFADeviceName: fc.constantFrom('spare', 'bob', 'alice', 'a_b') }),
  unbindMFADevice: user,
  createGroup: merge(group, fc.record({ Comments: text })),
  updateGroup: merge(group, fc.record({ NewGroupName: fc.constantFrom(undefined, 'ops', 'new'), NewComments: text })),
  deleteGroup: group,
  addUserToGroup: merge(user, group),
  removeUserFromGroup: merge(user, group),
  createPolicy: merge(policy, fc.record({ PolicyDocument: document, Description: text, Tag: tags })),
  updatePolicyDescription: merge(policy, fc.record({ NewDescription: text })),
  deletePolicy: merge(policy, fc.record({ CascadingDelete: fc.boolean() })),
  createPolicyVersion: merge(policy, fc.record({ PolicyDocument: document, SetAsDefault: fc.boolean() })),
  setDefaultPolicyVersion: merge(policy, fc.record({ VersionId: fc.constantFrom('v1', 'v2', 'v9', '1') })),
  attachPolicyToUser: merge(user, ref),
  detachPolicyFromUser: merge(user, ref),
  attachPolicyToGroup: merge(group, ref),
  detachPolicyFromGroup: merge(group, ref),
  attachPolicyToRole: merge(role, ref),
  detachPolicyFromRole: merge(role, ref),
  createRole: merge(role, fc.record({ AssumeRolePolicyDocument: fc.constantFrom(trust, DOCUMENT), Tag: tags })),
  updateRole: merge(
    role,
    fc.record({ NewDescription: text, NewMaxSessionDuration: fc.constantFrom(undefined, 1, 7200) }),
  ),
  deleteRole: role,
  tagResources: merge(tagged, fc.record({ Tag: tags })),
  untagResources: merge(tagged, fc.record({ TagKeys: fc.constantFrom(undefined, ['team']) })),
  setAccountAlias: fc.record({ AccountAlias: fc.constantFrom('acme', 'Not valid') }),
  clearAccountAlias: fc.constant(undefined),
  setPasswordPolicy: fc.record({ MinimumPasswordLength: fc.constantFrom(12, 99) }),
  setSecurityPreference: fc.record({ LoginSessionDuration: fc.constantFrom(3, 99) }),
};
const READS: Record<string, fc.Arbitrary<unknown>> = {
  getUser: user,
  listUsers: fc.constantFrom(undefined, { Tag: [{ Key: 'team' }] }),
  getUserName: fc.record({ UserPrincipalName: fc.constantFrom('bob@acme.onaliyun.com', 'alice@acme.onaliyun.com') }),
  getLoginProfile: user,
  listAccessKeys: user,
  listVirtualMFADevices: fc.constant(undefined),
  getUserMFAInfo: user,
  getGroup: group,
  listGroups: fc.constant(undefined),
  listGroupsForUser: user,
  listUsersForGroup: group,
  getPolicy: ref,
  listPolicies: fc.record({ PolicyType: fc.constantFrom(undefined, 'Custom' as const, 'System' as const) }),
  listPolicyVersions: ref,
  getPolicyVersion: merge(ref, fc.record({ VersionId: fc.constantFrom('v1', 'v2') })),
  listEntitiesForPolicy: ref,
  listPoliciesForUser: user,
  listPoliciesForGroup: group,
  listPoliciesForRole: role,
  getRole: role,
  listRoles: fc.constant({}),
  listTagResources: fc.oneof(tagged, fc.record({ ResourceType: fc.constantFrom('user' as const, 'policy' as const) })),
  getAccount: fc.constant(undefined),
  getAccountAlias: fc.constant(undefined),
  getAccountSummary: fc.constant(undefined),
  getCallerIdentity: fc.constant(undefined),
  getPasswordPolicy: fc.constant(undefined),
  getSecurityPreference: fc.constant(undefined),
};

const toStep = (inputs: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Step> =>
  fc.oneof(
    ...Object.entries(inputs).map(([name, input]) =>
      input.map((value) => ({
        name: `${name} ${JSON.stringify(value)}`,
        run: (operations: Operations) =>
          (operations[name as keyof Operations] as (input: unknown) => Promise<unknown>)(value),
      })),
    ),
  );

/** Changes a key by its position, because each world has other ids. */
const keyStep: fc.Arbitrary<Step> = fc
  .tuple(user, fc.constantFrom('updateAccessKey', 'deleteAccessKey', 'getAccessKeyLastUsed'), status)
  .map(([{ UserName }, method, Status]) => ({
    name: `${method} ${UserName}`,
    async run(operations: Operations) {
      const [key] = await operations.listAccessKeys({ UserName });
      return operations[method]({ UserName, UserAccessKeyId: key?.AccessKeyId ?? 'LTAInone', Status });
    },
  }));
const workflowStep: fc.Arbitrary<Step> = fc.constantFrom(
  { name: 'delete users', run: (operations) => deleteUsers(operations, ['bob', 'carol'], true) },
  { name: 'delete users with blockers', run: (operations) => deleteUsers(operations, ['bob'], false) },
  { name: 'delete group', run: (operations) => deleteGroups(operations, ['ops'], true) },
  { name: 'delete group with blockers', run: (operations) => deleteGroups(operations, ['ops'], false) },
  { name: 'delete policy', run: (operations) => deleteCustomPolicy(operations, 'Own', true) },
  { name: 'delete policy with blockers', run: (operations) => deleteCustomPolicy(operations, 'Own', false) },
  { name: 'delete role with blockers', run: (operations) => deleteRoles(operations, ['deployer'], false) },
  { name: 'describe', run: (operations) => describeUser(operations, 'bob') },
);
const changeStep = fc.oneof({ weight: 8, arbitrary: toStep(CHANGES) }, { weight: 1, arbitrary: keyStep });
const anyStep = fc.oneof(
  { weight: 3, arbitrary: changeStep },
  { weight: 3, arbitrary: toStep(READS) },
  { weight: 1, arbitrary: workflowStep },
);

/** Returns what each step returns or throws, without random values that do not exist in the world. */
async function outcomes(directory: Directory, steps: Step[], knownState: string): Promise<unknown> {
  const results: unknown[] = [];
  await directory.atomically(async (operations) => {
    for (const { name, run } of steps) {
      results.push(
        await run(operations).then(
          (value) => [name, value],
          (error: unknown) => {
            if (!isFailure(error)) throw error;
            const { kind, code, message, details } = error;
            return [name, { kind, code, message, details }];
          },
        ),
      );
    }
  });
  const text = JSON.stringify(results, (name, value) => {
    if (name === 'AccessKeySecret' || name === 'Base32StringSeed') return 'secret';
    return /Id$/.test(name) && typeof value === 'string' && !knownState.includes(value) ? 'new' : value;
  });
  return JSON.parse(text.replace(/LTAI\w{20}/g, (id) => (knownState.includes(id) ? id : 'new')));
}

const stateText = async (world: TestWorld) =>
  JSON.stringify(await world.state(), (_, value) => (value instanceof Records ? [...value] : value));

describe('a dry run of a remote directory', () => {
  it('gives the results and errors of a dry run of a local directory, and changes nothing', async () => {
    const isPopulated = fc.boolean();
    await fc.assert(
      fc.asyncProperty(
        isPopulated,
        fc.array(changeStep, { maxLength: 12 }),
        fc.array(anyStep, { minLength: 1, maxLength: 12 }),
        async (populated, setup, steps) => {
          const world = populated ? await createPopulatedWorld() : new TestWorld();
          for (const { run } of setup) await world.directory.atomically(run).catch(() => {});
          const before = await stateText(world);
          const expected = await outcomes(world.directory.dryRun(), steps, before);
          const actual = await outcomes(openRemote(world).directory.dryRun(), steps, before);
          expect(actual).toEqual(expected);
          expect(await stateText(world)).toBe(before);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('needs a dozen calls for a new user in an account with 5,000 users', async () => {
    const world = await createPopulatedWorld();
    await world.store.change(async ({ Users }) => {
      const bob = Users.get('bob');
      if (!bob) return;
      for (let id = 0; id < 4990; id += 1) {
        const UserName = `u${id}`;
        Users.set(UserName, { ...bob, UserName, UserId: `2${String(id).padStart(17, '0')}`, AccessKeys: [] });
      }
    });
    const { directory, calls, changes, changesBeforeNotice } = openRemote(world);
    const newUser = {
      user: { UserName: 'alice' },
      logon: {},
      accessKey: true,
      groups: ['ops'],
      policies: ['Own', 'ReadOnlyAccess'],
    };
    const { value } = await provisionUsers(directory.dryRun(), [newUser], () => {});
    expect(value).toMatchObject([{ UserName: 'alice', Groups: ['ops'] }]);
    expect(calls.length).toBeLessThan(15);
    expect(changes).toEqual([]);
    expect(changesBeforeNotice()).toBeUndefined();
  });

  it('lists the users of an import once', async () => {
    const world = await createPopulatedWorld();
    const { directory, calls } = openRemote(world);
    const rows = Array.from({ length: 200 }, (_, index) => ({
      user: { UserName: `u${index}` },
      groups: ['ops'],
      Row: index,
    }));
    await provisionUsers(directory.dryRun(), [...rows, { user: { UserName: 'BOB' }, Row: 201 }], () => {}).then(
      () => expect.unreachable(),
      (error) => expect(error.details.Errors).toMatchObject([{ Code: 'EntityAlreadyExists.User', Row: 201 }]),
    );
    expect(calls.filter((name) => name === 'listUsers')).toHaveLength(1);
    expect(calls.length).toBeLessThan(40);
  });

  it('uses the counts and quotas of the account', async () => {
    const world = await createPopulatedWorld();
    const summary = await world.directory.getAccountSummary();
    const open = (change: object) => openWith(world, { getAccountSummary: async () => ({ ...summary, ...change }) });
    const create = (directory: Directory) =>
      directory.dryRun().atomically(async (operations) => {
        await operations.createUser({ UserName: 'one' });
        await operations.createUser({ UserName: 'two' });
      });
    await create(open({ Users: 5998, UsersQuota: 6000 }));
    await expect(create(open({ Users: 5999, UsersQuota: 6000 }))).rejects.toThrow('at most 6000 users');
    await world.store.change(async ({ Users }) => {
      const bob = Users.get('bob');
      for (let id = 0; bob && id < 5000; id += 1) Users.set(`u${id}`, { ...bob, UserName: `u${id}`, UserId: `${id}` });
    });
    const { value } = await open({ Users: 5002, UsersQuota: 6000 })
      .dryRun()
      .atomically(async (operations) => {
        await operations.listUsers();
        return operations.createUser({ UserName: 'one' });
      });
    expect(value.UserName).toBe('one');
  });

  it('does not need the permission to read the quotas', async () => {
    const denied = async () => Promise.reject(new Failure('denied', 'NoPermission', 'no'));
    const directory = openWith(await createPopulatedWorld(), { getAccountSummary: denied });
    expect(await directory.dryRun().createGroup({ GroupName: 'new' })).toMatchObject({ GroupName: 'new' });
  });

  it('knows system policies that ramctl does not have, and no others than the account', async () => {
    const world = await createPopulatedWorld();
    const { directory } = world;
    const newPolicy = {
      ...(await directory.getPolicy({ PolicyName: 'ReadOnlyAccess', PolicyType: 'System' })),
      PolicyName: 'AliyunNewServiceFullAccess',
      PolicyDocument: DOCUMENT,
      DocumentSource: undefined,
    };
    const missing = new Failure('missing', 'EntityNotExist.Policy', 'no such policy');
    const remote = openWith(world, {
      getPolicy: async ({ PolicyName, PolicyType }) => {
        if (/^aliyunnewservice/i.test(PolicyName) && PolicyType === 'System') return newPolicy;
        if (PolicyType === 'System') throw missing;
        return directory.getPolicy({ PolicyName, PolicyType });
      },
      listPolicies: async () => [newPolicy],
    }).dryRun();
    const attach = (PolicyName: string) =>
      remote.atomically(async (operations) => {
        await operations.attachPolicyToUser({ UserName: 'bob', PolicyName, PolicyType: 'System' });
        return (await operations.listPoliciesForUser({ UserName: 'bob' })).at(-1);
      });
    expect((await attach('aliyunnewservicefullaccess')).value).toMatchObject({
      PolicyName: 'AliyunNewServiceFullAccess',
    });
    await expect(attach('AdministratorAccess')).rejects.toEqual(failure('missing', 'EntityNotExist.Policy'));
    const names = (await remote.listPolicies({ PolicyType: 'System' })).map(({ PolicyName }) => PolicyName);
    expect(names).toEqual(['AliyunNewServiceFullAccess']);
  });
});

/** Opens a remote directory with some other operations. */
function openWith(world: TestWorld, replaced: Partial<Operations>): Directory {
  const operations = { ...operationsOf(world.directory), ...replaced };
  const { clock, random } = world;
  const target = { kind: 'cloud' as const, name: 'aliyun:test' };
  return remoteDirectory(operations, { clock, random, target, rotations: () => ({}) as never, onChange: () => {} });
}
