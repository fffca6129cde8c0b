/** A flag with its value: as one argument where the value would be read as another flag. */
export function flagWithValue(flag: string, value: string): string[] {
  return value.startsWith('-') ? [`--${flag}=${value}`] : [`--${flag}`, value];
}

/**
 * The arguments for a command. Options that are undefined or false are left out, true is an option without a value, and
 * a list repeats the option.
 */
export function buildArgs(
  words: string[],
  options: Record<string, string | string[] | boolean | undefined> = {},
): string[] {
  const optionArgs = Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : [];
    return [value ?? []].flat().flatMap((each) => buildOption(name, each));
  });
  return [...words, ...optionArgs];
}

/** One argument if the value starts with a hyphen, because a separate value would be read as another option. */
function buildOption(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** The command line as a shell reads it. */
export function commandLine(args: string[]): string {
  return ['ramctl', ...args.map(quote)].join(' ');
}

/** A ramctl command, with the `--directory` of this command line added. */
export function withDirectory(command: string, args: string[]): string {
  const target = lastValue(args, /^(?:--directory|-[yq]*d)$/, /^(?:--directory=|-[yq]*d=?)(.+)$/);
  return target === undefined ? command : command.replace(/^ramctl (?!help|-d )/, `ramctl -d ${quote(target)} `);
}

/**
 * Whether errors are printed as JSON. This reads the arguments themselves, because the command line may be invalid; the
 * last `--output` counts, as it does for commander.
 */
export function wantsJson(args: string[], fallback: string | undefined): boolean {
  return (lastValue(args, /^(?:--output|-[yq]*o)$/, /^(?:--output=|-[yq]*o=?)(.+)$/) ?? fallback) === 'json';
}

/** The last value given for a flag, in the next argument (`separate`) or in the same one (`joined`). */
export function lastValue(args: string[], separate: RegExp, joined: RegExp): string | undefined {
  let value: string | undefined;
  for (const [index, arg] of args.entries()) {
    if (arg === '--') break;
    if (separate.test(arg)) value = args[index + 1];
    else value = joined.exec(arg)?.[1] ?? value;
  }
  return value;
}

export function hasFlag(args: string[], flag: string): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes(flag);
}

function quote(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replace(/'/g, "'\\''")}'`;
}
