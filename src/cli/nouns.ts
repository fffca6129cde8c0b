import type { RamctlCommand } from './command.ts';

/** Loads a file that declares a command and what it does. */
type Loader = () => Promise<{ declare(noun: RamctlCommand): void }>;

export interface Noun {
  summary: string;
  alias?: string;
  /** For a noun that is itself a command. */
  load?: Loader;
  verbs?: Record<string, Loader>;
}

/**
 * All commands, in the order of the help. The file of a verb is loaded only when the command line names the verb, see
 * docs/decisions/one-file-for-each-verb.md
 */
export const NOUNS: Record<string, Noun> = {
  user: {
    summary: 'Manage RAM users',
    verbs: {
      create: () => import('./user/create.ts'),
      import: () => import('./user/import.ts'),
      list: () => import('./user/list.ts'),
      get: () => import('./user/get.ts'),
      edit: () => import('./user/edit.ts'),
      delete: () => import('./user/delete.ts'),
    },
  },
  login: {
    summary: 'Manage console logon: password and settings',
    verbs: {
      set: () => import('./login/set.ts'),
      get: () => import('./login/get.ts'),
      enable: () => import('./login/enable-disable.ts'),
      disable: () => import('./login/enable-disable.ts'),
      delete: () => import('./login/delete.ts'),
    },
  },
  mfa: {
    summary: 'Manage MFA devices: authenticator apps (TOTP)',
    verbs: {
      enable: () => import('./mfa/enable.ts'),
      bind: () => import('./mfa/bind.ts'),
      disable: () => import('./mfa/disable.ts'),
      delete: () => import('./mfa/delete.ts'),
      get: () => import('./mfa/get.ts'),
      list: () => import('./mfa/list.ts'),
    },
  },
  ak: {
    summary: 'Manage and rotate AccessKeys',
    alias: 'access-key',
    verbs: {
      create: () => import('./access-key/create.ts'),
      list: () => import('./access-key/list.ts'),
      'last-used': () => import('./access-key/last-used.ts'),
      disable: () => import('./access-key/enable-disable.ts'),
      enable: () => import('./access-key/enable-disable.ts'),
      delete: () => import('./access-key/delete.ts'),
      verify: () => import('./access-key/verify.ts'),
      rotate: () => import('./access-key/rotate.ts'),
      rotation: () => import('./access-key/rotation.ts'),
    },
  },
  group: {
    summary: 'Manage groups of users',
    verbs: {
      create: () => import('./group/create.ts'),
      list: () => import('./group/list.ts'),
      get: () => import('./group/get.ts'),
      edit: () => import('./group/edit.ts'),
      add: () => import('./group/add-remove.ts'),
      remove: () => import('./group/add-remove.ts'),
      delete: () => import('./group/delete.ts'),
    },
  },
  role: {
    summary: 'Manage roles and their trust policies',
    verbs: {
      create: () => import('./role/create.ts'),
      list: () => import('./role/list.ts'),
      get: () => import('./role/get.ts'),
      edit: () => import('./role/edit.ts'),
      delete: () => import('./role/delete.ts'),
    },
  },
  policy: {
    summary: 'Manage policies and their attachments',
    verbs: {
      list: () => import('./policy/list.ts'),
      get: () => import('./policy/get.ts'),
      create: () => import('./policy/create.ts'),
      edit: () => import('./policy/edit.ts'),
      versions: () => import('./policy/versions.ts'),
      'set-default': () => import('./policy/set-default.ts'),
      delete: () => import('./policy/delete.ts'),
      validate: () => import('./policy/validate.ts'),
      diff: () => import('./policy/diff.ts'),
      attach: () => import('./policy/attach-detach.ts'),
      detach: () => import('./policy/attach-detach.ts'),
      simulate: () => import('./policy/simulate.ts'),
      system: () => import('./policy/system.ts'),
    },
  },
  logon: { summary: 'Log on as a RAM user, as in the console', load: () => import('./logon.ts') },
  overview: { summary: 'Show the account, its quotas and findings', load: () => import('./overview.ts') },
  report: { summary: 'Print the credential report and findings', load: () => import('./credential-report.ts') },
  history: {
    summary: 'Show who changed what, and when',
    load: () => import('./history/index.ts'),
    verbs: {
      get: () => import('./history/get.ts'),
    },
  },
  undo: { summary: 'Undo a change of the history', load: () => import('./undo.ts') },
  account: {
    summary: 'Manage alias, password policy and preferences',
    verbs: {
      alias: () => import('./account/alias.ts'),
      settings: () => import('./account/settings.ts'),
    },
  },
  init: { summary: 'Create a directory', load: () => import('./init.ts') },
  directory: {
    summary: 'Check, back up and restore the directory',
    verbs: {
      path: () => import('./directory/path.ts'),
      check: () => import('./directory/check.ts'),
      backup: () => import('./directory/backup.ts'),
      restore: () => import('./directory/restore.ts'),
      copy: () => import('./directory/copy.ts'),
    },
  },
  export: { summary: 'Print the directory as a file, without secrets', load: () => import('./export.ts') },
  apply: { summary: 'Change the directory to match files', load: () => import('./apply.ts') },
  serve: { summary: 'Serve the RAM API on this machine', load: () => import('./serve.ts') },
  completion: { summary: 'Print a script for completion with Tab', load: () => import('./completion/index.ts') },
};
