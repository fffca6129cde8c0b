import { askGroup } from '../../ask/group.ts';
import type { UpdateGroupInput } from '../../core/directory.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { describeGroup } from '../../core/workflows/group.ts';
import { findPoliciesMentioning } from '../../core/workflows/policy.ts';
import { groupView } from '../../view/group.ts';
import { chooseGroup } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { changeAndShow, readAndShow } from '../output.ts';
import { remarkOnOldName } from '../remarks.ts';

type Changes = Omit<UpdateGroupInput, 'GroupName'>;

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('edit [name]', 'Rename a group or change its comments', {
    'Rename a group': 'ramctl group edit operators --name on-call',
    'Remove the comments': 'ramctl group edit operators --comments ""',
  });
  verb.describe(`Changes what the options name; empty comments remove the text. Refuses a new name that exists. Prints
    the group, and remarks on custom policies that still contain the old name. Without options, the command asks for
    each value.`);
  verb.option('--name <new>', 'new group name; members and policies stay');
  verb.option('--comments <text>', 'free text about the group, up to 128 characters');
  verb.setAction<{ name?: string; comments?: string }>(async (context, options, argument: string | undefined) => {
    const name = await chooseGroup(context, argument, 'ramctl group edit <name> --comments …');
    const flags = { NewGroupName: options.name, NewComments: options.comments };
    const changes = hasChanges(flags) ? flags : await askChanges(context, name);
    if (!hasChanges(changes)) {
      await readAndShow(context, groupView, (operations) => describeGroup(operations, name));
      context.output.remark('remark: Nothing was changed.');
      return;
    }
    let policies: string[] = [];
    const group = await changeAndShow(context, groupView, async (operations) => {
      const before = await operations.getGroup({ GroupName: name });
      const { GroupName } = await operations.updateGroup({ GroupName: name, ...changes });
      if (GroupName !== before.GroupName)
        policies = await findPoliciesMentioning(operations, 'group', before.GroupName);
      return describeGroup(operations, GroupName);
    });
    remarkOnOldName(context, policies, group.GroupName);
  });
}

function hasChanges(changes: Changes): boolean {
  return Object.values(changes).some((value) => value !== undefined);
}

/** Asks for name and comments, with the current values as defaults. Returns the new values. */
async function askChanges(context: CommandContext, name: string): Promise<Changes> {
  const hint = shellCommand`ramctl group edit ${name} --comments <text>   # or --name`;
  const prompter = await context.prompts.requirePrompter('nothing to change', '--name', hint);
  const [group, groups] = await context.directory.reading(async (operations) => [
    await operations.getGroup({ GroupName: name }),
    await operations.listGroups(),
  ]);
  const takenNames = groups.map(({ GroupName }) => GroupName);
  const answers = await askGroup(prompter, group, takenNames);
  return {
    NewGroupName: answers.GroupName === group.GroupName ? undefined : answers.GroupName,
    NewComments: answers.Comments === (group.Comments ?? '') ? undefined : answers.Comments,
  };
}
