import type { OutputConfiguration } from 'commander';
import { type ContextOpener, RamctlCommand } from './command.ts';
import { HELP_TOPICS } from './help/topics.ts';
import { NOUNS, type Noun } from './nouns.ts';
import { UnknownNameError } from './usage-error.ts';

const DESCRIPTION = `Administer RAM users: console logon, MFA devices, AccessKeys, groups and policies.

All data is stored in a directory, by default a local JSON file. ramctl connects to Alibaba Cloud only if --directory
  names an account.`;

const TOPICS_HELP = `
Help topics:
${Object.entries(HELP_TOPICS)
  .map(([name, { summary }]) => `  ramctl help ${name.padEnd(13)} ${summary}`)
  .join('\n')}`;

/** Creates the commands. Only those that the command line names are loaded. */
export function createProgram(version: string, openContext: ContextOpener, output: OutputConfiguration): RamctlCommand {
  const program = new RamctlCommand('ramctl').addGlobalOptions(version);
  program.openContext = openContext;
  // Commands that are declared later inherit these settings.
  program.configureOutput(output).exitOverride();
  // Without this, the help of long options would not be wrapped.
  program.configureHelp({ minWidthToWrap: 20 });
  program.describe(DESCRIPTION).enablePositionalOptions().helpCommand(false).showSuggestionAfterError(true);
  for (const [name, noun] of Object.entries(NOUNS)) {
    const command = program.addUnloaded(name, () => loadNoun(command, noun));
    command.summary(noun.summary);
    if (noun.alias) command.alias(noun.alias);
  }
  const help = program.addUnloaded('help', async () => {
    help.addGlobalOptions(version).action((names: string[]) => printHelp(program, names));
  });
  help.arguments('[command-or-topic...]').summary('Print the help for a command or a topic');
  program.hook('preSubcommand', (_, noun) => {
    // The help of a noun lists its verbs.
    const isHelp = program.args.some((arg) => /^-(-help$|[a-z]*h)/.test(arg));
    return isHelp ? (noun as RamctlCommand).loadAll() : (noun as RamctlCommand).load();
  });
  return program.addHelpText('after', TOPICS_HELP);
}

/** Declares a noun, with verbs that are not loaded yet. */
async function loadNoun(command: RamctlCommand, { summary, load, verbs = {} }: Noun): Promise<void> {
  command.description(`${summary}.`).helpCommand(false).addGlobalOptions(command.parent?.version());
  for (const [name, loadVerb] of Object.entries(verbs)) {
    command.addUnloaded(name, async () => (await loadVerb()).declare(command));
  }
  command.hook('preSubcommand', (_, verb) => (verb as RamctlCommand).load());
  (await load?.())?.declare(command);
}

/** Returns all verbs, in the order of the help. */
export async function listVerbs(program: RamctlCommand): Promise<RamctlCommand[]> {
  await program.loadAll();
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
    await command.load();
  }
  if (command !== program) await command.loadAll();
  command.outputHelp();
}
