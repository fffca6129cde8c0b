import { type Blocker, Failure } from '../failure.ts';
import { shellCommand } from '../shell-command.ts';

/** A dependent that a deletion removed together with the user, group, role or policy. */
export type RemovedItem = Pick<Blocker, 'Kind' | 'Name'>;

export function toRemovedItem({ Kind, Name }: Blocker): RemovedItem {
  return { Kind, Name };
}

export function buildBlocker(Kind: Blocker['Kind'], Name: string, Command: string): Blocker {
  return { Kind, Name, Command };
}

const LABELS: Record<Blocker['Kind'], string> = {
  AccessKey: 'AccessKey',
  LoginProfile: 'console logon',
  MFADevice: 'MFA device',
  Policy: 'policy attachment',
  Group: 'group membership',
  // As blockers of a group. Users, groups and roles that block a policy count as policy attachments.
  User: 'group membership',
  // Roles block only policies.
  Role: 'policy attachment',
  // Blocks no deletion.
  Account: 'account setting',
};

/** Does nothing without blockers. @throws Failure `refused` DeleteConflict.* with all `Blockers` */
export function assertNoBlockers(
  noun: 'User' | 'Group' | 'Role' | 'Policy',
  names: string[],
  Blockers: Blocker[],
): void {
  const [first] = Blockers;
  if (!first) return;
  const counts = new Map<string, number>();
  for (const { Kind } of Blockers) {
    const label = noun === 'Policy' ? LABELS.Policy : LABELS[Kind];
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const items = Array.from(counts, ([label, count]) => `${count} ${label}${count === 1 ? '' : 's'}`);
  const dependents = new Intl.ListFormat('en').format(items);
  const message = `${names.join(', ')} cannot be deleted: ${dependents} must be removed first`;
  const Hint = shellCommand`ramctl ${noun.toLowerCase()} delete ${names.join(' ')} --cascade`;
  const Field = `${noun}Name`;
  throw new Failure('refused', `DeleteConflict.${noun}.${first.Kind}`, message, { Field, Blockers, Hint });
}
