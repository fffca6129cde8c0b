import { Option } from 'commander';
import { resolvePolicy } from '../../core/workflows/attachment.ts';
import { describePolicy } from '../../core/workflows/policy.ts';
import { policyListView, policyView, versionListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { readAndShow } from '../output.ts';

const POLICY_TYPES = { system: 'System', custom: 'Custom' } as const;

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'List policies', [
    '# Find the policies for the IoT Platform',
    'ramctl policy list iot',
    '# List all custom policies as JSON',
    'ramctl policy list --type custom --output json',
  ]);
  verb.description(
    'Prints the policies whose name or description contains the keyword, or all policies. Upper and lower case are ' +
      'equal. The output contains the number of users and groups that each policy is attached to.',
  );
  verb.addOption(
    new Option('--type <type>', 'type of the listed policies (default: both)').choices(Object.keys(POLICY_TYPES)),
  );
  verb.setAction<{ type?: keyof typeof POLICY_TYPES }>(async (context, { type }, keyword = '' as string) => {
    const policies = await context.directory.listPolicies(type ? { PolicyType: POLICY_TYPES[type] } : {});
    const text = keyword.toLowerCase();
    const found = policies.filter(({ PolicyName, Description }) =>
      `${PolicyName}\n${Description ?? ''}`.toLowerCase().includes(text),
    );
    await context.output.show(policyListView, found);
  });
}

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'Show a policy with its document, users and groups', [
    '# Show the default version of a policy',
    'ramctl policy get AliyunIOTReadOnlyAccess',
    '# Show another version',
    'ramctl policy get ReadOnlyAccess --version-id v2',
    '# Print only the document',
    'ramctl policy get ReadOnlyAccess --query PolicyDocument',
  ]);
  verb.description(
    'Prints a system or custom policy, the document of one version, and the users and groups that the policy is ' +
      'attached to.',
  );
  verb.option('--version-id <version>', 'version to show, such as v2 (default: the default version)');
  verb.setAction<{ versionId?: string }>(async (context, { versionId }, name: string) => {
    await readAndShow(context, policyView, (operations) => describePolicy(operations, name, versionId));
  });
}

export function declareVersions(noun: RamctlCommand): void {
  const verb = noun.verb('versions <name>', 'List the versions of a policy', [
    '# List the versions of a custom policy',
    'ramctl policy versions IotFromOffice',
    '# Print only the ID of the default version',
    'ramctl policy versions IotFromOffice --query "[?IsDefaultVersion].VersionId"',
  ]);
  verb.description(
    'Prints the versions of a policy with their documents and dates. A system policy has only its current version.',
  );
  verb.setAction(async (context, _, name: string) => {
    await readAndShow(context, versionListView, async (operations) =>
      operations.listPolicyVersions(await resolvePolicy(operations, name)),
    );
  });
}
