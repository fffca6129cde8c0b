import type { Operations } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { accessKeyListView, accessKeyView, keyIdView, type OwnedAccessKey } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';
import { changeAndShow, readAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';
import { declareCreate } from './create.ts';
import { declareRotate } from './rotate.ts';
import { declareRotation } from './rotation.ts';

export function declare(noun: RamctlCommand): void {
  declareCreate(noun);
  declareList(noun);
  declareLastUsed(noun);
  declareEnableDisable(noun, 'disable', 'Makes the API refuse the AccessKey at once.');
  declareEnableDisable(noun, 'enable', 'Makes the API accept the AccessKey again.');
  declareDelete(noun);
  declareVerify(noun);
  declareRotate(noun);
  declareRotation(noun);
}

function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list <user>', 'List the AccessKeys of a user', [
    '# List the AccessKeys of a user',
    'ramctl ak list deployer',
    '# Print only their ids',
    'ramctl ak list deployer --output json --query "[].AccessKeyId"',
  ]);
  verb.description('Prints the id, status, creation date and last use of each AccessKey. Secrets are not shown.');
  verb.setAction(async (context, _, name: string) => {
    await readAndShow(context, accessKeyListView, (operations) => listKeysWithOwner(operations, name));
  });
}

function declareLastUsed(noun: RamctlCommand): void {
  const verb = noun.verb('last-used <user> <id>', 'Show when an AccessKey was last used', [
    '# Show an AccessKey with its last use',
    'ramctl ak last-used deployer LTAI0000000000000000test',
    '# Print only the date of the last use',
    'ramctl ak last-used deployer LTAI0000000000000000test --output json --query LastUsedDate',
  ]);
  verb.description('Prints the status, creation date and last use of one AccessKey. Its secret is not shown.');
  verb.setAction(async (context, _, name: string, id: string) => {
    await readAndShow(context, accessKeyView, (operations) => findKeyWithOwner(operations, name, id));
  });
}

function declareEnableDisable(noun: RamctlCommand, word: 'enable' | 'disable', effect: string): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const title = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const verb = noun.verb(`${word} <user> <id>`, `${title} an AccessKey`, [
    `# ${title} an AccessKey`,
    `ramctl ak ${word} deployer LTAI0000000000000000test`,
    `# ${title} an AccessKey and print only its new status`,
    `ramctl ak ${word} deployer LTAI0000000000000000test --query Status`,
  ]);
  verb.description(`${effect} Does not ask for a confirmation, and accepts an AccessKey that is ${word}d already.`);
  verb.setAction(async (context, _, UserName: string, id: string) => {
    await changeAndShow(context, accessKeyView, async (operations) => {
      await operations.updateAccessKey({ UserName, UserAccessKeyId: id, Status });
      return findKeyWithOwner(operations, UserName, id);
    });
  });
}

function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user> <id>', 'Delete an AccessKey', [
    '# Delete a disabled AccessKey without a question',
    'ramctl ak delete deployer LTAI0000000000000000test --yes',
    '# Delete an AccessKey even if it is active',
    'ramctl ak delete deployer LTAI0000000000000000test --force --yes',
  ]);
  verb.description(
    'Deletes an AccessKey permanently, after a confirmation that shows its last use. Refuses an active AccessKey, ' +
      'unless --force is set. Prints the owner and the id.',
  );
  verb.option('--force', 'delete the AccessKey even if it is active');
  verb.setAction<{ force?: boolean }>(async (context, { force }, UserName: string, id: string) => {
    let question = '';
    await confirmAndDelete(context, {
      view: keyIdView,
      remove: async (operations) => {
        const { UserName: owner, Status, LastUsedDate } = await findKeyWithOwner(operations, UserName, id);
        // RAM's console requires the same order: disable the AccessKey, wait, then delete it.
        if (Status === 'Active' && !force) {
          throw new Failure('refused', 'AccessKeyActive', `AccessKey ${id} of ${owner} is active`, {
            Field: 'UserAccessKeyId',
            Hint: `ramctl ak disable ${owner} ${id}   # or add --force`,
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

function declareVerify(noun: RamctlCommand): void {
  const verb = noun.verb('verify <id>', 'Check the secret of an AccessKey', [
    '# Check the secret that another program writes to stdin',
    'ramctl ak verify LTAI0000000000000000test --secret-stdin',
    '# Print only the name of the owner',
    'ramctl ak verify LTAI0000000000000000test --secret-stdin --query UserName',
  ]);
  verb.description(
    'Checks that a secret belongs to an active AccessKey, and prints the owner. Ends with exit code 4 for a wrong secret, ' +
      'an unknown id or a disabled AccessKey. A successful check counts as a use of the AccessKey.',
  );
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

async function listKeysWithOwner(operations: Operations, name: string): Promise<OwnedAccessKey[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  return (await operations.listAccessKeys({ UserName })).map((key) => ({ UserName, ...key }));
}

/** @throws Failure EntityNotExist.User, EntityNotExist.User.AccessKey */
async function findKeyWithOwner(
  operations: Operations,
  UserName: string,
  UserAccessKeyId: string,
): Promise<OwnedAccessKey> {
  // Throws RAM's error for an unknown user or AccessKey.
  await operations.getAccessKeyLastUsed({ UserName, UserAccessKeyId });
  const keys = await listKeysWithOwner(operations, UserName);
  const key = keys.find(({ AccessKeyId }) => AccessKeyId === UserAccessKeyId);
  if (!key) throw new Error(`${UserAccessKeyId} has a last use but is not listed`);
  return key;
}
