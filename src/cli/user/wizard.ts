import { askNewUser, buildNewUser, changeAnswer, type GivenSettings, type WizardData } from '../../ask/new-user.ts';
import { Cancelled, type Choice, type Prompter } from '../../ask/prompter.ts';
import { isFailure } from '../../core/failure.ts';
import { findFullAccess } from '../../core/workflows/full-access.ts';
import { readAccountIdentity } from '../../core/workflows/overview.ts';
import type { NewUser } from '../../core/workflows/provision.ts';
import { newUserListView } from '../../view/user.ts';
import { buildArgs } from '../args.ts';
import { requireArgumentPrompter } from '../choose.ts';
import type { CommandContext } from '../command-context.ts';
import { remarkOnWeakPassword } from '../password.ts';
import { remarkEquivalent, remarkOnFullAccess } from '../remarks.ts';
import { type SinkOptions, toSinkFlags } from '../secret-sinks.ts';
import { toTagFlags } from '../tags.ts';
import { type CreateOptions, checkNewUsers, createUsers } from './create-users.ts';
import { toProfileFlags } from './profile.ts';
import { saveUsers } from './save-users.ts';

/** Asks for what the options leave open, shows all new users for a review, and creates them in one transaction. */
export async function runWizard(context: CommandContext, options: CreateOptions, flags: GivenSettings): Promise<void> {
  const prompter = await requireArgumentPrompter(context, 'name', 'ramctl help user create');
  const data = await readWizardData(context);
  // Wrong options are refused before the first question. The name is a placeholder that no real user has.
  await checkNewUsers(context, options, [buildNewUser('_'.repeat(64), flags)]);
  const users = await askUsers(prompter, flags, data);
  // The command has printed its remark about the password of the options.
  const knownPasswords = new Set([flags.logon.password]);
  for (;;) {
    remarkOnNewPasswords(context, users, knownPasswords);
    const choice = await review(context, options, prompter, users);
    if (choice === 'cancel') throw new Cancelled();
    if (choice === 'create' && (await tryCreate(context, options, users))) {
      return finish(context, options, prompter, flags, users);
    }
    if (choice === 'save') return saveUsers(context, options, prompter, users);
    if (choice === 'add') users.push(await askNewUser(prompter, flags, excludeNames(data, users)));
    if (choice === 'change') await changeUser(prompter, data, users);
  }
}

/** Asks for new users until there are no more to add. */
async function askUsers(prompter: Prompter, flags: GivenSettings, data: WizardData): Promise<NewUser[]> {
  const users: NewUser[] = [];
  do users.push(await askNewUser(prompter, flags, excludeNames(data, users)));
  while (await prompter.confirm('Add another user?'));
  return users;
}

/** Prints the remark about a weak password once for each password. */
function remarkOnNewPasswords(context: CommandContext, users: NewUser[], known: Set<string | undefined>): void {
  for (const { logon } of users) {
    if (!known.has(logon?.password)) remarkOnWeakPassword(context, logon?.password);
    known.add(logon?.password);
  }
}

/** Shows the new users and asks what to do. Creating them is offered only if all rules allow it. */
async function review(context: CommandContext, options: CreateOptions, prompter: Prompter, users: NewUser[]) {
  const problem = await findProblem(context, options, users);
  await context.output.showPrompt(newUserListView, users);
  const noun = users.length === 1 ? 'this user' : `these ${users.length} users`;
  const choices: Choice<'create' | 'change' | 'add' | 'save' | 'cancel'>[] = [
    ...(problem === undefined ? [{ value: 'create' as const, name: `create ${noun}` }] : []),
    { value: 'change', name: 'change an answer' },
    { value: 'add', name: 'add another user' },
    { value: 'save', name: 'save as a file for user import', description: 'without passwords; creates no user' },
    { value: 'cancel', name: 'cancel', description: 'writes nothing' },
  ];
  const question = problem === undefined ? `Create ${noun}?` : `Cannot create ${noun}: ${problem}`;
  return prompter.choose(question, choices);
}

/** Returns why the users cannot be created, or undefined if they can. */
async function findProblem(context: CommandContext, options: CreateOptions, users: NewUser[]) {
  try {
    await checkNewUsers(context, options, users);
    return undefined;
  } catch (error) {
    if (isFailure(error)) return error.message;
    throw error;
  }
}

/** Asks for a user and an answer, and puts the changed user into the list or removes the user from it. */
async function changeUser(prompter: Prompter, data: WizardData, users: NewUser[]): Promise<void> {
  const names = users.map(({ user }, index) => ({ value: index, name: user.UserName }));
  const index = users.length === 1 ? 0 : await prompter.choose('Which user?', names);
  const user = users[index];
  if (!user) return;
  const others = users.filter((other) => other !== user);
  const changed = await changeAnswer(prompter, user, excludeNames(data, others), others.length > 0);
  users.splice(index, 1, ...(changed ? [changed] : []));
}

/** Returns the data with the names of the new users among the names that exist. */
function excludeNames(data: WizardData, users: NewUser[]): WizardData {
  return { ...data, takenNames: [...data.takenNames, ...users.map(({ user }) => user.UserName)] };
}

/** Creates the users. Returns false if another process has made that impossible; the next review says why. */
async function tryCreate(context: CommandContext, options: CreateOptions, users: NewUser[]): Promise<boolean> {
  try {
    // One line for each of several users, so that all secrets are on the screen together.
    await createUsers(context, { ...options, asList: users.length > 1 }, users);
    return true;
  } catch (error) {
    // After other errors the users may exist, so that a review would not be about new users.
    const isRefused = isFailure(error) && ['refused', 'missing'].includes(error.kind);
    if (!isRefused || (await findProblem(context, options, users)) === undefined) throw error;
    return false;
  }
}

/** Prints the remarks about users that were created, after the secrets are stored. */
async function finish(
  context: CommandContext,
  options: CreateOptions,
  prompter: Prompter,
  flags: GivenSettings,
  users: NewUser[],
): Promise<void> {
  // The wizard has asked about the policies and groups that were chosen. Others are from the options.
  await remarkOnFullAccess(context, {
    policies: flags.policies?.filter((name) => users.some(({ policies }) => policies?.includes(name))),
    groups: flags.groups?.filter((name) => users.some(({ groups }) => groups?.includes(name))),
  });
  if (options.dryRun) return;
  const areSecretsOnScreen = options.secretTo === undefined || options.secretTo === 'stdout';
  const hasSecrets = users.some(({ logon, accessKey }) => accessKey || (logon && logon.password === undefined));
  if (areSecretsOnScreen && hasSecrets) await prompter.pause('Press Enter after you have stored the secrets');
  remarkEquivalent(context, ...users.map((newUser) => buildEquivalentArgs(newUser, options)));
}

async function readWizardData({ directory }: CommandContext): Promise<WizardData> {
  return directory.reading(async (operations) => {
    const users = await operations.listUsers();
    const groups = await operations.listGroups();
    const policies = await operations.listPolicies({});
    return {
      takenNames: users.map(({ UserName }) => UserName),
      domain: (await readAccountIdentity(operations)).DefaultDomain,
      groups: groups.map(({ GroupName, Comments }) => toChoice(GroupName, Comments)),
      policies: policies.map(({ PolicyName, Description }) => toChoice(PolicyName, Description)),
      passwordPolicy: await operations.getPasswordPolicy(),
      findFullAccess: (grants) => directory.reading((current) => findFullAccess(current, grants)),
    };
  });
}

function toChoice(name: string, description: string | null): Choice<string> {
  return { value: name, name, description: description ?? undefined };
}

/** The command line that creates the user. It reads a typed password from stdin. */
function buildEquivalentArgs({ user, logon, accessKey, groups, policies }: NewUser, options: SinkOptions): string[] {
  const { UserName, Tag, ...profile } = user;
  return buildArgs(['user', 'create', UserName], {
    ...toProfileFlags(profile),
    console: logon !== undefined,
    'password-stdin': logon?.password !== undefined,
    'password-reset': logon?.PasswordResetRequired === false ? 'not-required' : undefined,
    mfa: logon?.MFABindRequired ? 'required' : undefined,
    'access-key': accessKey,
    group: groups,
    policy: policies,
    tag: toTagFlags(Tag),
    ...toSinkFlags(options),
  });
}
