import type { Directory, RotationOperations } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';
import { Records } from '../../src/core/records.ts';
import type { State } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { remoteDirectory } from '../../src/remote/directory.ts';
import { INVERSES } from '../../src/remote/inverse.ts';
import type { RemoteOperations } from '../../src/remote/operations.ts';
import { codeAt } from './mfa.ts';
import { TestWorld } from './test-world.ts';

/** The operations of a directory in memory, in place of an account. */
export function operationsOf(directory: Directory): RemoteOperations {
  const isNoOperation =
    /^(reading|atomically|dryRun|hashPassword|generate.*|changePassword|logOn|startMFASetup|.*Rotations?)$/;
  return Object.fromEntries(Object.entries(directory).filter(([name]) => !isNoOperation.test(name))) as never;
}

/** How operations fail. `from`: the first failing change, counted from 0. */
export interface Fault {
  from: number;
  /** Whether the failing change is made, and only its answer is lost. */
  isMade: boolean;
  /** Whether everything after that fails as well. */
  isDown?: boolean;
}

/** A remote directory over a directory in memory, whose changes and calls are recorded. */
export function openRemote(world: TestWorld, fault?: Fault) {
  const calls: string[] = [];
  const changes: string[] = [];
  let changesBeforeNotice: number | undefined;
  let isDown = false;
  const unreachable = () => new Failure('later', 'Unreachable', 'the endpoint does not answer');
  const wrapped = Object.entries(operationsOf(world.directory)).map(([name, operation]) => {
    const call = async (...input: never[]) => {
      calls.push(name);
      if (isDown) throw unreachable();
      if (!Object.hasOwn(INVERSES, name)) return (operation as (...input: never[]) => unknown)(...input);
      const isFailing = changes.push(name) - 1 === fault?.from;
      if (isFailing) isDown = fault.isDown ?? false;
      if (isFailing && !fault.isMade) throw unreachable();
      const result = (operation as (...input: never[]) => Promise<unknown>)(...input);
      if (!isFailing) return result;
      await result.catch(() => {});
      throw unreachable();
    };
    return [name, call];
  });
  const directory = remoteDirectory(Object.fromEntries(wrapped) as RemoteOperations, {
    clock: world.clock,
    random: world.random,
    target: { kind: 'cloud', name: 'aliyun:test' },
    // The rotations over RAM's operations have their own tests.
    rotations: () => ({}) as RotationOperations,
    onChange: () => {
      changesBeforeNotice ??= changes.length;
    },
  });
  return { directory, calls, changes, changesBeforeNotice: () => changesBeforeNotice };
}

export const DOCUMENT = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '*' }],
});

/** A world with users, a group, policies, a role and an MFA device. */
export async function createPopulatedWorld(): Promise<TestWorld> {
  const world = new TestWorld();
  await populate(world.directory, world.clock.now());
  return world;
}

export async function populate(directory: Directory, now: Date): Promise<void> {
  // A real hash would differ in each world.
  const Password = { plaintext: 'Correct-Horse-1', hash: 'hash' };
  await directory.atomically(async (operations) => {
    for (const PolicyName of ['Own', 'Other']) await operations.createPolicy({ PolicyName, PolicyDocument: DOCUMENT });
    await operations.createPolicyVersion({ PolicyName: 'Own', PolicyDocument: DOCUMENT });
    for (const GroupName of ['ops', 'dev']) await operations.createGroup({ GroupName, Comments: 'before' });
    const AssumeRolePolicyDocument = buildTrustPolicy(['1'.repeat(16)], []);
    await operations.createRole({ RoleName: 'deployer', AssumeRolePolicyDocument, Description: 'deploys' });
    for (const UserName of ['bob', 'carol']) {
      await operations.createUser({ UserName, Email: `${UserName}@example.com`, Tag: [{ Key: 'team', Value: 'red' }] });
      await operations.createLoginProfile({ UserName, Password, MFABindRequired: true });
      await operations.createAccessKey({ UserName });
      await operations.addUserToGroup({ UserName, GroupName: 'ops' });
      await operations.attachPolicyToUser({ UserName, PolicyName: 'Own', PolicyType: 'Custom' });
    }
    const { SerialNumber, Base32StringSeed } = await operations.createVirtualMFADevice({ VirtualMFADeviceName: 'bob' });
    const [AuthenticationCode1, AuthenticationCode2] = [0, 1].map((steps) => codeAt(Base32StringSeed, now, steps)) as [
      string,
      string,
    ];
    await operations.bindMFADevice({ UserName: 'bob', SerialNumber, AuthenticationCode1, AuthenticationCode2 });
    await operations.createVirtualMFADevice({ VirtualMFADeviceName: 'carol' });
    await operations.attachPolicyToGroup({ GroupName: 'ops', PolicyName: 'ReadOnlyAccess', PolicyType: 'System' });
    await operations.attachPolicyToRole({ RoleName: 'deployer', PolicyName: 'Other', PolicyType: 'Custom' });
    await operations.setAccountAlias({ AccountAlias: 'acme' });
  });
}

const UNCOMPARED = ['UpdateDate', 'AttachDate', 'JoinDate', 'LatestVersion', 'KeyFingerprint'];

/** Returns the state without what an undone change leaves in RAM too: dates, used version numbers, the order of attachments. */
export function comparable(state: State): unknown {
  const text = JSON.stringify(state, (name, value) => {
    if (UNCOMPARED.includes(name)) return undefined;
    if (value instanceof Records)
      return Object.fromEntries([...value].sort(([left], [right]) => (left < right ? -1 : 1)));
    if (name !== 'Policies' && name !== 'Groups') return value;
    return Array.isArray(value) ? value.map((item) => JSON.stringify(item, dropDates)).sort() : value;
  });
  return JSON.parse(text);
}

function dropDates(name: string, value: unknown): unknown {
  return UNCOMPARED.includes(name) ? undefined : value;
}
