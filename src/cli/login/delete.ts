import { namedView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user>', 'remove console logon and its password', ['ramctl login delete alice --yes']);
  verb.does(async (app, _, name: string) => {
    app.confirm.ready();
    await app.confirm.ask(async () => {
      const { UserName } = await app.directory.getLoginProfile({ UserName: name });
      return { question: `Remove console logon of ${UserName} and its password?` };
    });
    await app.change(namedView, async (operations) => {
      await operations.deleteLoginProfile({ UserName: name });
      const { UserId, UserName } = await operations.getUser({ UserName: name });
      return { UserId, UserName };
    });
  });
}
