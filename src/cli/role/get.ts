import { describeRole } from '../../core/workflows/role.ts';
import { roleView } from '../../view/role.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'Show a role with its trust policy and its policies', {
    'Show a role': 'ramctl role get deploy-pipeline',
    'Print only the trust policy': 'ramctl role get deploy-pipeline --query AssumeRolePolicyDocument',
  });
  verb.describe('Prints the ARN, description, trust policy and attached policies of one role.');
  verb.setReadAction(roleView, describeRole);
}
