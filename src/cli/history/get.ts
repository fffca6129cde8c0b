import { changeView } from '../../view/history.ts';
import type { RamctlCommand } from '../command.ts';
import { NO_HISTORY_HINT } from './no-history-hint.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <change-id>', 'Show a change, and the records before and after it', {
    'Show what a change did': 'ramctl history get 2-a1b2c3',
    'Print the records before the change as JSON': 'ramctl history get 2-a1b2c3 --output json --query Records[].Before',
  });
  verb.describe(`Shows a change with the records that it created (+), changed (~) or deleted (-). A table has only the
    members that changed, other formats have the records before and after. Passwords, secrets and their hashes are never
    shown. The history keeps the records of a change for 30 days.`);
  verb.setLocalAction(NO_HISTORY_HINT, async ({ history, output }, _, id: string) =>
    output.show(changeView, await history.get(id)),
  );
}
