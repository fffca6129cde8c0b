import type { NewAccessKey } from '../../core/directory.ts';
import { findLoginProfile } from '../../core/workflows/user.ts';
import { newAccessKeyView, type OwnedNewAccessKey } from '../../view/access-key.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create [user]', 'make an AccessKey; its secret is shown this once', [
    'ramctl ak create deployer',
    'ramctl ak create deployer --secret-to file:deployer.env',
  ]);
  addSinkOptions(verb);
  verb.setAction<SinkOptions>(async (context, options, word: string | undefined) => {
    const name = await chooseUser(context, word, 'ramctl ak create <user>');
    let bothModes = false;
    await deliverSecrets<OwnedNewAccessKey>(context, options, (pack) =>
      context.directory.atomically(async (operations) => {
        const { UserName, UserPrincipalName } = await operations.getUser({ UserName: name });
        const key = await operations.createAccessKey({ UserName });
        bothModes = (await findLoginProfile(operations, UserName)) !== null;
        pack(buildSecretResult(UserName, UserPrincipalName, key));
      }),
    );
    if (bothModes)
      context.output.remark('remark: this user has console logon too; RAM recommends one access mode for each user');
  });
}

function buildSecretResult(UserName: string, UserPrincipalName: string, key: NewAccessKey) {
  const { AccessKeyId, AccessKeySecret, Status, CreateDate } = key;
  return {
    view: newAccessKeyView,
    result: { UserName, AccessKeyId, AccessKeySecret, Status, CreateDate },
    withoutSecrets: { UserName, AccessKeyId, Status, CreateDate },
    secrets: [{ kind: 'AccessKey' as const, text: AccessKeySecret }],
    credentials: [{ UserPrincipalName, AccessKeyId, AccessKeySecret }],
    undelivered: { name: `AccessKey ${AccessKeyId}`, command: `ramctl ak delete ${UserName} ${AccessKeyId} --force` },
  };
}
