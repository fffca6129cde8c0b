import { resolvePolicy } from '../../core/workflows/policy.ts';
import { versionListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { remarkApproximate } from './approximate-remark.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('versions <name>', 'List the versions of a policy', {
    'List the versions of a custom policy': 'ramctl policy versions IotFromOffice',
    'Print only the default version': 'ramctl policy versions IotFromOffice --query "[?IsDefaultVersion].VersionId"',
  });
  verb.describe('Prints the versions of a policy with documents and dates. A system policy has one version.');
  verb.setAction(async ({ directory, output }, _, name: string) => {
    const { policy, versions } = await directory.reading(async (operations) => {
      const ref = await resolvePolicy(operations, name);
      return { policy: await operations.getPolicy(ref), versions: await operations.listPolicyVersions(ref) };
    });
    await output.show(versionListView, versions);
    if (policy.DocumentSource === 'approximate') remarkApproximate(output, [policy.PolicyName]);
  });
}
