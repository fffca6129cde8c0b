import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { findOwnedKey } from './owned-keys.ts';

const VERBS = [
  { name: 'disable', title: 'Disable', Status: 'Inactive', effect: 'Makes the API refuse the AccessKey at once.' },
  { name: 'enable', title: 'Enable', Status: 'Active', effect: 'Makes the API accept the AccessKey again.' },
] as const;

export function declare(noun: RamctlCommand): void {
  for (const { name, title, Status, effect } of VERBS) {
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
}
