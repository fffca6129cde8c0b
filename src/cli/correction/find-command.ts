import { foldSpelling } from '../../core/spelling.ts';
import type { RamctlCommand } from '../command.ts';
import { COMMAND_SYNONYMS, type CommandSynonym, NOUN_SYNONYMS, VERB_SYNONYMS } from './synonyms.ts';

/** The command that the words of a command line mean. */
export interface FoundCommand {
  command: RamctlCommand;
  /** How many arguments of the command line are names of the command. */
  wordCount: number;
  /** How the command was found, if it has a row in the table. */
  synonym?: CommandSynonym;
}

/** A word that commander found to be similar to the name of a command. */
interface SimilarName {
  word: string;
  name: string;
}

/**
 * Returns the noun or the verb that `words` mean, as far as it can be found. `words` are the arguments without options.
 * The root command is returned if nothing is found.
 */
export async function findCommand(
  program: RamctlCommand,
  words: string[],
  similar?: SimilarName,
): Promise<FoundCommand> {
  const exact = await descend(program, words, findChild);
  if (isVerb(exact.command) && !hasUnknownVerb(exact, words)) return exact;
  const parts = splitFirstWord(program, words);
  const addedWords = parts.length - words.length;
  const findMeant = (parent: RamctlCommand, word: string) => findChild(parent, word) ?? findSynonym(parent, word);
  const findSimilar = (parent: RamctlCommand, word: string) =>
    findMeant(parent, word) ?? (similar && isSimilar(word, similar) ? findChild(parent, similar.name) : undefined);
  const ordered = putNounFirst(program, parts);
  const byWords = await descend(program, ordered, findMeant);
  const found =
    (await findInTable(program, parts, 3)) ??
    (await findInTable(program, parts, 2)) ??
    (isVerb(byWords.command) && !hasUnknownVerb(byWords, ordered) ? byWords : undefined) ??
    (await findInTable(program, parts, 1)) ??
    (await descend(program, ordered, findSimilar));
  return { ...found, wordCount: Math.max(0, found.wordCount - addedWords) };
}

/** Whether commander's suggestion fits. It also suggests `init` for `edit`, and `policy` for `alice`. */
function isSimilar(word: string, { word: misspelled, name }: SimilarName): boolean {
  return word === misspelled && word.slice(0, 2).includes(name.slice(0, 1));
}

export function isVerb({ parent, commands, opensDirectory }: RamctlCommand): boolean {
  return parent !== null && (commands.length === 0 || opensDirectory);
}

/** Whether words follow a noun that has verbs. */
export function hasUnknownVerb({ command, wordCount }: FoundCommand, words: string[]): boolean {
  return command.commands.length > 0 && words.length > wordCount;
}

async function descend(
  command: RamctlCommand,
  words: string[],
  find: (command: RamctlCommand, word: string) => RamctlCommand | undefined,
  wordCount = 0,
): Promise<FoundCommand> {
  const word = words[wordCount];
  const child = word === undefined ? undefined : find(command, word);
  if (!child) return { command, wordCount };
  await child.load();
  return descend(child, words, find, wordCount + 1);
}

/** Returns the subcommand with this name or alias. */
export function findChild({ commands }: RamctlCommand, word: string): RamctlCommand | undefined {
  const name = foldSpelling(word);
  return commands.find((child) =>
    [child.name(), ...child.aliases()].some((candidate) => foldSpelling(candidate) === name),
  );
}

function findSynonym(command: RamctlCommand, word: string): RamctlCommand | undefined {
  const table = command.parent ? VERB_SYNONYMS : NOUN_SYNONYMS;
  return namesWithSynonym(table, word)
    .map((name) => findChild(command, name))
    .find((child) => child !== undefined);
}

/** Returns the words in the order noun, verb. */
function putNounFirst(program: RamctlCommand, words: string[]): string[] {
  const [first = '', second = '', ...rest] = words;
  return !isNoun(program, first) && isNoun(program, second) ? [second, first, ...rest] : words;
}

function isNoun(program: RamctlCommand, word: string): boolean {
  return (findChild(program, word) ?? findSynonym(program, word)) !== undefined;
}

/** Splits a first word such as `create-access-key` or `ListUsers` after its verb, unless it is a noun. */
function splitFirstWord(program: RamctlCommand, words: string[]): string[] {
  const [word = '', ...others] = words;
  const [, first, rest] = /^([A-Za-z][a-z]*)[-_]?(?<=[-_]|(?=[A-Z]))(\w.*)$/.exec(word) ?? [];
  return first && rest && !isNoun(program, word) ? [first, rest, ...others] : words;
}

/** Looks up the first `wordCount` words in the table, joined as one name. */
export async function findInTable(
  program: RamctlCommand,
  words: string[],
  wordCount: number,
): Promise<FoundCommand | undefined> {
  const [first = '', ...others] = words.slice(0, wordCount);
  const noun = (findChild(program, first) ?? findSynonym(program, first))?.name() ?? first;
  const names = [first, noun].map((word) => foldSpelling([word, ...others].join('')));
  const synonym = COMMAND_SYNONYMS.find(({ typed }) =>
    splitNames(typed).some((name) => names.includes(foldSpelling(name))),
  );
  if (!synonym || others.length < wordCount - 1) return undefined;
  const { command } = await descend(program, synonym.command.split(' '), findChild);
  return { command, wordCount, synonym };
}

/** Returns the keys of a table whose names include `word`, in the order of the table. */
export function namesWithSynonym(table: Record<string, string>, word: string): string[] {
  const name = foldSpelling(word);
  return Object.keys(table).filter((key) => splitNames(table[key] ?? '').some((typed) => foldSpelling(typed) === name));
}

export function splitNames(typed: string): string[] {
  return typed.split(', ');
}
