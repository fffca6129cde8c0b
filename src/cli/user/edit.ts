import { describeUser } from '../../core/journeys/describe.ts';
import { userView } from '../../view/user.ts';
import { usage } from '../app.ts';
import type { RamctlCommand } from '../command.ts';

interface Options {
  name?: string;
  displayName?: string;
  comments?: string;
  email?: string;
  mobilePhone?: string;
}

export function declareEdit(noun: RamctlCommand): void {
  const verb = noun.verb('edit [name]', 'rename a user or change what is known about them', [
    'ramctl user edit alice --name alice.li --display-name "Alice Li"',
    'ramctl user edit alice --comments ""',
  ]);
  verb.option('--name <new>', 'rename; id, keys and policies stay, the logon name changes');
  verb.option('--display-name <text>', 'how the user is shown; empty: as the name');
  verb.option('--comments <text>', 'remarks; empty: none');
  verb.option('--email <address>', 'mail address; empty: none');
  verb.option('--mobile-phone <number>', 'country code, hyphen, number; empty: none');
  verb.does<Options>(async (app, options, name: string | undefined) => {
    if (name === undefined)
      throw usage("missing required argument 'name'", 'name', 'ramctl user edit <name> --comments …');
    if (!isChange(options)) {
      throw usage(
        'nothing to change',
        '--name',
        'name at least one of --name --display-name --comments --email --mobile-phone',
      );
    }
    const user = await app.change(userView, async (operations) => {
      const { UserName } = await operations.updateUser({
        UserName: name,
        NewUserName: options.name,
        NewDisplayName: options.displayName,
        NewComments: options.comments,
        NewEmail: options.email,
        NewMobilePhone: options.mobilePhone,
      });
      return describeUser(operations, UserName);
    });
    if (options.name !== undefined && user.LoginProfile) {
      app.note(`remark: the logon name is now ${user.UserPrincipalName}`);
    }
  });
}

function isChange({ name, displayName, comments, email, mobilePhone }: Options): boolean {
  return [name, displayName, comments, email, mobilePhone].some((value) => value !== undefined);
}
