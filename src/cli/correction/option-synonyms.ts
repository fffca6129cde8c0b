/*
 * Options that people type because they know them from other tools, and what ramctl has instead. The names are compared
 * as in `synonyms.ts`.
 */

/** Options, with the names that are typed for them. An entry fits if the verb has all its options. */
export const OPTION_SYNONYMS: Record<string, string> = {
  '--new-password-file': 'new-password',
  '--console --password-stdin': 'password, pass, passwd, pw, pwd, initial-password, user-password',
  '--password-stdin': 'password, pass, passwd, pw, pwd, new-password, user-password, old-password',
  '--secret-stdin': 'secret, access-key-secret, secret-key, secret-access-key, ak-secret, key-secret',
  '--code':
    'otp, token, totp, mfa-code, mfa-token, token-code, authentication-code, authentication-code1, code1, code2',
  '--comments': 'comment, description, desc, note, notes, remark, new-comments',
  '--description': 'comments, comment, desc',
  '--display-name': 'full-name, real-name, gecos, new-display-name',
  '--email': 'mail, e-mail, new-email',
  '--mobile-phone': 'phone, mobile, tel, telephone, phone-number, new-mobile-phone',
  '--name': 'new-name, new-user-name, new-group-name, rename',
  '--console': 'console-access, console-logon, login, logon, login-profile, generate-password, random-password',
  '--access-key': 'ak, api-key, programmatic, programmatic-access',
  '--group': 'groups, group-name, groupname',
  '--policy': 'policies, policy-name, policy-arn, attach-policy, permission',
  '--user': 'users, user-name',
  '--role': 'roles, role-name',
  '--trust-policy': 'assume-role-policy-document, trust, trust-policy-document, policy-document, document',
  '--trusted-account': 'principal, trusted-account-id',
  '--trusted-service': 'service, trust-service',
  '--max-session-duration': 'session-duration, max-session, duration',
  '--tag': 'tags, label, labels, add-tag, set-tag',
  '--untag': 'remove-tag, delete-tag, rm-tag, tag-key, tag-keys, remove-label',
  '--password-reset': 'reset, reset-password, password-reset-required, require-reset, force-password-reset',
  '--mfa': 'mfa-required, mfa-bind-required, require-mfa, 2fa',
  '--generate-password': 'generate, random, random-password, gen, new-password',
  '--if-not-exists': 'ignore-existing, exist-ok, exists-ok, skip-existing',
  '--skip-existing': 'ignore-existing, if-not-exists, exist-ok',
  '--cascade': 'recursive, purge',
  '--document': 'policy-document, file, body, policy-file, from-file',
  '--action': 'actions, action-name, action-names',
  '--resource': 'resources, resource-arn, resource-arns',
  '--version-id': 'policy-version',
  '--type system': 'system',
  '--type custom': 'custom, local',
  '--type': 'policy-type, scope',
  '--clear': 'delete, remove, unset',
  '--limit': 'max-items, max, top, page-size, head',
  '--sort-by': 'sort, order-by, order',
  '--secret-to': 'save-to, out-file, output-file, secrets-to',
  '--overwrite': 'force, replace',
  '--grace': 'grace-period, overlap, delay',
  '--port': 'listen-port',
  '--host': 'bind, listen, address, hostname, bind-address, listen-address, interface',
  '--allow-host': 'allowed-host, allowed-hosts, server-name',
  '--tls self-signed': 'https, ssl, self-signed',
  '--tls-cert': 'cert, cert-file, certificate, ssl-cert, tls-certificate',
  '--tls-key': 'key, key-file, private-key, ssl-key, tls-private-key',
  '--output json': 'json',
  '--output yaml': 'yaml',
  '--output csv': 'csv',
  '--output': 'format, out, fmt',
  '--query': 'filter, jmespath, jq, fields, select',
  '--yes': 'force, assume-yes, confirm, no-confirm, skip-confirmation, no-prompt-confirm',
  '--no-input': 'non-interactive, no-interactive, batch, no-prompt, no-interaction',
  '--quiet': 'silent, no-remarks',
  '--debug': 'verbose, trace, stack',
  '--color never': 'no-color, no-colour',
  '--color': 'colour, colours, colors',
  '--directory': 'dir, database, db, data',
};

/** Arguments, with the options that are typed for them. */
export const ARGUMENT_SYNONYMS: Record<string, string> = {
  name: 'name',
  user: 'user, user-name, login-name',
  group: 'group, group-name',
  role: 'role, role-name',
  policy: 'policy, policy-name, policy-arn',
  id: 'id, access-key-id, user-access-key-id, key-id',
  version: 'version-id',
  file: 'file, input, path',
};

/** Help topics that explain what ramctl has instead of an option. */
export const OPTION_TOPICS: Record<string, string> = {
  directories: 'profile, region, region-id, endpoint, endpoint-url, account, account-id, url, server, context, config',
  secrets: 'show-secret, show-secrets, print-secret, reveal',
};
