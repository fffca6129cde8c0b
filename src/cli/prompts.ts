import { Cancelled, type Prompter } from '../ask/prompter.ts';
import { stripUnsafeCharacters, stripUnsafeExceptLayout } from '../core/unsafe-characters.ts';
import { commandLine } from './args.ts';
import { colourLevel } from './output.ts';
import type { Settings } from './settings.ts';
import type { System } from './system.ts';
import { usageError } from './usage-error.ts';

/** Questions to the user at the terminal. */
export type Prompts = ReturnType<typeof createPrompts>;

/** `accountLine` names the account of a remote directory. It is printed before the first question. */
export function createPrompts(settings: Settings, system: System, args: string[], accountLine?: () => Promise<string>) {
  const { terminal } = system;
  const canAsk = settings.input && terminal.isInteractive;
  let isAccountShown = accountLine === undefined;
  const openPrompter = async () => {
    if (accountLine && !isAccountShown) terminal.writeStderr(`${stripUnsafeCharacters(await accountLine())}\n`);
    isAccountShown = true;
    return system.openPrompter(colourLevel(settings, terminal, 'err') > 0);
  };
  /**
   * Destructive verbs call this before they read the directory.
   * @throws Failure `usage` if a confirmation is needed and no question can be asked
   */
  const requireConfirmation = (): void => {
    if (settings.yes || canAsk) return;
    throw usageError('this command needs a confirmation or --yes', '--yes', commandLine(['--yes', ...args]));
  };
  return {
    /** Whether a question can be asked. */
    canAsk,
    requireConfirmation,
    /** Returns a prompter. @throws Failure `usage` with these details if no question can be asked */
    async requirePrompter(message: string, field: string, hint: string): Promise<Prompter> {
      if (!canAsk) throw usageError(message, field, hint);
      return openPrompter();
    },
    /**
     * Asks for a confirmation. With a `word`, the user must type that word instead of answering yes. With `--yes`, it
     * returns at once and does not call `describe`. @throws Cancelled
     */
    async confirm(describe: () => Promise<{ question: string; word?: string | undefined }>): Promise<void> {
      if (settings.yes) return;
      requireConfirmation();
      const prompter = await openPrompter();
      const { question, word } = await describe();
      const text = stripUnsafeExceptLayout(question);
      const answer = word ? await prompter.text(`${text} Type ${word} to confirm`) : await prompter.confirm(text);
      if (answer !== (word ?? true)) throw new Cancelled();
    },
  };
}
