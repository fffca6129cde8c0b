import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { findOwnedKey } from './owned-keys.ts';

export function declareEnableDisable(noun: RamctlCommand, word: 'enable' | 'disable', effect: string): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const title = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const verb = noun.verb(`${word} <user> <id>`, `${title} an AccessKey`, {
    [`${title} an AccessKey`]: `ramctl ak ${word} deployer LTAI0000000000000000test`,
    [`${title} an AccessKey and print only its new status`]: `ramctl ak ${word} deployer LTAI0000000000000000test --query Status`,
  });
  verb.description(`${effect} Does not ask for a confirmation, and accepts an AccessKey that is ${word}d already.`);
  verb.setAction(async (context, _, UserName: string, id: string) => {
    await changeAndShow(context, accessKeyView, async (operations) => {
      await operations.updateAccessKey({ UserName, UserAccessKeyId: id, Status });
      return findOwnedKey(operations, UserName, id);
    });
  });
}
