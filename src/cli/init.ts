import { createdDirectoryView } from '../view/directory.ts';
import { LOCAL_USERS_NOTE } from '../view/local-directory.ts';
import type { RamctlCommand } from './command.ts';

type Options = { accountId?: string; alias?: string };

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', {
    'Create the default directory': 'ramctl init --alias acme',
    'Create a directory in another file, with the ID of your Alibaba Cloud account':
      'ramctl init --directory staging.json --account-id 1234567890123456',
  });
  verb.describe(`Creates the directory, a JSON file on this machine, and the key that encrypts its secrets. Without --directory, it
    creates the default directory. Refuses a directory that exists. Prints the files and the names of the account.`);
  verb.option('--account-id <16 digits>', 'ID of the account (default: random)');
  verb.option('--alias <alias>', 'account alias, which is part of logon names (default: none)');
  verb.setLocalAction<Options>(
    'the account exists already; "ramctl overview" shows it',
    async ({ file, output }, { accountId, alias }) => {
      let text = '';
      const account = {
        ...(accountId !== undefined && { AccountId: accountId }),
        ...(alias !== undefined && { AccountAlias: alias }),
      };
      await file.create(account, (created) => {
        text = output.format(createdDirectoryView, created);
      });
      await output.printCommitted(text);
      output.remark(`remark: The directory is a local file. ${LOCAL_USERS_NOTE}`);
    },
  );
}
