import { Cancelled } from '../ask/prompter.ts';
import { Failure } from '../core/failure.ts';
import { plain, plainLines } from '../core/plain.ts';
import { paint } from '../view/format.ts';
import { plainly } from '../view/plain.ts';
import { NO_PAINT, type Paint } from '../view/style.ts';
import type { Host } from './app.ts';
import { EXIT } from './exit.ts';
import { NOUNS } from './program.ts';

/** Says on stderr what went wrong, and gives the exit code for it. */
export async function report(
  error: unknown,
  words: string[],
  host: Pick<Host, 'terminal' | 'environment'>,
): Promise<number> {
  const { terminal, environment } = host;
  const isDebug = isGiven(words, '--debug');
  const stack = isDebug && error instanceof Error ? error.stack : undefined;
  const failure = error instanceof Cancelled ? CANCELLED : error instanceof Failure ? error : bug(error);
  const asOne = wantsJson(words, environment.output);
  terminal.err(asOne ? asJson(failure, words, stack) : asText(failure, words, stack, await paintFor(words, host)));
  if (error instanceof Cancelled) return EXIT.interrupted;
  return error instanceof Failure ? EXIT[error.kind] : EXIT.bug;
}

/** The colours for stderr, as far as the words and the environment allow any. */
async function paintFor(
  words: string[],
  { terminal, environment }: Pick<Host, 'terminal' | 'environment'>,
): Promise<Paint> {
  const color = lastValue(words, /^--color$/, /^--color=(.+)$/) ?? environment.color;
  return paint(color === 'never' ? 0 : terminal.colours.err);
}

/** What an interrupted command says. */
export function interruption(written: boolean, words: string[], output: string | undefined): string {
  const what = `interrupted; ${written ? 'the change was written' : 'nothing was written'}`;
  const failure = new Failure('refused', 'Interrupted', what);
  return wantsJson(words, output) ? asJson(failure, words) : asText(failure, words);
}

const CANCELLED = new Failure('refused', 'Cancelled', 'cancelled; nothing was written');

function asJson(failure: Failure, words: string[], Stack?: string): string {
  const { code, message, details } = failure;
  const Blockers = details.Blockers?.map((blocker) => ({ ...blocker, Command: here(blocker.Command, words) }));
  const error = { Code: code, Message: message, ...details, Hint: hintFor(failure, words), Blockers, Stack };
  return `${JSON.stringify(plainly(error))}\n`;
}

function asText(failure: Failure, words: string[], stack?: string, { red, bold } = NO_PAINT): string {
  const { message, details } = failure;
  const lines = [`error: ${message}`];
  for (const { Row, Field, Message } of details.Errors ?? []) {
    const place = [Row === undefined ? [] : `row ${Row}`, Field ?? []].flat().join(', ');
    lines.push(`  ${place === '' ? '' : `${place}: `}${Message}`);
  }
  for (const { Kind, Name, Command } of details.Blockers ?? []) {
    lines.push(`  ${Kind} ${Name}: ${here(Command, words)}`);
  }
  const hint = hintFor(failure, words);
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  const text = lines
    .map(plain)
    .join('\n')
    .replace(/^error:/, bold(red('error:')))
    .replace(/^hint:/m, bold('hint:'));
  return `${text}\n${stack ? `${plainLines(stack)}\n` : ''}`;
}

/** The failure's own hint, or the help of the command at hand. */
function hintFor({ kind, details, code }: Failure, words: string[]): string | undefined {
  if (details.Hint !== undefined) return here(details.Hint, words);
  if (kind !== 'usage' && !code.startsWith('InvalidParameter.')) return undefined;
  return helpCommand(words);
}

/** The help of the command that the words name, as far as they name one. */
export function helpCommand(words: string[]): string {
  const nounOf = (word = '') => Object.entries(NOUNS).find(([name, { alias }]) => [name, alias].includes(word))?.[1];
  const start = words.findIndex((word) => nounOf(word));
  const isPart = words[start + 1] === 'settings' || words[start + 1] === 'rotation';
  const length = start === -1 ? 0 : nounOf(words[start])?.alone ? 1 : isPart ? 3 : 2;
  const spoken = words.slice(start, start + length).filter((word) => /^[a-z][a-z-]+$/.test(word));
  return ['ramctl help', ...spoken].join(' ');
}

/** A command of ours, made to work on the directory that this command line names. */
export function here(command: string, words: string[]): string {
  const target = lastValue(words, /^(?:--directory|-[yq]*d)$/, /^(?:--directory=|-[yq]*d=?)(.+)$/);
  return target === undefined ? command : command.replace(/^ramctl (?!help|-d )/, `ramctl -d ${quoted(target)} `);
}

/** A flag with its value, as one word where the value would be taken for another flag. */
export function flagged(flag: string, value: string): string[] {
  return value.startsWith('-') ? [`--${flag}=${value}`] : [`--${flag}`, value];
}

/** The command line, as it can be typed again. */
export function commandLine(words: string[]): string {
  return ['ramctl', ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

function bug(error: unknown): Failure {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure('refused', 'Bug', `this is a bug in ramctl: ${what}`, {
    Hint: 'please report it, with what the same command prints under --debug',
  });
}

/**
 * Whether errors are to be JSON. Read from the words themselves, since the command line may be what is wrong; the last
 * one counts, as it does for commander.
 */
export function wantsJson(words: string[], fallback: string | undefined): boolean {
  return (lastValue(words, /^(?:--output|-[yq]*o)$/, /^(?:--output=|-[yq]*o=?)(.+)$/) ?? fallback) === 'json';
}

/** The last value that a flag is given, in a word of its own or in the same. */
function lastValue(words: string[], alone: RegExp, joined: RegExp): string | undefined {
  let value: string | undefined;
  for (const [index, word] of words.entries()) {
    if (word === '--') break;
    if (alone.test(word)) value = words[index + 1];
    else value = joined.exec(word)?.[1] ?? value;
  }
  return value;
}

function isGiven(words: string[], flag: string): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).includes(flag);
}
