import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { readAndShow } from '../output.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'Show a policy with its document, users, groups and roles', {
    'Show the default version of a policy': 'ramctl policy get AliyunIOTReadOnlyAccess',
    'Show another version': 'ramctl policy get ReadOnlyAccess --version-id v2',
    'Print only the document': 'ramctl policy get ReadOnlyAccess --query PolicyDocument',
  });
  verb.describe(`Prints a system or custom policy, the document of one version, and its users, groups and
    roles. For a system policy, DocumentSource is exact, approximate (derived from the name of the policy) or imported.`);
  verb.option('--version-id <version>', 'version to show, such as v2 (default: the default version)');
  verb.setAction<{ versionId?: string }>(async (context, { versionId }, name: string) => {
    await readAndShow(context, policyView, (operations) => describePolicy(operations, name, versionId));
  });
}
