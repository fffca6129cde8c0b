import type { CreateUserInput } from '../../core/directory.ts';
import type { RamctlCommand } from '../command.ts';

/** The fields of a user's profile that an admin can set. */
export type Profile = Partial<CreateUserInput>;

/** Each field with its flag and with commander's key for that flag. */
const PROFILE_OPTIONS = [
  { field: 'UserName', flag: 'name', key: 'name' },
  { field: 'DisplayName', flag: 'display-name', key: 'displayName' },
  { field: 'Comments', flag: 'comments', key: 'comments' },
  { field: 'Email', flag: 'email', key: 'email' },
  { field: 'MobilePhone', flag: 'mobile-phone', key: 'mobilePhone' },
] as const;

export type ProfileOptions = Partial<Record<(typeof PROFILE_OPTIONS)[number]['key'], string>>;

/** Declares the options of the profile, except `--name`. */
export function addProfileOptions(verb: RamctlCommand): void {
  verb.option('--display-name <text>', 'name shown in lists');
  verb.option('--comments <text>', 'free text about the user, up to 128 characters');
  verb.option('--email <address>', 'email address');
  verb.option('--mobile-phone <number>', 'country code, hyphen and number, such as 86-13800000000');
}

/** Returns the fields that the command line sets. */
export function profileFromOptions(options: ProfileOptions): Profile {
  return Object.fromEntries(
    PROFILE_OPTIONS.flatMap(({ field, key }) => (options[key] === undefined ? [] : [[field, options[key]]])),
  );
}

/** Returns the options that set these fields, for `buildArgs`. */
export function toProfileFlags(profile: Profile): Record<string, string | undefined> {
  return Object.fromEntries(PROFILE_OPTIONS.map(({ field, flag }) => [flag, profile[field]]));
}
