import { Failure } from '../core/failure.ts';
import type { CommandContext } from './context.ts';

/** The user that the command line names, or the one that a person picks from all there are. */
export async function chooseUser(context: CommandContext, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await asked(context, 'user', command);
  return prompter.find('User', await userChoices(context));
}

/** Any number of users, at least one, where the command line names none. */
export async function chooseUsers(context: CommandContext, command: string): Promise<string[]> {
  const prompter = await asked(context, 'user', command);
  const users = await prompter.chooseMany('Users', await userChoices(context));
  if (users.length > 0) return users;
  throw new Failure('usage', 'Usage', 'no user was chosen', { Hint: command });
}

/** The group that the command line names, or the one that a person picks. */
export async function chooseGroup(context: CommandContext, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await asked(context, 'group', command);
  const groups = await context.directory.listGroups();
  if (groups.length === 0) throw none('EntityNotExist.Group', 'there are no groups yet', 'ramctl group create');
  return prompter.find(
    'Group',
    groups.map(({ GroupName }) => ({ value: GroupName, name: GroupName })),
  );
}

function asked(context: CommandContext, field: string, hint: string) {
  return context.prompts.require({ what: `missing required argument '${field}'`, field, hint });
}

async function userChoices(context: CommandContext) {
  const users = await context.directory.listUsers();
  if (users.length === 0) throw none('EntityNotExist.User', 'there are no users yet', 'ramctl user create');
  return users.map(({ UserName, DisplayName }) => ({
    value: UserName,
    name: DisplayName === UserName ? UserName : `${UserName} (${DisplayName})`,
  }));
}

function none(code: string, message: string, Hint: string): Failure {
  return new Failure('missing', code, message, { Hint });
}
