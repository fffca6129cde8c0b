import type { OutputConfiguration } from 'commander';
import { usage } from './app.ts';
import { addGlobalOptions, type Launch, RamctlCommand } from './command.ts';
import { EXIT_CODES_HELP } from './exit.ts';

interface Noun {
  summary: string;
  alias?: string;
  /** Set when it is a command by itself, without verbs. */
  alone?: true;
  load: () => Promise<{ declare(noun: RamctlCommand): void }>;
}

/** Every noun; its verbs are loaded when it is spoken. */
export const NOUNS: Record<string, Noun> = {
  user: { summary: 'RAM users: people and programs', load: () => import('./user/index.ts') },
  login: { summary: 'console logon: password and settings', load: () => import('./login/index.ts') },
  mfa: { summary: 'MFA devices: authenticator apps (TOTP)', load: () => import('./mfa/index.ts') },
  ak: { summary: 'AccessKeys: programmatic access', alias: 'access-key', load: () => import('./access-key/index.ts') },
  group: { summary: 'groups of users, who share policies', load: () => import('./group/index.ts') },
  policy: { summary: 'policies: what users may do', load: () => import('./policy/index.ts') },
  logon: { summary: 'log on as a RAM user would', alone: true, load: () => import('./logon.ts') },
  overview: {
    summary: 'the account: logon link, counts, what needs attention',
    alone: true,
    load: () => import('./overview.ts'),
  },
  report: { summary: 'the credential report of all users', alone: true, load: () => import('./credential-report.ts') },
  account: { summary: 'alias, password policy, security preferences', load: () => import('./account/index.ts') },
  directory: { summary: 'the directory file itself', load: () => import('./directory/index.ts') },
  serve: { summary: "RAM's API over this directory, on loopback", alone: true, load: () => import('./serve.ts') },
  completion: { summary: 'scripts for completion with Tab', alone: true, load: () => import('./completion/index.ts') },
};

const ABOUT = 'Administer RAM users: console logon, AccessKeys, policies.';

/** A fresh command tree; nouns without their verbs, which `declareVerbs` adds. */
export function createProgram(version: string, launch: Launch, output: OutputConfiguration): RamctlCommand {
  const program = addGlobalOptions(new RamctlCommand('ramctl'), version);
  program.launch = launch;
  // Inherited by what is declared below, so it comes first.
  program.configureOutput(output).exitOverride();
  program.description(ABOUT).enablePositionalOptions().helpCommand(false).showSuggestionAfterError(true);
  for (const [name, noun] of Object.entries(NOUNS)) {
    const command = program.command(name) as RamctlCommand;
    command.summary(noun.summary).description(`${noun.summary}.`).helpCommand(false);
    if (noun.alias) command.alias(noun.alias);
  }
  addGlobalOptions(program.command('help [words...]') as RamctlCommand, version)
    .summary('help for a command, or: exit-codes')
    .action((words: string[]) => help(program, words));
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

async function help(program: RamctlCommand, words: string[]): Promise<void> {
  if (words[0] === 'exit-codes') {
    program.configureOutput().writeOut?.(EXIT_CODES_HELP);
    return;
  }
  let command = program;
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (!next) throw usage(`there is no command ${words.join(' ')}`, undefined, 'ramctl help');
    command = next as RamctlCommand;
    await declareVerbs(command);
  }
  command.outputHelp();
}
