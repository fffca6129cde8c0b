import type { Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { View } from '../view/format.ts';
import type { CommandContext } from './context.ts';
import { changeAndShow } from './output.ts';

/** Something that is deleted after a look at what goes with it. */
export interface Deletion<T> {
  view: View<T>;
  remove: (operations: Operations) => Promise<T>;
  /** What a person is asked, given what would go. */
  question: (going: T) => { question: string; word?: string | undefined };
  dryRun?: boolean | undefined;
}

/**
 * Shows what would go, asks, and deletes just that. Returns whether a person saw what would
 * go before it went.
 */
export async function confirmAndDelete<T>(context: CommandContext, removal: Deletion<T>): Promise<boolean> {
  const { view, remove, question, dryRun } = removal;
  const look = async () => (await context.directory.dryRun().atomically(remove)).value;
  if (dryRun) {
    await context.output.show(view, await look());
    context.output.remark('dry run: nothing was deleted');
    return false;
  }
  context.prompts.requireConfirmation();
  let shown: T | undefined;
  await context.prompts.confirm(async () => {
    shown = await look();
    await context.output.showPrompt(view, shown);
    return question(shown);
  });
  await changeAndShow(context, view, async (operations) => {
    const gone = await remove(operations);
    if (shown !== undefined && JSON.stringify(shown) !== JSON.stringify(gone)) throwChangedMeanwhile();
    return gone;
  });
  return shown !== undefined;
}

/** Nothing goes that was not in the question. */
export function throwChangedMeanwhile(): never {
  throw new Failure('refused', 'ChangedMeanwhile', 'this changed while the question was open; nothing was deleted', {
    Hint: 'look again: the same command with --dry-run, or once more',
  });
}
