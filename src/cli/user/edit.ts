import { askProfile } from '../../ask/user.ts';
import type { UpdateUserInput } from '../../core/directory.ts';
import { foldCase } from '../../core/state.ts';
import { findPoliciesMentioning } from '../../core/workflows/policy.ts';
import { describeUser } from '../../core/workflows/user.ts';
import { userView } from '../../view/user.ts';
import { flagWithValue } from '../args.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { changeAndShow } from '../output.ts';
import { remarkOnOldName } from '../remarks.ts';

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
  verb.option('--name <new>', 'rename; id, keys, groups and policies stay, the logon name changes');
  verb.option('--display-name <text>', 'how the user is shown; empty: as the name');
  verb.option('--comments <text>', 'remarks; empty: none');
  verb.option('--email <address>', 'mail address; empty: none');
  verb.option('--mobile-phone <number>', 'country code, hyphen, number; empty: none');
  verb.setAction<Options>(async (context, options, word: string | undefined) => {
    const name = await chooseUser(context, word, 'ramctl user edit <name> --comments …');
    const named = buildChanges(options);
    if (Object.values(named).some((value) => value !== undefined)) return applyChanges(context, name, named);
    const changes = await askChanges(context, name);
    if (Object.keys(changes).length === 0) {
      await context.output.show(
        userView,
        await context.directory.reading((operations) => describeUser(operations, name)),
      );
      context.output.remark('nothing was changed');
      return undefined;
    }
    await applyChanges(context, name, changes);
    context.output.remark(
      `The same from a shell:\n  ${context.output.commandLine(buildEquivalentArgs(name, changes))}`,
    );
  });
}

async function applyChanges(context: CommandContext, name: string, changes: UserChanges): Promise<undefined> {
  let naming: string[] = [];
  const user = await changeAndShow(context, userView, async (operations) => {
    const before = await operations.getUser({ UserName: name });
    const { UserName } = await operations.updateUser({ UserName: name, ...changes });
    if (UserName !== before.UserName) naming = await findPoliciesMentioning(operations, 'user', before.UserName);
    return describeUser(operations, UserName);
  });
  remarkOnOldName(context, naming, user.UserName);
  if (changes.NewUserName !== undefined && user.LoginProfile) {
    context.output.remark(`remark: the logon name is now ${user.UserPrincipalName}`);
  }
  return undefined;
}

type UserChanges = Omit<UpdateUserInput, 'UserName'>;

function buildChanges({ name, displayName, comments, email, mobilePhone }: Options): UserChanges {
  return {
    NewUserName: name,
    NewDisplayName: displayName,
    NewComments: comments,
    NewEmail: email,
    NewMobilePhone: mobilePhone,
  };
}

/** The flag for each member that can change. */
const FLAG_BY_FIELD = {
  UserName: 'name',
  DisplayName: 'display-name',
  Comments: 'comments',
  Email: 'email',
  MobilePhone: 'mobile-phone',
} as const;

const EDITABLE_FIELDS = Object.keys(FLAG_BY_FIELD) as (keyof typeof FLAG_BY_FIELD)[];

/** Shows what there is, to be changed; what stays as it is does not count as a change. */
async function askChanges(context: CommandContext, name: string): Promise<UserChanges> {
  const prompter = await context.prompts.require({
    what: 'nothing to change',
    field: '--name',
    hint: `ramctl user edit ${name} --display-name …   # or --name --comments --email --mobile-phone`,
  });
  const [user, users] = await context.directory.reading(async (operations) => [
    await operations.getUser({ UserName: name }),
    await operations.listUsers(),
  ]);
  const profile = await askProfile(prompter, user, new Set(users.map(({ UserName }) => foldCase(UserName))));
  const changes: UserChanges = {};
  for (const member of EDITABLE_FIELDS) {
    if (profile[member] !== (user[member] ?? '')) changes[`New${member}`] = profile[member];
  }
  return changes;
}

function buildEquivalentArgs(name: string, changes: UserChanges): string[] {
  const words = ['user', 'edit', name];
  for (const member of EDITABLE_FIELDS) {
    const value = changes[`New${member}`];
    if (value !== undefined) words.push(...flagWithValue(FLAG_BY_FIELD[member], value));
  }
  return words;
}
