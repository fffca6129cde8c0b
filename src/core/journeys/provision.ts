import type { Committed, CreateUserInput, Directory, LogonRequirements, NewAccessKey } from '../directory.ts';
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

/**
 * Creates a user with everything ordered, or nothing. `accept` sees the result before it is committed and can still
 * refuse it by throwing. @throws as the operations do
 */
export async function provision(
  directory: Directory,
  order: Provision,
  accept: (result: Provisioned) => void,
): Promise<Committed<{ made: boolean; result: Provisioned }>> {
  const { UserName } = order.user;
  const generated = order.logon && order.logon.password === undefined ? directory.generatePassword() : undefined;
  const clear = order.logon?.password ?? generated;
  const Password = clear === undefined ? undefined : await directory.prepare(clear);
  return directory.atomically(async (operations) => {
    const existing = order.ifNotExists ? await findUser(operations, UserName) : null;
    if (existing) return { made: false, result: existing };
    await operations.createUser(order.user);
    if (Password) {
      const { PasswordResetRequired = true, MFABindRequired = false } = order.logon ?? {};
      await operations.createLoginProfile({ UserName, Password, PasswordResetRequired, MFABindRequired });
    }
    const AccessKey = order.accessKey ? await operations.createAccessKey({ UserName }) : undefined;
    await attachPolicies(operations, order.policies ?? [], [UserName]);
    const result = {
      ...(await describeUser(operations, UserName)),
      ...(generated === undefined ? {} : { Password: generated }),
      ...(AccessKey === undefined ? {} : { AccessKey }),
    };
    accept(result);
    return { made: true, result };
  });
}
