import { Failure } from '../../core/failure.ts';
import { keyIdView, type OwnedAccessKey } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { findKeyWithOwner } from './list.ts';

interface Options {
  force?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user> <id>', 'delete an AccessKey for good', [
    'ramctl ak delete deployer LTAI0000000000000000test --yes',
  ]);
  verb.option('--force', 'even while the AccessKey is active');
  verb.setAction<Options>(async (context, { force = false }, UserName: string, id: string) => {
    context.prompts.requireConfirmation();
    await context.prompts.confirm(async () => {
      const key = await context.directory.reading((operations) => findKeyWithOwner(operations, UserName, id));
      assertInactive(key, force);
      return {
        question: `Delete AccessKey ${id} of ${key.UserName} (${key.Status}, last used: ${key.LastUsedDate ?? 'never'})?`,
      };
    });
    await changeAndShow(context, keyIdView, async (operations) => {
      const key = await findKeyWithOwner(operations, UserName, id);
      assertInactive(key, force);
      await operations.deleteAccessKey({ UserName, UserAccessKeyId: id });
      return { UserName: key.UserName, AccessKeyId: id };
    });
  });
}

/** RAM's console asks for the same: disable, watch, then delete. */
function assertInactive({ UserName, AccessKeyId, Status }: OwnedAccessKey, force: boolean): void {
  if (Status !== 'Active' || force) return;
  throw new Failure('refused', 'AccessKeyActive', `AccessKey ${AccessKeyId} of ${UserName} is active`, {
    Field: 'UserAccessKeyId',
    Hint: `ramctl ak disable ${UserName} ${AccessKeyId}   # or add --force`,
  });
}
