import type { RamctlCommand } from './command.ts';

interface Noun {
  summary: string;
  alias?: string;
  load: () => Promise<{ declare(noun: RamctlCommand): void }>;
}

/** The verbs of a noun are loaded only when the command line names it, see docs/decisions/one-file-for-each-verb.md */
export const NOUNS: Record<string, Noun> = {
  user: { summary: 'Manage RAM users', load: () => import('./user/index.ts') },
  login: { summary: 'Manage console logon: password and settings', load: () => import('./login/index.ts') },
  mfa: { summary: 'Manage MFA devices: authenticator apps (TOTP)', load: () => import('./mfa/index.ts') },
  ak: { summary: 'Manage and rotate AccessKeys', alias: 'access-key', load: () => import('./access-key/index.ts') },
  group: { summary: 'Manage groups of users', load: () => import('./group/index.ts') },
  role: { summary: 'Manage roles and their trust policies', load: () => import('./role/index.ts') },
  policy: { summary: 'Manage policies and their attachments', load: () => import('./policy/index.ts') },
  logon: { summary: 'Log on as a RAM user, as in the console', load: () => import('./logon.ts') },
  overview: { summary: 'Show the account, its quotas and findings', load: () => import('./overview.ts') },
  report: { summary: 'Print the credential report and findings', load: () => import('./credential-report.ts') },
  history: { summary: 'Show who changed what, and when', load: () => import('./history/index.ts') },
  undo: { summary: 'Undo a change of the history', load: () => import('./undo.ts') },
  account: { summary: 'Manage alias, password policy and preferences', load: () => import('./account/index.ts') },
  init: { summary: 'Create a directory', load: () => import('./init.ts') },
  directory: { summary: 'Check, back up and restore the directory', load: () => import('./directory/index.ts') },
  export: { summary: 'Print the directory as a file, without secrets', load: () => import('./export.ts') },
  apply: { summary: 'Change the directory to match files', load: () => import('./apply.ts') },
  serve: { summary: 'Serve the RAM API on this machine', load: () => import('./serve.ts') },
  completion: { summary: 'Print a script for completion with Tab', load: () => import('./completion/index.ts') },
};
