import { Cancelled } from '../ask/prompter.ts';
import { stripControlCharacters, stripControlsKeepLines } from '../core/control-characters.ts';
import { Failure } from '../core/failure.ts';
import { loadColours } from '../view/format.ts';
import { toPlainData } from '../view/plain-data.ts';
import { type Colours, NO_COLOURS } from '../view/style.ts';
import { hasFlag, lastValue, wantsJson, withDirectory } from './args.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { NOUNS } from './nouns.ts';
import type { System } from './system.ts';

/** Says on stderr what went wrong, and gives the exit code for it. */
export async function reportError(
  error: unknown,
  args: string[],
  system: Pick<System, 'terminal' | 'environment'>,
): Promise<number> {
  const { terminal, environment } = system;
  const isDebug = hasFlag(args, '--debug');
  const stack = isDebug && error instanceof Error ? error.stack : undefined;
  const failure = error instanceof Cancelled ? CANCELLED : error instanceof Failure ? error : toBugFailure(error);
  const asOne = wantsJson(args, environment.output);
  terminal.writeStderr(
    asOne
      ? formatFailureJson(failure, args, stack)
      : formatFailureText(failure, args, stack, await selectErrorColours(args, system)),
  );
  if (error instanceof Cancelled) return EXIT_CODES.interrupted;
  return error instanceof Failure ? EXIT_CODES[error.kind] : EXIT_CODES.bug;
}

/** The colours for stderr, as far as the args and the environment allow any. */
async function selectErrorColours(
  args: string[],
  { terminal, environment }: Pick<System, 'terminal' | 'environment'>,
): Promise<Colours> {
  const color = lastValue(args, /^--color$/, /^--color=(.+)$/) ?? environment.color;
  return loadColours(color === 'never' ? 0 : terminal.colourLevels.err);
}

/** What an interrupted command says. */
export function interruptionMessage(written: boolean, args: string[], output: string | undefined): string {
  const what = `interrupted; ${written ? 'the change was written' : 'nothing was written'}`;
  const failure = new Failure('refused', 'Interrupted', what);
  return wantsJson(args, output) ? formatFailureJson(failure, args) : formatFailureText(failure, args);
}

const CANCELLED = new Failure('refused', 'Cancelled', 'cancelled; nothing was written');

function formatFailureJson(failure: Failure, args: string[], Stack?: string): string {
  const { code, message, details } = failure;
  const Blockers = details.Blockers?.map((blocker) => ({ ...blocker, Command: withDirectory(blocker.Command, args) }));
  const error = { Code: code, Message: message, ...details, Hint: findHint(failure, args), Blockers, Stack };
  return `${JSON.stringify(toPlainData(error))}\n`;
}

function formatFailureText(failure: Failure, args: string[], stack?: string, { red, bold } = NO_COLOURS): string {
  const { message, details } = failure;
  const lines = [`error: ${message}`];
  for (const { Row, Field, Message } of details.Errors ?? []) {
    const place = [Row === undefined ? [] : `row ${Row}`, Field ?? []].flat().join(', ');
    lines.push(`  ${place === '' ? '' : `${place}: `}${Message}`);
  }
  for (const { Kind, Name, Command } of details.Blockers ?? []) {
    lines.push(`  ${Kind} ${Name}: ${withDirectory(Command, args)}`);
  }
  const hint = findHint(failure, args);
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  const text = lines
    .map(stripControlCharacters)
    .join('\n')
    .replace(/^error:/, bold(red('error:')))
    .replace(/^hint:/m, bold('hint:'));
  return `${text}\n${stack ? `${stripControlsKeepLines(stack)}\n` : ''}`;
}

/** The failure's own hint, or the help of the command at hand. */
function findHint({ kind, details, code }: Failure, args: string[]): string | undefined {
  if (details.Hint !== undefined) return withDirectory(details.Hint, args);
  if (kind !== 'usage' && !code.startsWith('InvalidParameter.')) return undefined;
  return formatHelpCommand(args);
}

/** The help of the command that the args name, as far as they name one. */
export function formatHelpCommand(args: string[]): string {
  const nounOf = (arg = '') => Object.entries(NOUNS).find(([name, { alias }]) => [name, alias].includes(arg))?.[1];
  const start = args.findIndex((arg) => nounOf(arg));
  const isPart = args[start + 1] === 'settings' || args[start + 1] === 'rotation';
  const length = start === -1 ? 0 : nounOf(args[start])?.standalone ? 1 : isPart ? 3 : 2;
  const spoken = args.slice(start, start + length).filter((arg) => /^[a-z][a-z-]+$/.test(arg));
  return ['ramctl help', ...spoken].join(' ');
}

function toBugFailure(error: unknown): Failure {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure('refused', 'Bug', `this is a bug in ramctl: ${what}`, {
    Hint: 'please report it, with what the same command prints under --debug',
  });
}
