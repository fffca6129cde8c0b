import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { findKeyWithOwner } from './list.ts';

/** `ak enable` and `ak disable`; no question, repeating is fine. */
export function declareEnableDisable(noun: RamctlCommand, word: 'enable' | 'disable', summary: string): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const verb = noun.verb(`${word} <user> <id>`, summary, [`ramctl ak ${word} deployer LTAI0000000000000000test`]);
  verb.setAction(async (context, _, UserName: string, id: string) => {
    await changeAndShow(context, accessKeyView, async (operations) => {
      await operations.updateAccessKey({ UserName, UserAccessKeyId: id, Status });
      return findKeyWithOwner(operations, UserName, id);
    });
  });
}
