import type {
  CommittedChange,
  CreateUserInput,
  Directory,
  HashedPassword,
  LogonRequirements,
  NewAccessKey,
  Operations,
} from '../directory.ts';
import { Failure, isFailure, type Problem } from '../failure.ts';
import type { PasswordPolicy } from '../state.ts';
import { addUsersToGroup, attachPolicies, type PolicyResolver, resolvePolicy } from './attachment.ts';
import { describeUser, findUserDetails, type UserDetails } from './user.ts';

/** Everything that a new user is given in one step. */
export interface NewUser {
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
export interface CreatedUser extends UserDetails {
  Password?: string;
  AccessKey?: CreatedKey;
}

/** A new AccessKey; its secret is absent where the result does not hold secrets. */
export type CreatedKey = Omit<NewAccessKey, 'AccessKeySecret'> & { AccessKeySecret?: string };

/** What became of an order: an existing user is left alone when the order says so. */
export interface NewUserOutcome {
  isCreated: boolean;
  user: CreatedUser;
}

/**
 * Creates users with everything ordered, all of them or none. `accept` sees what was made, if anything, before it is
 * committed and can still refuse it by throwing; `hashed` is told about each password that is ready.
 * @throws as the operations do; Failure `refused` (`InvalidRows`) with every problem of orders that have a `Row`
 */
export async function provisionUsers(
  directory: Directory,
  orders: NewUser[],
  accept: (results: CreatedUser[]) => void,
  hashed: () => void = () => {},
): Promise<CommittedChange<NewUserOutcome[]>> {
  const policy = orders.some(({ logon }) => logon) ? await directory.getPasswordPolicy() : undefined;
  const prepared: HashedNewUser[] = [...orders];
  const waiting = [...orders.entries()].filter(([, { logon }]) => logon);
  const work = async () => {
    for (let next = waiting.shift(); next && policy; next = waiting.shift()) {
      const [index, order] = next;
      prepared[index] = await hashPassword(directory, order, policy);
      hashed();
    }
  };
  await Promise.all(Array.from({ length: HASH_WORKERS }, work));
  return directory.atomically(async (operations) => {
    const outcomes: NewUserOutcome[] = [];
    const problems: Problem[] = [];
    const resolve = memoize((name) => resolvePolicy(operations, name));
    for (const [index, order] of prepared.entries()) {
      if (index % USERS_PER_TURN === USERS_PER_TURN - 1) await new Promise((next) => setImmediate(next));
      try {
        outcomes.push(await provisionUser(operations, order, resolve));
      } catch (error) {
        if (!isFailure(error) || order.Row === undefined) throw error;
        problems.push(toRowProblem(error, order.Row));
      }
    }
    assertRowsValid(problems);
    const made = outcomes.filter((outcome) => outcome.isCreated).map(({ user }) => user);
    if (made.length > 0) accept(made);
    return outcomes;
  });
}

/** Passwords that are hashed at a time: as many as there may be threads, for what is begun has to be ended. */
const HASH_WORKERS = 8;
/** After so many users others get a turn: a lock that shows no sign of life is taken over. */
const USERS_PER_TURN = 100;

/** Each name is looked up once. */
function memoize(resolve: PolicyResolver): PolicyResolver {
  const known = new Map<string, ReturnType<PolicyResolver>>();
  return (name) => {
    const found = known.get(name) ?? resolve(name);
    known.set(name, found);
    return found;
  };
}

/** @throws Failure `refused` (`InvalidRows`) when there are any */
export function assertRowsValid(Errors: Problem[]): void {
  const [first] = Errors;
  if (!first) return;
  const rows = new Set(Errors.map(({ Row }) => Row)).size;
  throw new Failure('refused', 'InvalidRows', `${rows} ${rows === 1 ? 'row is' : 'rows are'} wrong; nothing was made`, {
    Errors: Errors.sort((left, right) => (left.Row ?? 0) - (right.Row ?? 0)),
    Hint: 'fix these rows and run the import again',
  });
}

/** The columns whose parameters are called otherwise. */
const COLUMN_BY_PARAMETER: Record<string, string> = { GroupName: 'Groups', PolicyName: 'Policies' };

function toRowProblem({ code, message, details }: Failure, Row: number): Problem {
  const { Field } = details;
  return {
    Code: code,
    Message: message,
    ...(Field === undefined ? {} : { Field: COLUMN_BY_PARAMETER[Field] ?? Field }),
    Row,
  };
}

/** An order whose password is ready for storing. */
interface HashedNewUser extends NewUser {
  hashedPassword?: HashedPassword | undefined;
  generatedPassword?: string | undefined;
}

async function hashPassword(directory: Directory, order: NewUser, policy: PasswordPolicy): Promise<HashedNewUser> {
  if (!order.logon) return order;
  const generatedPassword = order.logon.password === undefined ? directory.generatePassword(policy) : undefined;
  return {
    ...order,
    generatedPassword,
    hashedPassword: await directory.hashPassword(order.logon.password ?? generatedPassword ?? ''),
  };
}

async function provisionUser(
  operations: Operations,
  order: HashedNewUser,
  resolve: PolicyResolver,
): Promise<NewUserOutcome> {
  const { UserName } = order.user;
  const existing = order.ifNotExists ? await findUserDetails(operations, UserName) : null;
  if (existing) return { isCreated: false, user: existing };
  await operations.createUser(order.user);
  if (order.hashedPassword) {
    const { PasswordResetRequired = true, MFABindRequired = false } = order.logon ?? {};
    await operations.createLoginProfile({
      UserName,
      Password: order.hashedPassword,
      PasswordResetRequired,
      MFABindRequired,
    });
  }
  const AccessKey = order.accessKey ? await operations.createAccessKey({ UserName }) : undefined;
  for (const group of order.groups ?? []) await addUsersToGroup(operations, group, [UserName]);
  await attachPolicies(operations, order.policies ?? [], { users: [UserName], groups: [] }, resolve);
  const user = {
    ...(await describeUser(operations, UserName)),
    ...(order.generatedPassword === undefined ? {} : { Password: order.generatedPassword }),
    ...(AccessKey === undefined ? {} : { AccessKey }),
  };
  return { isCreated: true, user };
}
