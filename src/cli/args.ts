import { parseArgs } from 'node:util';
import { hasUserInfo } from '../core/target.ts';

/**
 * Returns `args` and options. An option that is undefined or false is left out, true is an option without a value, and a
 * list repeats the option. From the first name that starts with a hyphen, `args` follow the options and `--`.
 */
export function buildArgs(args: string[], options: Record<string, string | string[] | boolean | undefined>): string[] {
  const optionArgs = Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : [];
    // A value that starts with a hyphen is joined to its option. A separate value would be read as another option.
    return [value ?? []].flat().flatMap((item) => (item.startsWith('-') ? `--${name}=${item}` : [`--${name}`, item]));
  });
  const index = args.findIndex((arg) => arg.startsWith('-'));
  return index === -1 ? [...args, ...optionArgs] : [...args.slice(0, index), ...optionArgs, '--', ...args.slice(index)];
}

/** Returns a ramctl command line, quoted for a shell. */
export function commandLine(args: string[]): string {
  return ['ramctl', ...args.map(quote)].join(' ');
}

/** The maximum length of a command line in the history. */
const MAX_COMMAND_LENGTH = 200;

/**
 * Returns the command line as the history stores it: long texts are cut. No option takes a secret, but the command of
 * `ak rotate --check` may contain one.
 */
export function describeCommand(args: string[]): string {
  const shown = args.map((arg, index) =>
    args[index - 1] === '--check' ? '...' : arg.replace(/^(--check=).*/s, '$1...'),
  );
  const line = commandLine(shown);
  return line.length > MAX_COMMAND_LENGTH ? `${line.slice(0, MAX_COMMAND_LENGTH - 3)}...` : line;
}

/** Adds the `--directory` option of `args` to the ramctl command lines in a text that names no directory. A URL
 * with a password, which is refused, is not repeated. */
export function withDirectory(command: string, args: string[]): string {
  const { directory } = scanGlobalOptions(args);
  if (directory === undefined || hasUserInfo(directory) || / (-d|--directory)\b/.test(command)) return command;
  return command.replace(/\bramctl (?!help\b|is\b|directory copy\b)/g, () => `ramctl -d ${quote(directory)} `);
}

/** Whether errors are printed as JSON. `defaultFormat` applies if `args` have no `--output`. */
export function wantsJson(args: string[], defaultFormat: string | undefined): boolean {
  // Parsing the command line takes a millisecond.
  if (![defaultFormat, ...args].some((text) => text && /^(-.*)?=?json$/s.test(text))) return false;
  // commander refuses `-o=json`. That error is printed as JSON too.
  return /^=?json$/.test(scanGlobalOptions(args).output ?? defaultFormat ?? '');
}

const GLOBAL_OPTIONS = {
  directory: { type: 'string', short: 'd' },
  output: { type: 'string', short: 'o' },
  color: { type: 'string' },
} as const;

/**
 * Returns the global options that error messages depend on. This also works for an invalid command line, which commander
 * does not parse to its end. As with commander, the last value of an option counts.
 */
export function scanGlobalOptions(allArgs: string[]) {
  // A value such as `-todo` must not be read as `-t -o do`. Only these short options of ramctl can precede -d and -o.
  const args = allArgs.map((arg) => (/^-(?!-|[yq]*[do])/.test(arg) ? '' : arg));
  const { directory, output, color, debug } = parseArgs({ args, options: GLOBAL_OPTIONS, strict: false }).values;
  // An option without its value is true.
  const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);
  return { directory: text(directory), output: text(output), color: text(color), debug: debug === true };
}

/** Returns an argument, quoted for a shell if it needs quotes. */
export function quote(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replace(/'/g, "'\\''")}'`;
}
