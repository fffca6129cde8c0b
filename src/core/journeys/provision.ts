import type {
  Committed,
  CreateUserInput,
  Directory,
  LogonRequirements,
  NewAccessKey,
  Operations,
  PreparedPassword,
} from '../directory.ts';
import { attachPolicies } from './attach.ts';
import { describeUser, findUser, type UserDetails } from './describe.ts';

/** Everything that a new user is given in one step. */
export interface Provision {
  user: CreateUserInput;
  logon?: NewLogon | undefined;
  accessKey?: boolean | undefined;
  policies?: string[] | undefined;
  /** An existing user is described and left alone instead of refused. */
  ifNotExists?: boolean | undefined;
}

/** Console logon for somebody who has none. Without a password of their own one is generated. */
export interface NewLogon extends LogonRequirements {
  password?: string | undefined;
}

/** The user as `user get` prints it, with the secrets that exist in the clear this once. */
export interface Provisioned extends UserDetails {
  Password?: string;
  AccessKey?: HandedKey;
}

/** A new AccessKey; its secret is absent where the result does not hold secrets. */
export type HandedKey = Omit<NewAccessKey, 'AccessKeySecret'> & { AccessKeySecret?: string };

/** What became of an order: an existing user is left alone when the order says so. */
export interface ProvisionOutcome {
  made: boolean;
  result: Provisioned;
}

/**
 * Creates users with everything ordered, all of them or none. `accept` sees what was made, if anything, before it is
 * committed and can still refuse it by throwing. @throws as the operations do
 */
export async function provision(
  directory: Directory,
  orders: Provision[],
  accept: (results: Provisioned[]) => void,
): Promise<Committed<ProvisionOutcome[]>> {
  const prepared = await Promise.all(orders.map((order) => prepare(directory, order)));
  return directory.atomically(async (operations) => {
    const outcomes: ProvisionOutcome[] = [];
    for (const order of prepared) outcomes.push(await provisionOne(operations, order));
    const made = outcomes.filter((outcome) => outcome.made).map(({ result }) => result);
    if (made.length > 0) accept(made);
    return outcomes;
  });
}

/** An order whose password is ready for storing. */
interface PreparedOrder extends Provision {
  password?: PreparedPassword | undefined;
  generated?: string | undefined;
}

async function prepare(directory: Directory, order: Provision): Promise<PreparedOrder> {
  if (!order.logon) return order;
  const generated = order.logon.password === undefined ? directory.generatePassword() : undefined;
  return { ...order, generated, password: await directory.prepare(order.logon.password ?? generated ?? '') };
}

async function provisionOne(operations: Operations, order: PreparedOrder): Promise<ProvisionOutcome> {
  const { UserName } = order.user;
  const existing = order.ifNotExists ? await findUser(operations, UserName) : null;
  if (existing) return { made: false, result: existing };
  await operations.createUser(order.user);
  if (order.password) {
    const { PasswordResetRequired = true, MFABindRequired = false } = order.logon ?? {};
    await operations.createLoginProfile({ UserName, Password: order.password, PasswordResetRequired, MFABindRequired });
  }
  const AccessKey = order.accessKey ? await operations.createAccessKey({ UserName }) : undefined;
  await attachPolicies(operations, order.policies ?? [], [UserName]);
  const result = {
    ...(await describeUser(operations, UserName)),
    ...(order.generated === undefined ? {} : { Password: order.generated }),
    ...(AccessKey === undefined ? {} : { AccessKey }),
  };
  return { made: true, result };
}
