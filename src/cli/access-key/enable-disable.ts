import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { findOwnedKey } from './owned-keys.ts';

export function declareEnableDisable(noun: RamctlCommand, name: 'enable' | 'disable', effect: string): void {
  const Status = name === 'enable' ? 'Active' : 'Inactive';
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const verb = noun.verb(`${name} <user> <id>`, `${title} an AccessKey`, {
    [`${title} an AccessKey`]: `ramctl ak ${name} deployer LTAI0000000000000000test`,
    'The same, and print only the new status': `ramctl ak ${name} deployer LTAI0000000000000000test --query Status`,
  });
  verb.describe(`${effect} Does not ask for a confirmation, and accepts an AccessKey that is ${name}d already.`);
  verb.setAction(async (context, _, UserName: string, id: string) => {
    await changeAndShow(context, accessKeyView, async (operations) => {
      await operations.updateAccessKey({ UserName, UserAccessKeyId: id, Status });
      return findOwnedKey(operations, UserName, id);
    });
  });
}
