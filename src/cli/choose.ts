import { Failure } from '../core/failure.ts';
import type { CommandContext } from './command-context.ts';

/** Returns the user named on the command line. Without a name, asks for a user. */
export async function chooseUser(context: CommandContext, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await requireArgumentPrompter(context, 'user', command);
  return prompter.search('User', await readUserChoices(context));
}

/** Asks for one or more users. */
export async function chooseUsers(context: CommandContext, command: string): Promise<string[]> {
  const prompter = await requireArgumentPrompter(context, 'user', command);
  const users = await prompter.chooseMany('Users', await readUserChoices(context));
  if (users.length > 0) return users;
  throw new Failure('usage', 'Usage', 'no user was chosen', { Hint: command });
}

/** Returns the group named on the command line. Without a name, asks for a group. */
export async function chooseGroup(context: CommandContext, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await requireArgumentPrompter(context, 'group', command);
  const groups = await context.directory.listGroups();
  const choices = groups.map(({ GroupName }) => ({ value: GroupName, name: GroupName }));
  return prompter.search('Group', assertNotEmpty(choices, 'Group'));
}

/** Returns a prompter that can ask for a missing argument. @throws Failure `usage` if no question can be asked */
export function requireArgumentPrompter(context: CommandContext, field: string, hint: string) {
  return context.prompts.requirePrompter(`missing required argument '${field}'`, field, hint);
}

async function readUserChoices(context: CommandContext) {
  const users = await context.directory.listUsers();
  const choices = users.map(({ UserName, DisplayName }) => ({
    value: UserName,
    name: DisplayName === null ? UserName : `${UserName} (${DisplayName})`,
  }));
  return assertNotEmpty(choices, 'User');
}

function assertNotEmpty<T>(choices: T[], kind: 'User' | 'Group'): T[] {
  if (choices.length > 0) return choices;
  const noun = kind.toLowerCase();
  const Hint = `ramctl ${noun} create`;
  throw new Failure('missing', `EntityNotExist.${kind}`, `the directory contains no ${noun}s`, { Hint });
}
