import type { Option } from 'commander';
import { stripControlCharacters } from '../../core/control-characters.ts';
import type { Directory } from '../../core/directory.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { System } from '../system.ts';
import { type CursorContext, listVisibleOptions, parseCursorContext } from './cursor-context.ts';
import { type Candidate, findArgumentSource, findOptionSource, type ValueSource } from './value-sources.ts';

/** A value that is missing at the cursor. */
interface MissingValue {
  choices: readonly string[] | undefined;
  source: ValueSource | undefined;
  /** Values that were given already. */
  usedValues: string[];
  /** What stands before the value in its word: `--output=`. */
  prefix: string;
}

/**
 * Answers the scripts: what the last of the words, which is not finished, may become. Whoever presses Tab is in the
 * middle of a line: whatever goes wrong is no answer, and nothing is said about it.
 */
export async function printCompletions(words: string[], program: RamctlCommand, system: System): Promise<number> {
  try {
    const position = await parseCursorContext(program, words.slice(0, -1));
    const target = position?.givenOptions.get('directory')?.at(-1) ?? system.environment.directory;
    const open = async () => (await system.openDirectory(target)).directory;
    const candidates = position ? await findCandidates(position, words.at(-1) ?? '', open) : [];
    const lines = candidates.map(
      ([value, about]) => `${value}\t${about === value ? '' : stripControlCharacters(about ?? '')}\n`,
    );
    await system.terminal.writeStdout(lines.join(''));
  } catch {}
  return EXIT_CODES.success;
}

/** The directory is opened when names are needed, and only then. */
async function findCandidates(
  position: CursorContext,
  word: string,
  open: () => Promise<Directory>,
): Promise<Candidate[]> {
  const blank = findMissingValue(position, word);
  if (!blank) {
    const isCommand = position.command.commands.length > 0 && !isFlag(position, word);
    return isCommand ? findSubcommands(position.command, word) : filterByPrefix(findRemainingOptions(position), word);
  }
  const { choices, source, usedValues, prefix } = blank;
  const text = word.slice(prefix.length);
  if (source === 'file') return [[':files', prefix]];
  if (source === 'sink') return text.startsWith('file:') ? [[':files', `${prefix}file:`]] : [];
  const names = choices?.map((value) => [value, null] as const) ?? (await source?.(await open(), position)) ?? [];
  const free = names.filter(([value]) => !usedValues.includes(value));
  // Names are of these characters; whatever else a damaged file holds is not for a shell.
  const safe = free.filter(([value]) => /^[\w.@-]+$/.test(value));
  return filterByPrefix(safe, text).map(([value, about]) => [prefix + value, about]);
}

function findMissingValue(position: CursorContext, word: string): MissingValue | undefined {
  const { command, args, givenOptions, pendingOption, isHelpRequest } = position;
  const [head = '', long] = (isFlag(position, word) && /^(--[^=]+)=/.exec(word)) || [];
  const option = pendingOption ?? listVisibleOptions(command).find((one) => one.required && one.long === long);
  if (option) {
    const usedValues = givenOptions.get(option.name()) ?? [];
    return { choices: option.argChoices, source: findOptionSource(option), usedValues, prefix: head };
  }
  const { registeredArguments } = command;
  const argument = registeredArguments[args.length] ?? registeredArguments.findLast(({ variadic }) => variadic);
  if (!argument || isHelpRequest || isFlag(position, word)) return undefined;
  const source = findArgumentSource(argument, command);
  const taken = argument.variadic ? args.slice(registeredArguments.length - 1) : [];
  return argument.argChoices || source
    ? { choices: argument.argChoices, source, usedValues: taken, prefix: head }
    : undefined;
}

function isFlag({ pendingOption, hasOptionsEnded }: CursorContext, word: string): boolean {
  return !pendingOption && !hasOptionsEnded && word.startsWith('-');
}

/** The options that may still be given. */
function findRemainingOptions({ command, givenOptions, isHelpRequest, hasOptionsEnded }: CursorContext): Candidate[] {
  if (isHelpRequest || hasOptionsEnded) return [];
  const left = listVisibleOptions(command).filter((option) => {
    const values = givenOptions.get(option.name());
    return !values || isRepeatable(option, values[0] ?? '');
  });
  return left.map(({ long, description }) => [long ?? '', description]);
}

/** Whether the value is read as the first of a list. */
function isRepeatable({ parseArg }: Option, value: string): boolean {
  try {
    return Array.isArray(parseArg?.(value, undefined));
  } catch {
    return false;
  }
}

/** Other names of commands are for those who begin to type them. */
function findSubcommands({ commands }: RamctlCommand, word: string): Candidate[] {
  const named = commands.map((child) => [child.name(), child.summary()] as const);
  const aliases = commands.flatMap((child) => child.aliases().map((alias) => [alias, child.summary()] as const));
  const found = filterByPrefix(named, word);
  return found.length > 0 ? found : filterByPrefix(aliases, word);
}

/** Those that begin like the word; regardless of case when none does exactly. */
function filterByPrefix(candidates: readonly Candidate[], word: string): Candidate[] {
  const exact = candidates.filter(([value]) => value.startsWith(word));
  if (exact.length > 0) return exact;
  return candidates.filter(([value]) => value.toLowerCase().startsWith(word.toLowerCase()));
}
