import { summarizeRoles } from '../../core/workflows/role.ts';
import { roleListView } from '../../view/role.ts';
import type { RamctlCommand } from '../command.ts';
import { listProgress } from '../list-progress.ts';
import { readAndShow } from '../output.ts';
import { addTagOption, type TagOptions } from '../tags.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'List roles', {
    'List all roles': 'ramctl role list',
    'Print the ARNs of the roles that match a keyword': 'ramctl role list deploy --output json --query "[].Arn"',
  });
  verb.describe(`Prints each role with the number of its policies. With a keyword, only roles whose name or description
    contains it, regardless of case.`);
  addTagOption(verb, 'only roles with this tag');
  verb.setAction<TagOptions>(async (context, { tag }, keyword: string | undefined) => {
    const progress = listProgress(context, 'reading roles');
    await readAndShow(context, roleListView, (operations) => summarizeRoles(operations, keyword, tag, progress));
  });
}
