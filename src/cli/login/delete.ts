import { userNameView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user>', 'remove console logon and its password', ['ramctl login delete alice --yes']);
  verb.setAction(async (context, _, name: string) => {
    context.prompts.requireConfirmation();
    await context.prompts.confirm(async () => {
      const { UserName } = await context.directory.getLoginProfile({ UserName: name });
      return { question: `Remove console logon of ${UserName} and its password?` };
    });
    await changeAndShow(context, userNameView, async (operations) => {
      await operations.deleteLoginProfile({ UserName: name });
      const { UserId, UserName } = await operations.getUser({ UserName: name });
      return { UserId, UserName };
    });
  });
}
