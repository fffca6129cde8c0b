import { nullIfCode, type Problem } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { type CreatedUser, type NewUser, provisionUsers } from '../../core/workflows/provision.ts';
import { describeUser } from '../../core/workflows/user.ts';
import type { View } from '../../view/format.ts';
import { importedUsersView } from '../../view/imported-users.ts';
import { usersView, userView } from '../../view/user.ts';
import type { CommandContext } from '../command-context.ts';
import { checkDelivery, deliverSecrets, type SecretResult, stripSecrets } from '../deliver-secrets.ts';
import { remarkOnDryRun } from '../remarks.ts';
import type { SinkOptions } from '../secret-sinks.ts';

export interface CreateOptions extends SinkOptions {
  dryRun?: boolean;
  /** Prints a list even if there is only one user. */
  asList?: boolean;
  /** Whether `checkNewUsers` has just checked the users. */
  isChecked?: boolean;
}

/** One user or a list of users. */
type Result = CreatedUser | CreatedUser[];

/** Prints an existing user. Returns false if no user has this name. */
export async function printExistingUser(context: CommandContext, name: string): Promise<boolean> {
  const details = context.directory.reading((operations) => describeUser(operations, name));
  const user = await nullIfCode(details, 'EntityNotExist.User');
  if (user) await context.output.show(userView, user);
  return user !== null;
}

/** Creates users as `provisionUsers` does. */
export type Provision = (beforeCommit: (created: CreatedUser[]) => void) => ReturnType<typeof provisionUsers>;

/**
 * Creates users with `provision`, delivers their secrets, calls `finish` and prints the result. With `--dry-run`, it only
 * prints what would be created. Returns false if all users exist.
 */
export async function createUsers(
  context: CommandContext,
  options: CreateOptions,
  newUsers: NewUser[],
  provision: Provision = (beforeCommit) => provisionUsers(context.directory, newUsers, beforeCommit),
  finish: () => Promise<void> = async () => {},
): Promise<boolean> {
  // A remote directory has no transactions, so that every error must be found before the first change.
  const mustCheck = context.target.kind !== 'local' && !options.isChecked;
  if (options.dryRun || mustCheck) {
    const users = await checkNewUsers(context, options, newUsers);
    if (options.dryRun) {
      await printDryRun(context, options, users);
      return true;
    }
  }
  const commit = (prepare: (result: SecretResult<Result>) => void) =>
    provision((created) => prepare(buildSecretResult(created, options)));
  const isCreated = await deliverSecrets<Result>(context, options, commit, finish);
  // `deliverSecrets` calls it only if there were secrets.
  await finish();
  if (!isCreated) {
    if (options.asList) {
      await context.output.show(usersView, []);
      context.output.remark('remark: All users exist. Nothing was created.');
    } else for (const { user } of newUsers) await printExistingUser(context, user.UserName);
  } else if (newUsers.some(({ logon, accessKey }) => logon && accessKey)) {
    context.output.remark(
      'remark: RAM recommends one access mode for each user: console logon for people, AccessKeys for programs',
    );
  }
  return isCreated;
}

/**
 * Checks that the users can be created and their secrets delivered. Returns the users that would be created.
 * `fileProblems` are the problems of a file that are already known. @throws Failure
 */
export async function checkNewUsers(
  context: CommandContext,
  options: CreateOptions,
  newUsers: NewUser[],
  fileProblems?: Problem[],
) {
  let users: CreatedUser[] = [];
  await checkDelivery<Result>(context, options, (prepare) => {
    const beforeCommit = (created: CreatedUser[]) => {
      users = created;
      prepare(buildSecretResult(created, options));
    };
    return provisionUsers(context.directory.dryRun(), newUsers, beforeCommit, undefined, fileProblems);
  });
  return users;
}

/** Prints the users of a dry run without secrets, and without ids because real users would get other ids. */
export async function printDryRun(context: CommandContext, options: CreateOptions, users: CreatedUser[]) {
  await context.output.show(viewOf(options), singleOrList(users.map(withoutIds), options.asList));
  remarkOnDryRun(context);
}

/** A list is shown with one line for each user. `destination` is where the secrets of these users were delivered. */
function viewOf({ asList }: CreateOptions, destination?: string): View<Result> {
  return asList ? importedUsersView(destination) : usersView;
}

export function buildSecretResult(created: CreatedUser[], options: CreateOptions = {}): SecretResult<Result> {
  const { secretTo } = options;
  const hasSecret = ({ Password, AccessKey }: CreatedUser) => Password !== undefined || AccessKey !== undefined;
  const names = created.map(({ UserName }) => UserName).join(' ');
  return {
    view: viewOf(options, created.some(hasSecret) && secretTo !== 'stdout' ? secretTo : undefined),
    result: singleOrList(created, options.asList),
    credentials: created.map(({ UserPrincipalName, LogonUrl, Password, AccessKey }) => ({
      UserPrincipalName,
      Password,
      LogonUrl,
      AccessKeyId: AccessKey?.AccessKeyId,
      AccessKeySecret: AccessKey?.AccessKeySecret,
    })),
    undelivered: { name: `user ${names}`, command: shellCommand`ramctl user delete ${names} --cascade` },
  };
}

function singleOrList(users: CreatedUser[], asList = false): Result {
  return (!asList && users.length === 1 && users[0]) || users;
}

function withoutIds(created: CreatedUser): CreatedUser {
  const { UserId: _, AccessKey, ...user } = stripSecrets(created).withoutSecrets;
  const AccessKeys = user.AccessKeys.map(({ AccessKeyId: _, ...key }) => key);
  const key = AccessKey && { AccessKey: { Status: AccessKey.Status, CreateDate: AccessKey.CreateDate } };
  return { ...user, AccessKeys, ...key } as CreatedUser;
}
