import { Option } from 'commander';
import { matchesKeyword } from '../../core/workflows/name-matching.ts';
import { policyListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { addTagOption, type TagOptions } from '../tags.ts';

const POLICY_TYPES = { system: 'System', custom: 'Custom' } as const;

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'List policies', {
    'Find the policies for the IoT Platform': 'ramctl policy list iot',
    'List all custom policies as JSON': 'ramctl policy list --type custom --output json',
  });
  verb.describe(`Prints the policies whose name or description contains the keyword, regardless of case, or all
    policies. The output contains the number of users, groups and roles that each policy is attached to.`);
  const typeOption = new Option('--type <type>', 'type of the listed policies (default: both)');
  verb.addOption(typeOption.choices(Object.keys(POLICY_TYPES)));
  addTagOption(verb, 'only policies with this tag');
  type Options = TagOptions & { type?: keyof typeof POLICY_TYPES };
  verb.setAction<Options>(async (context, { type, tag }, keyword: string | undefined) => {
    const policies = await context.directory.listPolicies({ PolicyType: type && POLICY_TYPES[type], Tag: tag });
    const matches = policies.filter(({ PolicyName, Description }) =>
      matchesKeyword(keyword ?? '', PolicyName, Description),
    );
    await context.output.show(policyListView, matches);
  });
}
