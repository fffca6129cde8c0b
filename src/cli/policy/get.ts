import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'a policy with its document and who has it', [
    'ramctl policy get AliyunIOTReadOnlyAccess',
    'ramctl policy get ReadOnlyAccess --version-id v2',
  ]);
  verb.option('--version-id <version>', 'another version than the default');
  verb.setAction<{ versionId?: string }>(async (context, { versionId }, name: string) => {
    const details = context.directory.reading((operations) => describePolicy(operations, name, versionId));
    await context.output.show(policyView, await details);
  });
}
