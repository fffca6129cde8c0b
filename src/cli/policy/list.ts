import { Option } from 'commander';
import { matchesKeyword } from '../../core/workflows/names.ts';
import { policyListView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';

const TYPES = { system: 'System', custom: 'Custom' } as const;

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'find policies by name or description', [
    'ramctl policy list iot',
    'ramctl policy list --type system --output json',
  ]);
  verb.addOption(new Option('--type <type>', 'only system or custom policies').choices(Object.keys(TYPES)));
  verb.setAction<{ type?: keyof typeof TYPES }>(async (context, { type }, keyword = '' as string) => {
    const policies = await context.directory.listPolicies(type ? { PolicyType: TYPES[type] } : {});
    const found = policies.filter(({ PolicyName, Description }) => matchesKeyword(keyword, PolicyName, Description));
    await context.output.show(policyListView, found);
  });
}
