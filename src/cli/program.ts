import type { OutputConfiguration } from 'commander';
import { type ContextOpener, RamctlCommand } from './command.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { NOUNS } from './nouns.ts';
import { UnknownNameError } from './usage-error.ts';

const DESCRIPTION = `Administer RAM users: console logon, MFA devices, AccessKeys, groups and policies.

All data is stored in a directory, which is a local JSON file. ramctl does not connect to Alibaba Cloud.`;

const ENVIRONMENT_HELP = `
Environment variables (an option overrides its variable):
  RAMCTL_DIRECTORY       value of --directory
  RAMCTL_OUTPUT          value of --output
  RAMCTL_NO_INPUT, CI    1 turns off questions; RAMCTL_NO_INPUT=0 overrides CI
  RAMCTL_KEY_FILE        path of the key that encrypts the secrets in the directory
  NO_COLOR, FORCE_COLOR  1 turns colours off or on

"ramctl help exit-codes" explains the exit codes for scripts.`;

/** Creates the commands. The nouns have no verbs until `declareVerbs` adds them. */
export function createProgram(version: string, openContext: ContextOpener, output: OutputConfiguration): RamctlCommand {
  const program = new RamctlCommand('ramctl').addGlobalOptions(version);
  program.openContext = openContext;
  // Commands that are declared later inherit these settings.
  program.configureOutput(output).exitOverride();
  program.description(DESCRIPTION).enablePositionalOptions().helpCommand(false).showSuggestionAfterError(true);
  for (const [name, { summary, alias }] of Object.entries(NOUNS)) {
    const noun = program.command(name).summary(summary).description(`${summary}.`).helpCommand(false);
    if (alias) noun.alias(alias);
  }
  const help = program.command('help [command...]').addGlobalOptions(version);
  help.summary('Print the help for a command, or for exit-codes');
  help.action((names: string[]) => printHelp(program, names));
  program.hook('preSubcommand', (_, noun) => declareVerbs(noun as RamctlCommand));
  return program.addHelpText('after', ENVIRONMENT_HELP);
}

/** Adds the options and verbs of a noun, unless they were added before. */
export async function declareVerbs(command: RamctlCommand): Promise<void> {
  const noun = NOUNS[command.name()];
  if (!noun || command.options.length > 0) return;
  command.addGlobalOptions(command.parent?.version());
  (await noun.load()).declare(command);
}

async function printHelp(program: RamctlCommand, names: string[]): Promise<void> {
  if (names[0] === 'exit-codes') return program.configureOutput().writeOut?.(EXIT_CODES_HELP);
  let command = program;
  for (const name of names) {
    const next = command.commands.find((candidate) => candidate.name() === name || candidate.aliases().includes(name));
    if (!next) throw new UnknownNameError(`unknown command: ${names.join(' ')}`, 'ramctl help', { depth: 1 });
    command = next;
    await declareVerbs(command);
  }
  command.outputHelp();
}
