import { Failure } from '../core/failure.ts';
import { foldCase } from '../core/state.ts';
import { assertValidGroupName, assertValidText } from '../core/validation.ts';
import type { Prompter } from './prompter.ts';

/** A group as it shall be; what is there already may stay, empty comments are none. `taken`: folded names of others. */
export async function askGroup(
  prompter: Prompter,
  group: { GroupName: string; Comments: string | null },
  taken: Set<string>,
): Promise<{ GroupName: string; Comments: string }> {
  const checkNewName = (answer: string) => {
    assertValidGroupName(answer);
    if (taken.has(foldCase(answer))) throw new Failure('refused', 'EntityAlreadyExists.Group', `${answer} is taken`);
  };
  return {
    GroupName: await prompter.text('Group name', { initial: group.GroupName, validate: checkNewName }),
    Comments: await prompter.text('Comments (optional)', {
      initial: group.Comments ?? '',
      validate: (text) => text === '' || assertValidText(text, 'Comments'),
    }),
  };
}
