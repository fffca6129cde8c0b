import { askProfile } from '../../ask/user.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { findPoliciesMentioning } from '../../core/workflows/policy.ts';
import { describeUser } from '../../core/workflows/user.ts';
import { userView } from '../../view/user.ts';
import { buildArgs } from '../args.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { changeAndShow, readAndShow } from '../output.ts';
import { remarkEquivalent, remarkOnOldName } from '../remarks.ts';
import { addTagChangeOptions, changeTags, type TagOptions } from '../tags.ts';
import { addProfileOptions, type Profile, type ProfileOptions, profileFromOptions, toProfileFlags } from './profile.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('edit [name]', 'Rename a user or change their profile', {
    'Rename a user and change the display name': 'ramctl user edit alice --name alice.li --display-name "Alice Li"',
    'Remove the comments': 'ramctl user edit alice --comments ""',
    'Set a tag, and remove another one': 'ramctl user edit alice --tag team=iot --untag project',
  });
  verb.describe(`Changes what the options name; an empty value removes a text. Refuses a new name that exists. Prints
    the user, and remarks on custom policies that still contain the old name. Without options, the command asks for
    each value.`);
  verb.option('--name <new>', 'new user name; the ID, keys, groups and policies stay, the logon name changes');
  addProfileOptions(verb);
  addTagChangeOptions(verb);
  verb.setAction<ProfileOptions & TagOptions>(async (context, options, argument: string | undefined) => {
    const name = await chooseUser(context, argument, 'ramctl user edit <name> --comments …');
    const flags = profileFromOptions(options);
    const isAsked = Object.keys(flags).length === 0 && !options.tag && !options.untag;
    const changes = isAsked ? await askChanges(context, name) : flags;
    if (isAsked && Object.keys(changes).length === 0) {
      await readAndShow(context, userView, (operations) => describeUser(operations, name));
      context.output.remark('remark: Nothing was changed.');
      return;
    }
    await applyChanges(context, name, changes, options);
    if (isAsked) remarkEquivalent(context, buildArgs(['user', 'edit', name], toProfileFlags(changes)));
  });
}

async function applyChanges(context: CommandContext, name: string, changes: Profile, tags: TagOptions): Promise<void> {
  const input = Object.fromEntries(Object.entries(changes).map(([field, value]) => [`New${field}`, value]));
  let policies: string[] = [];
  const user = await changeAndShow(context, userView, async (operations) => {
    const before = await operations.getUser({ UserName: name });
    const hasInput = Object.keys(input).length > 0;
    const { UserName } = hasInput ? await operations.updateUser({ UserName: name, ...input }) : before;
    await changeTags(operations, 'user', UserName, tags);
    if (UserName !== before.UserName) policies = await findPoliciesMentioning(operations, 'user', before.UserName);
    return describeUser(operations, UserName);
  });
  remarkOnOldName(context, policies, user.UserName);
  if (changes.UserName !== undefined && user.LoginProfile) {
    context.output.remark(`remark: the logon name is now ${user.UserPrincipalName}`);
  }
}

/** Asks for each field, with the current value as the default. Returns the fields with a new value. */
async function askChanges(context: CommandContext, name: string): Promise<Profile> {
  const hint = shellCommand`ramctl user edit ${name} --display-name <name>   # or --name --comments --email --mobile-phone`;
  const prompter = await context.prompts.requirePrompter('nothing to change', '--name', hint);
  const [user, users] = await context.directory.reading(async (operations) => [
    await operations.getUser({ UserName: name }),
    await operations.listUsers(),
  ]);
  const takenNames = users.map(({ UserName }) => UserName);
  const profile = await askProfile(prompter, user, takenNames);
  return Object.fromEntries(
    Object.entries(profile).filter(([field, value]) => value !== (user[field as keyof Profile] ?? '')),
  );
}
