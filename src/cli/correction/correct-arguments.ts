import { parseArgs } from 'node:util';
import type { Argument, Option } from 'commander';
import { foldSpelling } from '../../core/spelling.ts';
import { quote } from '../args.ts';
import type { RamctlCommand } from '../command.ts';
import { namesWithSynonym } from './find-command.ts';
import { ARGUMENT_SYNONYMS, OPTION_SYNONYMS } from './option-synonyms.ts';

/** What is known about a command line that has to be corrected. */
export interface Correction {
  /** How many arguments are names of the command. */
  wordCount: number;
  /** Whether the first unknown option is the error. */
  isOptionUnknown?: boolean;
  /** An option that commander found to be similar to the first unknown option. */
  similarOption?: string | undefined;
  /** What the arguments are, if the verb takes them in another order or as options. */
  order?: string[] | undefined;
  /** Returns the name of a user that the command line should contain. */
  mapUserName?: ((name: string) => string) | undefined;
}

/** The parts of the corrected command line. */
interface Line {
  positionals: string[];
  /** Values of arguments, by name. */
  named: Map<string, string>;
  /** Options with their values, quoted for a shell. */
  options: string[];
}

/** What follows an option. */
type Follower = 'nothing' | 'value';

/** Options whose values a hint does not repeat. A word after one that takes no value is probably the secret itself. */
const SECRET_OPTION = /-stdin$|^--(code|new-password-file)$/;

/** Names of options, also misspelled ones, whose values may be secrets. */
const SECRET_NAME = /pass|pwd|secret|token|code/i;

/**
 * Returns the arguments and options of `args` in a form that the verb accepts, quoted for a shell. Missing arguments
 * are placeholders. Global options, unknown options and surplus arguments are left out, and so are values that
 * may be secrets. Returns undefined if an unknown option is the error and has no replacement, or if an argument is given
 * twice.
 */
export function correctArguments(verb: RamctlCommand, args: string[], correction: Correction): string[] | undefined {
  const { mapUserName = (name: string) => name } = correction;
  const line: Line = { positionals: [], named: new Map(), options: [] };
  const isReplaced: boolean[] = [];
  const { tokens } = parseArgs({
    args,
    options: parserOptions(verb),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind === 'positional') line.positionals.push(token.value);
    if (token?.kind !== 'option') continue;
    const next = tokens[index + 1];
    const nextValue = next?.kind === 'positional' ? next.value : undefined;
    const option = findOption(verb, `--${token.name}`);
    let follower: Follower | undefined;
    if (!option) {
      const similar = isReplaced.length === 0 ? correction.similarOption : undefined;
      follower = replaceOption(verb, line, token.name, token.value ?? nextValue, similar);
      isReplaced.push(follower !== undefined);
      // An option that is not known at all probably takes a value, and --random-password may be followed by one.
      if (follower === undefined || SECRET_NAME.test(token.name)) follower = 'value';
    } else if (!isGlobal(option)) {
      const isUser = token.name === 'user';
      follower = addOption(line, option, isUser ? mapUserName(token.value ?? '') : token.value);
    }
    const hasOwnValue = token.value !== undefined;
    if (follower === 'value' && !hasOwnValue && nextValue !== undefined) index += 1;
  }
  if (correction.isOptionUnknown && isReplaced[0] === false) return undefined;
  line.positionals = line.positionals.slice(correction.wordCount).map(mapUserName);
  assignInOrder(verb, line, correction.order ?? []);
  const values = verb.registeredArguments.flatMap((argument) => takeValues(argument, line));
  if (line.named.size > 0 && line.positionals.length > 0) return undefined;
  for (const option of verb.options)
    if (option.mandatory && !hasOption(line, option)) addOption(line, option, undefined);
  return [...values, ...line.options];
}

/** Returns the options of a command in the form that `parseArgs` takes. */
export function parserOptions({ options }: RamctlCommand) {
  return Object.fromEntries(
    options.map(({ long, short, required }) => [
      long?.slice(2),
      { type: required ? ('string' as const) : ('boolean' as const), ...(short && { short: short.slice(1) }) },
    ]),
  );
}

/** Adds what the verb has instead of an unknown option. Returns undefined if the verb has nothing. */
function replaceOption(
  verb: RamctlCommand,
  line: Line,
  name: string,
  value: string | undefined,
  similar: string | undefined,
): Follower | undefined {
  const sameName = verb.options.find(({ long = '' }) => foldSpelling(long) === foldSpelling(name));
  if (sameName) return addOption(line, sameName, value);
  for (const synonym of namesWithSynonym(OPTION_SYNONYMS, name)) {
    const parts = synonym.split(/ (?=--)/);
    const options = parts.map((part) => findOption(verb, part.split(' ')[0]));
    if (options.includes(undefined)) continue;
    const [option] = options;
    if (option && option.long === synonym) return addOption(line, option, value);
    for (const part of parts) if (!line.options.includes(part)) line.options.push(part);
    return SECRET_OPTION.test(synonym) ? 'value' : 'nothing';
  }
  const [argument] = namesWithSynonym(ARGUMENT_SYNONYMS, name).flatMap((entity) => findArgument(verb, entity) ?? []);
  if (argument) {
    if (value !== undefined) line.named.set(argument.name(), value);
    return 'value';
  }
  const similarOption = findOption(verb, similar);
  return similarOption && addOption(line, similarOption, SECRET_NAME.test(name) ? undefined : value);
}

/** Adds an option. If it needs a value and has none that it accepts, a placeholder is added. */
function addOption({ options }: Line, option: Option, value: string | undefined): Follower {
  const { long = '', required, argChoices, flags } = option;
  const isSecret = SECRET_OPTION.test(long);
  const isAccepted = value !== undefined && !isSecret && (argChoices?.includes(value) ?? true);
  const [placeholder = ''] = /<.+>/.exec(flags) ?? [];
  const separator = isAccepted && value.startsWith('-') ? '=' : ' ';
  const text = required ? `${long}${separator}${isAccepted ? quote(value) : placeholder}` : long;
  if (!options.includes(text)) options.push(text);
  return required || isSecret ? 'value' : 'nothing';
}

/** Makes the positional arguments named ones or options. */
function assignInOrder(verb: RamctlCommand, line: Line, order: string[]): void {
  for (const entity of order) {
    const option = findOption(verb, `--${entity}`);
    const argument = findArgument(verb, entity);
    if (option && !hasOption(line, option)) addOption(line, option, line.positionals.shift());
    else if (argument && !line.named.has(argument.name())) {
      const value = line.positionals.shift();
      if (value !== undefined) line.named.set(argument.name(), value);
    }
  }
}

function findOption({ options }: RamctlCommand, name: string | undefined): Option | undefined {
  return options.find(({ long }) => long === name);
}

function hasOption({ options }: Line, { long }: Option): boolean {
  return options.some((text) => text.startsWith(`${long} `) || text.startsWith(`${long}=`));
}

/** Returns the argument of a verb for an entity such as `user`. `<name>` is the name of a record of the noun. */
function findArgument({ registeredArguments, parent }: RamctlCommand, entity: string): Argument | undefined {
  if (entity === 'name') return registeredArguments[0];
  const isRecord = entity === parent?.name();
  return registeredArguments.find((argument) => argument.name() === entity || (isRecord && argument.name() === 'name'));
}

/** Returns the values of an argument, quoted for a shell, or a placeholder for a missing one. */
function takeValues(argument: Argument, { named, positionals }: Line): string[] {
  const value = named.get(argument.name());
  const values = value !== undefined ? [value] : positionals.splice(0, argument.variadic ? positionals.length : 1);
  // Text with other characters is no name. It may be a password, as in user:password.
  const names = values.filter((candidate) => /^(acs:[\w:/.@-]+|[\w./@+~-]+)$/.test(candidate));
  if (names.length > 0) return names.map(quote);
  return argument.required ? [`<${argument.name()}>`] : [];
}

function isGlobal({ helpGroupHeading, long = '' }: Option): boolean {
  return helpGroupHeading === 'Global options:' || /^--(version|help)$/.test(long);
}
