interface Topic {
  summary: string;
  /** Whether names of commands can follow. */
  takesNames?: true;
  load: (names: string[]) => Promise<string>;
}

/** The topics of `ramctl help`. Their texts are loaded only when they are printed. */
export const HELP_TOPICS: Record<string, Topic> = {
  directories: {
    summary: 'Where users are stored',
    load: async () => (await import('./directories.ts')).DIRECTORIES_HELP,
  },
  environment: {
    summary: 'Environment variables',
    load: async () => (await import('./environment.ts')).ENVIRONMENT_HELP,
  },
  'exit-codes': {
    summary: 'Exit codes for scripts',
    load: async () => (await import('./exit-codes.ts')).EXIT_CODES_HELP,
  },
  json: {
    summary: 'Members of the results; also: help json user get',
    takesNames: true,
    load: async (names) => (await import('./json.ts')).formatJsonHelp(names),
  },
  secrets: {
    summary: 'How secrets are read, delivered and stored',
    load: async () => (await import('./secrets.ts')).SECRETS_HELP,
  },
  policies: {
    summary: 'Policy documents, and how they are evaluated',
    load: async () => (await import('./policies.ts')).POLICIES_HELP,
  },
  ci: {
    summary: 'Key rotation in GitHub Actions and cron',
    load: async () => (await import('./ci.ts')).CI_HELP,
  },
};
