import { logonUrl } from '../../core/account.ts';
import { type CreatedUser, type NewUser, provisionUsers } from '../../core/workflows/provision.ts';
import { findUserDetails } from '../../core/workflows/user.ts';
import type { Credential } from '../../view/credentials.ts';
import { usersView, userView } from '../../view/user.ts';
import type { CommandContext } from '../context.ts';
import { checkDelivery, deliverSecrets, type SecretResult } from '../deliver-secrets.ts';
import type { Secret, SinkOptions } from '../secret-sinks.ts';

/** Prints a user who is there already, before any sink is opened for one who is not. */
export async function printExistingUser(context: CommandContext, name: string): Promise<boolean> {
  const user = await context.directory.reading((operations) => findUserDetails(operations, name));
  if (user) await context.output.show(userView, user);
  return user !== null;
}

/** For the users of a file: the result is a list, however many there are. */
export interface ImportBatch {
  /** Told about each password that is hashed. */
  onPasswordHashed?: () => void;
}

/** Makes users, hands their secrets over, and remarks on what RAM would not recommend. */
export async function createUsers(
  context: CommandContext,
  options: SinkOptions,
  orders: NewUser[],
  batch?: ImportBatch,
): Promise<void> {
  const made = await deliverSecrets<CreatedUser | CreatedUser[]>(context, options, (pack) =>
    provisionUsers(
      context.directory,
      orders,
      (results) => pack(buildSecretResult(results, batch)),
      batch?.onPasswordHashed,
    ),
  );
  if (!made && batch) await context.output.show(usersView, []);
  if (!made && !batch) for (const { user } of orders) await printExistingUser(context, user.UserName);
  if (made && orders.some(({ logon, accessKey }) => logon && accessKey)) {
    context.output.remark(
      'remark: RAM recommends one access mode for each user: console logon for people, AccessKeys for programs',
    );
  }
}

/** What users were made with, as it is handed over. */
export function buildSecretResult(
  results: CreatedUser[],
  batch?: ImportBatch,
): SecretResult<CreatedUser | CreatedUser[]> {
  const names = results.map(({ UserName }) => UserName).join(' ');
  return {
    view: usersView,
    result: singleOrList(results, batch),
    withoutSecrets: singleOrList(results.map(withoutSecrets), batch),
    secrets: results.flatMap(secretsOf),
    credentials: results.map(credentialOf),
    undelivered: { name: `user ${names}`, command: `ramctl user delete ${names} --cascade` },
  };
}

function singleOrList(users: CreatedUser[], batch: ImportBatch | undefined): CreatedUser | CreatedUser[] {
  return (!batch && users.length === 1 && users[0]) || users;
}

function secretsOf({ Password, AccessKey }: CreatedUser): Secret[] {
  const secrets: Secret[] = [];
  if (Password !== undefined) secrets.push({ kind: 'password', text: Password });
  if (AccessKey?.AccessKeySecret !== undefined) secrets.push({ kind: 'AccessKey', text: AccessKey.AccessKeySecret });
  return secrets;
}

function credentialOf({ UserPrincipalName, LoginProfile, Password, AccessKey }: CreatedUser): Credential {
  return {
    UserPrincipalName,
    Password,
    LogonUrl: LoginProfile ? logonUrl(UserPrincipalName) : undefined,
    AccessKeyId: AccessKey?.AccessKeyId,
    AccessKeySecret: AccessKey?.AccessKeySecret,
  };
}

function withoutSecrets({ Password: _, AccessKey, ...user }: CreatedUser): CreatedUser {
  if (!AccessKey) return user;
  const { AccessKeySecret: __, ...key } = AccessKey;
  return { ...user, AccessKey: key };
}

/** What would be made: the same, without secrets and without the ids that only a real one gets. */
export async function dryRunAndPrint(context: CommandContext, options: SinkOptions, orders: NewUser[]): Promise<void> {
  await printDryRun(context, await dryRunUsers(context, options, orders, undefined, true));
}

export async function printDryRun(context: CommandContext, tried: CreatedUser[], batch?: ImportBatch): Promise<void> {
  await context.output.show(usersView, singleOrList(tried.map(withoutIds), batch));
  context.output.remark('dry run: nothing was made');
}

/** Whether orders could be made and their secrets be handed over; what would come of them. */
export async function dryRunUsers(
  context: CommandContext,
  options: SinkOptions,
  orders: NewUser[],
  batch?: ImportBatch,
  isDry = false,
): Promise<CreatedUser[]> {
  let tried: CreatedUser[] = [];
  await checkDelivery<CreatedUser | CreatedUser[]>(context, options, isDry, (pack) =>
    provisionUsers(context.directory.dryRun(), orders, (results) => {
      tried = results;
      pack(buildSecretResult(results, batch));
    }),
  );
  return tried;
}

function withoutIds(made: CreatedUser): CreatedUser {
  const { UserId: _, AccessKey, ...user } = withoutSecrets(made);
  const AccessKeys = user.AccessKeys.map(({ AccessKeyId: _, ...key }) => key);
  const key = AccessKey && { AccessKey: { Status: AccessKey.Status, CreateDate: AccessKey.CreateDate } };
  return { ...user, AccessKeys, ...key } as CreatedUser;
}
