import { withLogonUrl } from '../../core/workflows/login.ts';
import { loginView } from '../../view/login.ts';
import { userNameView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { declareSet } from './set.ts';

export function declare(noun: RamctlCommand): void {
  declareSet(noun);
  declareGet(noun);
  declareSwitch(noun, 'enable', 'Enable console logon', 'The user can log on again with the same password.');
  declareSwitch(noun, 'disable', 'Disable console logon', 'The user can no longer log on; the password is kept.');
  declareDelete(noun);
}

function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'Show the logon settings of a user', [
    '# Show the settings of alice',
    'ramctl login get alice',
    '# Print only the URL of the logon page',
    'ramctl login get alice --query LogonUrl',
  ]);
  verb.description(
    'Prints the logon settings of a user and the URL of the logon page. Fails if the user has no console logon.',
  );
  verb.setAction(async (context, _, UserName: string) => {
    await context.output.show(loginView, withLogonUrl(await context.directory.getLoginProfile({ UserName })));
  });
}

function declareSwitch(noun: RamctlCommand, word: 'enable' | 'disable', summary: string, effect: string): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const verb = noun.verb(`${word} <user>`, summary, [
    `# ${summary} for alice`,
    `ramctl login ${word} alice`,
    '# The same, and print only the new status',
    `ramctl login ${word} alice --query Status`,
  ]);
  verb.description(
    `Sets the status of a user's console logon to ${Status}. ${effect} Other settings do not change. Repeating the ` +
      'command is not an error. Fails if the user has no console logon. Prints the logon settings.',
  );
  verb.setAction(async (context, _, UserName: string) => {
    await changeAndShow(context, loginView, async (operations) =>
      withLogonUrl(await operations.updateLoginProfile({ UserName, Status })),
    );
  });
}

function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <user>', 'Delete console logon and its password', [
    '# Delete the console logon of alice after a confirmation',
    'ramctl login delete alice',
    '# The same in a script, without a question',
    'ramctl login delete alice --yes',
  ]);
  verb.description(
    'Deletes the console logon of a user with its password and settings, after a confirmation. The user, the ' +
      'AccessKeys and the MFA device are kept. Prints the name and the ID of the user.',
  );
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
