interface Topic {
  summary: string;
  /** Loads the text. A function gets the names that follow the topic on the command line. */
  load: () => Promise<{ HELP: string | ((names: string[]) => string) }>;
}

/** The topics of `ramctl help`. Their texts are loaded only when they are printed. */
export const HELP_TOPICS: Record<string, Topic> = {
  directories: { summary: 'Where users are stored', load: () => import('./directories.ts') },
  environment: { summary: 'Environment variables', load: () => import('./environment.ts') },
  'exit-codes': { summary: 'Exit codes for scripts', load: () => import('./exit-codes.ts') },
  json: {
    summary: 'Members of the results; also: help json user get',
    load: async () => ({ HELP: (await import('./json.ts')).formatJsonHelp }),
  },
  secrets: { summary: 'How secrets are read, delivered and stored', load: () => import('./secrets.ts') },
  policies: { summary: 'Policy documents, and how they are evaluated', load: () => import('./policies.ts') },
  ci: { summary: 'Key rotation in GitHub Actions and cron', load: () => import('./ci.ts') },
};
