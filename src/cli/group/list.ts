import { summarizeGroups } from '../../core/workflows/group.ts';
import { groupListView } from '../../view/group.ts';
import type { RamctlCommand } from '../command.ts';
import { listProgress } from '../list-progress.ts';
import { readAndShow } from '../output.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'List groups', {
    'List all groups': 'ramctl group list',
    'List the groups that match a keyword': 'ramctl group list oper',
  });
  verb.describe(`Prints each group with the number of its members and policies. With a keyword, only groups whose name
    or comments contain it, regardless of case.`);
  verb.setAction(async (context, _, keyword: string | undefined) => {
    const progress = listProgress(context, 'reading groups');
    await readAndShow(context, groupListView, (operations) => summarizeGroups(operations, keyword, progress));
  });
}
