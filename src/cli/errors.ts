import { Cancelled } from '../ask/prompter.ts';
import { Failure } from '../core/failure.ts';
import { RESUME_HINT } from '../core/import-journal.ts';
import { stripUnsafeCharacters, stripUnsafeExceptLayout } from '../core/unsafe-characters.ts';
import { toPrintableData } from '../view/printable-data.ts';
import { loadColours, NO_COLOURS } from '../view/style.ts';
import { scanGlobalOptions, wantsJson, withDirectory } from './args.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { System } from './system.ts';

/** Whether the command line is wrong. */
export function isWrongInput({ kind, code }: Failure): boolean {
  return kind === 'usage' || code.startsWith('InvalidParameter.');
}

/** Writes an error to stderr and returns its exit code. */
export async function reportError(error: unknown, args: string[], system: System): Promise<number> {
  const { terminal, environment } = system;
  const { debug, color = environment.color } = scanGlobalOptions(args);
  const [failure, exitCode] = classifyError(error);
  const stack = debug && error instanceof Error ? error.stack : undefined;
  const colours = await loadColours(color === 'never' ? 0 : terminal.colourLevel('err'));
  terminal.writeStderr(formatFailure(failure, args, environment.output, stack, colours));
  return exitCode;
}

function classifyError(error: unknown): [failure: Failure, exitCode: number] {
  if (error instanceof Failure) return [error, EXIT_CODES[error.kind]];
  if (error instanceof Cancelled) return [new Failure('refused', 'Cancelled', error.message), EXIT_CODES.interrupted];
  const description = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const Hint = 'run the same command with --debug and report its output';
  return [new Failure('refused', 'Bug', `this is a bug in ramctl: ${description}`, { Hint }), EXIT_CODES.bug];
}

/** What a command has written. Only a change of a remote directory can be written in part. */
export type Written = 'nothing' | 'part' | 'all';

const INTERRUPTIONS: Record<Written, string> = {
  nothing: 'nothing was written',
  part: 'a part of the change may have been written',
  all: 'the change was written',
};

/** The message of an interrupted command. */
export function interruptionMessage(
  { written, isResumable }: { written: Written; isResumable?: boolean },
  args: string[],
  defaultFormat: string | undefined,
): string {
  const message = `interrupted; ${isResumable ? 'some users may have been created' : INTERRUPTIONS[written]}`;
  const Hint = isResumable ? RESUME_HINT : undefined;
  return formatFailure(new Failure('refused', 'Interrupted', message, { Hint }), args, defaultFormat);
}

/** The notice that an interrupted command finishes its change. Empty for JSON, because only errors are printed then. */
export function finishingMessage(args: string[], defaultFormat: string | undefined): string {
  if (wantsJson(args, defaultFormat)) return '';
  return 'Finishing the change. Interrupt again to end at once; a part of the change may remain.\n';
}

function formatFailure(failure: Failure, args: string[], defaultFormat?: string, stack?: string, colours = NO_COLOURS) {
  const { code, message, details } = failure;
  const { red, bold } = colours;
  const hint = details.Hint && withDirectory(details.Hint, args);
  const blockers = details.Blockers?.map((blocker) => ({ ...blocker, Command: withDirectory(blocker.Command, args) }));
  if (wantsJson(args, defaultFormat)) {
    const error = { Code: code, Message: message, ...details, Hint: hint, Blockers: blockers, Stack: stack };
    return `${JSON.stringify(toPrintableData(error))}\n`;
  }
  const lines = [`error: ${message}`];
  for (const { Row, Field, Message } of details.Errors ?? []) {
    // A message about a file names its line and column.
    const hasPlace = /, line \d+, column \d+: /.test(Message);
    const position = hasPlace ? '' : [Row && `row ${Row}`, Field].filter(Boolean).join(', ');
    lines.push(`  ${position && `${position}: `}${Message}`);
  }
  if (details.RequestId && !message.includes(details.RequestId)) lines.push(`  RequestId: ${details.RequestId}`);
  for (const { Kind, Name, Command } of blockers ?? []) lines.push(`  ${Kind} ${Name}: ${Command}`);
  if (hint) lines.push(`hint: ${hint}`);
  const text = lines
    .map(stripUnsafeCharacters)
    .join('\n')
    .replace(/^error:/, bold(red('error:')))
    .replace(/^hint:/m, bold('hint:'));
  return `${text}\n${stack ? `${stripUnsafeExceptLayout(stack)}\n` : ''}`;
}
