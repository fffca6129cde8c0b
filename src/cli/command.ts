import { Command, type ErrorOptions, InvalidArgumentError, Option } from 'commander';
import type { Operations } from '../core/directory.ts';
import type { View } from '../view/format.ts';
import type { CommandContext, LocalContext } from './command-context.ts';
import { wrapCommandLine, wrapText } from './help/wrap.ts';
import { readAndShow } from './output.ts';
import { FORMATS, type GlobalOptions } from './settings.ts';
import { UnknownNameError, usageError } from './usage-error.ts';

/** Builds the context of a verb from the global options of the command line. */
export type ContextOpener = (options: GlobalOptions, rules: DirectoryRules) => Promise<CommandContext>;

/** What a verb does with the directory. */
export interface DirectoryRules {
  canCreate: boolean;
  /** Set if the verb needs a local directory. */
  localOnly: LocalVerb | undefined;
}

/** A verb that needs a local directory. */
export interface LocalVerb {
  /** The name of the verb, such as `directory check`. */
  name: string;
  /** What to do for another target. `<target>` is replaced with its name. */
  alternative: string;
}

/** Returns whether a verb with these options and arguments may create the default directory. */
type CreationRule<Options> = (options: Options, ...args: (string | undefined)[]) => boolean;

/** The implementation of a verb. A returned number is the exit code of a verdict. */
type Action<Options, Context = CommandContext> = (
  context: Context,
  options: Options,
  ...args: never[]
) => Promise<number | undefined>;

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
  /** Set on the root: the command line that prints the help of the verb that runs. */
  helpLine = 'ramctl help';
  /** Whether the verb opens a directory. */
  opensDirectory = false;
  #canCreateDirectory: CreationRule<never> = () => false;
  #alternative?: string;
  #load?: (() => Promise<void>) | undefined;
  declare readonly commands: readonly RamctlCommand[];
  declare readonly parent: RamctlCommand | null;

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

  /** Adds a command that has only a name until `load` declares its options, arguments and action. */
  addUnloaded(name: string, load: () => Promise<void>): RamctlCommand {
    const command = this.command(name);
    command.#load = load;
    return command;
  }

  /** Declares this command, unless it was declared before. */
  async load(): Promise<void> {
    const load = this.#load;
    this.#load = undefined;
    await load?.();
  }

  /** Declares this command and those below it. */
  async loadAll(): Promise<void> {
    await this.load();
    for (const command of this.commands) await command.loadAll();
  }

  /** Sets the description. The lines of `text` are joined, because the help has its own line breaks. */
  describe(text: string): RamctlCommand {
    return this.description(text.replace(/\n +/g, ' '));
  }

  /** Declares a group of verbs of this noun. */
  subgroup(name: string, summary: string): RamctlCommand {
    return this.#declare(name, summary).helpCommand(false);
  }

  #declare(syntax: string, summary: string): RamctlCommand {
    const [name = '', ...args] = syntax.split(' ');
    const command = this.commands.find((unloaded) => unloaded.name() === name) ?? this.command(name);
    // The file of another verb can declare this one too, such as `enable-disable.ts`.
    command.#load = undefined;
    if (args.length > 0) command.arguments(args.join(' '));
    return command.summary(summary).description(`${summary}.`).addGlobalOptions(this.version());
  }

  /** Makes this noun a command without verbs. `syntax` declares its arguments. */
  standalone(syntax: string, examples: Record<string, string>): RamctlCommand {
    if (syntax !== '') this.arguments(syntax);
    return this.#addExamples(examples);
  }

  #addExamples(examples: Record<string, string>): RamctlCommand {
    for (const [explanation, line] of Object.entries(examples)) this.examples.push(`# ${explanation}`, line);
    return this.addHelpText('after', () => this.#formatExamples());
  }

  #formatExamples(): string {
    const lines = this.examples.map((line) =>
      line.startsWith('#') ? wrapText(`  ${line}`, '  # ') : wrapCommandLine(`  ${line}`),
    );
    return ['', 'Examples:', ...lines].join('\n');
  }

  /** Lets this verb create the default directory if it does not exist and `rule` returns true. */
  createsDirectory<Options>(rule: CreationRule<Options> = () => true): void {
    this.#canCreateDirectory = rule;
  }

  /** This verb if it needs a local directory. */
  get localOnly(): LocalVerb | undefined {
    if (this.#alternative === undefined) return undefined;
    const [, ...names] = this.#findPath().map((command) => command.name());
    return { name: names.join(' '), alternative: this.#alternative };
  }

  /**
   * Sets the implementation of a verb that needs the file or the history of a local directory. For another target, the
   * verb fails with the hint `alternative`, in which the name of the target replaces `<target>`.
   */
  setLocalAction<Options>(alternative: string, action: Action<Options, LocalContext>): void {
    this.#alternative = alternative;
    this.setAction<Options>((context, ...parameters) => {
      const { file, history } = context;
      if (!file || !history) throw new Error('a local directory was opened without its file or its history');
      return action({ ...context, file, history }, ...parameters);
    });
  }

  /** Sets the implementation of this verb, which receives the arguments in order. */
  setAction<Options>(action: Action<Options>): void {
    this.opensDirectory = true;
    const jsonHelp = this.#formatHelpLine().replace('help', 'help json');
    this.addHelpText('after', `\n"${jsonHelp}" lists the members of the JSON result.`);
    this.action(async (...parameters: unknown[]) => {
      const args = parameters.slice(0, -2) as never[];
      const path = this.#findPath();
      const [root = this] = path;
      root.helpLine = this.#formatHelpLine();
      if (!root.openContext) throw new Error('the root command cannot open a context');
      const options = this.opts();
      const canCreate = this.#canCreateDirectory(options as never, ...args);
      const context = await root.openContext(mergeGlobalOptions(path), { canCreate, localOnly: this.localOnly });
      root.exitCode = (await action(context, options as Options, ...args)) ?? 0;
    });
  }

  /** Sets the implementation of a verb that prints what `read` returns for the arguments. */
  setReadAction<T>(view: View<T>, read: (operations: Operations, ...args: never[]) => Promise<T>): void {
    this.setAction((context, _, ...args) => readAndShow(context, view, (operations) => read(operations, ...args)));
  }

  /** Returns this command and the commands above it, root first. */
  #findPath(): RamctlCommand[] {
    return this.parent ? [...this.parent.#findPath(), this] : [this];
  }

  #formatHelpLine(): string {
    const [root, ...names] = this.#findPath().map((command) => command.name());
    return [root, 'help', ...names].join(' ');
  }

  /** Adds the options that every level accepts. */
  addGlobalOptions(version = ''): this {
    this.version(version, '--version', 'print the version');
    this.helpOption('-h, --help', 'print this help');
    this.optionsGroup('Global options:');
    for (const option of GLOBAL_OPTIONS) this.addOption(option);
    return this.optionsGroup('Options:');
  }

  /** commander calls this for an invalid command line. @throws Failure `usage` */
  override error(commanderMessage: string, { code = '' }: ErrorOptions = {}): never {
    const [firstLine = '', suggestion = ''] = commanderMessage.replace(/^error: /, '').split('\n');
    // Values that may be secrets are not repeated.
    const message = firstLine
      .replace(/^(unknown option '(-[^-]|--[\p{L}\p{N}_-]*)).*/u, "$1'")
      .replace(/^(option '--password[^']*' argument) '.*?('(?= is invalid)|$)/, '$1');
    const hint = this.#formatHelpLine();
    // An argument of a noun that has both verbs and an action may be a mistyped verb.
    const isUnknown =
      /unknown(Command|Option)$/.test(code) || (/excessArguments$/.test(code) && this.commands.length > 0);
    if (!isUnknown) throw usageError(message, undefined, hint);
    throw new UnknownNameError(message, hint, {
      depth: this.#findPath().length - 1,
      flag: /unknown option '([^']+)'/.exec(message)?.[1],
      similarName: /Did you mean (?:one of )?([^,?]+)/.exec(suggestion)?.[1],
    });
  }

  /** commander calls this if the command line ends before a verb. @throws Failure `usage` */
  override help(): never {
    throw usageError('a command is missing', undefined, this.#formatHelpLine());
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

const GLOBAL_OPTIONS = [
  new Option('-d, --directory <target>', 'JSON file, aliyun:, aliyun:PROFILE or URL (see "ramctl help directories")'),
  new Option('-o, --output <format>', 'output format').choices(FORMATS).default('table'),
  new Option('--query <jmespath>', 'JMESPath expression that selects what is printed'),
  new Option('--columns <names>', 'columns or members to print, in this order, separated by commas').argParser(
    parseColumns,
  ),
  new Option('-y, --yes', 'answer confirmations with yes'),
  new Option('--no-input', 'ask no questions; a missing value is an error'),
  new Option('-q, --quiet', 'print no remarks on stderr, only errors'),
  new Option('--color <when>', 'use of colours in the output').choices(['auto', 'always', 'never']).default('auto'),
  new Option('--debug', 'print stack traces of errors, without secrets'),
];

function parseColumns(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It must be names separated by commas.');
  return [...new Set(names)];
}

/** Returns the options given at all levels. A level closer to the verb overrides the levels above it. */
function mergeGlobalOptions(path: RamctlCommand[]): GlobalOptions {
  const options = path.flatMap((command) =>
    // A default must not override an environment variable, nor an option that another level has.
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  );
  return Object.fromEntries(options);
}
