import { describeGroup } from '../../core/workflows/group.ts';
import { groupView } from '../../view/group.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'Show a group with its members and policies', {
    'Show a group': 'ramctl group get operators',
    'Print the names of its members as JSON': 'ramctl group get operators --output json --query "Users[].UserName"',
  });
  verb.describe('Prints the name, comments, members and attached policies of one group.');
  verb.setReadAction(groupView, describeGroup);
}
