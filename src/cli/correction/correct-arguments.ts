import { parseArgs } from 'node:util';
import type { Argument, Option } from 'commander';
import { quote } from '../args.ts';
import type { RamctlCommand } from '../command.ts';
import { fold, namesWithSynonym } from './find-command.ts';
import { ARGUMENT_SYNONYMS, OPTION_SYNONYMS, SECRET_OPTION_SYNONYMS } from './synonyms.ts';

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

/**
 * Returns the arguments and options of `args` in a form that the verb accepts, quoted for a shell. Missing arguments
 * are placeholders. Global options, unknown options and surplus arguments are left out, and so are values that
 * may be secrets. Returns undefined if an unknown option is the error and has no replacement.
 */
export function correctArguments(verb: RamctlCommand, args: string[], correction: Correction): string[] | undefined {
  const { mapUserName = (name: string) => name } = correction;
  const line: Line = { positionals: [], named: new Map(), options: [] };
  const unknown: { isReplaced: boolean }[] = [];
  const options = Object.fromEntries(verb.options.map((option) => [nameOf(option), parserOption(option)]));
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind === 'positional') line.positionals.push(token.value);
    if (token?.kind !== 'option') continue;
    const option = verb.options.find((candidate) => nameOf(candidate) === token.name);
    const next = tokens[index + 1];
    const nextValue = next?.kind === 'positional' ? next.value : undefined;
    // A word after --password-stdin may be the password.
    let takesNext = /-stdin$/.test(token.name);
    if (option && !isGlobal(option))
      addOption(line, option, isUser(option) ? mapUserName(token.value ?? '') : token.value);
    if (!option) {
      const similar = unknown.length === 0 ? correction.similarOption : undefined;
      const replacement = replaceOption(verb, line, token.name, token.value ?? nextValue, similar);
      unknown.push({ isReplaced: replacement !== undefined });
      // An unknown option probably takes a value.
      takesNext = token.value === undefined && replacement !== 'flag';
    }
    if (takesNext && nextValue !== undefined) index += 1;
  }
  if (correction.isOptionUnknown && unknown[0]?.isReplaced === false) return undefined;
  line.positionals = line.positionals.slice(correction.wordCount).map(mapUserName);
  assignInOrder(verb, line, correction.order ?? []);
  return [...verb.registeredArguments.flatMap((argument) => takeValues(argument, line)), ...line.options];
}

/** Adds what the verb has instead of an unknown option. Returns what that takes, undefined if the verb has nothing. */
function replaceOption(
  verb: RamctlCommand,
  line: Line,
  name: string,
  value: string | undefined,
  similar: string | undefined,
): 'flag' | 'value' | undefined {
  const sameName = verb.options.find((option) => fold(nameOf(option)) === fold(name));
  if (sameName) return addOption(line, sameName, value);
  const [secretOptions] = findEntries(verb, SECRET_OPTION_SYNONYMS, name);
  if (secretOptions) {
    for (const { option } of secretOptions) addOption(line, option, undefined);
    return 'value';
  }
  const [[synonym] = []] = findEntries(verb, OPTION_SYNONYMS, name);
  if (synonym) return synonym.value === undefined ? addOption(line, synonym.option, value) : addFixed(line, synonym);
  const argument = namesWithSynonym(ARGUMENT_SYNONYMS, name)
    .map((entity) => findArgument(verb, entity))
    .find((candidate) => candidate !== undefined);
  if (argument) {
    if (value !== undefined) line.named.set(argument.name(), value);
    return 'value';
  }
  const similarOption = verb.options.find(({ long }) => long === similar);
  // The value of a misspelled option such as --secrets may be a secret.
  return similarOption && addOption(line, similarOption, /pass|secret|token|code/i.test(name) ? undefined : value);
}

interface OptionEntry {
  option: Option;
  /** The value that the table gives. */
  value: string | undefined;
}

/** Returns the entries of a table that contain `name`, if the verb has all options of the entry. */
function findEntries(verb: RamctlCommand, table: Record<string, string>, name: string): OptionEntry[][] {
  return namesWithSynonym(table, name).flatMap((key) => {
    const words = key.split(' ');
    const entries = words.flatMap((word, index): OptionEntry[] => {
      const option = verb.options.find(({ long }) => long === word);
      const value = words[index + 1];
      return option ? [{ option, value: value?.startsWith('--') ? undefined : value }] : [];
    });
    return entries.length === words.filter((word) => word.startsWith('--')).length ? [entries] : [];
  });
}

function addFixed(line: Line, { option, value = '' }: OptionEntry): 'flag' {
  line.options.push(`${option.long} ${value}`);
  return 'flag';
}

/** Adds an option. If it needs a value and has none that it accepts, a placeholder is added. */
function addOption(line: Line, option: Option, value: string | undefined): 'flag' | 'value' {
  const isAccepted = value !== undefined && option.long !== '--code' && (option.argChoices?.includes(value) ?? true);
  const [placeholder = ''] = /<.+>/.exec(option.flags) ?? [];
  const separator = isAccepted && value.startsWith('-') ? '=' : ' ';
  const text = option.required
    ? `${option.long}${separator}${isAccepted ? quote(value) : placeholder}`
    : `${option.long}`;
  if (!line.options.includes(text)) line.options.push(text);
  return option.required ? 'value' : 'flag';
}

/** Makes the positional arguments named ones or options. */
function assignInOrder(verb: RamctlCommand, line: Line, order: string[]): void {
  for (const entity of order) {
    const option = verb.options.find(({ long }) => long === `--${entity}`);
    const isGiven = line.options.some((text) => text.startsWith(`--${entity} `));
    const argument = findArgument(verb, entity);
    if (option && !isGiven) addOption(line, option, line.positionals.shift());
    else if (argument && !line.named.has(argument.name())) {
      const value = line.positionals.shift();
      if (value !== undefined) line.named.set(argument.name(), value);
    }
  }
}

/** Returns the argument of a verb for an entity such as `user`. `<name>` is the name of a record of the noun. */
function findArgument({ registeredArguments, parent }: RamctlCommand, entity: string): Argument | undefined {
  const isRecord = entity === 'name' || entity === parent?.name();
  const [first] = registeredArguments;
  if (entity === 'name') return first;
  return registeredArguments.find((argument) => argument.name() === entity || (isRecord && argument.name() === 'name'));
}

/** Returns the values of an argument, quoted for a shell, or a placeholder for a missing one. */
function takeValues(argument: Argument, { named, positionals }: Line): string[] {
  const value = named.get(argument.name());
  const values = value !== undefined ? [value] : positionals.splice(0, argument.variadic ? positionals.length : 1);
  // Text with other characters is no name. It may be a password.
  const names = values.filter((candidate) => /^[\w.:/@+~-]+$/.test(candidate));
  if (names.length > 0) return names.map(quote);
  return argument.required ? [`<${argument.name()}>`] : [];
}

function parserOption({ short, required }: Option) {
  return { type: required ? ('string' as const) : ('boolean' as const), ...(short && { short: short.slice(1) }) };
}

/** The name of an option as it is typed, without hyphens in front. */
function nameOf({ long }: Option): string {
  return (long ?? '').replace(/^--/, '');
}

function isGlobal(option: Option): boolean {
  return option.helpGroupHeading === 'Global options:' || /^--(version|help)$/.test(option.long ?? '');
}

function isUser({ long }: Option): boolean {
  return long === '--user';
}
