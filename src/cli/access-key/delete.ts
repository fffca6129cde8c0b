import { Failure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { keyIdView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';
import { findOwnedKey } from './owned-keys.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user> <id>', 'Delete an AccessKey', {
    'Delete a disabled AccessKey without a question': 'ramctl ak delete deployer LTAI0000000000000000test --yes',
    'Delete an AccessKey even if it is active': 'ramctl ak delete deployer LTAI0000000000000000test --force --yes',
  });
  verb.describe(`Deletes an AccessKey permanently, after a confirmation that shows its last use. Refuses an active
    AccessKey, unless --force is set. Prints the owner and the ID.`);
  verb.option('--force', 'delete the AccessKey even if it is active');
  verb.setAction<{ force?: boolean }>(async (context, { force }, UserName: string, id: string) => {
    // Set by `remove`, which runs once as a preview before the question.
    let question = '';
    await confirmAndDelete(context, {
      view: keyIdView,
      hasPreview: false,
      remove: async (operations) => {
        const { UserName: owner, Status, LastUsedDate } = await findOwnedKey(operations, UserName, id);
        // RAM's console, too, deletes only disabled AccessKeys.
        if (Status === 'Active' && !force) {
          throw new Failure('refused', 'AccessKeyActive', `AccessKey ${id} of ${owner} is active`, {
            Field: 'UserAccessKeyId',
            Hint: shellCommand`ramctl ak disable ${owner} ${id}   # or add --force`,
          });
        }
        question = `Delete AccessKey ${id} of ${owner} (${Status}, last used: ${LastUsedDate ?? 'never'})?`;
        await operations.deleteAccessKey({ UserName, UserAccessKeyId: id });
        return { UserName: owner, AccessKeyId: id };
      },
      question: () => ({ question }),
    });
  });
}
