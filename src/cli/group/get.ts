import { describeGroup, summarizeGroups } from '../../core/workflows/group.ts';
import { groupListView, groupView } from '../../view/group.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'a group with its members and policies', ['ramctl group get operators']);
  verb.setAction(async (context, _, name: string) => {
    await context.output.show(
      groupView,
      await context.directory.reading((operations) => describeGroup(operations, name)),
    );
  });
}

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'find groups by name or comments', ['ramctl group list']);
  verb.setAction(async (context, _, keyword: string | undefined) => {
    await context.output.show(
      groupListView,
      await context.directory.reading((operations) => summarizeGroups(operations, keyword)),
    );
  });
}
