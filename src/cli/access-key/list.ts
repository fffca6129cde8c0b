import { InvalidArgumentError } from 'commander';
import type { Status } from '../../core/state.ts';
import { type OwnedAccessKey, ownedKeyListView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { listProgress } from '../list-progress.ts';
import { parseDurationMs } from '../option-parsers.ts';
import { listOwnedKeys } from './owned-keys.ts';

/** `olderThan` and `unusedFor` are in milliseconds. */
type Filter = { status?: Status; olderThan?: number; unusedFor?: number };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('list [user]', 'List AccessKeys', {
    'List the AccessKeys of a user': 'ramctl ak list deployer',
    'List the active AccessKeys of all users that were not used for 90 days':
      'ramctl ak list --status Active --unused-for 90d',
    'Print the IDs of all AccessKeys that are older than a year':
      'ramctl ak list --older-than 365d --output json --query "[].AccessKeyId"',
  });
  verb.describe(`Prints the user, ID, status, creation date and last use of each AccessKey of a user or of all users, sorted
    by user name. With several filters, only AccessKeys that match all of them. Secrets are not shown.`);
  verb.option('--status <status>', 'only AccessKeys with this status (Active, Inactive)', parseStatus);
  verb.option('--older-than <time>', 'only AccessKeys created at least this long ago: 12h, 90d', parseDurationMs);
  const unusedText = 'only AccessKeys whose last use, or creation if never used, was at least this long ago: 12h, 90d';
  verb.option('--unused-for <time>', unusedText, parseDurationMs);
  verb.setAction<Filter>(async (context, filter, UserName: string | undefined) => {
    const progress = listProgress(context, 'reading AccessKeys of users');
    const keys = await context.directory.reading((operations) => listOwnedKeys(operations, UserName, progress));
    await context.output.show(
      ownedKeyListView,
      keys.filter((key) => matchesFilter(key, filter, context.startedAt)),
    );
  });
}

function matchesFilter(key: OwnedAccessKey, { status, olderThan, unusedFor }: Filter, now: Date): boolean {
  const { Status, CreateDate, LastUsedDate } = key;
  const isOld = (date: string, ageMs?: number) => ageMs === undefined || now.getTime() - Date.parse(date) >= ageMs;
  return (
    (status === undefined || Status === status) &&
    isOld(CreateDate, olderThan) &&
    isOld(LastUsedDate ?? CreateDate, unusedFor)
  );
}

function parseStatus(text: string): Status {
  const status = (['Active', 'Inactive'] as const).find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (status) return status;
  throw new InvalidArgumentError('It must be Active or Inactive.');
}
