import type { RamctlCommand } from './command.ts';

export interface Noun {
  summary: string;
  alias?: string;
  /** Whether it is a command of its own, without verbs. */
  standalone?: true;
  load: () => Promise<{ declare(noun: RamctlCommand): void }>;
}

/** Every noun. Its verbs are loaded only when the command line names it. */
export const NOUNS: Record<string, Noun> = {
  user: { summary: 'RAM users: people and programs', load: () => import('./user/index.ts') },
  login: { summary: 'console logon: password and settings', load: () => import('./login/index.ts') },
  mfa: { summary: 'MFA devices: authenticator apps (TOTP)', load: () => import('./mfa/index.ts') },
  ak: { summary: 'AccessKeys: programmatic access', alias: 'access-key', load: () => import('./access-key/index.ts') },
  group: { summary: 'groups of users, who share policies', load: () => import('./group/index.ts') },
  policy: { summary: 'policies: what users may do', load: () => import('./policy/index.ts') },
  logon: { summary: 'log on as a RAM user would', standalone: true, load: () => import('./logon.ts') },
  overview: {
    summary: 'the account: logon link, counts, what needs attention',
    standalone: true,
    load: () => import('./overview.ts'),
  },
  report: {
    summary: 'the credential report of all users',
    standalone: true,
    load: () => import('./credential-report.ts'),
  },
  account: { summary: 'alias, password policy, security preferences', load: () => import('./account/index.ts') },
  directory: { summary: 'the directory file itself', load: () => import('./directory/index.ts') },
  serve: { summary: "RAM's API over this directory, on loopback", standalone: true, load: () => import('./serve.ts') },
  completion: {
    summary: 'scripts for completion with Tab',
    standalone: true,
    load: () => import('./completion/index.ts'),
  },
};
