import { secretLabel } from './access-key.ts';
import { seedLabel } from './mfa.ts';
import { checkDeviceName, checkEmail, checkMobilePhone, checkText, checkUserName } from './names.ts';
import { SYSTEM_POLICIES } from './policy/catalogue.ts';
import { QUOTAS } from './quotas.ts';
import type { AccountRecord, LoginProfileRecord, State, UserRecord } from './state.ts';
import type { Finding } from './store.ts';
import type { Vault } from './vault.ts';

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const PASSWORD_HASH = /^\$argon2id\$v=\d+\$[\w=,]+\$[\w+/]+\$[\w+/]+$/;

/** Everything that is wrong with a state that could be read: values, references, quotas, seals. */
export function inspect(state: State, vault: Vault): Finding[] {
  const findings: Finding[] = [];
  const look = (Code: string, subject: string, test: () => unknown) => {
    try {
      if (test() !== false) return;
      findings.push({ Code, Message: subject });
    } catch (error) {
      findings.push({ Code, Message: `${subject}: ${(error as Error).message}` });
    }
  };
  const { KeyFingerprint } = state.Account;
  look('Key', 'the key of this directory', () => {
    if (KeyFingerprint !== undefined) vault.expect(KeyFingerprint);
  });
  const keyIsThere = findings.length === 0;
  look('Quota', `more than ${QUOTAS.Users} users`, () => state.Users.size <= QUOTAS.Users);
  look('Value', 'the account', () => checkAccount(state.Account));
  const ids = new Set<string>();
  const owners = new Set<string>();
  for (const user of state.Users.values()) {
    look('Identifier', `${user.UserName}: an id that is malformed or stands twice`, () => takeIds(user, ids));
    look('Value', user.UserName, () => checkValues(user));
    look('Quota', `${user.UserName} has more than RAM allows`, () => withinQuotas(user));
    look('Reference', `${user.UserName} has a policy twice, or one that does not exist`, () => policiesExist(user));
    for (const key of keyIsThere ? user.AccessKeys : []) {
      look('Seal', `AccessKey ${key.AccessKeyId} of ${user.UserName}`, () =>
        vault.open(key.SealedSecret, secretLabel(user, key.AccessKeyId)),
      );
    }
  }
  for (const device of state.MFADevices.values()) {
    const name = `MFA device ${device.VirtualMFADeviceName}`;
    look('Value', name, () => checkDeviceName(device.VirtualMFADeviceName));
    look('Reference', `${name} is bound to a user who does not exist, or who has another one`, () => {
      const { Binding } = device;
      return Binding === undefined || (ids.has(Binding.UserId) && take(owners, Binding.UserId));
    });
    if (keyIsThere) look('Seal', name, () => vault.open(device.SealedSeed, seedLabel(device)));
  }
  return findings;
}

/** Adds to a set; false when it was there already. */
function take(taken: Set<string>, id: string): boolean {
  return taken.size < taken.add(id).size;
}

function checkAccount(account: AccountRecord): boolean {
  const { PasswordPolicy } = account;
  const ages = [PasswordPolicy.MaxPasswordAge, PasswordPolicy.PasswordReusePrevention, PasswordPolicy.MaxLoginAttemps];
  return (
    /^\d{16}$/.test(account.AccountId) &&
    isDate(account.CreateDate) &&
    [PasswordPolicy.MinimumPasswordLength, ...ages].every((number) => Number.isInteger(number) && number >= 0)
  );
}

function takeIds(user: UserRecord, taken: Set<string>): boolean {
  const ids = [user.UserId, ...user.AccessKeys.map(({ AccessKeyId }) => AccessKeyId)];
  const fresh = ids.every((id) => !taken.has(id)) && new Set(ids).size === ids.length;
  for (const id of ids) taken.add(id);
  return fresh && /^\d{18}$/.test(user.UserId) && ids.slice(1).every((id) => /^LTAI[A-Za-z0-9]{20}$/.test(id));
}

function checkValues(user: UserRecord): boolean {
  checkUserName(user.UserName);
  if (user.DisplayName !== undefined) checkText(user.DisplayName, 'DisplayName');
  if (user.Comments !== undefined) checkText(user.Comments, 'Comments');
  if (user.Email !== undefined) checkEmail(user.Email, 'Email');
  if (user.MobilePhone !== undefined) checkMobilePhone(user.MobilePhone, 'MobilePhone');
  const login = user.LoginProfile;
  const dates = [user, ...user.AccessKeys, ...user.Policies, ...(login ? [login] : [])].flatMap(datesOf);
  const statuses = [...user.AccessKeys, ...(login ? [login] : [])].map(({ Status }) => Status);
  return (
    dates.every(isDate) &&
    statuses.every((status) => status === 'Active' || status === 'Inactive') &&
    (login === undefined || (PASSWORD_HASH.test(login.PasswordHash) && hasFlags(login)))
  );
}

function policiesExist({ Policies }: UserRecord): boolean {
  const names = new Set(Policies.map(({ PolicyName }) => PolicyName));
  const isThere = Policies.every(
    ({ PolicyName, PolicyType }) => PolicyType === 'System' && Object.hasOwn(SYSTEM_POLICIES, PolicyName),
  );
  return isThere && names.size === Policies.length;
}

function hasFlags({ PasswordResetRequired, MFABindRequired }: LoginProfileRecord): boolean {
  return typeof PasswordResetRequired === 'boolean' && typeof MFABindRequired === 'boolean';
}

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}

/** The values of all members that are named as dates. */
function datesOf(record: object): string[] {
  return Object.entries(record).flatMap(([name, value]) => (name.endsWith('Date') ? [String(value)] : []));
}

function withinQuotas(user: UserRecord): boolean {
  const { System, Custom } = QUOTAS.PoliciesPerUser;
  const system = user.Policies.filter(({ PolicyType }) => PolicyType === 'System').length;
  return (
    user.AccessKeys.length <= QUOTAS.AccessKeysPerUser && system <= System && user.Policies.length - system <= Custom
  );
}
