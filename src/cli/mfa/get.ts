import { readMfaStatus } from '../../core/workflows/mfa.ts';
import { mfaView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'Show the MFA status of a user', {
    'Show the MFA device of alice': 'ramctl mfa get alice',
    'Print only the status: bound, required or none': 'ramctl mfa get alice --query MFA',
  });
  verb.describe('Prints the MFA status of a user, and the serial number and binding date of the MFA device.');
  verb.setReadAction(mfaView, readMfaStatus);
}
