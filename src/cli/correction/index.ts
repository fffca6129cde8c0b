import { parseArgs } from 'node:util';
import { isFailure } from '../../core/failure.ts';
import type { RamctlCommand } from '../command.ts';
import { UnknownNameError } from '../usage-error.ts';
import { correctArguments, parserOptions } from './correct-arguments.ts';
import { findChild, findCommand, findInTable, hasUnknownVerb, isVerb, namesWithSynonym } from './find-command.ts';
import { OPTION_TOPICS } from './option-synonyms.ts';

/** Programs whose names people type in front of a command line, as in `aliyun ram ListUsers`. */
const PROGRAMS = ['ramctl', 'sudo', 'aws', 'iam', 'aliyun', 'ram', 'ims', 'kubectl'];

/**
 * Returns the hint for an error that a wrong name on the command line caused: the command line that the user probably
 * meant. Returns undefined for other errors, and if nothing is found.
 */
export async function findHint(error: unknown, program: RamctlCommand, args: string[]): Promise<string | undefined> {
  if (error instanceof UnknownNameError) return correctNames(error, program, args);
  if (isFailure(error, 'InvalidParameter.UserName.InvalidChars')) return removeDomains(program, args);
  return undefined;
}

async function correctNames(
  { unknown: { depth, similarName, flag } }: UnknownNameError,
  program: RamctlCommand,
  givenArgs: string[],
): Promise<string | undefined> {
  const [topic] = flag === undefined ? [] : namesWithSynonym(OPTION_TOPICS, flag.replace(/^-+/, ''));
  if (topic) return `ramctl help ${topic}`;
  const args = flag !== undefined && depth === 0 ? moveToEnd(flag, program, givenArgs) : givenArgs;
  const allWords = readWords(program, args);
  const words = allWords.slice(allWords.findIndex((word) => !PROGRAMS.includes(word)));
  const isHelp = words[0] === 'help' && flag === undefined;
  const names = isHelp ? words.slice(1) : words;
  const similar = { word: allWords[depth] ?? '', name: (flag === undefined && similarName) || '' };
  const found = await findCommand(program, names, similar);
  const { command, synonym } =
    (flag && (await findInTable(program, [...pathOf(found.command).split(' '), flag], 3))) || found;
  if (synonym && (!isVerb(command) || command.name() === 'help')) return `ramctl ${synonym.command}`;
  if (command === program) return undefined;
  const path = pathOf(command);
  if (isHelp || !isVerb(command) || (!synonym && hasUnknownVerb(found, names))) return `ramctl help ${path}`;
  const values = correctArguments(command, args, {
    wordCount: found.wordCount + allWords.length - words.length,
    isOptionUnknown: flag !== undefined,
    similarOption: flag === undefined ? undefined : similarName,
    order: synonym?.order,
  });
  const [argument] = command.registeredArguments;
  if (!values && flag && /^-[^-]/.test(flag) && argument?.required && words.length === found.wordCount) {
    // What was typed is not repeated, because it may be a password, as in -phunter2.
    return `ramctl ${path} -- <${argument.name()}>   # if the name starts with a hyphen`;
  }
  const [, tableOptions = ''] = /( --.*)$/.exec(synonym?.command ?? '') ?? [];
  const note = synonym?.note ? `   # ${synonym.note}` : '';
  return values && ['ramctl', path, ...values].join(' ') + tableOptions + note;
}

/** Moves an option that precedes the names of the command to the end, with its value if it seems to have one. */
function moveToEnd(flag: string, program: RamctlCommand, args: string[]): string[] {
  const start = args.indexOf(flag);
  const next = args[start + 1] ?? '-';
  const end = start + (next.startsWith('-') || findChild(program, next) ? 1 : 2);
  return start === -1 ? args : [...args.slice(0, start), ...args.slice(end), ...args.slice(start, end)];
}

/** Returns the command line with user names instead of logon names such as `alice@acme.onaliyun.com`. */
async function removeDomains(program: RamctlCommand, args: string[]): Promise<string | undefined> {
  const { command, wordCount } = await findCommand(program, readWords(program, args));
  let isChanged = false;
  const mapUserName = (name: string): string => {
    const [, userName = name] = /^([\w.-]+)@[\w.-]+$/.exec(name) ?? [];
    isChanged ||= userName !== name;
    return userName;
  };
  const values = correctArguments(command, args, { wordCount, mapUserName });
  return isChanged && values ? ['ramctl', pathOf(command), ...values].join(' ') : undefined;
}

/** Returns the arguments that are neither options nor values of global options. */
function readWords(program: RamctlCommand, args: string[]): string[] {
  return parseArgs({ args, options: parserOptions(program), strict: false, allowPositionals: true }).positionals;
}

/** Returns the full name of a command, such as `user create`. */
function pathOf(command: RamctlCommand): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
