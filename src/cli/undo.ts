import { Failure, isFailure } from '../core/failure.ts';
import type { ChangedRecord } from '../core/history.ts';
import { cutText } from '../view/cut-text.ts';
import { recordsView, undoneView } from '../view/history.ts';
import { requireArgumentPrompter } from './choose.ts';
import type { RamctlCommand } from './command.ts';
import type { LocalContext } from './command-context.ts';
import { NO_HISTORY_HINT } from './history/no-history-hint.ts';
import { remarkOnUndo } from './remarks.ts';

/** How many changes a user can choose from. */
const MAX_CHOICES = 20;

/** A longer line would be wrapped at a terminal of 80 columns. */
const MAX_CHOICE_WIDTH = 76;

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('[change-id]', {
    'Print what would be restored, and restore nothing': 'ramctl undo 2-a1b2c3 --dry-run',
    'Undo a change without a question': 'ramctl undo 2-a1b2c3 --yes',
  });
  verb.describe(`Restores the records of a change as they were before it, in one transaction, and asks for a confirmation. A deleted
    user comes back with password, AccessKeys, MFA device, groups and policies. What the change created is deleted.
    Other records stay as they are. Refuses if one of the records has changed since, or if the change is older than 30 days.
    An undo is a change too and can be undone. Without an ID, asks which change to undo.`);
  verb.option('--dry-run', 'print what would be restored, and restore nothing');
  verb.setLocalAction<{ dryRun?: boolean }>(
    NO_HISTORY_HINT,
    async (context, { dryRun }, givenId: string | undefined) => {
      if (!dryRun && givenId !== undefined) context.prompts.requireConfirmation();
      const id = givenId ?? (await chooseChange(context));
      const Records = await explainConflict(context.history.previewUndo(id));
      if (!dryRun) return undo(context, id, Records);
      await context.output.show(recordsView, { Records });
      context.output.remark('remark: This was a dry run. Nothing was restored.');
    },
  );
}

/** Undoes a change after a confirmation. `preview` is what it restores. */
async function undo(context: LocalContext, id: string, preview: ChangedRecord[]): Promise<undefined> {
  const { history, output, prompts } = context;
  const { CanUndo: _, ...undone } = await history.get(id);
  // A result that cannot be formatted must fail before anything is restored.
  output.format(undoneView, { ...undone, Records: preview });
  await prompts.confirm(async () => {
    await output.showPrompt(recordsView, { Records: preview });
    return { question: `Undo the change of ${undone.Date} by ${undone.Actor}: ${undone.Summary}?` };
  });
  const change = await explainConflict(history.undo(id));
  await output.printCommitted(output.format(undoneView, change));
  remarkOnUndo(context, change.ChangeId, 'undoes this undo');
}

/** Asks for one of the latest changes. @throws Failure `usage` if no question can be asked, `missing` without changes */
async function chooseChange(context: LocalContext): Promise<string> {
  const prompter = await requireArgumentPrompter(context, 'change-id', 'ramctl history');
  const changes = await context.history.list({ limit: MAX_CHOICES });
  const choices = changes.map(({ ChangeId, Date: date, Summary }) => ({
    value: ChangeId,
    name: cutText(`${date}  ${Summary}`, MAX_CHOICE_WIDTH),
  }));
  if (choices.length === 0) throw new Failure('missing', 'EntityNotExist.Change', 'the history contains no changes');
  return prompter.search('Change to undo', choices);
}

/** Adds what to do to the error for records that have changed since. */
async function explainConflict<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (isFailure(error, 'ChangedMeanwhile'))
      error.details.Hint = 'undo the later changes of these records first; "ramctl history" lists them';
    throw error;
  });
}
