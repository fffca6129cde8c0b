import type { AccountOperations, AccountSummary } from '../../core/directory.ts';
import {
  DEFAULT_PASSWORD_POLICY,
  DEFAULT_SECURITY_PREFERENCE,
  type PasswordPolicy,
  type SecurityPreference,
} from '../../core/state.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { readCredentialReport } from './credential-report.ts';
import { isTrue, nullableTexts } from './members.ts';

export function accountOperations(context: RemoteContext): AccountOperations {
  const { api } = context;
  const getPasswordPolicy = async () => toPasswordPolicy(await api.call('RAM', 'GetPasswordPolicy'));
  const getSecurityPreference = async () => toSecurityPreference(await api.call('RAM', 'GetSecurityPreference'));

  return {
    getPasswordPolicy,
    getSecurityPreference,

    async getCallerIdentity() {
      const { AccountId, IdentityType, Arn } = await api.call('STS', 'GetCallerIdentity');
      return { AccountId, IdentityType, Arn };
    },

    async getAccountSummary() {
      const { SummaryMap } = await api.call('IMS', 'GetAccountSummary');
      const counts = SUMMARY_MEMBERS.map((name) => [name, Number(SummaryMap[name] ?? 0)]);
      return Object.fromEntries(counts) as AccountSummary;
    },

    getAccountAlias: async () => nullableTexts(await api.call('RAM', 'GetAccountAlias'), 'AccountAlias'),

    async setAccountAlias({ AccountAlias }) {
      await api.call('RAM', 'SetAccountAlias', { AccountAlias });
      context.forgetDefaultDomain();
    },

    async clearAccountAlias() {
      await api.call('RAM', 'ClearAccountAlias');
      context.forgetDefaultDomain();
    },

    // RAM does not document whether it keeps the members that a request does not have, so requests have all of them.
    async setPasswordPolicy(changes) {
      const parameters = merge(await getPasswordPolicy(), changes);
      return toPasswordPolicy(await api.call('RAM', 'SetPasswordPolicy', parameters));
    },

    async setSecurityPreference(changes) {
      const present = await api.call('RAM', 'GetSecurityPreference');
      const { PublicKeyPreference } = present.SecurityPreference;
      const parameters = { ...PublicKeyPreference, ...merge(toSecurityPreference(present), changes) };
      return toSecurityPreference(await api.call('RAM', 'SetSecurityPreference', parameters));
    },

    getCredentialReport: () => readCredentialReport(context),
  };
}

const SUMMARY_MEMBERS = [
  'Users',
  'UsersQuota',
  'Groups',
  'GroupsQuota',
  'Policies',
  'PoliciesQuota',
  'Roles',
  'RolesQuota',
  'MFADevices',
  'MFADevicesInUse',
  'VirtualMFADevicesQuota',
  'AccessKeysPerUserQuota',
  'GroupsPerUserQuota',
  'VersionsPerPolicyQuota',
  'AttachedPoliciesPerUserQuota',
  'AttachedSystemPoliciesPerUserQuota',
] as const satisfies (keyof AccountSummary)[];

function merge<T extends object>(present: T, changes: object): T {
  return { ...present, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}

function toPasswordPolicy({ PasswordPolicy }: Response): PasswordPolicy {
  return readSettings(DEFAULT_PASSWORD_POLICY, PasswordPolicy);
}

function toSecurityPreference({ SecurityPreference }: Response): SecurityPreference {
  const { LoginProfilePreference, AccessKeyPreference, MFAPreference } = SecurityPreference;
  const members = { ...LoginProfilePreference, ...AccessKeyPreference, ...MFAPreference };
  return readSettings(DEFAULT_SECURITY_PREFERENCE, members);
}

/** Returns the settings in the types of their defaults. A setting that is absent in the response has its default. */
function readSettings<T extends Record<string, string | number | boolean>>(defaults: T, members: Response): T {
  const settings = Object.entries(defaults).map(([name, initial]) => {
    const value = members[name] ?? initial;
    if (typeof initial === 'boolean') return [name, isTrue(value)];
    return [name, typeof initial === 'number' ? Number(value) : String(value)];
  });
  return Object.fromEntries(settings) as T;
}
