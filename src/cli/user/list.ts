import { InvalidArgumentError } from 'commander';
import { summarizeUsers, type UserSummary } from '../../core/workflows/user.ts';
import { userListView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { usageError } from '../usage-error.ts';

interface Options {
  group?: string;
  policy?: string;
  withoutMfa?: boolean;
  sortBy?: string;
  limit?: number;
}

const SORT_FIELDS: (keyof UserSummary)[] = [
  'UserId',
  'UserName',
  'UserPrincipalName',
  'DisplayName',
  'Comments',
  'Console',
  'MFA',
  'AccessKeys',
  'CreateDate',
  'LastLoginDate',
];

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'find users by name, display name, comments or mail address', [
    'ramctl user list',
    'ramctl user list ali --output json --query "[].UserName"',
    'ramctl user list --policy AdministratorAccess --without-mfa',
  ]);
  verb.option('--group <name>', 'only members of this group');
  verb.option('--policy <name>', 'only users who have this policy');
  verb.option('--without-mfa', 'only users without an MFA device');
  verb.option('--sort-by <member>', 'sort by a member of the result (default: UserName)');
  verb.option('--limit <n>', 'print at most so many', parsePositiveInteger);
  verb.setAction<Options>(async (context, options, keyword: string | undefined) => {
    const member = parseSortField(options.sortBy);
    const { group, policy, withoutMfa } = options;
    const users = await context.directory.reading((operations) =>
      summarizeUsers(operations, { keyword, group, policy, withoutMfa }),
    );
    const sorted =
      member === 'UserName' ? users : users.sort((left, right) => compareNullsLast(left[member], right[member]));
    await context.output.show(userListView, sorted.slice(0, options.limit));
    if (!context.file.exists())
      context.output.remark(`remark: there is no directory at ${context.file.Path} yet; the first change makes it`);
  });
}

function parseSortField(text = 'UserName'): keyof UserSummary {
  const member = SORT_FIELDS.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (member) return member;
  throw usageError(`--sort-by takes one of ${SORT_FIELDS.join(', ')}`, '--sort-by');
}

function parsePositiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/** Absent values last. */
function compareNullsLast(left: UserSummary[keyof UserSummary], right: UserSummary[keyof UserSummary]): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -1 : 1;
}
