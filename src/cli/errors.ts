import { Cancelled } from '../ask/prompter.ts';
import { stripControlCharacters, stripControlsKeepLines } from '../core/control-characters.ts';
import { Failure } from '../core/failure.ts';
import { toPrintableData } from '../view/printable-data.ts';
import { loadColours, NO_COLOURS } from '../view/style.ts';
import { readGlobalOptions, wantsJson, withDirectory } from './args.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { findNoun } from './nouns.ts';
import type { System } from './system.ts';

/** Writes an error to stderr and returns the exit code for it. */
export async function reportError(error: unknown, args: string[], { terminal, environment }: System): Promise<number> {
  const { debug, color = environment.color } = readGlobalOptions(args);
  const [failure, exitCode] = classifyError(error);
  const stack = debug && error instanceof Error ? error.stack : undefined;
  const colours = await loadColours(color === 'never' ? 0 : terminal.colourLevels.err);
  terminal.writeStderr(formatFailure(failure, args, environment.output, stack, colours));
  return exitCode;
}

function classifyError(error: unknown): [failure: Failure, exitCode: number] {
  if (error instanceof Failure) return [error, EXIT_CODES[error.kind]];
  if (error instanceof Cancelled)
    return [new Failure('refused', 'Cancelled', 'cancelled; nothing was written'), EXIT_CODES.interrupted];
  const description = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const bug = new Failure('refused', 'Bug', `this is a bug in ramctl: ${description}`, {
    Hint: 'please report it, with the output of the same command with --debug',
  });
  return [bug, EXIT_CODES.bug];
}

/** The message of an interrupted command. */
export function interruptionMessage(isWritten: boolean, args: string[], defaultFormat: string | undefined): string {
  const message = `interrupted; ${isWritten ? 'the change was written' : 'nothing was written'}`;
  return formatFailure(new Failure('refused', 'Interrupted', message), args, defaultFormat);
}

function formatFailure(
  failure: Failure,
  args: string[],
  defaultFormat: string | undefined,
  stack?: string,
  { red, bold } = NO_COLOURS,
): string {
  const { code, message, details } = failure;
  const hint = findHint(failure, args);
  const blockers = details.Blockers?.map((blocker) => ({ ...blocker, Command: withDirectory(blocker.Command, args) }));
  if (wantsJson(args, defaultFormat)) {
    const error = { Code: code, Message: message, ...details, Hint: hint, Blockers: blockers, Stack: stack };
    return `${JSON.stringify(toPrintableData(error))}\n`;
  }
  const lines = [`error: ${message}`];
  for (const { Row, Field, Message } of details.Errors ?? []) {
    const position = [Row === undefined ? [] : `row ${Row}`, Field ?? []].flat().join(', ');
    lines.push(`  ${position === '' ? '' : `${position}: `}${Message}`);
  }
  for (const { Kind, Name, Command } of blockers ?? []) lines.push(`  ${Kind} ${Name}: ${Command}`);
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  const text = lines
    .map(stripControlCharacters)
    .join('\n')
    .replace(/^error:/, bold(red('error:')))
    .replace(/^hint:/m, bold('hint:'));
  return `${text}\n${stack ? `${stripControlsKeepLines(stack)}\n` : ''}`;
}

/** The failure's own hint. Without one, a usage error or an invalid parameter refers to the help of the command. */
function findHint({ kind, details, code }: Failure, args: string[]): string | undefined {
  if (details.Hint !== undefined) return withDirectory(details.Hint, args);
  return kind === 'usage' || code.startsWith('InvalidParameter.') ? formatHelpCommand(args) : undefined;
}

/** The command line that prints the help of the command in `args`. */
export function formatHelpCommand(args: string[]): string {
  const start = args.findIndex(findNoun);
  const isSubgroup = args[start + 1] === 'settings' || args[start + 1] === 'rotation';
  const length = start === -1 ? 0 : findNoun(args[start])?.standalone ? 1 : isSubgroup ? 3 : 2;
  const names = args.slice(start, start + length).filter((arg) => /^[a-z][a-z-]+$/.test(arg));
  return ['ramctl help', ...names].join(' ');
}
