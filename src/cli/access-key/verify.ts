import { keyIdView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('verify <id>', 'Check the secret of an AccessKey', {
    'Check the secret that another program writes to stdin': 'ramctl ak verify LTAI0000000000000000test --secret-stdin',
    'Print only the name of the owner': 'ramctl ak verify LTAI0000000000000000test --secret-stdin --query UserName',
  });
  verb.describe(`Checks that a secret belongs to an active AccessKey of a user, and prints the user. Ends with exit
    code 4 for a wrong secret, a disabled AccessKey, and an ID that no user of the account has. A successful check counts as a use of the AccessKey.`);
  verb.option('--secret-stdin', 'read the secret from stdin (required)');
  verb.setAction<{ secretStdin?: boolean }>(async (context, { secretStdin }, AccessKeyId: string) => {
    if (!secretStdin) throw usageError('the secret is read from stdin only', '--secret-stdin', 'add --secret-stdin');
    const { text } = await context.readInput('-');
    const AccessKeySecret = text.replace(/\r?\n$/, '');
    await changeAndShow(context, keyIdView, (operations) =>
      operations.verifyAccessKey({ AccessKeyId, AccessKeySecret }),
    );
  });
}
