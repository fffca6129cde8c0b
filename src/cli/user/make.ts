import { logonUrl } from '../../core/account.ts';
import { findUser } from '../../core/journeys/describe.ts';
import { type Provision, type Provisioned, provision } from '../../core/journeys/provision.ts';
import type { Credential } from '../../view/credentials.ts';
import { usersView, userView } from '../../view/user.ts';
import type { CommandContext } from '../context.ts';
import { deliver, type Parcel, tryDelivery } from '../deliver.ts';
import type { Secret, SinkOptions } from '../sinks.ts';

/** Prints a user who is there already, before any sink is opened for one who is not. */
export async function showExisting(context: CommandContext, name: string): Promise<boolean> {
  const user = await context.directory.reading((operations) => findUser(operations, name));
  if (user) await context.output.show(userView, user);
  return user !== null;
}

/** For the users of a file: the result is a list, however many there are. */
export interface Batch {
  /** Told about each password that is hashed. */
  hashed?: () => void;
}

/** Makes users, hands their secrets over, and remarks on what RAM would not recommend. */
export async function make(
  context: CommandContext,
  options: SinkOptions,
  orders: Provision[],
  batch?: Batch,
): Promise<void> {
  const made = await deliver<Provisioned | Provisioned[]>(context, options, (pack) =>
    provision(context.directory, orders, (results) => pack(parcelOf(results, batch)), batch?.hashed),
  );
  if (!made && batch) await context.output.show(usersView, []);
  if (!made && !batch) for (const { user } of orders) await showExisting(context, user.UserName);
  if (made && orders.some(({ logon, accessKey }) => logon && accessKey)) {
    context.output.remark(
      'remark: RAM recommends one access mode for each user: console logon for people, AccessKeys for programs',
    );
  }
}

/** What users were made with, as it is handed over. */
export function parcelOf(results: Provisioned[], batch?: Batch): Parcel<Provisioned | Provisioned[]> {
  const names = results.map(({ UserName }) => UserName).join(' ');
  return {
    view: usersView,
    result: shaped(results, batch),
    bare: shaped(results.map(bareOf), batch),
    secrets: results.flatMap(secretsOf),
    credentials: results.map(credentialOf),
    orphan: { name: `user ${names}`, command: `ramctl user delete ${names} --cascade` },
  };
}

function shaped(users: Provisioned[], batch: Batch | undefined): Provisioned | Provisioned[] {
  return (!batch && users.length === 1 && users[0]) || users;
}

function secretsOf({ Password, AccessKey }: Provisioned): Secret[] {
  const secrets: Secret[] = [];
  if (Password !== undefined) secrets.push({ kind: 'password', text: Password });
  if (AccessKey?.AccessKeySecret !== undefined) secrets.push({ kind: 'AccessKey', text: AccessKey.AccessKeySecret });
  return secrets;
}

function credentialOf({ UserPrincipalName, LoginProfile, Password, AccessKey }: Provisioned): Credential {
  return {
    UserPrincipalName,
    Password,
    LogonUrl: LoginProfile ? logonUrl(UserPrincipalName) : undefined,
    AccessKeyId: AccessKey?.AccessKeyId,
    AccessKeySecret: AccessKey?.AccessKeySecret,
  };
}

function bareOf({ Password: _, AccessKey, ...user }: Provisioned): Provisioned {
  if (!AccessKey) return user;
  const { AccessKeySecret: __, ...key } = AccessKey;
  return { ...user, AccessKey: key };
}

/** What would be made: the same, without secrets and without the ids that only a real one gets. */
export async function rehearse(context: CommandContext, options: SinkOptions, orders: Provision[]): Promise<void> {
  await showTrial(context, await tryOrders(context, options, orders, undefined, true));
}

export async function showTrial(context: CommandContext, tried: Provisioned[], batch?: Batch): Promise<void> {
  await context.output.show(usersView, shaped(tried.map(withoutIds), batch));
  context.output.remark('dry run: nothing was made');
}

/** Whether orders could be made and their secrets be handed over; what would come of them. */
export async function tryOrders(
  context: CommandContext,
  options: SinkOptions,
  orders: Provision[],
  batch?: Batch,
  isDry = false,
): Promise<Provisioned[]> {
  let tried: Provisioned[] = [];
  await tryDelivery<Provisioned | Provisioned[]>(context, options, isDry, (pack) =>
    provision(context.directory.rehearsal(), orders, (results) => {
      tried = results;
      pack(parcelOf(results, batch));
    }),
  );
  return tried;
}

function withoutIds(made: Provisioned): Provisioned {
  const { UserId: _, AccessKey, ...user } = bareOf(made);
  const AccessKeys = user.AccessKeys.map(({ AccessKeyId: _, ...key }) => key);
  const key = AccessKey && { AccessKey: { Status: AccessKey.Status, CreateDate: AccessKey.CreateDate } };
  return { ...user, AccessKeys, ...key } as Provisioned;
}
