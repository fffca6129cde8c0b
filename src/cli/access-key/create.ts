import { shellCommand } from '../../core/shell-command.ts';
import { findLoginProfile } from '../../core/workflows/user.ts';
import { newAccessKeyView, type OwnedNewAccessKey } from '../../view/access-key.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('create [user]', 'Create an AccessKey for a user', {
    'Create an AccessKey and print its secret': 'ramctl ak create deployer',
    'Create an AccessKey and write it to a file': 'ramctl ak create deployer --secret-to file:deployer.env',
  });
  verb.describe(`Creates an active AccessKey. Refuses a user with two AccessKeys. Prints the AccessKey with its
    secret; no command shows the secret again.`);
  addSinkOptions(verb);
  verb.setAction<SinkOptions>(async (context, options, argument: string | undefined) => {
    const name = await chooseUser(context, argument, 'ramctl ak create <user>');
    let hasConsoleLogon = false;
    await deliverSecrets<OwnedNewAccessKey>(context, options, (prepare) =>
      context.directory.atomically(async (operations) => {
        const { UserName, UserPrincipalName } = await operations.getUser({ UserName: name });
        const { AccessKeyId, AccessKeySecret, Status, CreateDate } = await operations.createAccessKey({ UserName });
        hasConsoleLogon = (await findLoginProfile(operations, UserName)) !== null;
        const command = shellCommand`ramctl ak delete ${UserName} ${AccessKeyId} --force`;
        prepare({
          view: newAccessKeyView,
          result: { UserName, AccessKeyId, AccessKeySecret, Status, CreateDate },
          credentials: [{ UserPrincipalName, AccessKeyId, AccessKeySecret }],
          undelivered: { name: `AccessKey ${AccessKeyId}`, command },
        });
      }),
    );
    if (hasConsoleLogon) {
      context.output.remark('remark: this user has console logon too; RAM recommends one access mode for each user');
    }
  });
}
