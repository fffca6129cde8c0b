import type { Output } from './action.ts';

/** RAM's SecurityPreference is in four groups. */
export function groupMembers(preference: Output<'getSecurityPreference'>): object {
  const { AllowUserToManageAccessKeys, AllowUserToManageMFADevices, ...LoginProfilePreference } = preference;
  return {
    SecurityPreference: {
      LoginProfilePreference,
      AccessKeyPreference: { AllowUserToManageAccessKeys },
      MFAPreference: { AllowUserToManageMFADevices },
      // Of the Japan site alone, but clients look for it.
      PublicKeyPreference: { AllowUserToManagePublicKeys: false },
    },
  };
}

/** A list in its two wrappers. */
export function wrapList<T extends object>(
  all: T[],
  plural: string,
  singular: string,
  ...members: (keyof T)[]
): object {
  return { [plural]: { [singular]: all.map((each) => pick(each, ...members)) } };
}

/** Some members, without those that have no value: the wire leaves them out. */
export function pick<T extends object, Name extends keyof T>(
  value: T,
  ...members: Name[]
): { [N in Name]: NonNullable<T[N]> } {
  const pairs = members.map((name) => [name, value[name]] as const);
  return Object.fromEntries(pairs.filter(([, member]) => member !== null && member !== undefined)) as never;
}

export function omitNull<T extends object>(value: T): object {
  return pick(value, ...(Object.keys(value) as (keyof T)[]));
}
