import { Failure } from '../core/failure.ts';
import { plain } from '../view/plain.ts';
import type { App } from './app.ts';

/** The user that the command line names, or the one that a person picks from all there are. */
export async function chooseUser(app: App, name: string | undefined, command: string): Promise<string> {
  if (name !== undefined) return name;
  const prompter = await app.ask({ what: "missing required argument 'user'", field: 'user', hint: command });
  const users = await app.directory.listUsers();
  if (users.length === 0) {
    throw new Failure('missing', 'EntityNotExist.User', 'there are no users yet', { Hint: 'ramctl user create' });
  }
  return prompter.find(
    'User',
    users.map(({ UserName, DisplayName }) => ({
      value: UserName,
      name: plain(DisplayName === UserName ? UserName : `${UserName} (${DisplayName})`),
    })),
  );
}
