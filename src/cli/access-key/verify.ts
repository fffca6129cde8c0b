import { keyIdView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declareVerify(noun: RamctlCommand): void {
  const verb = noun.verb('verify <id>', 'is this the secret of an AccessKey that works?', [
    'ramctl ak verify LTAI0000000000000000test --secret-stdin',
  ]);
  verb.option('--secret-stdin', 'read the secret from stdin');
  verb.addHelpText('after', '\nExit code 0 and the owner, or 4, also for a disabled AccessKey. Counts as a use of it.');
  verb.setAction<{ secretStdin?: boolean }>(async (context, { secretStdin }, AccessKeyId: string) => {
    if (!secretStdin) throw usageError('the secret is read from stdin only', '--secret-stdin', 'add --secret-stdin');
    const { text } = await context.readInput('-');
    const AccessKeySecret = text.replace(/\r?\n$/, '');
    await changeAndShow(context, keyIdView, (operations) =>
      operations.verifyAccessKey({ AccessKeyId, AccessKeySecret }),
    );
  });
}
