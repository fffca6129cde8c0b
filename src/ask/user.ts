import type { CreateUserInput, User } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { checkEmail, checkMobilePhone, checkText, checkUserName } from '../core/names.ts';
import { fold, type PasswordPolicy } from '../core/state.ts';
import { askLogon, type KnownLogon } from './login.ts';
import type { Choice, Prompter } from './prompter.ts';

/** What the command line said about a new user; what is undefined is asked. */
export interface KnownUser {
  user: Partial<CreateUserInput>;
  isConsole?: boolean | undefined;
  accessKey?: boolean | undefined;
  logon: KnownLogon;
  groups?: string[] | undefined;
  policies?: string[] | undefined;
}

/** A new user, complete. */
export interface OrderedUser {
  user: CreateUserInput;
  logon?: KnownLogon | undefined;
  accessKey: boolean;
  groups: string[];
  policies: string[];
}

/** What the questions are checked against. */
export interface Surroundings {
  /** Folded names of the users there are. */
  taken: Set<string>;
  groups: Choice<string>[];
  policies: Choice<string>[];
  passwordPolicy: PasswordPolicy;
}

/** Asks for new users until there are no more to add. Flags given apply to each of them. */
export async function askNewUsers(prompter: Prompter, known: KnownUser, around: Surroundings): Promise<OrderedUser[]> {
  const users: OrderedUser[] = [];
  const taken = new Set(around.taken);
  do {
    const next = await askNewUser(prompter, known, { ...around, taken });
    taken.add(fold(next.user.UserName));
    users.push(next);
  } while (await prompter.confirm('Add another user?', false));
  return users;
}

async function askNewUser(prompter: Prompter, known: KnownUser, around: Surroundings): Promise<OrderedUser> {
  const UserName = await prompter.text('Logon name', { check: (answer) => checkNewName(answer, around.taken) });
  const DisplayName = known.user.DisplayName ?? (await optionalText(prompter, 'Display name', 'DisplayName'));
  const Comments = known.user.Comments ?? (await optionalText(prompter, 'Comments', 'Comments'));
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

async function askAccessMode(prompter: Prompter, { isConsole, accessKey }: KnownUser) {
  if (isConsole !== undefined || accessKey !== undefined) {
    return { isConsole: isConsole ?? false, accessKey: accessKey ?? false };
  }
  const mode = await prompter.choose('Access mode (choose one, RAM recommends)', [
    { value: 'console', name: 'console logon', description: 'for people: a person logs on with a password' },
    { value: 'key', name: 'AccessKey', description: 'for programs: a program calls the API' },
    { value: 'both', name: 'both', description: 'not recommended: whoever leaves may still hold a key' },
    { value: 'none', name: 'none for now', description: 'login set and ak create give them later' },
  ]);
  return { isConsole: mode === 'console' || mode === 'both', accessKey: mode === 'key' || mode === 'both' };
}

function checkNewName(answer: string, taken: Set<string>): void {
  checkUserName(answer);
  if (taken.has(fold(answer))) throw new Failure('refused', 'EntityAlreadyExists.User', `${answer} is taken`);
}

async function optionalText(prompter: Prompter, question: string, parameter: string): Promise<string | undefined> {
  const answer = await prompter.text(`${question} (optional)`, {
    check: (text) => text === '' || checkText(text, parameter),
  });
  return answer === '' ? undefined : answer;
}

/** The profile of a user as it shall be; every answer may stay as it is, and an empty one clears. */
export async function askProfile(
  prompter: Prompter,
  user: User,
  taken: Set<string>,
): Promise<Required<CreateUserInput>> {
  const others = new Set([...taken].filter((name) => name !== fold(user.UserName)));
  const cleared = (check: (text: string) => void) => (text: string) => text === '' || check(text);
  return {
    UserName: await prompter.text('Logon name', {
      initial: user.UserName,
      check: (answer) => checkNewName(answer, others),
    }),
    DisplayName: await prompter.text('Display name', {
      initial: user.DisplayName,
      check: cleared((text) => checkText(text, 'DisplayName')),
    }),
    Comments: await prompter.text('Comments', {
      initial: user.Comments ?? '',
      check: cleared((text) => checkText(text, 'Comments')),
    }),
    Email: await prompter.text('Email', {
      initial: user.Email ?? '',
      check: cleared((text) => checkEmail(text, 'Email')),
    }),
    MobilePhone: await prompter.text('Mobile phone', {
      initial: user.MobilePhone ?? '',
      check: cleared((text) => checkMobilePhone(text, 'MobilePhone')),
    }),
  };
}
