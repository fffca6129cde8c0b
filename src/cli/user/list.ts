import { summarizeUsers, type UserFilter, type UserSummary } from '../../core/workflows/user.ts';
import { USER_SUMMARY_MEMBERS, userListView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { listProgress } from '../list-progress.ts';
import { wholeNumberParser } from '../option-parsers.ts';
import { addTagOption } from '../tags.ts';
import { usageError } from '../usage-error.ts';

type Options = Omit<UserFilter, 'keyword'> & { sortBy?: string };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'List users', {
    'List all users': 'ramctl user list',
    'Print the names of the users that match a keyword': 'ramctl user list ali --output json --query "[].UserName"',
    'Choose the columns': 'ramctl user list --columns UserName,UserId,Comments',
    'List the users with two tags': 'ramctl user list --tag team=iot --tag stage=test',
    'List administrators without an MFA device': 'ramctl user list --policy AdministratorAccess --without-mfa',
  });
  verb.describe(`Prints a summary of each user. With a keyword, only users whose name, display name, comments or email
    address contain it, regardless of case.`);
  verb.option('--group <name>', 'only members of this group');
  verb.option('--policy <name>', 'only users with this policy attached');
  verb.option('--without-mfa', 'only users without an MFA device');
  addTagOption(verb, 'only users with this tag');
  verb.option('--sort-by <member>', 'member of the result to sort by (default: UserName)');
  verb.option('--limit <n>', 'maximum number of users to print (default: all)', wholeNumberParser(1, 999_999_999));
  verb.setAction<Options>(async (context, options, keyword: string | undefined) => {
    const { sortBy, limit, ...filter } = options;
    const field = parseSortField(sortBy);
    const progress = listProgress(context, 'reading users');
    const users = await context.directory.reading((operations) =>
      // The users are sorted by name already, regardless of case. To sort by another member, all of them are read.
      summarizeUsers(operations, { ...filter, keyword, limit: field === 'UserName' ? limit : undefined }, progress),
    );
    if (field !== 'UserName') users.sort((left, right) => compareNullsLast(left[field], right[field]));
    await context.output.show(userListView, users.slice(0, limit));
  });
}

function parseSortField(text = 'UserName'): keyof UserSummary {
  const field = USER_SUMMARY_MEMBERS.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (field) return field;
  const allowed = USER_SUMMARY_MEMBERS.join(', ');
  throw usageError(`--sort-by "${text}" is not a member of the result; allowed: ${allowed}`, '--sort-by');
}

function compareNullsLast(left: UserSummary[keyof UserSummary], right: UserSummary[keyof UserSummary]): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -1 : 1;
}
