import { type Blocker, Failure } from '../failure.ts';

/** What went together with something that was deleted. */
export type RemovedItems = Pick<Blocker, 'Kind' | 'Name'>[];

/**
 * Refuses a deletion while anything is in the way.
 * @throws Failure `refused` DeleteConflict.* with all Blockers
 */
export function assertNoBlockers(noun: 'User' | 'Group' | 'Policy', names: string[], Blockers: Blocker[]): void {
  const [first] = Blockers;
  if (!first) return;
  throw new Failure(
    'refused',
    `DeleteConflict.${noun}.${first.Kind}`,
    `${names.join(', ')} cannot be deleted: ${Blockers.length} ${Blockers.length === 1 ? 'thing is' : 'things are'} in the way`,
    { Field: `${noun}Name`, Blockers, Hint: `ramctl ${noun.toLowerCase()} delete ${names.join(' ')} --cascade` },
  );
}

export function removedItemsOf(blockers: Blocker[]): RemovedItems {
  return blockers.map(({ Kind, Name }) => ({ Kind, Name }));
}
