import type { Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { View } from '../view/format.ts';
import type { CommandContext } from './command-context.ts';
import { changeAndShow, commitAndShow } from './output.ts';
import { remarkOnUndo } from './remarks.ts';

/** A deletion that the user confirms after seeing what will be deleted. */
export interface Deletion<T> {
  view: View<T>;
  remove: (operations: Operations) => Promise<T>;
  /** Builds the confirmation question. With a `word`, the user must type this word to confirm. */
  question: (affected: T) => { question: string; word?: string | undefined };
  dryRun?: boolean | undefined;
  /** False if the question names all that will be deleted (default: true). */
  hasPreview?: boolean;
}

/**
 * Shows what will be deleted, asks for a confirmation, and deletes exactly that. In a remote directory, a change by another
 * process during the deletion itself is not noticed. With `dryRun`, it only prints what would be deleted. Returns whether the user has confirmed what was shown.
 * @throws Failure `refused` (`ChangedMeanwhile`) if something else would be deleted than what was shown
 */
export async function confirmAndDelete<T>(context: CommandContext, deletion: Deletion<T>): Promise<boolean> {
  const { view, remove, question, dryRun, hasPreview = true } = deletion;
  const preview = async () => (await context.directory.dryRun().atomically(remove)).value;
  if (dryRun) {
    await context.output.show(view, await preview());
    context.output.remark('remark: This was a dry run. Nothing was deleted.');
    return false;
  }
  context.prompts.requireConfirmation();
  let shown: T | undefined;
  await context.prompts.confirm(async () => {
    shown = await preview();
    if (hasPreview) await context.output.showPrompt(view, shown);
    return question(shown);
  });
  const assertSame = (affected: T): T => {
    if (shown === undefined || JSON.stringify(shown) === JSON.stringify(affected)) return affected;
    const message = 'the data changed while the question was open; nothing was deleted';
    const Hint = 'run the command again to see the current data';
    throw new Failure('refused', 'ChangedMeanwhile', message, { Hint });
  };
  if (context.target.kind === 'local') {
    const removeSame = async (operations: Operations) => assertSame(await remove(operations));
    const { changeId } = await commitAndShow(context, view, removeSame);
    remarkOnUndo(context, changeId, 'brings back what was deleted');
  } else {
    // A remote directory cannot undo a deletion, so that the comparison comes first.
    if (shown !== undefined) assertSame(await preview());
    await changeAndShow(context, view, remove);
  }
  return shown !== undefined;
}
