import type { OutputConfiguration } from 'commander';
import { addGlobalOptions, type ContextOpener, RamctlCommand } from './command.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { NOUNS } from './nouns.ts';
import { usageError } from './usage-error.ts';

const DESCRIPTION = 'Administer RAM users: console logon, AccessKeys, policies.';

/** A fresh command tree; nouns without their verbs, which `declareVerbs` adds. */
export function createProgram(version: string, openContext: ContextOpener, output: OutputConfiguration): RamctlCommand {
  const program = addGlobalOptions(new RamctlCommand('ramctl'), version);
  program.openContext = openContext;
  // Inherited by what is declared below, so it comes first.
  program.configureOutput(output).exitOverride();
  program.description(DESCRIPTION).enablePositionalOptions().helpCommand(false).showSuggestionAfterError(true);
  for (const [name, noun] of Object.entries(NOUNS)) {
    const command = program.command(name) as RamctlCommand;
    command.summary(noun.summary).description(`${noun.summary}.`).helpCommand(false);
    if (noun.alias) command.alias(noun.alias);
  }
  addGlobalOptions(program.command('help [words...]') as RamctlCommand, version)
    .summary('help for a command, or: exit-codes')
    .action((words: string[]) => printHelp(program, words));
  program.hook('preSubcommand', (_, noun) => declareVerbs(noun as RamctlCommand));
  program.addHelpText('after', '\nhelp exit-codes explains what a script can rely on.');
  return program;
}

/** Adds the options and verbs of a noun, once. */
export async function declareVerbs(noun: RamctlCommand): Promise<void> {
  const known = Object.hasOwn(NOUNS, noun.name()) ? NOUNS[noun.name()] : undefined;
  if (!known || noun.commands.length > 0 || noun.examples.length > 0) return;
  addGlobalOptions(noun, noun.parent?.version() ?? '');
  (await known.load()).declare(noun);
}

async function printHelp(program: RamctlCommand, words: string[]): Promise<void> {
  if (words[0] === 'exit-codes') {
    program.configureOutput().writeOut?.(EXIT_CODES_HELP);
    return;
  }
  let command = program;
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (!next) throw usageError(`there is no command ${words.join(' ')}`, undefined, 'ramctl help');
    command = next as RamctlCommand;
    await declareVerbs(command);
  }
  command.outputHelp();
}
