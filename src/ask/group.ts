import { askName, askOptionalText } from './fields.ts';
import type { Prompter } from './prompter.ts';

/** Asks for the members of a group, starting from the given ones. `taken` holds the names in use, case-folded. */
export async function askGroup(
  prompter: Prompter,
  group: { GroupName: string; Comments: string | null },
  taken: Set<string>,
): Promise<{ GroupName: string; Comments: string }> {
  return {
    GroupName: await askName(prompter, 'Group', group.GroupName, taken),
    Comments: await askOptionalText(prompter, 'Comments', 'Comments', group.Comments),
  };
}
