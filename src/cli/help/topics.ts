import type { RamctlCommand } from '../command.ts';

interface Topic {
  summary: string;
  /** Returns the text. `names` are those that follow the topic on the command line. */
  load: (names: string[], listVerbs: () => Promise<RamctlCommand[]>) => Promise<string>;
  /** Whether names can follow the topic. */
  hasNames?: boolean;
}

/** The topics of `ramctl help`. Their texts are loaded only when they are printed. */
export const HELP_TOPICS: Record<string, Topic> = {
  directories: {
    summary: 'Where users are stored: files, accounts, servers',
    load: async (_, listVerbs) => (await import('./directories.ts')).formatDirectoriesHelp(listVerbs),
  },
  environment: { summary: 'Environment variables', load: async () => (await import('./environment.ts')).HELP },
  'exit-codes': { summary: 'Exit codes for scripts', load: async () => (await import('./exit-codes.ts')).HELP },
  json: {
    summary: 'Members of the results; also: help json user get',
    load: async (names) => (await import('./json.ts')).formatJsonHelp(names),
    hasNames: true,
  },
  secrets: {
    summary: 'How secrets are read, delivered and stored',
    load: async () => (await import('./secrets.ts')).HELP,
  },
  policies: {
    summary: 'Policy documents, and how they are evaluated',
    load: async () => (await import('./policies.ts')).HELP,
  },
  ci: { summary: 'Key rotation in GitHub Actions and cron', load: async () => (await import('./ci.ts')).HELP },
};
