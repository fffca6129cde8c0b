import { Failure } from '../core/failure.ts';
import type { CommandContext } from './context.ts';

/** The user that the command line names, or the one that a person picks from all there are. */
export async function chooseUser(context: CommandContext, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await openPrompter(context, 'user', command);
  return prompter.search('User', await readUserChoices(context));
}

/** Any number of users, at least one, where the command line names none. */
export async function chooseUsers(context: CommandContext, command: string): Promise<string[]> {
  const prompter = await openPrompter(context, 'user', command);
  const users = await prompter.chooseMany('Users', await readUserChoices(context));
  if (users.length > 0) return users;
  throw new Failure('usage', 'Usage', 'no user was chosen', { Hint: command });
}

/** The group that the command line names, or the one that a person picks. */
export async function chooseGroup(context: CommandContext, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await openPrompter(context, 'group', command);
  const groups = await context.directory.listGroups();
  if (groups.length === 0)
    throw notFoundFailure('EntityNotExist.Group', 'there are no groups yet', 'ramctl group create');
  return prompter.search(
    'Group',
    groups.map(({ GroupName }) => ({ value: GroupName, name: GroupName })),
  );
}

/** A prompter for an argument that the command line does not give. @throws Failure `usage` when nothing can be asked */
export function requireArgument(context: CommandContext, field: string, hint: string) {
  return context.prompts.require({ what: `missing required argument '${field}'`, field, hint });
}

function openPrompter(context: CommandContext, field: string, hint: string) {
  return context.prompts.require({ what: `missing required argument '${field}'`, field, hint });
}

async function readUserChoices(context: CommandContext) {
  const users = await context.directory.listUsers();
  if (users.length === 0) throw notFoundFailure('EntityNotExist.User', 'there are no users yet', 'ramctl user create');
  return users.map(({ UserName, DisplayName }) => ({
    value: UserName,
    name: DisplayName === UserName ? UserName : `${UserName} (${DisplayName})`,
  }));
}

function notFoundFailure(code: string, message: string, Hint: string): Failure {
  return new Failure('missing', code, message, { Hint });
}
