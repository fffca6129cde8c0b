import type { CreateUserInput, Directory, HashedPassword, NewAccessKey, Operations, UserRef } from '../directory.ts';
import { Failure, nullIfCode, type Problem } from '../failure.ts';
import { logonUrl } from '../logon-names.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { changeAttachments, changeMemberships } from './attachment.ts';
import { createConsoleLogon, type NewLogon } from './login.ts';
import { resolvePolicy } from './policy.ts';
import { assertRowsValid, findRowProblems, isRowProblem, mergeProblems } from './row-problems.ts';
import { describeUser, findLoginProfile, type UserDetails } from './user.ts';

/** A user to create, with everything that the user gets in the same step. */
export interface NewUser {
  user: CreateUserInput;
  logon?: NewLogon | undefined;
  accessKey?: boolean | undefined;
  groups?: string[] | undefined;
  policies?: string[] | undefined;
  /** Skips a user who already exists. Otherwise an existing user is an error. */
  ifNotExists?: boolean | undefined;
  /** Completes a user that an interrupted import has created. */
  isResumed?: boolean | undefined;
  /** The number of the row in the imported file, for error messages. */
  Row?: number | undefined;
}

/**
 * The user as `user get` prints it, with the logon page of a user with console logon, and with the secrets. This is the
 * only time that they are shown.
 */
export type CreatedUser = UserDetails & { LogonUrl?: string; Password?: string; AccessKey?: CreatedKey };

/** A new AccessKey. The secret is absent in results without secrets. */
export type CreatedKey = Omit<NewAccessKey, 'AccessKeySecret'> & { AccessKeySecret?: string };

/**
 * After this many users the event loop runs, so that the lock file is refreshed. Other processes take over a lock that
 * is not refreshed.
 */
const USERS_PER_TURN = 100;

/**
 * Creates all users with everything they get, or none of them, and returns those that did not exist before.
 * `beforeCommit` gets them before the commit, unless there are none. If it throws, nothing is written.
 * `onPasswordHashed` is called after each password. `fileProblems` are the problems of a file that are already known.
 * @throws as the operations do; Failure `refused` (`InvalidRows`) with every problem of users that have a `Row`
 */
export async function provisionUsers(
  directory: Directory,
  newUsers: NewUser[],
  beforeCommit: (created: CreatedUser[]) => void,
  onPasswordHashed: () => void = () => {},
  fileProblems: Problem[] = [],
) {
  const passwords = await hashPasswords(directory, newUsers, onPasswordHashed);
  return directory.atomically(async (operations) => {
    const created: CreatedUser[] = [];
    const problems: Problem[] = [];
    const resolve = createCachedResolver();
    for (const [index, newUser] of newUsers.entries()) {
      if (index % USERS_PER_TURN === USERS_PER_TURN - 1) await new Promise((next) => setImmediate(next));
      try {
        const { user, isResumed, ifNotExists } = newUser;
        if (ifNotExists && !isResumed && (await nullIfCode(operations.getUser(user), 'EntityNotExist.User'))) continue;
        created.push(await provisionUser(operations, newUser, passwords[index], resolve));
      } catch (error) {
        if (newUser.Row === undefined || !isRowProblem(error)) throw error;
        problems.push(...(await findRowProblems(operations, newUser, newUser.Row, error, resolve)));
      }
    }
    assertRowsValid(mergeProblems(fileProblems, problems));
    if (created.length > 0) beforeCommit(created);
    return created;
  });
}

/** Returns the password of each user with console logon, generated where none is given. */
async function hashPasswords(directory: Directory, newUsers: NewUser[], onPasswordHashed: () => void) {
  if (!newUsers.some(({ logon }) => logon)) return [];
  const policy = await directory.getPasswordPolicy();
  return mapConcurrently(newUsers, async ({ logon }) => {
    if (!logon) return undefined;
    const password = await directory.hashPassword(logon.password ?? directory.generatePassword(policy));
    onPasswordHashed();
    return password;
  });
}

/** Returns a `resolvePolicy` that caches its results. Without the cache, each call counts the attachments of a policy. */
function createCachedResolver(): typeof resolvePolicy {
  const refs = new Map<string, ReturnType<typeof resolvePolicy>>();
  return (operations, name) => {
    const ref = refs.get(name) ?? resolvePolicy(operations, name);
    refs.set(name, ref);
    return ref;
  };
}

const ADMIN = { user: { UserName: 'admin' }, accessKey: true, policies: ['AdministratorAccess'] };

/**
 * Creates the first administrator of an empty directory: a user with an AccessKey and full access. `beforeCommit` gets
 * the user before the commit. If it throws, nothing is written.
 * @throws Failure `refused` (`DirectoryNotEmpty`)
 */
export function createFirstAdmin(directory: Directory, beforeCommit: (admin: CreatedUser) => void) {
  return directory.atomically(async (operations) => {
    if ((await operations.listUsers()).length > 0) {
      const message = 'the directory has users; --bootstrap needs an empty one';
      const Hint = `ramctl user create ${ADMIN.user.UserName} --access-key --policy ${ADMIN.policies}`;
      throw new Failure('refused', 'DirectoryNotEmpty', message, { Field: '--bootstrap', Hint });
    }
    const admin = await provisionUser(operations, ADMIN);
    beforeCommit(admin);
    return admin;
  });
}

/** Creates one user. Call this inside a transaction. @throws as the operations do */
async function provisionUser(
  operations: Operations,
  newUser: NewUser,
  password?: HashedPassword,
  resolve?: typeof resolvePolicy,
): Promise<CreatedUser> {
  if (!newUser.isResumed) await operations.createUser(newUser.user);
  return equipUser(operations, newUser, password, resolve);
}

/** Gives an existing user everything but the profile. @throws as the operations do */
export async function equipUser(
  operations: Operations,
  { user, logon, accessKey, groups = [], policies = [], isResumed }: NewUser,
  password?: HashedPassword,
  resolve?: typeof resolvePolicy,
): Promise<CreatedUser> {
  const { UserName } = user;
  if (logon && password) {
    // Not the whole `logon`, which may have a clear-text password.
    const { PasswordResetRequired, MFABindRequired } = logon;
    const profile = { UserName, Password: password, PasswordResetRequired, MFABindRequired };
    const hasLogon = isResumed && (await findLoginProfile(operations, UserName)) !== null;
    await (hasLogon ? operations.updateLoginProfile(profile) : createConsoleLogon(operations, profile));
  }
  if (isResumed && accessKey) await deleteUnusedKeys(operations, user);
  const AccessKey = accessKey ? await operations.createAccessKey({ UserName }) : undefined;
  for (const group of groups) await changeMemberships(operations, 'addUserToGroup', group, [UserName]);
  await changeAttachments(operations, 'attach', policies, { users: [UserName] }, resolve);
  const details = await describeUser(operations, UserName);
  return {
    ...details,
    ...(details.LoginProfile ? { LogonUrl: logonUrl(details.UserPrincipalName) } : {}),
    ...(password && logon?.password === undefined ? { Password: password.plaintext } : {}),
    ...(AccessKey ? { AccessKey } : {}),
  };
}

/** Deletes the AccessKeys whose secrets were lost. A key that was used is kept: another program has its secret. */
async function deleteUnusedKeys(operations: Operations, { UserName }: UserRef): Promise<void> {
  for (const { AccessKeyId, LastUsedDate } of await operations.listAccessKeys({ UserName })) {
    if (LastUsedDate === null) await operations.deleteAccessKey({ UserName, UserAccessKeyId: AccessKeyId });
  }
}
