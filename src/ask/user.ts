import type { CreateUserInput, User } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { foldCase, type PasswordPolicy } from '../core/state.ts';
import { assertValidEmail, assertValidMobilePhone, assertValidText, assertValidUserName } from '../core/validation.ts';
import { askLogon, type LogonAnswers } from './login.ts';
import type { Choice, Prompter } from './prompter.ts';

/** What the command line said about a new user; what is undefined is asked. */
export interface UserAnswers {
  user: Partial<CreateUserInput>;
  hasConsoleLogon?: boolean | undefined;
  accessKey?: boolean | undefined;
  logon: LogonAnswers;
  groups?: string[] | undefined;
  policies?: string[] | undefined;
}

/** A new user, complete. */
export interface CompletedUser {
  user: CreateUserInput;
  logon?: LogonAnswers | undefined;
  accessKey: boolean;
  groups: string[];
  policies: string[];
}

/** What the questions are checked against. */
export interface PromptEnvironment {
  /** Folded names of the users there are. */
  takenNames: Set<string>;
  groups: Choice<string>[];
  policies: Choice<string>[];
  passwordPolicy: PasswordPolicy;
}

/** Asks for new users until there are no more to add. Flags given apply to each of them. */
export async function askNewUsers(
  prompter: Prompter,
  known: UserAnswers,
  around: PromptEnvironment,
): Promise<CompletedUser[]> {
  const users: CompletedUser[] = [];
  const takenNames = new Set(around.takenNames);
  do {
    const next = await askNewUser(prompter, known, { ...around, takenNames });
    takenNames.add(foldCase(next.user.UserName));
    users.push(next);
  } while (await prompter.confirm('Add another user?', false));
  return users;
}

async function askNewUser(prompter: Prompter, known: UserAnswers, around: PromptEnvironment): Promise<CompletedUser> {
  const UserName = await prompter.text('Logon name', {
    validate: (answer) => assertNewUserName(answer, around.takenNames),
  });
  const DisplayName = known.user.DisplayName ?? (await askOptionalText(prompter, 'Display name', 'DisplayName'));
  const Comments = known.user.Comments ?? (await askOptionalText(prompter, 'Comments', 'Comments'));
  const mode = await askAccessMode(prompter, known);
  const logon = mode.isConsole ? await askLogon(prompter, known.logon, around.passwordPolicy) : undefined;
  const groups = known.groups ?? (await askGroups(prompter, around.groups));
  const policies = known.policies ?? (await prompter.chooseMany('Policies', around.policies));
  return {
    user: { ...known.user, UserName, DisplayName, Comments },
    logon,
    accessKey: mode.accessKey,
    groups,
    policies,
  };
}

/** Not asked while there are none. */
async function askGroups(prompter: Prompter, groups: Choice<string>[]): Promise<string[]> {
  return groups.length === 0 ? [] : prompter.chooseMany('Groups', groups);
}

async function askAccessMode(prompter: Prompter, { hasConsoleLogon, accessKey }: UserAnswers) {
  if (hasConsoleLogon !== undefined || accessKey !== undefined) {
    return { isConsole: hasConsoleLogon ?? false, accessKey: accessKey ?? false };
  }
  const mode = await prompter.choose('Access mode (choose one, RAM recommends)', [
    { value: 'console', name: 'console logon', description: 'for people: a person logs on with a password' },
    { value: 'key', name: 'AccessKey', description: 'for programs: a program calls the API' },
    { value: 'both', name: 'both', description: 'not recommended: whoever leaves may still hold a key' },
    { value: 'none', name: 'none for now', description: 'login set and ak create give them later' },
  ]);
  return { isConsole: mode === 'console' || mode === 'both', accessKey: mode === 'key' || mode === 'both' };
}

function assertNewUserName(answer: string, taken: Set<string>): void {
  assertValidUserName(answer);
  if (taken.has(foldCase(answer))) throw new Failure('refused', 'EntityAlreadyExists.User', `${answer} is taken`);
}

async function askOptionalText(prompter: Prompter, question: string, parameter: string): Promise<string | undefined> {
  const answer = await prompter.text(`${question} (optional)`, {
    validate: (text) => text === '' || assertValidText(text, parameter),
  });
  return answer === '' ? undefined : answer;
}

/** The profile of a user as it shall be; every answer may stay as it is, and an empty one clears. */
export async function askProfile(
  prompter: Prompter,
  user: User,
  taken: Set<string>,
): Promise<Required<CreateUserInput>> {
  const others = new Set([...taken].filter((name) => name !== foldCase(user.UserName)));
  const cleared = (check: (text: string) => void) => (text: string) => text === '' || check(text);
  return {
    UserName: await prompter.text('Logon name', {
      initial: user.UserName,
      validate: (answer) => assertNewUserName(answer, others),
    }),
    DisplayName: await prompter.text('Display name', {
      initial: user.DisplayName,
      validate: cleared((text) => assertValidText(text, 'DisplayName')),
    }),
    Comments: await prompter.text('Comments', {
      initial: user.Comments ?? '',
      validate: cleared((text) => assertValidText(text, 'Comments')),
    }),
    Email: await prompter.text('Email', {
      initial: user.Email ?? '',
      validate: cleared((text) => assertValidEmail(text, 'Email')),
    }),
    MobilePhone: await prompter.text('Mobile phone', {
      initial: user.MobilePhone ?? '',
      validate: cleared((text) => assertValidMobilePhone(text, 'MobilePhone')),
    }),
  };
}
