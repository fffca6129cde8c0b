import { askGroup } from '../../ask/group.ts';
import type { UpdateGroupInput } from '../../core/directory.ts';
import { foldCase } from '../../core/state.ts';
import { describeGroup } from '../../core/workflows/group.ts';
import { findPoliciesMentioning } from '../../core/workflows/policy.ts';
import { groupView } from '../../view/group.ts';
import { chooseGroup } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { changeAndShow } from '../output.ts';
import { remarkOnOldName } from '../remarks.ts';

interface Options {
  name?: string;
  comments?: string;
}

type Changes = Omit<UpdateGroupInput, 'GroupName'>;

export function declareEdit(noun: RamctlCommand): void {
  const verb = noun.verb('edit [name]', 'rename a group or change its comments', [
    'ramctl group edit operators --name on-call',
    'ramctl group edit operators --comments ""',
  ]);
  verb.option('--name <new>', 'rename; members and policies stay');
  verb.option('--comments <text>', 'remarks; empty: none');
  verb.setAction<Options>(async (context, options, word: string | undefined) => {
    const name = await chooseGroup(context, word, 'ramctl group edit <name> --comments …');
    const isNamed = options.name !== undefined || options.comments !== undefined;
    const changes: Changes = isNamed
      ? { NewGroupName: options.name, NewComments: options.comments }
      : await askChanges(context, name);
    if (Object.values(changes).every((value) => value === undefined)) {
      await context.output.show(
        groupView,
        await context.directory.reading((operations) => describeGroup(operations, name)),
      );
      context.output.remark('nothing was changed');
      return undefined;
    }
    let naming: string[] = [];
    const { GroupName } = await changeAndShow(context, groupView, async (operations) => {
      const before = await operations.getGroup({ GroupName: name });
      const after = await operations.updateGroup({ GroupName: name, ...changes });
      if (after.GroupName !== before.GroupName)
        naming = await findPoliciesMentioning(operations, 'group', before.GroupName);
      return describeGroup(operations, after.GroupName);
    });
    remarkOnOldName(context, naming, GroupName);
    return undefined;
  });
}

async function askChanges(context: CommandContext, name: string): Promise<Changes> {
  const hint = `ramctl group edit ${name} --comments …   # or --name`;
  const prompter = await context.prompts.require({ what: 'nothing to change', field: '--name', hint });
  const [group, groups] = await context.directory.reading(async (operations) => [
    await operations.getGroup({ GroupName: name }),
    await operations.listGroups(),
  ]);
  const others = groups.filter(({ GroupId }) => GroupId !== group.GroupId);
  const asked = await askGroup(prompter, group, new Set(others.map(({ GroupName }) => foldCase(GroupName))));
  return {
    NewGroupName: asked.GroupName === group.GroupName ? undefined : asked.GroupName,
    NewComments: asked.Comments === (group.Comments ?? '') ? undefined : asked.Comments,
  };
}
