import {
  type DescribedLogon,
  type DescribedUser,
  type Description,
  type ReadOptions,
  readDescription,
} from '../description/description.ts';
import { type Change, planChanges } from '../description/plan.ts';
import type { Changes, Directory } from '../directory.ts';
import { foldCase } from '../state.ts';

export interface CopyOptions extends Pick<ReadOptions, 'openProgress'> {
  /** Creates console logon with a generated password for users who have console logon in the source only. */
  newPasswords?: boolean | undefined;
  /** Creates an AccessKey for users who have an active AccessKey in the source only. */
  newAccessKeys?: boolean | undefined;
  /** Also copies the password policy and the security preferences. */
  accountSettings?: boolean | undefined;
}

export interface CopyPlan {
  changes: Change[];
  source: Description['Account'];
  target: Description['Account'];
  /** The users who have console logon in the source, and after the changes none in the target. */
  usersWithoutLogon: string[];
  /** How many of the changed documents name the account of the target where the source names its own account. */
  changedDocuments: number;
}

/**
 * Plans the copy of users, groups, custom policies, roles, attachments and tags. Nothing that only the target has is
 * removed. @throws as the operations do
 */
export async function planCopy(from: Directory, to: Directory, options: CopyOptions): Promise<CopyPlan> {
  const { newAccessKeys: accessKeys, openProgress, newPasswords, accountSettings } = options;
  // The target is read first: it is more often missing than the source, and reading it is faster while it is empty.
  const current = await to.reading((operations) => readDescription(operations, { accessKeys, openProgress }));
  const source = await from.reading((operations) => readDescription(operations, { accessKeys, openProgress }));
  const ids = { from: source.Account.AccountId, to: current.Account.AccountId };
  const adapted = new Set<string>();
  const adapt = (document: string) => {
    const text = replaceAccountId(document, ids);
    if (text !== document) adapted.add(text);
    return text;
  };
  const presentUsers = new Map(current.Users.map((user) => [foldCase(user.UserName), user]));
  const usersWithoutLogon: string[] = [];
  const { PasswordPolicy, SecurityPreference } = source.Account;
  const changes = planChanges(current, {
    Account: accountSettings ? { PasswordPolicy, SecurityPreference } : undefined,
    Policies: source.Policies.map((policy) => ({ ...policy, PolicyDocument: adapt(policy.PolicyDocument) })),
    Groups: source.Groups,
    Roles: source.Roles.map((role) => ({
      ...role,
      AssumeRolePolicyDocument: adapt(role.AssumeRolePolicyDocument),
    })),
    Users: source.Users.map((user) => {
      const LoginProfile = adaptLogon(user, presentUsers.get(foldCase(user.UserName)), newPasswords);
      if (user.LoginProfile && !LoginProfile) usersWithoutLogon.push(user.UserName);
      return { ...user, LoginProfile };
    }),
  });
  const documents = changes.map(
    ({ Kind, After }) =>
      (Kind === 'Policy' && After?.PolicyDocument) || (Kind === 'Role' && After?.AssumeRolePolicyDocument) || '',
  );
  const changedDocuments = documents.filter((document) => adapted.has(document)).length;
  return { changes, source: source.Account, target: current.Account, usersWithoutLogon, changedDocuments };
}

/**
 * Returns the logon settings that a user gets, undefined if they stay as they are. `PasswordResetRequired` says something
 * about a password, which is not copied: a user with a new password must change it.
 */
function adaptLogon(
  { LoginProfile }: DescribedUser,
  present: DescribedUser | undefined,
  newPasswords = false,
): Changes<DescribedLogon> | undefined {
  if (!LoginProfile) return undefined;
  const { Status, MFABindRequired } = LoginProfile;
  if (present?.LoginProfile) return { Status, MFABindRequired };
  return newPasswords ? { Status, MFABindRequired, PasswordResetRequired: true } : undefined;
}

/**
 * Returns a document in which the ARNs of the account `from` are those of the account `to`. The account is the fourth part
 * of an ARN: `acs:ram::1234567890123456:root` (RAM, "Policy elements", Resource and Principal).
 */
function replaceAccountId(document: string, { from, to }: { from: string; to: string }): string {
  return document.replace(new RegExp(`(\\bacs:[^:"\\s]*:[^:"\\s]*:)${from}(?=:)`, 'g'), (_, start) => start + to);
}
