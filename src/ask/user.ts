import type { CreateUserInput, User } from '../core/directory.ts';
import type { PasswordPolicy } from '../core/state.ts';
import { assertValidEmail, assertValidMobilePhone } from '../core/validation.ts';
import type { LogonSettingsChange } from '../core/workflows/login.ts';
import type { NewUser } from '../core/workflows/provision.ts';
import { askName, askOptionalText } from './fields.ts';
import { askLogonSettings } from './login.ts';
import type { Choice, Prompter } from './prompter.ts';

/** What the command line sets for each new user. The wizard asks for the settings that are undefined. */
export interface GivenSettings extends Omit<NewUser, 'user' | 'logon' | 'Row'> {
  user: Partial<CreateUserInput>;
  hasConsoleLogon?: boolean | undefined;
  logon: LogonSettingsChange;
}

/** The data that the wizard needs to offer choices and to check answers. */
export interface WizardData {
  /** The names of the existing users. */
  takenNames: string[];
  groups: Choice<string>[];
  policies: Choice<string>[];
  passwordPolicy: PasswordPolicy;
}

/** Asks for new users until there are no more to add. */
export async function askNewUsers(prompter: Prompter, flags: GivenSettings, environment: WizardData) {
  const users: NewUser[] = [];
  const takenNames = [...environment.takenNames];
  do {
    const newUser = await askNewUser(prompter, flags, { ...environment, takenNames });
    takenNames.push(newUser.user.UserName);
    users.push(newUser);
  } while (await prompter.confirm('Add another user?'));
  return users;
}

async function askNewUser(prompter: Prompter, flags: GivenSettings, environment: WizardData): Promise<NewUser> {
  const UserName = await askName(prompter, 'User', '', environment.takenNames);
  const DisplayName =
    flags.user.DisplayName ??
    ((await askOptionalText(prompter, 'Display name', 'DisplayName', null, { emptyMeans: UserName })) || undefined);
  const Comments = flags.user.Comments ?? ((await askOptionalText(prompter, 'Comments', 'Comments')) || undefined);
  const { hasConsoleLogon, accessKey } = await askAccessMode(prompter, flags);
  const logon = hasConsoleLogon ? await askLogonSettings(prompter, flags.logon, environment.passwordPolicy) : undefined;
  const canJoin = environment.groups.length > 0;
  const groups = flags.groups ?? (canJoin ? await prompter.chooseMany('Groups', environment.groups) : []);
  const policies = flags.policies ?? (await prompter.chooseMany('Policies', environment.policies));
  return { user: { ...flags.user, UserName, DisplayName, Comments }, logon, accessKey, groups, policies };
}

async function askAccessMode(prompter: Prompter, { hasConsoleLogon, accessKey }: GivenSettings) {
  if (hasConsoleLogon !== undefined || accessKey !== undefined) return { hasConsoleLogon, accessKey };
  const mode = await prompter.choose('Access mode (RAM recommends only one)', [
    { value: 'console', name: 'console logon', description: 'for people, who log on with a password' },
    { value: 'key', name: 'AccessKey', description: 'for programs, which call the API' },
    { value: 'both', name: 'both', description: 'not recommended: a person who leaves may keep the AccessKey' },
    { value: 'none', name: 'none for now', description: 'login set and ak create add them later' },
  ]);
  return { hasConsoleLogon: mode === 'console' || mode === 'both', accessKey: mode === 'key' || mode === 'both' };
}

/** Asks for the profile of a user, with the current one as default. An empty answer removes a text. */
export async function askProfile(prompter: Prompter, user: User, takenNames: string[]) {
  return {
    UserName: await askName(prompter, 'User', user.UserName, takenNames),
    DisplayName: await askOptionalText(prompter, 'Display name', 'DisplayName', user.DisplayName),
    Comments: await askOptionalText(prompter, 'Comments', 'Comments', user.Comments),
    Email: await askOptionalText(prompter, 'Email', 'Email', user.Email, { assertValid: assertValidEmail }),
    MobilePhone: await askOptionalText(prompter, 'Mobile phone', 'MobilePhone', user.MobilePhone, {
      assertValid: assertValidMobilePhone,
    }),
  };
}
