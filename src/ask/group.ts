import type { Group } from '../core/directory.ts';
import { askName, askOptionalText } from './fields.ts';
import type { Prompter } from './prompter.ts';

/** Asks for the name and the comments of a group, with the current ones as defaults. */
export async function askGroup(prompter: Prompter, group: Pick<Group, 'GroupName' | 'Comments'>, takenNames: string[]) {
  return {
    GroupName: await askName(prompter, 'Group', group.GroupName, takenNames),
    Comments: await askOptionalText(prompter, 'Comments', 'Comments', group.Comments),
  };
}
