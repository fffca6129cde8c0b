import type { Operations, PolicyRef } from '../directory.ts';
import { isFailure, orNull } from '../failure.ts';
import { fold } from '../state.ts';

/** Whether one attachment had to be made or removed. */
export interface AttachmentChange {
  PolicyName: string;
  UserName: string;
  Changed: boolean;
}

/**
 * The policy that a person calls by name: RAM keeps system and custom policies apart, people do not (and no custom
 * policy may take a system policy's name). @throws Failure EntityNotExist.Policy
 */
export async function resolvePolicy(operations: Operations, PolicyName: string): Promise<PolicyRef> {
  const system = operations.getPolicy({ PolicyName, PolicyType: 'System' });
  const found =
    (await orNull(system, 'EntityNotExist.Policy')) ??
    (await operations.getPolicy({ PolicyName, PolicyType: 'Custom' }));
  return { PolicyName: found.PolicyName, PolicyType: found.PolicyType };
}

/** Attaches every policy to every user; what is attached already stays. @throws as attachPolicyToUser */
export function attachPolicies(operations: Operations, policies: string[], users: string[]) {
  return eachPair(operations, policies, users, 'EntityAlreadyExists.User.Policy', (pair) =>
    operations.attachPolicyToUser(pair),
  );
}

/** Detaches every policy from every user; what is not attached is left so. @throws as detachPolicyFromUser */
export function detachPolicies(operations: Operations, policies: string[], users: string[]) {
  return eachPair(operations, policies, users, 'EntityNotExist.User.Policy', (pair) =>
    operations.detachPolicyFromUser(pair),
  );
}

async function eachPair(
  operations: Operations,
  policies: string[],
  users: string[],
  alreadySo: string,
  change: (pair: PolicyRef & { UserName: string }) => Promise<void>,
): Promise<AttachmentChange[]> {
  const changes: AttachmentChange[] = [];
  for (const policy of distinct(policies)) {
    const ref = await resolvePolicy(operations, policy);
    for (const user of distinct(users)) {
      const { UserName } = await operations.getUser({ UserName: user });
      const Changed = await change({ ...ref, UserName }).then(
        () => true,
        (error: unknown) => {
          if (isFailure(error, alreadySo)) return false;
          throw error;
        },
      );
      changes.push({ PolicyName: ref.PolicyName, UserName, Changed });
    }
  }
  return changes;
}

function distinct(names: string[]): string[] {
  return [...new Map(names.map((name) => [fold(name), name])).values()];
}
