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
  user: { summary: 'Manage RAM users', load: () => import('./user/index.ts') },
  login: { summary: 'Manage console logon: password and settings', load: () => import('./login/index.ts') },
  mfa: { summary: 'Manage MFA devices: authenticator apps (TOTP)', load: () => import('./mfa/index.ts') },
  ak: { summary: 'Manage AccessKeys', alias: 'access-key', load: () => import('./access-key/index.ts') },
  group: { summary: 'Manage groups of users', load: () => import('./group/index.ts') },
  policy: { summary: 'Manage policies and their attachments', load: () => import('./policy/index.ts') },
  logon: { summary: 'Log on as a RAM user', standalone: true, load: () => import('./logon.ts') },
  overview: { summary: 'Show the account and its findings', standalone: true, load: () => import('./overview.ts') },
  report: { summary: 'Print the credential report', standalone: true, load: () => import('./credential-report.ts') },
  account: { summary: 'Manage alias, password policy and preferences', load: () => import('./account/index.ts') },
  directory: { summary: 'Check, back up and restore the directory', load: () => import('./directory/index.ts') },
  serve: { summary: 'Serve the RAM API on this machine', standalone: true, load: () => import('./serve.ts') },
  completion: { summary: 'Set up completion with Tab', standalone: true, load: () => import('./completion/index.ts') },
};

/** The noun with this name or alias. */
export function findNoun(name = ''): Noun | undefined {
  return Object.entries(NOUNS).find(([key, { alias }]) => name === key || name === alias)?.[1];
}
