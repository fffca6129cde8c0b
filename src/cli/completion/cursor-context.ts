import type { Option } from 'commander';
import type { RamctlCommand } from '../command.ts';
import { declareVerbs } from '../program.ts';

/** What the words before the cursor come to. */
export interface CursorContext {
  command: RamctlCommand;
  /** The words that are the command's own. */
  args: string[];
  /** The options that were given, by name, with their values. */
  givenOptions: Map<string, string[]>;
  /** The option whose value is at the cursor. */
  pendingOption?: Option | undefined;
  /** Whether help is asked for: only commands follow. */
  isHelpRequest: boolean;
  /** Whether `--` has ended the options. */
  hasOptionsEnded: boolean;
}

/** Reads words as the program would, as far as they go; undefined when they name no command. */
export async function parseCursorContext(root: RamctlCommand, words: string[]): Promise<CursorContext | undefined> {
  const position: CursorContext = {
    command: root,
    args: [],
    givenOptions: new Map(),
    isHelpRequest: false,
    hasOptionsEnded: false,
  };
  for (const word of words) {
    const { command, pendingOption, hasOptionsEnded } = position;
    if (pendingOption) recordOption(position, pendingOption, word);
    else if (!hasOptionsEnded && word === '--') position.hasOptionsEnded = true;
    else if (!hasOptionsEnded && /^-./.test(word)) readFlags(position, word);
    else if (command.commands.length === 0) position.args.push(word);
    else if (command === root && word === 'help') position.isHelpRequest = true;
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
function readFlags(position: CursorContext, word: string): void {
  const [, flag, sign, rest = ''] = /^(--[^=]+|-[^-])(=?)(.*)$/s.exec(word) ?? [];
  const option = listVisibleOptions(position.command).find(({ long, short }) => flag === long || flag === short);
  if (!option) return;
  recordOption(position, option, sign || rest ? rest : undefined);
  if (!option.required && rest) readFlags(position, `-${rest}`);
}

/** Without its value, an option that needs one waits for the next word. */
function recordOption(position: CursorContext, option: Option, value: string | undefined): void {
  position.pendingOption = option.required && value === undefined ? option : undefined;
  const earlier = position.givenOptions.get(option.name()) ?? [];
  position.givenOptions.set(option.name(), value === undefined ? earlier : [...earlier, value]);
}

/** The options that the help of a command shows: its own, the global ones, then those about ramctl itself. */
export function listVisibleOptions(command: RamctlCommand): Option[] {
  const rank = (option: Option) =>
    option.helpGroupHeading === 'Global options:' ? 1 : /^(version|help)$/.test(option.name()) ? 2 : 0;
  return command
    .createHelp()
    .visibleOptions(command)
    .sort((left, right) => rank(left) - rank(right));
}
