import type {
  Committed,
  CreateUserInput,
  Directory,
  LogonRequirements,
  NewAccessKey,
  Operations,
  PreparedPassword,
} from '../directory.ts';
import { Failure, isFailure, type Problem } from '../failure.ts';
import type { PasswordPolicy } from '../state.ts';
import { attachPolicies, joinGroup, type Resolve, resolvePolicy } from './attach.ts';
import { describeUser, findUser, type UserDetails } from './describe.ts';

/** Everything that a new user is given in one step. */
export interface Provision {
  user: CreateUserInput;
  logon?: NewLogon | undefined;
  accessKey?: boolean | undefined;
  groups?: string[] | undefined;
  policies?: string[] | undefined;
  /** An existing user is described and left alone instead of refused. */
  ifNotExists?: boolean | undefined;
  /** Where in a file of many users this one stands, for whoever has to mend it. */
  Row?: number | undefined;
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
 * committed and can still refuse it by throwing; `hashed` is told about each password that is ready.
 * @throws as the operations do; Failure `refused` (`InvalidRows`) with every problem of orders that have a `Row`
 */
export async function provision(
  directory: Directory,
  orders: Provision[],
  accept: (results: Provisioned[]) => void,
  hashed: () => void = () => {},
): Promise<Committed<ProvisionOutcome[]>> {
  const policy = orders.some(({ logon }) => logon) ? await directory.getPasswordPolicy() : undefined;
  const prepared: PreparedOrder[] = [...orders];
  const waiting = [...orders.entries()].filter(([, { logon }]) => logon);
  const work = async () => {
    for (let next = waiting.shift(); next && policy; next = waiting.shift()) {
      const [index, order] = next;
      prepared[index] = await prepare(directory, order, policy);
      hashed();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return directory.atomically(async (operations) => {
    const outcomes: ProvisionOutcome[] = [];
    const problems: Problem[] = [];
    const resolve = remembered((name) => resolvePolicy(operations, name));
    for (const [index, order] of prepared.entries()) {
      if (index % TURN === TURN - 1) await new Promise((next) => setImmediate(next));
      try {
        outcomes.push(await provisionOne(operations, order, resolve));
      } catch (error) {
        if (!isFailure(error) || order.Row === undefined) throw error;
        problems.push(problemOf(error, order.Row));
      }
    }
    refuseProblems(problems);
    const made = outcomes.filter((outcome) => outcome.made).map(({ result }) => result);
    if (made.length > 0) accept(made);
    return outcomes;
  });
}

/** Passwords that are hashed at a time: as many as there may be threads, for what is begun has to be ended. */
const WORKERS = 8;
/** After so many users others get a turn: a lock that shows no sign of life is taken over. */
const TURN = 100;

/** Each name is looked up once. */
function remembered(resolve: Resolve): Resolve {
  const known = new Map<string, ReturnType<Resolve>>();
  return (name) => {
    const found = known.get(name) ?? resolve(name);
    known.set(name, found);
    return found;
  };
}

/** @throws Failure `refused` (`InvalidRows`) when there are any */
export function refuseProblems(Errors: Problem[]): void {
  const [first] = Errors;
  if (!first) return;
  const rows = new Set(Errors.map(({ Row }) => Row)).size;
  throw new Failure('refused', 'InvalidRows', `${rows} ${rows === 1 ? 'row is' : 'rows are'} wrong; nothing was made`, {
    Errors: Errors.sort((left, right) => (left.Row ?? 0) - (right.Row ?? 0)),
    Hint: 'mend the file and import it again',
  });
}

/** The columns whose parameters are called otherwise. */
const COLUMNS: Record<string, string> = { GroupName: 'Groups', PolicyName: 'Policies' };

function problemOf({ code, message, details }: Failure, Row: number): Problem {
  const { Field } = details;
  return { Code: code, Message: message, ...(Field === undefined ? {} : { Field: COLUMNS[Field] ?? Field }), Row };
}

/** An order whose password is ready for storing. */
interface PreparedOrder extends Provision {
  password?: PreparedPassword | undefined;
  generated?: string | undefined;
}

async function prepare(directory: Directory, order: Provision, policy: PasswordPolicy): Promise<PreparedOrder> {
  if (!order.logon) return order;
  const generated = order.logon.password === undefined ? directory.generatePassword(policy) : undefined;
  return { ...order, generated, password: await directory.prepare(order.logon.password ?? generated ?? '') };
}

async function provisionOne(operations: Operations, order: PreparedOrder, resolve: Resolve): Promise<ProvisionOutcome> {
  const { UserName } = order.user;
  const existing = order.ifNotExists ? await findUser(operations, UserName) : null;
  if (existing) return { made: false, result: existing };
  await operations.createUser(order.user);
  if (order.password) {
    const { PasswordResetRequired = true, MFABindRequired = false } = order.logon ?? {};
    await operations.createLoginProfile({ UserName, Password: order.password, PasswordResetRequired, MFABindRequired });
  }
  const AccessKey = order.accessKey ? await operations.createAccessKey({ UserName }) : undefined;
  for (const group of order.groups ?? []) await joinGroup(operations, group, [UserName]);
  await attachPolicies(operations, order.policies ?? [], { users: [UserName], groups: [] }, resolve);
  const result = {
    ...(await describeUser(operations, UserName)),
    ...(order.generated === undefined ? {} : { Password: order.generated }),
    ...(AccessKey === undefined ? {} : { AccessKey }),
  };
  return { made: true, result };
}
