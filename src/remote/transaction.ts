import type { CommittedChange } from '../core/directory.ts';
import { type Blocker, Failure, isFailure, type Problem } from '../core/failure.ts';
import { foldCase } from '../core/state.ts';
import { type Change, type ChangeName, INVERSES } from './inverse.ts';
import type { RemoteOperations } from './operations.ts';

/*
 * How changes are undone in an account or on a server, where RAM has no transactions:
 *
 * 1. Each change is made at once. Its inverse is prepared before it and recorded after it.
 * 2. If the work fails, or its result is reverted, the changes are undone, the last one first.
 * 3. A change without a response may have been made. It is undone too, unless the state was the same before.
 * 4. A deletion or a new password cannot be undone. Nothing that was done before it is undone.
 * 5. What remains of the changes is listed in the error, with the commands that undo it.
 */

/**
 * The rollback ends after this many requests in succession without a response, the one that failed first
 * included. Each is repeated for 40 seconds.
 */
const MAX_FAILURES = 2;

interface RecordedChange extends Change {
  /** Whether the response was lost, so that the change may not have been made. */
  isUncertain: boolean;
}

/**
 * Runs `work` with operations whose changes are recorded. `onChange` is called before the first change.
 * @throws as `work`, if nothing was changed or all changes were undone; otherwise Failure `later` (`PartlyDone`)
 */
export async function runTransaction<T>(
  operations: RemoteOperations,
  work: (operations: RemoteOperations) => Promise<T>,
  onChange: () => void,
): Promise<CommittedChange<T>> {
  const recorder = recordChanges(operations, onChange);
  try {
    const value = await work(recorder.operations);
    return { value, revert: async () => undoChanges(await recorder.end()) };
  } catch (error) {
    await undoChanges(await recorder.end(), error);
    throw error;
  }
}

function recordChanges(operations: RemoteOperations, onChange: () => void) {
  const changes: RecordedChange[] = [];
  const running = new Set<Promise<unknown>>();
  let isEnded = false;
  const created = new Set<string>();
  const isNew = (kind: Blocker['Kind'], name: string) => created.has(`${kind} ${foldCase(name)}`);

  async function runChange(name: ChangeName, input: never) {
    const { wasSo, changes: describe } = await INVERSES[name]({ operations, isNew }, input);
    if (isEnded) throw new Error(`${name} was called after the end of its transaction`);
    onChange();
    const record = (result: never, isUncertain: boolean) => {
      for (const change of describe(result)) {
        changes.push({ ...change, isUncertain });
        if (change.Effect === 'created') created.add(`${change.Kind} ${foldCase(change.Name)}`);
      }
    };
    try {
      const result = await operations[name](input);
      record(result as never, false);
      return result;
    } catch (error) {
      const isCertain = isFailure(error) && error.kind !== 'later' && error.kind !== 'broken';
      if (!isCertain && !wasSo) record(undefined as never, true);
      throw error;
    }
  }

  const recorded = Object.keys(INVERSES).map((name) => [
    name,
    (input: never) => {
      const change = runChange(name as ChangeName, input);
      const settled = change.catch(() => {}).finally(() => running.delete(settled));
      running.add(settled);
      return change;
    },
  ]);
  return {
    operations: { ...operations, ...(Object.fromEntries(recorded) as Pick<RemoteOperations, ChangeName>) },
    /** Waits for the changes that are running, and returns all changes. Later changes are refused. */
    async end(): Promise<RecordedChange[]> {
      isEnded = true;
      await Promise.all(running);
      return changes;
    },
  };
}

/** Undoes changes in reverse order. `cause`: why. @throws Failure PartlyDone if changes remain */
async function undoChanges(changes: RecordedChange[], cause?: unknown): Promise<void> {
  const queue = [...changes];
  const remaining: RecordedChange[] = [];
  let failures = isFailure(cause) && cause.kind === 'later' ? 1 : 0;
  for (let change = queue.at(-1); change && failures < MAX_FAILURES; change = queue.at(-1)) {
    if (!change.undo && (await wasMade(change))) break;
    try {
      if (mustFollow(change, remaining)) remaining.push(change);
      else await change.undo?.();
      failures = 0;
    } catch (error) {
      if (!isUndone(error, remaining.length > 0)) remaining.push(change);
      failures = isFailure(error) && error.kind !== 'later' ? 0 : failures + 1;
    }
    queue.pop();
  }
  // After too many failures, those in the queue that can be undone are listed with their commands.
  const lastFinal = queue.findLastIndex(({ undo }) => !undo);
  const final = queue.slice(0, lastFinal + 1);
  remaining.push(...queue.slice(lastFinal + 1).reverse());
  if (final.length + remaining.length > 0) throw partlyDone(final, remaining, cause);
}

/**
 * Whether a change can be undone only after those that remain: their commands contain the new name, or undo a change of the
 * same member.
 */
function mustFollow({ Kind, Name, Effect, isRename }: Change, remaining: Change[]): boolean {
  const isSame = (other: Change) => other.Kind === Kind && other.Name === Name && other.Effect === Effect;
  return remaining.some((other) => isRename || isSame(other));
}

/**
 * Whether the error of an undo says that the earlier state exists already. After a failed rename, what has another name seems
 * not to exist.
 */
function isUndone(error: unknown, hasFailed: boolean): boolean {
  if (!isFailure(error)) return false;
  const isAlreadySo = /^EntityAlreadyExists\.(User|Group|Role)\.(Policy|Group)$/.test(error.code);
  return isAlreadySo || (error.kind === 'missing' && !hasFailed);
}

/** Returns whether a change that cannot be undone was made. If that cannot be found out, it may have been made. */
async function wasMade(change: RecordedChange): Promise<boolean> {
  if (!change.isUncertain || !change.wasMade) return true;
  try {
    // If it was made, that is certain now.
    change.isUncertain = false;
    return await change.wasMade();
  } catch {
    change.isUncertain = true;
    return true;
  }
}

/** `done`: changes that remain and cannot be undone, or came before such a change. `remaining`: those not undone. */
function partlyDone(done: RecordedChange[], remaining: RecordedChange[], cause: unknown): Failure {
  const { details = {}, message = 'the changes could not be undone' } = (cause as Partial<Failure>) ?? {};
  const toProblem = (change: RecordedChange) => ({ Code: 'Done', Message: `${change.Kind} ${nameOf(change)}` });
  const Errors: Problem[] = [...(details.Errors ?? []), ...done.map(toProblem)];
  const Blockers = remaining.map((change): Blocker => {
    return { Kind: change.Kind, Name: nameOf(change), Command: change.Command ?? '' };
  });
  const isUncertain = [...done, ...remaining].every((change) => change.isUncertain);
  const outcome = isUncertain ? 'these changes may have been made' : 'these changes were made and remain';
  return new Failure('later', 'PartlyDone', `${message}; ${outcome}`, {
    Hint: done.length > 0 ? repeatHint(done) : undoHint(remaining),
    ...(Errors.length > 0 && { Errors }),
    ...(Blockers.length > 0 && { Blockers }),
  });
}

function nameOf({ Name, Effect, isUncertain }: RecordedChange): string {
  return `${Name} (${isUncertain ? 'possibly ' : ''}${Effect})`;
}

/** Some commands, such as `login get`, only show what was changed. */
function undoHint(remaining: Change[]): string {
  const hint = 'run the listed commands to undo these changes';
  const isShown = remaining.some(({ Command = '' }) => / (get|list|versions)\b/.test(Command));
  return isShown ? `${hint}; those with "get", "list" or "versions" show what to change back` : hint;
}

/** A command that deletes several users refuses names that do not exist any more. */
function repeatHint(done: RecordedChange[]): string {
  const isEntity = ({ Kind, Name }: Change) =>
    ['User', 'Group', 'Role', 'Policy'].includes(Kind) && !Name.includes(' of ');
  const isDeleted = (change: RecordedChange) => change.Effect === 'deleted' && !change.isUncertain && isEntity(change);
  const names = done.filter(isDeleted).map(({ Name }) => Name);
  const without = names.length > 0 ? ` without ${names.join(', ')}` : '';
  return `run the same command again${without} to finish`;
}
