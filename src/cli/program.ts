import type { OutputConfiguration } from 'commander';
import { type ContextOpener, RamctlCommand } from './command.ts';
import { HELP_TOPICS } from './help/topics.ts';
import { NOUNS } from './nouns.ts';
import { UnknownNameError } from './usage-error.ts';

const DESCRIPTION = `Administer RAM users: console logon, MFA devices, AccessKeys, groups and policies.

All data is stored in a directory, by default a local JSON file. ramctl connects to Alibaba
Cloud only if --directory names an account.`;

const TOPICS_HELP = `
Help topics:
${Object.entries(HELP_TOPICS)
  .map(([name, { summary }]) => `  ramctl help ${name.padEnd(13)} ${summary}`)
  .join('\n')}`;

/** Creates the commands. The nouns have no verbs until `declareVerbs` adds them. */
export function createProgram(version: string, openContext: ContextOpener, output: OutputConfiguration): RamctlCommand {
  const program = new RamctlCommand('ramctl').addGlobalOptions(version);
  program.openContext = openContext;
  // Commands that are declared later inherit these settings.
  program.configureOutput(output).exitOverride();
  // Without this, the help of long options would not be wrapped.
  program.configureHelp({ minWidthToWrap: 20 });
  program.description(DESCRIPTION).enablePositionalOptions().helpCommand(false).showSuggestionAfterError(true);
  for (const [name, { summary, alias }] of Object.entries(NOUNS)) {
    const noun = program.command(name).summary(summary).description(`${summary}.`).helpCommand(false);
    if (alias) noun.alias(alias);
  }
  const help = program.command('help [command-or-topic...]').addGlobalOptions(version);
  help.summary('Print the help for a command or a topic');
  help.action((names: string[]) => printHelp(program, names));
  program.hook('preSubcommand', (_, noun) => declareVerbs(noun as RamctlCommand));
  return program.addHelpText('after', TOPICS_HELP);
}

/** Adds the options and verbs of a noun, unless they were added before. */
export async function declareVerbs(command: RamctlCommand): Promise<void> {
  const noun = NOUNS[command.name()];
  if (!noun || command.options.length > 0) return;
  command.addGlobalOptions(command.parent?.version());
  (await noun.load()).declare(command);
}

/** Returns all verbs, in the order of the help. */
export async function listVerbs(program: RamctlCommand): Promise<RamctlCommand[]> {
  for (const noun of program.commands) await declareVerbs(noun);
  const findVerbs = (command: RamctlCommand): RamctlCommand[] => {
    const verbs = command.commands.flatMap(findVerbs);
    return verbs.length === 0 || command.opensDirectory ? [command, ...verbs] : verbs;
  };
  return findVerbs(program);
}

async function printHelp(program: RamctlCommand, names: string[]): Promise<void> {
  const [name = '', ...rest] = names;
  const topic = Object.hasOwn(HELP_TOPICS, name) ? HELP_TOPICS[name] : undefined;
  if (topic && (rest.length === 0 || topic.hasNames)) {
    return program.configureOutput().writeOut?.(await topic.load(rest, () => listVerbs(program)));
  }
  let command = program;
  for (const word of names) {
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (!next) throw new UnknownNameError(`unknown command: ${names.join(' ')}`, 'ramctl help', { depth: 1 });
    command = next;
    await declareVerbs(command);
  }
  command.outputHelp();
}
