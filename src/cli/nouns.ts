import type { RamctlCommand } from './command.ts';

interface Noun {
  summary: string;
  alias?: string;
  /** Whether the noun is a command without verbs. */
  standalone?: true;
  load: () => Promise<{ declare(noun: RamctlCommand): void }>;
}

/** All nouns. The verbs of a noun are loaded only when the command line names it. */
export const NOUNS: Record<string, Noun> = {
  user: { summary: 'RAM users: people and programs', load: () => import('./user/index.ts') },
  login: { summary: 'console logon: password and settings', load: () => import('./login/index.ts') },
  mfa: { summary: 'MFA devices: authenticator apps (TOTP)', load: () => import('./mfa/index.ts') },
  ak: { summary: 'AccessKeys: programmatic access', alias: 'access-key', load: () => import('./access-key/index.ts') },
  group: { summary: 'groups of users with the same policies', load: () => import('./group/index.ts') },
  policy: { summary: 'policies: permissions of users and groups', load: () => import('./policy/index.ts') },
  logon: { summary: 'log on as a RAM user', standalone: true, load: () => import('./logon.ts') },
  overview: { summary: 'account, counts and findings', standalone: true, load: () => import('./overview.ts') },
  report: { summary: 'credential report of all users', standalone: true, load: () => import('./credential-report.ts') },
  account: { summary: 'alias, password policy, security preferences', load: () => import('./account/index.ts') },
  directory: { summary: 'directory file: check, backup, restore', load: () => import('./directory/index.ts') },
  serve: { summary: 'RAM API server for this directory', standalone: true, load: () => import('./serve.ts') },
  completion: {
    summary: 'scripts for completion with Tab',
    standalone: true,
    load: () => import('./completion/index.ts'),
  },
};

/** The noun with this name or alias. */
export function findNoun(name = ''): Noun | undefined {
  return Object.entries(NOUNS).find(([key, { alias }]) => name === key || name === alias)?.[1];
}
