import type { SecurityPreference } from '../core/state.ts';

type Members<Name extends string> = { [N in Name]: unknown };

/** Returns a formatter: `{ [wrapper]: … }` with the named members of the output, or all of them. */
export function wrap<Name extends string = never>(wrapper: string, ...members: Name[]) {
  return (output: Members<Name>): object => ({ [wrapper]: pickMembers(output, members) });
}

/** Returns a formatter for RAM's form of lists: `{ Users: { User: […] } }`, with the named members of each item, or all. */
export function wrapList<Name extends string = never>(plural: string, singular: string, ...members: Name[]) {
  return (list: Members<Name>[]) => ({ [plural]: { [singular]: list.map((item) => pickMembers(item, members)) } });
}

/**
 * Members that RAM sends as `""` without a value. It leaves out the others, such as `ActivateDate` and `User` of an unbound
 * device (RAM, "ListVirtualMFADevices"), and Prowler refuses `""` as a date.
 */
const EMPTY_IF_UNSET = new Set([
  // Recorded responses of RAM in CloudSploit (`plugins/alibaba/ram/*.spec.js`). ScoutSuite stops at a user without Comments,
  // and Prowler at a policy without Description.
  ...['Comments', 'Description'],
  // Terraform compares all of them with its configuration (`alicloud_ram_user`). ScoutSuite and Prowler need DisplayName.
  ...['DisplayName', 'Email', 'MobilePhone'],
  // ScoutSuite compares LastLoginDate with "", and stops at an AccessKey without LastUsedDate.
  ...['LastLoginDate', 'LastUsedDate', 'UpdateDate'],
]);

/** Returns the named members, or all of them, as RAM sends them. */
function pickMembers(value: object, members: string[] = []): object {
  const names = members.length > 0 ? members : Object.keys(value);
  const entries = names.map((name) => {
    const member = (value as Record<string, unknown>)[name] ?? (EMPTY_IF_UNSET.has(name) ? '' : undefined);
    const isObject = typeof member === 'object' && !Array.isArray(member);
    return [name, isObject ? pickMembers(member as object) : member] as const;
  });
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}

/**
 * Replaces the dates of a system policy, or of its version, that RAM's pages do not publish. RAM sends them always, and
 * Terraform requires them (`alicloud_ram_system_policys`). The date is the one of AdministratorAccess in a recorded
 * response (CloudSploit, `ramAdminPolicy.spec.js`).
 */
export function withPolicyDates<T extends object>(policy: T): T {
  const entries = Object.entries(policy).map(([name, value]) => {
    const isUnknown = value === null && (name === 'CreateDate' || name === 'UpdateDate');
    return [name, isUnknown ? '2015-04-28T16:15:44Z' : value];
  });
  return Object.fromEntries(entries);
}

/** Divides the members of a SecurityPreference into RAM's four groups. */
export function formatSecurityPreference(preference: SecurityPreference): object {
  const { AllowUserToManageAccessKeys, AllowUserToManageMFADevices, ...LoginProfilePreference } = preference;
  return {
    SecurityPreference: {
      LoginProfilePreference,
      AccessKeyPreference: { AllowUserToManageAccessKeys },
      MFAPreference: { AllowUserToManageMFADevices },
      // Only the Japan site has this preference, but clients read it.
      PublicKeyPreference: { AllowUserToManagePublicKeys: false },
    },
  };
}
