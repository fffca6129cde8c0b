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
  const entries = names.map((name) => [name, (value as Record<string, unknown>)[name]] as const);
  return Object.fromEntries(entries.filter(([, member]) => member !== null && member !== undefined));
}

/** Returns an item of a list with its tags in RAM's form of lists. */
export function wrapTags<T extends { Tags: object[] }>(item: T): Omit<T, 'Tags'> & { Tags: { Tag: object[] } } {
  return { ...item, Tags: { Tag: item.Tags } };
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
