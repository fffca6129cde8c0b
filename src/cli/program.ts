import type { OutputConfiguration } from 'commander';
import { addGlobalOptions, type ContextOpener, RamctlCommand } from './command.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { findNoun, NOUNS } from './nouns.ts';
import { usageError } from './usage-error.ts';

const DESCRIPTION = 'Administer RAM users: console logon, AccessKeys, policies.';

/** Creates the commands. The nouns have no verbs until `declareVerbs` adds them. */
export function createProgram(version: string, openContext: ContextOpener, output: OutputConfiguration): RamctlCommand {
  const program = addGlobalOptions(new RamctlCommand('ramctl'), version);
  program.openContext = openContext;
  // Commands that are declared later inherit these settings.
  program.configureOutput(output).exitOverride();
  program.description(DESCRIPTION).enablePositionalOptions().helpCommand(false).showSuggestionAfterError(true);
  for (const [name, { summary, alias }] of Object.entries(NOUNS)) {
    const noun = program.command(name).summary(summary).description(`${summary}.`).helpCommand(false);
    if (alias) noun.alias(alias);
  }
  addGlobalOptions(program.command('help [words...]') as RamctlCommand, version)
    .summary('Print the help for a command or for exit-codes')
    .action((names: string[]) => printHelp(program, names));
  program.hook('preSubcommand', (_, noun) => declareVerbs(noun as RamctlCommand));
  program.addHelpText('after', '\n"ramctl help exit-codes" explains the exit codes for scripts.');
  return program;
}

/** Adds the options and verbs of a noun, unless they were added before. */
export async function declareVerbs(command: RamctlCommand): Promise<void> {
  const noun = findNoun(command.name());
  if (!noun || command.commands.length > 0 || command.examples.length > 0) return;
  addGlobalOptions(command, command.parent?.version() ?? '');
  (await noun.load()).declare(command);
}

async function printHelp(program: RamctlCommand, names: string[]): Promise<void> {
  if (names[0] === 'exit-codes') {
    program.configureOutput().writeOut?.(EXIT_CODES_HELP);
    return;
  }
  let command = program;
  for (const name of names) {
    const next = command.commands.find((candidate) => candidate.name() === name || candidate.aliases().includes(name));
    if (!next) throw usageError(`unknown command: ${names.join(' ')}`, undefined, 'ramctl help');
    command = next as RamctlCommand;
    await declareVerbs(command);
  }
  command.outputHelp();
}
