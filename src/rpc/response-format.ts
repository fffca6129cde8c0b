import type { SecurityPreference } from '../core/state.ts';

type Members<Name extends string> = { [N in Name]: unknown };

/** Returns a formatter: `{ [wrapper]: … }` with the named members of the output, or all of them. */
export function wrap<Name extends string = never>(wrapper: string, ...members: Name[]) {
  return (output: Members<Name>): object => ({ [wrapper]: pickPresent(output, members) });
}

/** Returns a formatter for RAM's form of lists: `{ Users: { User: […] } }`, with the named members of each item, or all. */
export function wrapList<Name extends string = never>(plural: string, singular: string, ...members: Name[]) {
  return (list: Members<Name>[]) => ({ [plural]: { [singular]: list.map((item) => pickPresent(item, members)) } });
}

/** Leaves out members without a value, as RAM does. */
function pickPresent(value: object, members: string[]): object {
  const names = members.length > 0 ? members : Object.keys(value);
  const present: Record<string, unknown> = {};
  for (const name of names) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== null && member !== undefined) present[name] = member;
  }
  return present;
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
