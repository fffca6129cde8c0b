import type { Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { View } from '../view/format.ts';
import type { App } from './app.ts';

/** Something that is deleted after a look at what goes with it. */
export interface Removal<T> {
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
export async function removeAfterLook<T>(app: App, removal: Removal<T>): Promise<boolean> {
  const { view, remove, question, dryRun } = removal;
  const look = async () => (await app.directory.rehearsal().atomically(remove)).value;
  if (dryRun) {
    await app.show(view, await look());
    app.note('dry run: nothing was deleted');
    return false;
  }
  app.confirm.ready();
  let shown: T | undefined;
  await app.confirm.ask(async () => {
    shown = await look();
    await app.tell(view, shown);
    return question(shown);
  });
  await app.change(view, async (operations) => {
    const gone = await remove(operations);
    if (shown !== undefined && JSON.stringify(shown) !== JSON.stringify(gone)) refuseUnseen();
    return gone;
  });
  return shown !== undefined;
}

/** Nothing goes that was not in the question. */
export function refuseUnseen(): never {
  throw new Failure('refused', 'ChangedMeanwhile', 'this changed while the question was open; nothing was deleted', {
    Hint: 'look again: the same command with --dry-run, or once more',
  });
}
