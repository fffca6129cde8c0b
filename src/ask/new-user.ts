import type { CreateUserInput } from '../core/directory.ts';
import type { PasswordPolicy } from '../core/state.ts';
import type { FullAccess, Grants } from '../core/workflows/full-access.ts';
import type { LogonSettingsChange } from '../core/workflows/login.ts';
import type { NewUser } from '../core/workflows/provision.ts';
import { askOptionalText } from './fields.ts';
import { askMFARequirement, askPasswordReset, askPasswordSource } from './login.ts';
import type { Choice, Prompter } from './prompter.ts';
import { askEmail, askMobilePhone, askUserName } from './user.ts';

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
  /** The part of a logon name after the @. */
  domain: string;
  groups: Choice<string>[];
  policies: Choice<string>[];
  passwordPolicy: PasswordPolicy;
  findFullAccess(grants: Grants): Promise<FullAccess[]>;
}

/** One answer about a new user. */
interface Question {
  label: string;
  /** The present answer, for the list of answers that can be changed. */
  describe(user: NewUser): string;
  /** Returns the user with the new answer. The present answer is the default. */
  ask(prompter: Prompter, user: NewUser, data: WizardData): Promise<NewUser>;
  /** Whether the wizard asks: the question applies to the user, and no option answers it. */
  isOpen(flags: GivenSettings, user: NewUser, data: WizardData): boolean;
  /** Whether the answer can be changed (default: yes). */
  applies?(user: NewUser, data: WizardData): boolean;
}

const LOGON_QUESTIONS: Question[] = [
  {
    label: 'Password',
    describe: ({ logon }) => (logon?.password === undefined ? 'generated' : 'typed'),
    ask: async (prompter, user, { passwordPolicy }) => {
      const present = user.logon?.password;
      const { password, generatePassword } = await askPasswordSource(prompter, passwordPolicy, present !== undefined);
      return withLogon(user, { password: generatePassword ? undefined : (password ?? present) });
    },
    isOpen: ({ logon }, user) => user.logon !== undefined && logon.password === undefined,
    applies: hasLogon,
  },
  {
    label: 'Password reset',
    describe: ({ logon }) => formatRequired(logon?.PasswordResetRequired ?? true),
    ask: async (prompter, user) =>
      withLogon(user, { PasswordResetRequired: await askPasswordReset(prompter, user.logon?.PasswordResetRequired) }),
    isOpen: ({ logon }, user) => user.logon !== undefined && logon.PasswordResetRequired === undefined,
    applies: hasLogon,
  },
  {
    label: 'MFA',
    describe: ({ logon }) => formatRequired(logon?.MFABindRequired ?? false),
    ask: async (prompter, user) =>
      withLogon(user, { MFABindRequired: await askMFARequirement(prompter, user.logon?.MFABindRequired) }),
    isOpen: ({ logon }, user) => user.logon !== undefined && logon.MFABindRequired === undefined,
    applies: hasLogon,
  },
];

/** All questions in the order in which the wizard asks them. */
const QUESTIONS: Question[] = [
  {
    label: 'User name',
    describe: ({ user }) => user.UserName,
    ask: async (prompter, user, { takenNames, domain }) =>
      withProfile(user, { UserName: await askUserName(prompter, user.user.UserName, takenNames, domain) }),
    isOpen: () => true,
  },
  {
    label: 'Display name',
    describe: ({ user }) => user.DisplayName ?? 'none',
    ask: async (prompter, user) => {
      const answer = await askOptionalText(prompter, 'Display name', 'DisplayName', user.user.DisplayName);
      return withProfile(user, { DisplayName: answer || undefined });
    },
    isOpen: ({ user }) => user.DisplayName === undefined,
  },
  {
    label: 'Comments',
    describe: ({ user }) => user.Comments ?? 'none',
    ask: async (prompter, user) => {
      const answer = await askOptionalText(prompter, 'Comments', 'Comments', user.user.Comments);
      return withProfile(user, { Comments: answer || undefined });
    },
    isOpen: ({ user }) => user.Comments === undefined,
  },
  {
    label: 'Email',
    describe: ({ user }) => user.Email ?? 'none',
    ask: async (prompter, user) =>
      withProfile(user, { Email: (await askEmail(prompter, user.user.Email ?? null)) || undefined }),
    isOpen: () => false,
  },
  {
    label: 'Mobile phone',
    describe: ({ user }) => user.MobilePhone ?? 'none',
    ask: async (prompter, user) =>
      withProfile(user, { MobilePhone: (await askMobilePhone(prompter, user.user.MobilePhone ?? null)) || undefined }),
    isOpen: () => false,
  },
  {
    label: 'Access mode',
    describe: (user) => ACCESS_MODES[accessModeOf(user)].name,
    ask: askAccessMode,
    isOpen: ({ hasConsoleLogon, accessKey }) => hasConsoleLogon === undefined && accessKey === undefined,
  },
  ...LOGON_QUESTIONS,
  {
    label: 'Groups',
    describe: ({ groups = [] }) => groups.join(', ') || 'none',
    ask: async (prompter, user, { groups, findFullAccess }) => {
      const find = (names: string[]) => findFullAccess({ groups: names });
      return { ...user, groups: await askGrants(prompter, 'Groups', groups, user.groups, find) };
    },
    isOpen: (flags, _, { groups }) => flags.groups === undefined && groups.length > 0,
    applies: (_, { groups }) => groups.length > 0,
  },
  {
    label: 'Policies',
    describe: ({ policies = [] }) => policies.join(', ') || 'none',
    ask: async (prompter, user, { policies, findFullAccess }) => {
      const find = (names: string[]) => findFullAccess({ policies: names });
      return { ...user, policies: await askGrants(prompter, 'Policies', policies, user.policies, find) };
    },
    isOpen: (flags) => flags.policies === undefined,
  },
];

/** Returns a new user with the settings of the command line only. */
export function buildNewUser(UserName: string, { user, hasConsoleLogon, logon, ...rest }: GivenSettings): NewUser {
  return { ...rest, user: { ...user, UserName }, logon: hasConsoleLogon ? logon : undefined };
}

/** Asks for a new user. Asks only what the options leave open. */
export async function askNewUser(prompter: Prompter, flags: GivenSettings, data: WizardData): Promise<NewUser> {
  let user = buildNewUser('', flags);
  for (const question of QUESTIONS) {
    if (question.isOpen(flags, user, data)) user = await question.ask(prompter, user, data);
  }
  return user;
}

/**
 * Asks which answer about a user is wrong, and asks that question again. Returns the changed user, or null if the user is
 * to be removed from the list, which `canRemove` allows.
 */
export async function changeAnswer(prompter: Prompter, user: NewUser, data: WizardData, canRemove: boolean) {
  const { UserName } = user.user;
  const questions = QUESTIONS.filter(({ applies }) => applies?.(user, data) ?? true);
  const choices: Choice<Question | 'remove' | 'back'>[] = [
    ...questions.map((question) => ({ value: question, name: `${question.label}: ${question.describe(user)}` })),
    ...(canRemove ? [{ value: 'remove' as const, name: `remove ${UserName} from the list` }] : []),
    { value: 'back', name: 'back to the review' },
  ];
  const choice = await prompter.choose(`Which answer about ${UserName}?`, choices);
  if (choice === 'remove') return null;
  if (choice === 'back') return user;
  let changed = await choice.ask(prompter, user, data);
  if (changed.logon && !user.logon) {
    for (const { ask } of LOGON_QUESTIONS) changed = await ask(prompter, changed, data);
  }
  return changed;
}

const ACCESS_MODES = {
  console: { name: 'console logon', description: 'for people, who log on with a password' },
  key: { name: 'AccessKey', description: 'for programs, which call the API' },
  both: { name: 'both', description: 'not recommended: a person who leaves may keep the AccessKey' },
  none: { name: 'none for now', description: 'login set and ak create add them later' },
};

type AccessMode = keyof typeof ACCESS_MODES;

function accessModeOf({ logon, accessKey }: NewUser): AccessMode {
  if (logon) return accessKey ? 'both' : 'console';
  return accessKey ? 'key' : 'none';
}

async function askAccessMode(prompter: Prompter, user: NewUser): Promise<NewUser> {
  const choices = Object.entries(ACCESS_MODES).map(([value, text]) => ({ value: value as AccessMode, ...text }));
  const isAsked = user.accessKey !== undefined;
  const initial = isAsked ? accessModeOf(user) : 'console';
  const mode = await prompter.choose('Access mode (RAM recommends only one)', choices, initial);
  const hasConsoleLogon = mode === 'console' || mode === 'both';
  return {
    ...user,
    logon: hasConsoleLogon ? (user.logon ?? {}) : undefined,
    accessKey: mode === 'key' || mode === 'both',
  };
}

/**
 * Asks for groups or policies. Each new one that gives full access needs a confirmation; without it, the question is
 * asked again. `find` returns the full access that names give.
 */
async function askGrants(
  prompter: Prompter,
  question: string,
  choices: Choice<string>[],
  present: string[] = [],
  find: (names: string[]) => Promise<FullAccess[]>,
): Promise<string[]> {
  const confirmed = new Set(present);
  for (let chosen = await prompter.chooseMany(question, choices, present); ; ) {
    const refused = new Set<string>();
    for (const { PolicyName, GroupName } of await find(chosen.filter((name) => !confirmed.has(name)))) {
      const name = GroupName ?? PolicyName;
      const source = GroupName === undefined ? PolicyName : `${PolicyName} of the group ${GroupName}`;
      const isConfirmed = await prompter.confirm(`${source} allows every action on every resource. Keep it?`);
      if (isConfirmed) confirmed.add(name);
      else refused.add(name);
    }
    if (refused.size === 0) return chosen;
    const kept = chosen.filter((name) => !refused.has(name));
    chosen = await prompter.chooseMany(question, choices, kept);
  }
}

function withProfile(user: NewUser, changes: Partial<CreateUserInput>): NewUser {
  return { ...user, user: { ...user.user, ...changes } };
}

function withLogon(user: NewUser, changes: LogonSettingsChange): NewUser {
  return { ...user, logon: { ...user.logon, ...changes } };
}

function hasLogon({ logon }: NewUser): boolean {
  return logon !== undefined;
}

function formatRequired(isRequired: boolean): string {
  return isRequired ? 'required' : 'not required';
}
