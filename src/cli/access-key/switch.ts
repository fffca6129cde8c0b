import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { keyOf } from './list.ts';

/** `ak enable` and `ak disable`; no question, repeating is fine. */
export function declareSwitch(noun: RamctlCommand, word: 'enable' | 'disable', summary: string): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const verb = noun.verb(`${word} <user> <id>`, summary, [`ramctl ak ${word} deployer LTAI0000000000000000test`]);
  verb.setAction(async (context, _, UserName: string, id: string) => {
    await changeAndShow(context, accessKeyView, async (operations) => {
      await operations.updateAccessKey({ UserName, UserAccessKeyId: id, Status });
      return keyOf(operations, UserName, id);
    });
  });
}
