import { askGroup } from '../../ask/group.ts';
import type { Operations } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import { foldCase } from '../../core/state.ts';
import { describeGroup, type GroupDetails } from '../../core/workflows/group.ts';
import { groupView } from '../../view/group.ts';
import { flagWithValue } from '../args.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { changeAndShow } from '../output.ts';

interface Options {
  comments?: string;
  ifNotExists?: boolean;
  dryRun?: boolean;
}

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'create a group', [
    'ramctl group create operators --comments "Those on call"',
    'ramctl group create operators --if-not-exists',
  ]);
  verb.option('--comments <text>', 'remarks');
  verb.option('--if-not-exists', 'print a group that exists already, and make nothing');
  verb.option('--dry-run', 'check everything, make nothing');
  verb.setAction<Options>(async (context, { comments, ifNotExists, dryRun }, name: string | undefined) => {
    const group =
      name === undefined
        ? await askNewGroup(context, comments)
        : { GroupName: name, ...(comments === undefined ? {} : { Comments: comments }) };
    const { GroupName } = group;
    const create = async (operations: Operations) => {
      const present = ifNotExists ? await nullIfCode(operations.getGroup(group), 'EntityNotExist.Group') : null;
      if (!present) await operations.createGroup(group);
      return describeGroup(operations, GroupName);
    };
    if (dryRun) {
      const { GroupId: _, ...rest } = (await context.directory.dryRun().atomically(create)).value;
      await context.output.show(groupView, rest as GroupDetails);
      context.output.remark('dry run: nothing was made');
      return;
    }
    await changeAndShow(context, groupView, create);
    if (name === undefined) {
      const words = group.Comments === undefined ? [] : flagWithValue('comments', group.Comments);
      context.output.remark(
        `The same from a shell:\n  ${context.output.commandLine(['group', 'create', GroupName, ...words])}`,
      );
    }
  });
}

async function askNewGroup(context: CommandContext, comments: string | undefined) {
  const hint = 'ramctl help group create';
  const prompter = await context.prompts.require({ what: "missing required argument 'name'", field: 'name', hint });
  const groups = await context.directory.listGroups();
  const known = { GroupName: '', Comments: comments ?? null };
  const asked = await askGroup(prompter, known, new Set(groups.map(({ GroupName }) => foldCase(GroupName))));
  return { GroupName: asked.GroupName, ...(asked.Comments === '' ? {} : { Comments: asked.Comments }) };
}
