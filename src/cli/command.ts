import { Command, Option } from 'commander';
import { FORMATS } from '../view/format.ts';
import type { CommandContext } from './context.ts';
import type { GlobalOptions } from './settings.ts';
import { usageError } from './usage-error.ts';

/** Builds the context of a verb from the global options of the command line. */
export type ContextOpener = (options: GlobalOptions) => Promise<CommandContext>;

/** The implementation of a verb. A returned number is the exit code of a verdict. */
type Action<Options> = (context: CommandContext, options: Options, ...args: never[]) => Promise<number | undefined>;

/**
 * A commander command with ramctl's manners. Each level knows the global options and reads only the words that are
 * its own: commander's root would otherwise take the value of `--comments -y` for `--yes`.
 */
export class RamctlCommand extends Command {
  /** Command lines that run as they stand. */
  readonly examples: string[] = [];
  /** Set on the root only. */
  openContext?: ContextOpener;
  /** Set on the root by the verb that ran. */
  exitCode = 0;

  override createCommand(name?: string): RamctlCommand {
    return new RamctlCommand(name);
  }

  /** Declares a verb below this noun. `words` is commander's syntax: `get <name>`. */
  verb(words: string, summary: string, examples: string[]): RamctlCommand {
    const verb = this.command(words) as RamctlCommand;
    verb.summary(summary).description(toSentence(summary));
    return addGlobalOptions(verb.addExamples(examples), this.version() ?? '');
  }

  /** Declares a noun below this noun, for verbs of its own. */
  subgroup(name: string, summary: string): RamctlCommand {
    const part = this.command(name) as RamctlCommand;
    part.summary(summary).description(toSentence(summary)).helpCommand(false);
    return addGlobalOptions(part, this.version() ?? '');
  }

  /** Makes this noun a command by itself, `words` being its arguments. */
  standalone(words: string, examples: string[]): RamctlCommand {
    if (words !== '') this.arguments(words);
    return this.addExamples(examples);
  }

  private addExamples(examples: string[]): RamctlCommand {
    this.examples.push(...examples);
    this.addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
    return this;
  }

  /** Sets the implementation of this verb, which receives the arguments in order. */
  setAction<Options>(action: Action<Options>): void {
    this.action(async (...parameters: unknown[]) => {
      const args = parameters.slice(0, -2) as never[];
      const [root, ...rest] = findCommandPath(this);
      if (!root?.openContext) throw new Error('the root command cannot open a context');
      const context = await root.openContext(readGlobalOptions([root, ...rest]));
      root.exitCode = (await action(context, this.opts() as Options, ...args)) ?? 0;
    });
  }

  /** A separate value that looks like a flag is more likely a value forgotten. */
  override parseOptions(args: string[]) {
    for (let index = 0; index < args.length; index += 1) {
      const word = args[index] ?? '';
      // What follows a command's name is that command's to read.
      if (word === '--' || (this.commands.length > 0 && !word.startsWith('-'))) break;
      const option = this.options.find(({ short, long }) => word === short || word === long);
      if (!option?.required) continue;
      index += 1;
      const value = args[index];
      if (value?.startsWith('--')) {
        const long = option.long ?? word;
        throw usageError(`${long} needs a value`, long, `for a value that begins with --, write ${long}=--…`);
      }
    }
    return super.parseOptions(args);
  }
}

/** Gives a command the options that every level knows. */
export function addGlobalOptions(command: RamctlCommand, version: string): RamctlCommand {
  command.version(version, '--version', 'print the version');
  command.helpOption('-h, --help', 'print this help');
  command.optionsGroup('Global options:');
  for (const option of GLOBAL_OPTIONS) command.addOption(option);
  command.optionsGroup('Options:');
  return command;
}

const GLOBAL_OPTIONS = [
  new Option('-d, --directory <target>', 'where the users live: a path to a JSON file'),
  new Option('-o, --output <format>', 'how results are printed').choices(FORMATS),
  new Option('--query <jmespath>', 'print only what this JMESPath expression selects'),
  new Option('-y, --yes', 'answer confirmations with yes'),
  new Option('--no-input', 'never ask; what is missing is an error'),
  new Option('-q, --quiet', 'no remarks on stderr'),
  new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']),
  new Option('--debug', 'print stack traces, never a secret'),
];

/** For options that may be given several times, one value each. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** The root first. */
function findCommandPath(command: RamctlCommand): RamctlCommand[] {
  const above = command.parent as RamctlCommand | null;
  return above ? [...findCommandPath(above), command] : [command];
}

const GLOBAL_OPTION_NAMES = ['directory', 'output', 'query', 'yes', 'quiet', 'color'] as const;

/**
 * The global options of all levels; the one nearest to the verb wins. commander presets `input` to true. `--debug` is
 * about errors, which read it from the words.
 */
function readGlobalOptions(commands: RamctlCommand[]): GlobalOptions {
  const options: Record<string, unknown> = {};
  for (const command of commands) {
    const given = command.opts();
    for (const name of GLOBAL_OPTION_NAMES) if (given[name] !== undefined) options[name] = given[name];
    if (given.input === false) options.input = false;
  }
  return options;
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/\W$/.test(text) ? '' : '.'}`;
}
