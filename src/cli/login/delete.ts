import { userNameView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { commitAndShow } from '../output.ts';
import { remarkOnUndo } from '../remarks.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user>', 'Delete console logon and its password', {
    'Delete the console logon of alice after a confirmation': 'ramctl login delete alice',
    'The same in a script, without a question': 'ramctl login delete alice --yes',
  });
  verb.describe(`Deletes the console logon of a user with its password and settings, after a confirmation. The user,
    the AccessKeys and the MFA device are kept. Prints the name and the ID of the user.`);
  verb.setAction(async (context, _, name: string) => {
    await context.prompts.confirm(async () => {
      const { UserName } = await context.directory.getLoginProfile({ UserName: name });
      return { question: `Delete the console logon and the password of ${UserName}?` };
    });
    const { changeId } = await commitAndShow(context, userNameView, async (operations) => {
      await operations.deleteLoginProfile({ UserName: name });
      const { UserId, UserName } = await operations.getUser({ UserName: name });
      return { UserId, UserName };
    });
    remarkOnUndo(context, changeId, 'brings back what was deleted');
  });
}
