import { Failure } from './failure.ts';
import { fold, type State, type UserRecord } from './state.ts';

/**
 * Takes one change back out of `state`: every record that the change touched becomes again what it was `before`.
 * Records are recognised by their id, so a rename counts as a change of one record.
 * @throws Failure `refused` (`ChangedMeanwhile`) when such a record is no longer what the change left behind.
 */
export function takeBack(state: State, before: State, after: State): void {
  const present = byId(state);
  const old = byId(before);
  const changed = byId(after);
  for (const id of new Set([...old.keys(), ...changed.keys()])) {
    if (same(old.get(id), changed.get(id))) continue;
    const now = present.get(id);
    const then = old.get(id);
    if (!same(now, changed.get(id)) || (then && isTaken(state, then))) {
      const name = (now ?? then ?? changed.get(id))?.UserName ?? id;
      throw new Failure('refused', 'ChangedMeanwhile', `${name} was changed by somebody else meanwhile`);
    }
    if (now) state.Users.delete(fold(now.UserName));
    if (then) state.Users.set(fold(then.UserName), then);
  }
}

/** Whether somebody else has the user's name by now. */
function isTaken(state: State, user: UserRecord): boolean {
  const holder = state.Users.get(fold(user.UserName));
  return holder !== undefined && holder.UserId !== user.UserId;
}

function byId(state: State): Map<string, UserRecord> {
  return new Map(Array.from(state.Users.values(), (user) => [user.UserId, user]));
}

function same(left: UserRecord | undefined, right: UserRecord | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
