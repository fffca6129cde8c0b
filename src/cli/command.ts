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
 * A commander command that accepts the global options at every level: root, noun and verb. Each level parses only its
 * own arguments. commander's root would otherwise read the value of `--comments -y` as `--yes`.
 */
export class RamctlCommand extends Command {
  /** Command lines for the help. A line that starts with # explains the next one. */
  readonly examples: string[] = [];
  /** Set on the root only. */
  openContext?: ContextOpener;
  /** Set on the root by the verb that ran. */
  exitCode = 0;

  override createCommand(name?: string): RamctlCommand {
    return new RamctlCommand(name);
  }

  /**
   * Declares a verb of this noun. `syntax` is commander's: `get <name>`. `examples` are command lines, each with a text
   * that explains it.
   */
  verb(syntax: string, summary: string, examples: Record<string, string>): RamctlCommand {
    return this.#declare(syntax, summary).#addExamples(examples);
  }

  /** Declares a group of verbs of this noun. */
  subgroup(name: string, summary: string): RamctlCommand {
    return this.#declare(name, summary).helpCommand(false);
  }

  #declare(syntax: string, summary: string): RamctlCommand {
    const command = this.command(syntax) as RamctlCommand;
    const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}${/\W$/.test(summary) ? '' : '.'}`;
    return addGlobalOptions(command.summary(summary).description(sentence), this.version() ?? '');
  }

  /** Makes this noun a command without verbs. `syntax` declares its arguments. */
  standalone(syntax: string, examples: Record<string, string>): RamctlCommand {
    if (syntax !== '') this.arguments(syntax);
    return this.#addExamples(examples);
  }

  #addExamples(examples: Record<string, string>): RamctlCommand {
    for (const [explanation, line] of Object.entries(examples)) this.examples.push(`# ${explanation}`, line);
    return this.addHelpText('after', `\nExamples:\n${this.examples.map((line) => `  ${line}`).join('\n')}`);
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

  /** Refuses a separate value that starts with `--`, because the value was probably forgotten. */
  override parseOptions(args: string[]) {
    for (let index = 0; index < args.length; index += 1) {
      const arg = args[index] ?? '';
      // A subcommand parses the arguments after its own name.
      if (arg === '--' || (this.commands.length > 0 && !arg.startsWith('-'))) break;
      const option = this.options.find(({ short, long }) => arg === short || arg === long);
      if (!option?.required) continue;
      index += 1;
      if (args[index]?.startsWith('--')) {
        const flag = option.long ?? arg;
        throw usageError(`${flag} needs a value`, flag, `for a value that starts with --, write ${flag}=--…`);
      }
    }
    return super.parseOptions(args);
  }
}

/** Adds the options that every level accepts. */
export function addGlobalOptions(command: RamctlCommand, version: string): RamctlCommand {
  command.version(version, '--version', 'print the version');
  command.helpOption('-h, --help', 'print this help');
  command.optionsGroup('Global options:');
  for (const option of GLOBAL_OPTIONS) command.addOption(option);
  return command.optionsGroup('Options:');
}

const GLOBAL_OPTIONS = [
  new Option('-d, --directory <target>', 'directory to use: path to a JSON file'),
  new Option('-o, --output <format>', 'output format').choices(FORMATS).default('table'),
  new Option('--query <jmespath>', 'JMESPath expression that selects what is printed'),
  new Option('-y, --yes', 'answer confirmations with yes'),
  new Option('--no-input', 'turn off questions; a missing value is an error'),
  new Option('-q, --quiet', 'turn off remarks on stderr'),
  new Option('--color <when>', 'use of colours').choices(['auto', 'always', 'never']).default('auto'),
  new Option('--debug', 'print stack traces, without secrets'),
];

/** The option parser of an option that can be repeated. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** The command and the commands above it, root first. */
function findCommandPath(command: RamctlCommand): RamctlCommand[] {
  const parent = command.parent as RamctlCommand | null;
  return parent ? [...findCommandPath(parent), command] : [command];
}

/** The options given at all levels. A level closer to the verb overrides the levels above it. */
function readGlobalOptions(commands: RamctlCommand[]): GlobalOptions {
  const options = commands.flatMap((command) =>
    // A default must not override an environment variable, nor an option that another level has.
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  );
  return Object.fromEntries(options);
}
