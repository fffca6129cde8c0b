import { changeListView } from '../../view/history.ts';
import type { RamctlCommand } from '../command.ts';
import { parseMoment, wholeNumberParser } from '../option-parsers.ts';
import { NO_HISTORY_HINT } from './no-history-hint.ts';

type Options = { user?: string; since?: (now: Date) => Date; limit?: number };

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', {
    'List all changes, the newest first': 'ramctl history',
    'List the changes of the last seven days': 'ramctl history --since 7d',
    'List the last five changes to a user, even if the user was deleted': 'ramctl history --user alice --limit 5',
  });
  verb.describe(`Lists the changes of a local directory, the newest first: who made them, when and with which command.
    "ramctl history get" shows one change, "ramctl undo" undoes it. Logons and uses of AccessKeys are not recorded.`);
  verb.option('--user <name>', 'only changes to this user, or to a user who had this name');
  verb.option('--since <time>', 'only changes after this time: a duration such as 7d, or a date (UTC)', parseMoment);
  verb.option('--limit <n>', 'maximum number of changes (default: no limit)', wholeNumberParser(1));
  verb.setLocalAction<Options>(NO_HISTORY_HINT, async ({ history, output, startedAt }, { user, since, limit }) =>
    output.show(changeListView, await history.list({ userName: user, since: since?.(startedAt), limit })),
  );
}
