import { askGroup } from '../../ask/group.ts';
import type { CreateGroupInput, Operations } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import { describeGroup, type GroupDetails } from '../../core/workflows/group.ts';
import { groupView } from '../../view/group.ts';
import { buildArgs } from '../args.ts';
import { requireArgumentPrompter } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { changeAndShow } from '../output.ts';
import { remarkEquivalent, remarkOnDryRun } from '../remarks.ts';

type Options = { comments?: string; ifNotExists?: boolean; dryRun?: boolean };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'Create a group', {
    'Create a group with comments': 'ramctl group create operators --comments "Operators on call"',
    'Create a group unless it exists': 'ramctl group create operators --if-not-exists',
  });
  verb.describe(`Creates a group without members and policies. Refuses a name that exists, unless --if-not-exists is
    set. Prints the group. Without a name, the command asks for name and comments.`);
  verb.option('--comments <text>', 'free text about the group, up to 128 characters');
  verb.option('--if-not-exists', 'print the group and create nothing if the name exists');
  verb.option('--dry-run', 'check everything and create nothing');
  verb.createsDirectory();
  verb.setAction<Options>(async (context, { comments, ifNotExists, dryRun }, name: string | undefined) => {
    const group = name === undefined ? await askNewGroup(context, comments) : { GroupName: name, Comments: comments };
    const { GroupName, Comments } = group;
    const create = async (operations: Operations) => {
      const existing = ifNotExists ? await nullIfCode(operations.getGroup(group), 'EntityNotExist.Group') : null;
      if (!existing) await operations.createGroup(group);
      return describeGroup(operations, GroupName);
    };
    if (dryRun) {
      const { GroupId: _, ...withoutId } = (await context.directory.dryRun().atomically(create)).value;
      await context.output.show(groupView, withoutId as GroupDetails);
      remarkOnDryRun(context);
      return;
    }
    await changeAndShow(context, groupView, create);
    if (name === undefined) {
      remarkEquivalent(context, buildArgs(['group', 'create', GroupName], { comments: Comments }));
    }
  });
}

async function askNewGroup(context: CommandContext, comments = ''): Promise<CreateGroupInput> {
  const prompter = await requireArgumentPrompter(context, 'name', 'ramctl help group create');
  const takenNames = (await context.directory.listGroups()).map(({ GroupName }) => GroupName);
  const answers = await askGroup(prompter, { GroupName: '', Comments: comments }, takenNames);
  return { GroupName: answers.GroupName, Comments: answers.Comments || undefined };
}
