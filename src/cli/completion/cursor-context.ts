import type { Option } from 'commander';
import type { RamctlCommand } from '../command.ts';

/** The parsed command line before the cursor. */
export interface CursorContext {
  command: RamctlCommand;
  /** The positional arguments of the command. */
  args: string[];
  /** The values of the given options, by option name. */
  givenOptions: Map<string, string[]>;
  /** The option whose value is at the cursor. */
  pendingOption?: Option | undefined;
  /** Whether the line starts with `help`, so that only command names follow. */
  isHelpRequest?: boolean;
  /** Whether a help topic precedes the command names. */
  hasTopic?: boolean;
  /** Whether `--` has ended the options. */
  hasOptionsEnded?: boolean;
}

/** Parses the words before the cursor as the program does. Returns undefined if they name an unknown command. */
export async function parseCursorContext(root: RamctlCommand, words: string[]): Promise<CursorContext | undefined> {
  const cursor: CursorContext = { command: root, args: [], givenOptions: new Map() };
  for (const word of words) {
    const { command, pendingOption, hasOptionsEnded } = cursor;
    if (pendingOption) recordOption(cursor, pendingOption, word);
    else if (!hasOptionsEnded && word === '--') cursor.hasOptionsEnded = true;
    else if (!hasOptionsEnded && /^-./.test(word)) recordFlags(cursor, word);
    else if (command.commands.length === 0) cursor.args.push(word);
    else if (command === root && word === 'help') cursor.isHelpRequest = true;
    else if (cursor.isHelpRequest && command === root && word === 'json') cursor.hasTopic = true;
    else {
      const next = command.commands.find((child) => child.name() === word || child.aliases().includes(word));
      if (!next) return undefined;
      cursor.command = next;
      await next.load();
    }
  }
  return cursor;
}

/** Records the options of one word, such as `--output=json`, or `-qdpath` for `-q -d path`. Unknown options are ignored. */
function recordFlags(cursor: CursorContext, word: string): void {
  const [, flag, equals, rest = ''] = /^(--[^=]+|-[^-])(=?)(.*)$/s.exec(word) ?? [];
  const option = listVisibleOptions(cursor.command).find(({ long, short }) => flag === long || flag === short);
  if (!option) return;
  recordOption(cursor, option, equals || rest ? rest : undefined);
  if (!option.required && rest) recordFlags(cursor, `-${rest}`);
}

/** Records an option. If it needs a value and has none, the next word is its value. */
function recordOption(cursor: CursorContext, option: Option, value: string | undefined): void {
  cursor.pendingOption = option.required && value === undefined ? option : undefined;
  const values = cursor.givenOptions.get(option.name()) ?? [];
  cursor.givenOptions.set(option.name(), value === undefined ? values : [...values, value]);
}

/** Returns the options in the help of a command: its own, then the global ones, then `--version` and `--help`. */
export function listVisibleOptions(command: RamctlCommand): Option[] {
  const sortRank = (option: Option) => {
    if (/^(version|help)$/.test(option.name())) return 2;
    return option.helpGroupHeading === 'Global options:' ? 1 : 0;
  };
  const options = command.createHelp().visibleOptions(command);
  return options.sort((left, right) => sortRank(left) - sortRank(right));
}
