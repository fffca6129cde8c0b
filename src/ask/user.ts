import type { CreateUserInput, User } from '../core/directory.ts';
import { foldCase, type PasswordPolicy } from '../core/state.ts';
import { assertValidEmail, assertValidMobilePhone } from '../core/validation.ts';
import type { NewUser } from '../core/workflows/provision.ts';
import { askName, askOptionalText } from './fields.ts';
import { askLogon, type LogonAnswers } from './login.ts';
import type { Choice, Prompter } from './prompter.ts';

/** The settings of a new user that the command line gives. The wizard asks for those that are undefined. */
export interface UserAnswers extends Pick<NewUser, 'accessKey' | 'groups' | 'policies'> {
  user: Partial<CreateUserInput>;
  hasConsoleLogon?: boolean | undefined;
  logon: LogonAnswers;
}

/** The data that the wizard needs to offer choices and to check answers. */
export interface PromptEnvironment {
  /** The names of the existing users, case-folded. */
  takenNames: Set<string>;
  groups: Choice<string>[];
  policies: Choice<string>[];
  passwordPolicy: PasswordPolicy;
}

/** Asks for new users until there are no more to add. The settings in `known` apply to each of them. */
export async function askNewUsers(
  prompter: Prompter,
  known: UserAnswers,
  environment: PromptEnvironment,
): Promise<NewUser[]> {
  const users: NewUser[] = [];
  const takenNames = new Set(environment.takenNames);
  do {
    const next = await askNewUser(prompter, known, { ...environment, takenNames });
    takenNames.add(foldCase(next.user.UserName));
    users.push(next);
  } while (await prompter.confirm('Add another user?', false));
  return users;
}

async function askNewUser(prompter: Prompter, known: UserAnswers, environment: PromptEnvironment): Promise<NewUser> {
  const UserName = await askName(prompter, 'User', '', environment.takenNames);
  const DisplayName =
    known.user.DisplayName ??
    ((await askOptionalText(prompter, 'Display name', 'DisplayName', '', { emptyMeans: UserName })) || undefined);
  const Comments = known.user.Comments ?? ((await askOptionalText(prompter, 'Comments', 'Comments')) || undefined);
  const { hasConsoleLogon, accessKey } = await askAccessMode(prompter, known);
  const logon = hasConsoleLogon ? await askLogon(prompter, known.logon, environment.passwordPolicy) : undefined;
  const canJoin = environment.groups.length > 0;
  const groups = known.groups ?? (canJoin ? await prompter.chooseMany('Groups', environment.groups) : []);
  const policies = known.policies ?? (await prompter.chooseMany('Policies', environment.policies));
  return { user: { ...known.user, UserName, DisplayName, Comments }, logon, accessKey, groups, policies };
}

async function askAccessMode(prompter: Prompter, { hasConsoleLogon, accessKey }: UserAnswers) {
  if (hasConsoleLogon !== undefined || accessKey !== undefined) return { hasConsoleLogon, accessKey };
  const mode = await prompter.choose('Access mode (RAM recommends only one)', [
    { value: 'console', name: 'console logon', description: 'for people, who log on with a password' },
    { value: 'key', name: 'AccessKey', description: 'for programs, which call the API' },
    { value: 'both', name: 'both', description: 'not recommended: a person who leaves may keep the AccessKey' },
    { value: 'none', name: 'none for now', description: 'login set and ak create add them later' },
  ]);
  return { hasConsoleLogon: mode === 'console' || mode === 'both', accessKey: mode === 'key' || mode === 'both' };
}

/** Asks for the profile of a user, starting from the current one. An empty answer clears a setting. */
export async function askProfile(
  prompter: Prompter,
  user: User,
  takenNames: Set<string>,
): Promise<Required<CreateUserInput>> {
  return {
    UserName: await askName(prompter, 'User', user.UserName, takenNames),
    DisplayName: await askOptionalText(prompter, 'Display name', 'DisplayName', user.DisplayName),
    Comments: await askOptionalText(prompter, 'Comments', 'Comments', user.Comments),
    Email: await askOptionalText(prompter, 'Email', 'Email', user.Email, { validate: assertValidEmail }),
    MobilePhone: await askOptionalText(prompter, 'Mobile phone', 'MobilePhone', user.MobilePhone, {
      validate: assertValidMobilePhone,
    }),
  };
}
