/**
 * Names that people type because they know them from other tools, and the names that ramctl has instead. Hints use these
 * tables. Upper and lower case, hyphens and underscores do not matter. If several entries contain a name, the first one
 * that fits applies.
 */

/** Nouns, with the names that are typed for them. */
export const NOUN_SYNONYMS: Record<string, string> = {
  user: 'users, usr, account-user, ram-user, ram-users, iam-user, iam-users',
  ak: 'aks, key, keys, access-keys, accesskey, accesskeys, credential, credentials, api-key, api-keys',
  group: 'groups, grp, team, teams',
  role: 'roles, ram-role, ram-roles, iam-role, iam-roles',
  policy: 'policies, permission, permissions, policy-version, policy-versions',
  login: 'logins, login-profile, login-profiles, console, console-logon, password, passwords',
  mfa: '2fa, totp, otp, mfa-device, mfa-devices, virtual-mfa-device, virtual-mfa-devices, user-mfa-info',
  directory: 'dir, database, db, store',
  history: 'log, logs, changes, change, events, activity, journal, changelog, audit-log, audit-trail',
};

/** Verbs, with the names that are typed for them. */
export const VERB_SYNONYMS: Record<string, string> = {
  edit: 'update, modify, rename, change, mod, alter, patch, set',
  set: 'update, modify, change, edit, reset, create, add, new, put',
  get: 'show, describe, info, view, display, read, inspect, cat, details, status',
  list: 'ls, show, get, describe, all, find, search, query, info, view',
  delete: 'rm, remove, del, destroy, drop, erase, purge, delete-all',
  create: 'add, new, make, mk, register, provision, generate, gen, issue',
  enable: 'activate, on, unblock, reactivate, add, create, new, setup, set-up, init, register',
  disable: 'deactivate, off, block, suspend, revoke, lock, reset, unbind, delete, remove, rm',
  bind: 'verify, confirm, validate, activate',
  verify: 'test, check, validate',
  rotate: 'renew, replace, roll, refresh',
  finish: 'complete, done, end, commit',
  rollback: 'undo, revert, cancel, abort',
  simulate: 'test, eval, evaluate, can-i, who-can, try, check',
  validate: 'lint, parse, verify',
  import: 'bulk-create, load, batch, upload',
  check: 'verify, fsck, doctor, validate',
  path: 'where, location, file, show, info, get',
  backup: 'save, dump, copy, snapshot',
  restore: 'load, recover',
  'last-used': 'last-use, usage',
  alias: 'domain, name',
};

/** A command that is typed under other names. */
export interface CommandSynonym {
  /** The names that are typed, separated by commas. A name can have several words. */
  typed: string;
  /** The command line that does it, without its arguments. */
  command: string;
  /** What the typed arguments are, in their order, if the command has another order or takes them as options. */
  order?: string[];
  /** What else to know or to do. */
  note?: string;
}

export const COMMAND_SYNONYMS: CommandSynonym[] = [
  { typed: 'users, get users, show users, describe users, who, search, find', command: 'user list' },
  { typed: 'useradd, adduser, mkuser, newuser', command: 'user create' },
  { typed: 'userdel, deluser, rmuser', command: 'user delete' },
  { typed: 'usermod, moduser', command: 'user edit' },
  { typed: 'user rename, user mv, user move', command: 'user edit', order: ['user', 'name'] },
  { typed: 'id, finger, user policies, user groups, user permissions, get-user-policy', command: 'user get' },
  { typed: 'ListPoliciesForUser, ListGroupsForUser, list-attached-user-policies', command: 'user get' },
  { typed: 'import, bulk import, newusers', command: 'user import' },

  { typed: 'passwd, chpasswd, password, user passwd, user password, user set-password', command: 'login set' },
  { typed: 'user reset-password, user change-password, user pw, login passwd', command: 'login set' },
  { typed: 'login password, login reset-password, chage, user edit --password', command: 'login set' },
  {
    typed: 'unlock, user unlock, login unlock',
    command: 'login set --generate-password',
    note: 'a new password unlocks',
  },
  {
    typed:
      'lock, user disable, user lock, user deactivate, user suspend, user block, disable user, block user, login lock',
    command: 'login disable',
    note: 'AccessKeys stay active: ramctl ak disable <user> <id>',
  },
  {
    typed: 'user enable, user activate, user unblock, enable user, activate user',
    command: 'login enable',
    note: 'AccessKeys: ramctl ak enable <user> <id>',
  },
  { typed: 'su, sign-in', command: 'logon' },
  { typed: 'auth, authenticate', command: 'help directories' },
  { typed: 'user login, user console', command: 'login get' },

  { typed: 'user reset-mfa', command: 'mfa disable' },
  { typed: 'user mfa', command: 'mfa get' },
  { typed: 'user enable-mfa, user set-mfa', command: 'mfa enable' },

  { typed: 'keys, access-keys, aks, user keys, user access-keys, user ak', command: 'ak list' },
  { typed: 'user create-key, user create-access-key, user add-key', command: 'ak create' },
  { typed: 'ak update, ak edit, ak set-status', command: 'ak disable', note: 'or: ramctl ak enable <user> <id>' },
  { typed: 'GetAccessKeyLastUsed, ak last', command: 'ak last-used' },
  { typed: 'rotate, user rotate-key', command: 'ak rotate' },
  { typed: 'ak finish, ak complete', command: 'ak rotation finish' },
  { typed: 'ak rollback, ak undo, ak revert', command: 'ak rotation rollback' },
  { typed: 'rotations, ak rotations', command: 'ak rotation list' },

  { typed: 'groups, get groups, show groups, describe groups', command: 'group list' },
  { typed: 'groupadd, addgroup, newgroup', command: 'group create' },
  { typed: 'groupdel, delgroup', command: 'group delete' },
  { typed: 'groupmod', command: 'group edit' },
  { typed: 'group rename, group mv, group move', command: 'group edit', order: ['group', 'name'] },
  { typed: 'group members, group users, group show-members, ListUsersForGroup', command: 'group get' },
  { typed: 'group add-user, group add-users, group add-member, group join', command: 'group add' },
  { typed: 'group remove-user, group remove-users, group remove-member, group delete-user', command: 'group remove' },
  {
    typed: 'user add-to-group, user add-group, user join, AddUserToGroup',
    command: 'group add',
    order: ['user', 'group'],
  },
  {
    typed: 'user remove-from-group, user remove-group, user leave, RemoveUserFromGroup',
    command: 'group remove',
    order: ['user', 'group'],
  },

  { typed: 'roles, get roles, show roles, describe roles', command: 'role list' },
  { typed: 'role policies, ListPoliciesForRole, list-attached-role-policies, role trust', command: 'role get' },
  { typed: 'role set-trust, role trust-policy, update-assume-role-policy', command: 'role edit' },
  {
    typed: 'role attach-policy, role attach, role grant, role add-policy, attach-role-policy',
    command: 'policy attach',
    order: ['role', 'policy'],
  },
  {
    typed: 'role detach-policy, role detach, role revoke, role remove-policy, detach-role-policy',
    command: 'policy detach',
    order: ['role', 'policy'],
  },

  { typed: 'user tag, user add-tag, tag user, TagResources', command: 'user edit', order: ['user', 'tag'] },
  { typed: 'user untag, user remove-tag, UntagResources', command: 'user edit', order: ['user', 'untag'] },
  { typed: 'role tag, role add-tag, tag role, tag-role', command: 'role edit', order: ['role', 'tag'] },
  { typed: 'role untag, role remove-tag, untag-role', command: 'role edit', order: ['role', 'untag'] },
  { typed: 'policy tag, policy add-tag, tag-policy', command: 'policy edit', order: ['policy', 'tag'] },
  { typed: 'policy untag, policy remove-tag, untag-policy', command: 'policy edit', order: ['policy', 'untag'] },
  { typed: 'ListTagResources, tags, tag list', command: 'user list', order: ['tag'] },

  { typed: 'policies, get policies, show policies, permissions', command: 'policy list' },
  {
    typed: 'user attach-policy, user attach, user grant, user add-policy, user add-permission, attach-user-policy',
    command: 'policy attach',
    order: ['user', 'policy'],
  },
  {
    typed: 'user detach-policy, user detach, user revoke, user remove-policy, detach-user-policy',
    command: 'policy detach',
    order: ['user', 'policy'],
  },
  {
    typed: 'group attach-policy, group attach, group grant, group add-policy, attach-group-policy',
    command: 'policy attach',
    order: ['group', 'policy'],
  },
  {
    typed: 'group detach-policy, group detach, group revoke, group remove-policy, detach-group-policy',
    command: 'policy detach',
    order: ['group', 'policy'],
  },
  {
    typed: 'policy attach-user, policy attach-to-user, AttachPolicyToUser, attach, grant, policy grant, policy assign',
    command: 'policy attach',
    order: ['policy', 'user'],
  },
  { typed: 'policy attach-group, AttachPolicyToGroup', command: 'policy attach', order: ['policy', 'group'] },
  {
    typed:
      'policy detach-user, policy detach-from-user, DetachPolicyFromUser, detach, revoke, policy revoke, policy unassign',
    command: 'policy detach',
    order: ['policy', 'user'],
  },
  { typed: 'policy detach-group, DetachPolicyFromGroup', command: 'policy detach', order: ['policy', 'group'] },
  { typed: 'policy attach-role, AttachPolicyToRole', command: 'policy attach', order: ['policy', 'role'] },
  { typed: 'policy detach-role, DetachPolicyFromRole', command: 'policy detach', order: ['policy', 'role'] },
  { typed: 'policy users, policy groups, policy roles, ListEntitiesForPolicy, policy document', command: 'policy get' },
  { typed: 'CreatePolicyVersion, policy create-version, policy add-version', command: 'policy edit' },
  { typed: 'ListPolicyVersions, policy list-versions, policy history', command: 'policy versions' },
  { typed: 'SetDefaultPolicyVersion, policy default', command: 'policy set-default' },
  {
    typed: 'simulate, can-i, user can, user simulate, user test',
    command: 'policy simulate',
    order: ['user', 'action'],
  },
  { typed: 'lint, validate', command: 'policy validate' },
  { typed: 'diff, policy compare, policy preview, policy impact', command: 'policy diff' },

  {
    typed: 'whoami, account get, account show, account info, quota, quotas, summary, status',
    command: 'overview',
  },
  { typed: 'GetAccountSummary, dashboard, info, GetCallerIdentity', command: 'overview' },
  { typed: 'settings, preferences, password-policy, GetPasswordPolicy', command: 'account settings get' },
  { typed: 'account settings list, GetSecurityPreference, account password-policy', command: 'account settings get' },
  { typed: 'account set, SetPasswordPolicy, SetSecurityPreference', command: 'account settings set' },
  {
    typed: 'alias, domain, account set-alias, SetAccountAlias, GetAccountAlias, create-account-alias',
    command: 'account alias',
  },
  { typed: 'ClearAccountAlias, delete-account-alias', command: 'account alias --clear' },
  {
    typed: 'audit, user audit, actiontrail, LookupEvents, who-changed',
    command: 'history',
    note: 'findings: ramctl report',
  },
  { typed: 'user history, user log, user changes', command: 'history', order: ['user'] },
  { typed: 'history list, history ls, list history, list changes', command: 'history' },
  { typed: 'revert, rollback, history undo, history revert, history rollback', command: 'undo' },
  {
    typed: 'user undo, user restore, user undelete, user recover, undelete, recover',
    command: 'history',
    order: ['user'],
    note: 'then: ramctl undo <id>',
  },
  { typed: 'credential-report, GenerateCredentialReport, GetCredentialReport', command: 'report' },

  { typed: 'directory init, directory create, directory new, setup', command: 'init' },
  { typed: 'plan, preview', command: 'apply --dry-run' },
  { typed: 'sync, converge, directory apply', command: 'apply' },
  { typed: 'directory export', command: 'export' },
  { typed: 'backup, dump', command: 'directory backup' },
  { typed: 'restore', command: 'directory restore' },
  { typed: 'check, doctor, fsck', command: 'directory check' },
  { typed: 'path, where', command: 'directory path' },
  { typed: 'start, listen, daemon, proxy', command: 'serve' },
  { typed: 'autocomplete', command: 'completion' },
  { typed: 'version', command: '--version' },
  { typed: 'topics', command: 'help' },
  { typed: 'config, configure, env, environment, profile, profiles', command: 'help environment' },
  { typed: 'exit-codes, exit-code, errors', command: 'help exit-codes' },
];
