import { shellCommand } from '../../core/shell-command.ts';
import { completeMfaSetup } from '../../core/workflows/mfa.ts';
import { mfaView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';
import { collect } from '../option-parsers.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('bind <user>', 'Bind an MFA device that mfa enable --no-bind created', {
    'Bind the device of bob with two consecutive codes': 'ramctl mfa bind bob --code 123456 --code 654321',
    'The same, and print only the new MFA status': 'ramctl mfa bind bob --code 123456 --code 654321 --query MFA',
  });
  verb.describe(`Binds the unbound MFA device of a user. Needs two consecutive codes of the device, which cannot be
    used again. Fails with exit code 4 if a code is wrong. Prints the MFA status of the user.`);
  verb.option('--code <6 digits>', 'code of the device; give two consecutive codes, the older one first', collect);
  verb.setAction<{ code?: string[] }>(async (context, { code = [] }, name: string) => {
    const [first, second, third] = code;
    if (first === undefined || second === undefined || third !== undefined) {
      const hint = shellCommand`ramctl mfa bind ${name} --code <first> --code <second>`;
      throw usageError('exactly two consecutive codes are required', '--code', hint);
    }
    // Load the TOTP library before the lock is taken.
    await import('../../core/totp.ts');
    await changeAndShow(context, mfaView, (operations) => completeMfaSetup(operations, name, [first, second]));
  });
}
