import { Failure } from '../core/failure.ts';
import type { App } from './app.ts';

/** The user that the command line names, or the one that a person picks from all there are. */
export async function chooseUser(app: App, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await asked(app, 'user', command);
  return prompter.find('User', await userChoices(app));
}

/** Any number of users, at least one, where the command line names none. */
export async function chooseUsers(app: App, command: string): Promise<string[]> {
  const prompter = await asked(app, 'user', command);
  const users = await prompter.chooseMany('Users', await userChoices(app));
  if (users.length > 0) return users;
  throw new Failure('usage', 'Usage', 'no user was chosen', { Hint: command });
}

/** The group that the command line names, or the one that a person picks. */
export async function chooseGroup(app: App, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await asked(app, 'group', command);
  const groups = await app.directory.listGroups();
  if (groups.length === 0) throw none('EntityNotExist.Group', 'there are no groups yet', 'ramctl group create');
  return prompter.find(
    'Group',
    groups.map(({ GroupName }) => ({ value: GroupName, name: GroupName })),
  );
}

function asked(app: App, field: string, hint: string) {
  return app.ask({ what: `missing required argument '${field}'`, field, hint });
}

async function userChoices(app: App) {
  const users = await app.directory.listUsers();
  if (users.length === 0) throw none('EntityNotExist.User', 'there are no users yet', 'ramctl user create');
  return users.map(({ UserName, DisplayName }) => ({
    value: UserName,
    name: DisplayName === UserName ? UserName : `${UserName} (${DisplayName})`,
  }));
}

function none(code: string, message: string, Hint: string): Failure {
  return new Failure('missing', code, message, { Hint });
}
