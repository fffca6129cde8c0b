import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changePermissions } from '../remarks.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('set-default <name> <version>', 'Set the default version of a custom policy', {
    'Go back to the first version': 'ramctl policy set-default IotFromOffice v1',
    'The same, and print only the version ID': 'ramctl policy set-default IotFromOffice v1 --query DefaultVersion',
  });
  verb.describe('Makes an existing version of a custom policy the version in force, and prints the policy.');
  verb.setAction(async (context, _, PolicyName: string, VersionId: string) => {
    const policies = [PolicyName];
    const scope = { affected: 'documents', policies, toEffect: () => ({ isChanged: true, policies }) } as const;
    await changePermissions(context, policyView, scope, async (operations) => {
      await operations.setDefaultPolicyVersion({ PolicyName, VersionId });
      return describePolicy(operations, PolicyName);
    });
  });
}
