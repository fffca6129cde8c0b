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

/** The date of AdministratorAccess, RAM's first system policy (response recorded in CloudSploit, `ramAdminPolicy.spec.js`). */
const FIRST_SYSTEM_POLICY_DATE = '2015-04-28T16:15:44Z';

/**
 * What RAM sends for members without a value. It leaves out all others, such as `ActivateDate` and `User` of an unbound
 * device (RAM, "ListVirtualMFADevices"), because `""` is not a date for clients that parse it (Prowler).
 */
const UNSET_VALUES: Record<string, string | undefined> = {
  // Recorded responses in CloudSploit (`plugins/alibaba/ram/*.spec.js`). ScoutSuite reads them without a check for absence,
  // and Prowler loses all policies when a description is absent.
  Comments: '',
  Description: '',
  // Terraform (`alicloud_ram_user`) and Prowler compare or require a text.
  DisplayName: '',
  Email: '',
  MobilePhone: '',
  // ScoutSuite compares the date with "" and reads `LastUsedDate` without a check for absence.
  LastLoginDate: '',
  LastUsedDate: '',
  // Only system policies have no known dates. Terraform (`alicloud_ram_system_policys`) requires both.
  CreateDate: FIRST_SYSTEM_POLICY_DATE,
  UpdateDate: FIRST_SYSTEM_POLICY_DATE,
};

/** Returns the members, or all of them, as RAM sends them. */
function pickMembers(value: object, members: string[] = []): object {
  const names = members.length > 0 ? members : Object.keys(value);
  const entries = names.map((name) => {
    const member = (value as Record<string, unknown>)[name] ?? UNSET_VALUES[name];
    return [name, typeof member === 'object' ? pickMembers(member) : member] as const;
  });
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
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
