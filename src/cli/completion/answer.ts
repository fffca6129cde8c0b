import type { Option } from 'commander';
import type { Directory } from '../../core/directory.ts';
import { plain } from '../../core/plain.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { System } from '../system.ts';
import { type Candidate, type Source, sourceForArgument, sourceForOption } from './names.ts';
import { locate, optionsOf, type Position } from './position.ts';

/** A value that is missing at the cursor. */
interface Blank {
  choices: readonly string[] | undefined;
  source: Source | undefined;
  /** Values that were given already. */
  taken: string[];
  /** What stands before the value in its word: `--output=`. */
  head: string;
}

/**
 * Answers the scripts: what the last of the words, which is not finished, may become. Whoever presses Tab is in the
 * middle of a line: whatever goes wrong is no answer, and nothing is said about it.
 */
export async function complete(words: string[], program: RamctlCommand, system: System): Promise<number> {
  try {
    const position = await locate(program, words.slice(0, -1));
    const target = position?.given.get('directory')?.at(-1) ?? system.environment.directory;
    const open = async () => (await system.openDirectory(target)).directory;
    const candidates = position ? await answer(position, words.at(-1) ?? '', open) : [];
    const lines = candidates.map(([value, about]) => `${value}\t${about === value ? '' : plain(about ?? '')}\n`);
    await system.terminal.out(lines.join(''));
  } catch {}
  return EXIT.done;
}

/** The directory is opened when names are needed, and only then. */
async function answer(position: Position, word: string, open: () => Promise<Directory>): Promise<Candidate[]> {
  const blank = blankAt(position, word);
  if (!blank) {
    const isCommand = position.command.commands.length > 0 && !isFlag(position, word);
    return isCommand ? commandsBelow(position.command, word) : fitting(optionsLeft(position), word);
  }
  const { choices, source, taken, head } = blank;
  const text = word.slice(head.length);
  if (source === 'file') return [[':files', head]];
  if (source === 'sink') return text.startsWith('file:') ? [[':files', `${head}file:`]] : [];
  const names = choices?.map((value) => [value, null] as const) ?? (await source?.(await open(), position)) ?? [];
  const free = names.filter(([value]) => !taken.includes(value));
  // Names are of these characters; whatever else a damaged file holds is not for a shell.
  const safe = free.filter(([value]) => /^[\w.@-]+$/.test(value));
  return fitting(safe, text).map(([value, about]) => [head + value, about]);
}

function blankAt(position: Position, word: string): Blank | undefined {
  const { command, words, given, open, isHelp } = position;
  const [head = '', long] = (isFlag(position, word) && /^(--[^=]+)=/.exec(word)) || [];
  const option = open ?? optionsOf(command).find((one) => one.required && one.long === long);
  if (option) {
    const taken = given.get(option.name()) ?? [];
    return { choices: option.argChoices, source: sourceForOption(option), taken, head };
  }
  const { registeredArguments } = command;
  const argument = registeredArguments[words.length] ?? registeredArguments.findLast(({ variadic }) => variadic);
  if (!argument || isHelp || isFlag(position, word)) return undefined;
  const source = sourceForArgument(argument, command);
  const taken = argument.variadic ? words.slice(registeredArguments.length - 1) : [];
  return argument.argChoices || source ? { choices: argument.argChoices, source, taken, head } : undefined;
}

function isFlag({ open, isLiteral }: Position, word: string): boolean {
  return !open && !isLiteral && word.startsWith('-');
}

/** The options that may still be given. */
function optionsLeft({ command, given, isHelp, isLiteral }: Position): Candidate[] {
  if (isHelp || isLiteral) return [];
  const left = optionsOf(command).filter((option) => {
    const values = given.get(option.name());
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
function commandsBelow({ commands }: RamctlCommand, word: string): Candidate[] {
  const named = commands.map((child) => [child.name(), child.summary()] as const);
  const aliases = commands.flatMap((child) => child.aliases().map((alias) => [alias, child.summary()] as const));
  const found = fitting(named, word);
  return found.length > 0 ? found : fitting(aliases, word);
}

/** Those that begin like the word; regardless of case when none does exactly. */
function fitting(candidates: readonly Candidate[], word: string): Candidate[] {
  const exact = candidates.filter(([value]) => value.startsWith(word));
  if (exact.length > 0) return exact;
  return candidates.filter(([value]) => value.toLowerCase().startsWith(word.toLowerCase()));
}
