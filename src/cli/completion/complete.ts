import type { Option } from 'commander';
import { findRemoteTarget } from '../../core/target.ts';
import { stripUnsafeCharacters } from '../../core/unsafe-characters.ts';
import type { RamctlCommand } from '../command.ts';
import { HELP_TOPICS } from '../help/topics.ts';
import type { System } from '../system.ts';
import { type CursorContext, listVisibleOptions, parseCursorContext } from './cursor-context.ts';
import { type Candidate, findArgumentSource, findOptionSource, type ValueList } from './value-sources.ts';

/**
 * Prints the candidates for the last argument, which is not complete, in the format of `scripts.ts`. All errors are
 * ignored, because a message would disturb the line that the user is typing.
 */
export async function printCompletions(args: string[], program: RamctlCommand, system: System): Promise<void> {
  try {
    const cursor = await parseCursorContext(program, args.slice(0, -1));
    const candidates = cursor ? await findCandidates(cursor, args.at(-1) ?? '', system) : [];
    const lines = candidates.map(
      ([value, description]) => `${value}\t${description === value ? '' : stripUnsafeCharacters(description ?? '')}\n`,
    );
    await system.terminal.writeStdout(lines.join(''));
  } catch {}
}

async function findCandidates(cursor: CursorContext, word: string, system: System): Promise<Candidate[]> {
  const missing = findMissingValue(cursor, word);
  if (!missing) {
    const isCommand = cursor.command.commands.length > 0 && !isFlag(cursor, word);
    return isCommand ? await findSubcommands(cursor, word) : filterByPrefix(findRemainingOptions(cursor), word);
  }
  const { source, usedValues, prefix } = missing;
  const text = word.slice(prefix.length);
  if (source === 'file') return [[':files', prefix]];
  if (source === 'sink') return text.startsWith('file:') ? [[':files', `${prefix}file:`]] : [];
  const values = await readValues(source ?? [], cursor, text, system);
  // The shell would complete a name such as -x to an option, except after `--` and as the value of an option.
  const canStartWithHyphen = cursor.pendingOption || cursor.hasOptionsEnded || prefix !== '';
  // A damaged directory may contain names with other characters, which are not safe in a shell.
  const isUsable = (value: string) => /^[\w.@-]+$/.test(value) && (canStartWithHyphen || !value.startsWith('-'));
  const candidates = values.filter(([value]) => isUsable(value) && !usedValues.includes(value));
  return filterByPrefix(candidates, text).map(([value, description]) => [prefix + value, description]);
}

/** Returns the values of a source. The directory is opened only if it is the source. */
async function readValues(
  source: ValueList,
  cursor: CursorContext,
  typed: string,
  system: System,
): Promise<Candidate[]> {
  if (typeof source !== 'function') return source.map((value) => [value, null]);
  const target = cursor.givenOptions.get('directory')?.at(-1) ?? system.environment.directory;
  // Requests would take too long, and would be sent with each press of Tab.
  if (findRemoteTarget(target)) return [];
  // Without a directory, the names of system policies are offered. Nothing is created, because no source changes anything.
  const { directory, history } = await system.openDirectory(target, () => {});
  return source({ directory, history, cursor, typed });
}

/**
 * Returns where the value at the cursor comes from, the values that were given before, and the part of the word before
 * the value, such as `--output=`. Returns undefined if the command line needs no value there.
 */
function findMissingValue(cursor: CursorContext, word: string) {
  const { command, args, givenOptions, pendingOption, isHelpRequest } = cursor;
  const [prefix = '', flag] = (isFlag(cursor, word) && /^(--[^=]+)=/.exec(word)) || [];
  const option = pendingOption ?? listVisibleOptions(command).find(({ required, long }) => required && long === flag);
  if (option) return { source: findOptionSource(option), usedValues: givenOptions.get(option.name()) ?? [], prefix };
  const { registeredArguments } = command;
  const argument = registeredArguments[args.length] ?? registeredArguments.findLast(({ variadic }) => variadic);
  if (!argument || isHelpRequest || isFlag(cursor, word)) return undefined;
  const usedValues = argument.variadic ? args.slice(registeredArguments.length - 1) : [];
  const source = findArgumentSource(argument, command);
  return source && { source, usedValues, prefix };
}

function isFlag({ pendingOption, hasOptionsEnded }: CursorContext, word: string): boolean {
  return !pendingOption && !hasOptionsEnded && word.startsWith('-');
}

function findRemainingOptions({ command, givenOptions, isHelpRequest, hasOptionsEnded }: CursorContext): Candidate[] {
  if (isHelpRequest || hasOptionsEnded) return [];
  const options = listVisibleOptions(command).filter((option) => {
    const values = givenOptions.get(option.name());
    return !values || isRepeatable(option, values[0] ?? '');
  });
  return options.map(({ long, description }) => [long ?? '', description]);
}

/** Whether the parser of the option collects values in a list. */
function isRepeatable({ parseArg }: Option, value: string): boolean {
  try {
    return Array.isArray(parseArg?.(value, undefined));
  } catch {
    return false;
  }
}

/** Returns the subcommands, and the topics after `help`, that match a word. Aliases are offered only if no name matches. */
async function findSubcommands(cursor: CursorContext, word: string): Promise<Candidate[]> {
  const { parent, commands } = cursor.command;
  if (parent) await cursor.command.loadAll();
  const topics = cursor.isHelpRequest && !cursor.hasTopic && !parent ? Object.entries(HELP_TOPICS) : [];
  const names = [
    ...commands.map((child) => [child.name(), child.summary()] as const),
    ...topics.map(([name, { summary }]) => [name, summary] as const),
  ];
  const aliases = commands.flatMap((child) => child.aliases().map((alias) => [alias, child.summary()] as const));
  const matches = filterByPrefix(names, word);
  return matches.length > 0 ? matches : filterByPrefix(aliases, word);
}

/** Returns the candidates that start with a word. Case is ignored only if no candidate matches exactly. */
function filterByPrefix(candidates: readonly Candidate[], word: string): Candidate[] {
  const matches = candidates.filter(([value]) => value.startsWith(word));
  if (matches.length > 0) return matches;
  return candidates.filter(([value]) => value.toLowerCase().startsWith(word.toLowerCase()));
}
