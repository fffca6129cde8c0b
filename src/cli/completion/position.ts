import type { Option } from 'commander';
import type { RamctlCommand } from '../command.ts';
import { declareVerbs } from '../program.ts';

/** What the words before the cursor come to. */
export interface Position {
  command: RamctlCommand;
  /** The words that are the command's own. */
  words: string[];
  /** The options that were given, by name, with their values. */
  given: Map<string, string[]>;
  /** The option whose value is at the cursor. */
  open?: Option | undefined;
  /** Whether help is asked for: only commands follow. */
  isHelp: boolean;
  /** Whether `--` has ended the options. */
  isLiteral: boolean;
}

/** Reads words as the program would, as far as they go; undefined when they name no command. */
export async function locate(root: RamctlCommand, words: string[]): Promise<Position | undefined> {
  const position: Position = { command: root, words: [], given: new Map(), isHelp: false, isLiteral: false };
  for (const word of words) {
    const { command, open, isLiteral } = position;
    if (open) give(position, open, word);
    else if (!isLiteral && word === '--') position.isLiteral = true;
    else if (!isLiteral && /^-./.test(word)) readFlags(position, word);
    else if (command.commands.length === 0) position.words.push(word);
    else if (command === root && word === 'help') position.isHelp = true;
    else {
      const next = command.commands.find((child) => child.name() === word || child.aliases().includes(word));
      if (!next) return undefined;
      position.command = next as RamctlCommand;
      if (command === root) await declareVerbs(position.command);
    }
  }
  return position;
}

/** A word of options: `--output`, `--output=json`, `-qd`, `-qdpath`. */
function readFlags(position: Position, word: string): void {
  const [, flag, sign, rest = ''] = /^(--[^=]+|-[^-])(=?)(.*)$/s.exec(word) ?? [];
  const option = optionsOf(position.command).find(({ long, short }) => flag === long || flag === short);
  if (!option) return;
  give(position, option, sign || rest ? rest : undefined);
  if (!option.required && rest) readFlags(position, `-${rest}`);
}

/** Without its value, an option that needs one waits for the next word. */
function give(position: Position, option: Option, value: string | undefined): void {
  position.open = option.required && value === undefined ? option : undefined;
  const earlier = position.given.get(option.name()) ?? [];
  position.given.set(option.name(), value === undefined ? earlier : [...earlier, value]);
}

/** The options that the help of a command shows: its own, the global ones, then those about ramctl itself. */
export function optionsOf(command: RamctlCommand): Option[] {
  const rank = (option: Option) =>
    option.helpGroupHeading === 'Global options:' ? 1 : /^(version|help)$/.test(option.name()) ? 2 : 0;
  return command
    .createHelp()
    .visibleOptions(command)
    .sort((left, right) => rank(left) - rank(right));
}
