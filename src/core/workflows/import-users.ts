import { createHash } from 'node:crypto';
import type { CommittedChange, Directory, Operations, User } from '../directory.ts';
import { Failure, isFailure, nullIfCode } from '../failure.ts';
import { type ImportJournal, type JournalEntry, RESUME_HINT } from '../import-journal.ts';
import { forEachConcurrently, MAX_CONCURRENT_CHANGES, mapConcurrently } from '../map-concurrently.ts';
import { shellCommand } from '../shell-command.ts';
import { buildBlocker } from './delete-conflict.ts';
import { type CreatedUser, equipUser, type NewUser } from './provision.ts';
import { deleteUsers } from './user.ts';

/** How much the local clock may differ from RAM's. RAM refuses requests whose date differs more. */
const MAX_CLOCK_DIFFERENCE_MS = 15 * 60 * 1000;

/**
 * Returns an id that is the same for the same account and users with the same settings. Passwords are left out, because a
 * short password could be guessed from the id.
 */
export function identifyImport(accountId: string, newUsers: NewUser[]): string {
  const settings = newUsers.map(({ user, logon, accessKey, groups, policies }) => {
    const { password: _, ...requirements } = logon ?? {};
    return [user, logon && requirements, accessKey, groups, policies];
  });
  return createHash('sha256')
    .update(JSON.stringify([accountId, settings]))
    .digest('hex')
    .slice(0, 32);
}

/**
 * Returns the users of a journal who exist and were created by the import. An entry without a UserId matches a user who
 * was created at the time of the entry. A user who has logged on is in use, and does not belong to the import any more.
 */
export async function findImportedUsers(directory: Directory, entries: JournalEntry[]): Promise<User[]> {
  const users = await mapConcurrently(entries, async (entry) => {
    const user = await nullIfCode(directory.getUser({ UserName: entry.UserName }), 'EntityNotExist.User');
    return user && isFromImport(user, entry) ? user : undefined;
  });
  return users.filter((user) => user !== undefined);
}

function isFromImport({ UserId, CreateDate, LastLoginDate }: User, entry: JournalEntry): boolean {
  if (LastLoginDate !== null) return false;
  if (entry.UserId !== undefined) return UserId === entry.UserId;
  return Math.abs(Date.parse(CreateDate) - Date.parse(entry.Date)) <= MAX_CLOCK_DIFFERENCE_MS;
}

/**
 * Creates users on a target without transactions, several at the same time. Returns the users that did not exist before
 * and the resumed ones, in the order of `newUsers`. The caller has checked all of them in a dry run.
 *
 * `beforeCommit` gets the users when all exist, unless there are none. If it throws, or RAM refuses a user, all users of
 * the journal are deleted. If an operation should be tried again later, the users and the journal are kept. See
 * docs/decisions/remote-changes.md
 * @throws as the operations do; Failure `later` (`ImportInterrupted`, `PartlyDone`)
 */
export async function importUsers(
  directory: Directory,
  newUsers: NewUser[],
  journal: ImportJournal,
  beforeCommit: (created: CreatedUser[]) => void,
  onUserCreated: () => void = () => {},
): Promise<CommittedChange<CreatedUser[]>> {
  const passwordPolicy = newUsers.some(({ logon }) => logon) && (await directory.getPasswordPolicy());
  const results: (CreatedUser | undefined)[] = [];
  // The errors do not leave the transaction, which would revert it.
  const { value: errors } = await directory.atomically((uncached) => {
    const operations = withCache(uncached);
    const importUser = async (newUser: NewUser, index: number) => {
      const { logon } = newUser;
      const text = passwordPolicy && logon && (logon.password ?? directory.generatePassword(passwordPolicy));
      const password = text ? await directory.hashPassword(text) : undefined;
      try {
        if (!newUser.isResumed && !(await createUser(operations, newUser, journal))) return;
        results[index] = await equipUser(operations, newUser, password);
      } catch (error) {
        throw nameUser(error, newUser);
      }
      onUserCreated();
    };
    return forEachConcurrently(newUsers, importUser, MAX_CONCURRENT_CHANGES);
  });
  const created = results.filter((user) => user !== undefined);
  const refusal = errors.find((error) => !isFailure(error) || error.kind !== 'later');
  if (refusal) return removeAfter(refusal, directory, journal);
  if (isFailure(errors[0])) {
    const message = `${errors[0].message}; ${created.length} of ${newUsers.length} users are complete`;
    throw new Failure('later', 'ImportInterrupted', message, { Hint: RESUME_HINT });
  }
  try {
    if (created.length > 0) beforeCommit(created);
  } catch (error) {
    return removeAfter(error, directory, journal);
  }
  return { value: created, revert: () => removeImportedUsers(directory, journal) };
}

/** Returns operations that read each user, group and policy once, because the import does not change what they return. */
function withCache(operations: Operations): Operations {
  const { getUser, getGroup, getPolicy } = operations;
  return { ...operations, getUser: readOnce(getUser), getGroup: readOnce(getGroup), getPolicy: readOnce(getPolicy) };
}

function readOnce<Input, Result>(read: (input: Input) => Promise<Result>): (input: Input) => Promise<Result> {
  const results = new Map<string, Promise<Result>>();
  return (input) => {
    const key = JSON.stringify(input);
    const result = results.get(key) ?? read(input);
    results.set(key, result);
    return result;
  };
}

/** Creates and records a user. Returns false if the user exists and may be skipped. */
async function createUser(operations: Operations, { user, ifNotExists }: NewUser, journal: ImportJournal) {
  journal.recordStart(user);
  try {
    journal.recordCreated(await operations.createUser(user));
    return true;
  } catch (error) {
    // After a lost or unreadable response, RAM may have created the user.
    if (isFailure(error) && error.kind !== 'later' && error.kind !== 'broken') journal.recordRefused(user);
    if (ifNotExists && isFailure(error, 'EntityAlreadyExists.User')) return false;
    throw error;
  }
}

function nameUser(error: unknown, { user, Row }: NewUser): unknown {
  if (!isFailure(error)) return error;
  const row = Row === undefined ? {} : { Row };
  return new Failure(error.kind, error.code, `user ${user.UserName}: ${error.message}`, { ...error.details, ...row });
}

/** Deletes all users of the journal because of an error. @throws the error, with the outcome in its message */
async function removeAfter(error: unknown, directory: Directory, journal: ImportJournal): Promise<never> {
  const message = error instanceof Error ? error.message : String(error);
  await removeImportedUsers(directory, journal).catch((problem: unknown) => {
    if (!isFailure(problem)) throw problem;
    throw new Failure(problem.kind, problem.code, `${message}; ${problem.message}`, problem.details);
  });
  if (!isFailure(error)) throw error;
  throw new Failure(error.kind, error.code, `${message}; no user was created`, error.details);
}

/** Deletes all users of the journal with everything they have, and the journal. @throws Failure `later` (`PartlyDone`) */
async function removeImportedUsers(directory: Directory, journal: ImportJournal): Promise<void> {
  let remaining = new Set(journal.entries().map(({ UserName }) => UserName));
  try {
    remaining = new Set((await findImportedUsers(directory, journal.entries())).map(({ UserName }) => UserName));
    const removeUser = async (name: string) => {
      await directory.atomically((operations) => deleteUsers(operations, [name], true));
      remaining.delete(name);
    };
    const [error] = await forEachConcurrently([...remaining], removeUser, MAX_CONCURRENT_CHANGES);
    if (error !== undefined) throw error;
  } catch (error) {
    if (!isFailure(error)) throw error;
    const Blockers = Array.from(remaining, (name) =>
      buildBlocker('User', name, shellCommand`ramctl user delete ${name} --cascade`),
    );
    const message = `${remaining.size} users of this import could not be deleted: ${error.message}`;
    throw new Failure('later', 'PartlyDone', message, { Blockers, Hint: RESUME_HINT });
  }
  journal.remove();
}
