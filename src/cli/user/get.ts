import { describeUser } from '../../core/workflows/user.ts';
import { userView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'Show everything about one user', {
    'Show a user': 'ramctl user get alice',
    'Print the AccessKey IDs as JSON': 'ramctl user get alice --output json --query "AccessKeys[].AccessKeyId"',
  });
  verb.describe('Prints the profile, console logon, MFA device, AccessKeys, groups and policies of one user.');
  verb.setReadAction(userView, describeUser);
}
