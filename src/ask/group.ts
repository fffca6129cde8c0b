import { Failure } from '../core/failure.ts';
import { checkGroupName, checkText } from '../core/names.ts';
import { fold } from '../core/state.ts';
import type { Prompter } from './prompter.ts';

/** A group as it shall be; what is there already may stay, empty comments are none. `taken`: folded names of others. */
export async function askGroup(
  prompter: Prompter,
  group: { GroupName: string; Comments: string | null },
  taken: Set<string>,
): Promise<{ GroupName: string; Comments: string }> {
  const checkNewName = (answer: string) => {
    checkGroupName(answer);
    if (taken.has(fold(answer))) throw new Failure('refused', 'EntityAlreadyExists.Group', `${answer} is taken`);
  };
  return {
    GroupName: await prompter.text('Group name', { initial: group.GroupName, check: checkNewName }),
    Comments: await prompter.text('Comments (optional)', {
      initial: group.Comments ?? '',
      check: (text) => text === '' || checkText(text, 'Comments'),
    }),
  };
}
