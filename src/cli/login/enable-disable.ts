import { withLogonUrl } from '../../core/workflows/login.ts';
import { loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

/** `login enable` and `login disable`; repeating is fine. */
export function declareEnableDisable(noun: RamctlCommand, word: 'enable' | 'disable', summary: string): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const verb = noun.verb(`${word} <user>`, summary, [`ramctl login ${word} alice`]);
  verb.setAction(async (context, _, UserName: string) => {
    await changeAndShow(context, loginView, async (operations) =>
      withLogonUrl(await operations.updateLoginProfile({ UserName, Status })),
    );
  });
}
