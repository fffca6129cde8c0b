import { completeMfaSetup } from '../../core/workflows/mfa.ts';
import { mfaView } from '../../view/mfa.ts';
import { collect, type RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declareBind(noun: RamctlCommand): void {
  const verb = noun.verb('bind <user>', 'bind the device that mfa enable --no-bind made', [
    'ramctl mfa bind bob --code 123456 --code 654321',
  ]);
  verb.option('--code <6 digits>', 'a code; given twice, two consecutive ones in order', collect);
  verb.setAction<{ code?: string[] }>(async (context, { code: codes = [] }, name: string) => {
    const [first, second, third] = codes;
    if (first === undefined || second === undefined || third !== undefined) {
      throw usageError(
        'two consecutive codes are needed',
        '--code',
        `ramctl mfa bind ${name} --code <first> --code <second>`,
      );
    }
    // The library for codes, before a lock is taken.
    await import('../../core/totp.ts');
    await changeAndShow(context, mfaView, (operations) => completeMfaSetup(operations, name, [first, second]));
  });
}
