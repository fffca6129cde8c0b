import { type Clock, DAY_MS } from './clock.ts';
import { Failure, type Problem } from './failure.ts';
import type { Change, History } from './history.ts';
import type { HistoryEntry } from './history-entry.ts';
import { findRecordChanges, type RecordChange, toChangedRecord } from './record-change.ts';
import { revertChange } from './revert.ts';
import { copyState, foldCase, type State } from './state.ts';
import type { HistoryStore } from './store.ts';
import type { Vault } from './vault.ts';

/** For how long a change keeps the records that `undo` needs. */
export const UNDO_DAYS = 30;

/** Whether a change is so old that it loses its records. */
export function isExpired(date: string, now: Date): boolean {
  return Date.parse(date) < now.getTime() - UNDO_DAYS * DAY_MS;
}

interface Dependencies {
  store: HistoryStore;
  clock: Clock;
  vault: Vault;
}

/** Returns the history of a store. */
export function localHistory({ store, clock, vault }: Dependencies): History {
  const find = async (id: string) => {
    const entry = (await store.readHistory()).find(({ ChangeId }) => ChangeId === id);
    if (entry) return entry;
    const message = `the history of this directory has no change ${id}`;
    throw new Failure('missing', 'EntityNotExist.Change', message, { Hint: 'ramctl history' });
  };
  const recordsOf = (entry: HistoryEntry) => (isExpired(entry.Date, clock.now()) ? undefined : entry.Records);
  const findUndoable = async (id: string) => {
    const entry = await find(id);
    const records = recordsOf(entry);
    if (records) return records;
    const reason = isExpired(entry.Date, clock.now())
      ? `it is older than ${UNDO_DAYS} days`
      : `it ${entry.Summary}, which cannot be reverted`;
    throw new Failure('refused', 'CannotUndo', `change ${id} cannot be undone: ${reason}`, { Hint: 'ramctl history' });
  };
  const undo = async (state: State, records: RecordChange[]) => {
    const before = copyState(state);
    revertChange(state, records);
    await assertValid(before, state, vault);
    return before;
  };
  return {
    async list({ userName, since, limit }) {
      const entries = (await store.readHistory()).reverse();
      const hasName = ({ UserName }: HistoryEntry['Users'][number]) =>
        userName !== undefined && foldCase(UserName) === foldCase(userName);
      // A user is found by each name that the user ever had.
      const ids = new Set(entries.flatMap(({ Users }) => Users.filter(hasName).map(({ UserId }) => UserId)));
      const isWanted = ({ Users, Date: date }: HistoryEntry) =>
        (userName === undefined || Users.some(({ UserId }) => ids.has(UserId))) &&
        (!since || Date.parse(date) >= +since);
      return entries.filter(isWanted).slice(0, limit).map(toChange);
    },

    async get(id) {
      const entry = await find(id);
      const records = recordsOf(entry);
      return { ...toChange(entry), CanUndo: records !== undefined, Records: (records ?? []).map(toChangedRecord) };
    },

    async previewUndo(id) {
      const records = await findUndoable(id);
      return store.read(async (state) => {
        const after = copyState(state);
        const before = await undo(after, records);
        return findRecordChanges(before, after).map(toChangedRecord);
      });
    },

    async undo(id) {
      const records = await findUndoable(id);
      const change = await store.change((state) => undo(state, records));
      // The entry always exists, because a change without effect has no entry that could be undone.
      return { ...toChange(change.entry as HistoryEntry), Records: change.records.map(toChangedRecord) };
    },
  };
}

function toChange({ ChangeId, Date: date, Actor, Command, Summary }: HistoryEntry): Change {
  return { ChangeId, Date: date, Actor, Command, Summary };
}

/**
 * Checks the directory after an undo as `directory check` does, because other changes may have deleted what the restored
 * records refer to. @throws Failure `refused` (`ChangedMeanwhile`) with the problems that the undo would cause
 */
async function assertValid(before: State, after: State, vault: Vault): Promise<void> {
  const { validateState } = await import('./validate-state.ts');
  const problems = await validateState(after, vault);
  if (problems.length === 0) return;
  const isSame = (left: Problem, right: Problem) => left.Code === right.Code && left.Message === right.Message;
  const earlier = await validateState(before, vault);
  const Errors = problems.filter((problem) => !earlier.some((other) => isSame(problem, other)));
  const [first] = Errors;
  if (!first) return;
  const message = `the undo conflicts with records that changed in the meantime: ${first.Message}`;
  throw new Failure('refused', 'ChangedMeanwhile', message, { Hint: 'ramctl history', Errors });
}
