import type {
  DescribedAccount,
  DescribedGroup,
  DescribedLogon,
  DescribedPolicy,
  DescribedRole,
  DescribedUser,
  Description,
} from '../core/description/description.ts';
import type { PolicyRef, ResourceTag } from '../core/directory.ts';
import { replaceUnsafeCharacters, stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import { UniqueNames } from './unique-names.ts';

/**
 * Returns a shell script that recreates a directory in an empty account with the CLI `aliyun`. It reads the passwords from
 * environment variables, and stops before the first command if one of them is not set.
 *
 * 1. The script uses RAM 2015-05-01, and IMS 2019-08-15 for what only IMS has: the tags of users, display names of groups,
 *    and inactive console logon.
 * 2. A parameter is written `--Name=value`, because `aliyun` takes a separate value that starts with a hyphen as an option.
 *    It accepts no empty value, so that a parameter without a value is omitted.
 * 3. RAM takes tags as a JSON list, and IMS as `--Tag.1.Key`, `--Tag.1.Value` (aliyun-openapi-meta).
 */
export function formatAliyunScript(description: Description): string {
  const { Account, Users, Groups, Policies, Roles } = description;
  const passwords = namePasswords(Users);
  const sections = [
    ['#!/bin/sh', ...formatComment(describeScript(description)), 'set -eu'],
    formatPasswordChecks(passwords),
    ['', '# Settings of the account', ...formatAccount(Account)],
    Users.some(needsLogonName) ? DOMAIN_LINES : [],
    titled('Custom policies', Policies.map(formatPolicy)),
    titled('Groups', Groups.flatMap(formatGroup)),
    titled('Roles', Roles.flatMap(formatRole)),
    titled(
      'Users',
      Users.flatMap((user) => formatUser(user, passwords.get(user) ?? '')),
    ),
    formatAccessKeys(Users),
  ];
  return `${sections.flat().join('\n')}\n`;
}

/** Reads the domain of logon names, which contains the alias or the ID of the account that the script runs in. */
const DOMAIN_LINES = [
  '',
  `domain=$(aliyun ims GetDefaultDomain | sed -n 's/.*"DefaultDomainName": *"\\([^"]*\\)".*/\\1/p')`,
  `: "\${domain:?The default domain of the account was not found.}"`,
];

function describeScript({ Account, Policies, Roles, Users }: Description): string {
  const { AccountId, AccountAlias } = Account;
  const documents = [
    ...Policies.map((policy) => policy.PolicyDocument),
    ...Roles.map((role) => role.AssumeRolePolicyDocument),
  ];
  const hasAccountId = documents.some((document) => document.includes(AccountId));
  return [
    `Recreates the users, groups, custom policies, roles and settings of the account ${AccountId}`,
    'in an empty account, with the CLI "aliyun". The script stops at the first error.',
    'Not included: passwords, AccessKeys, MFA devices, policy versions except the default, IDs and dates.',
    ...(hasAccountId
      ? [`Documents contain the account ID ${AccountId}. For another account, replace the ID in this file first.`]
      : []),
    ...(AccountAlias
      ? [`Only one account can have the alias ${AccountAlias}. If another one has it, change SetAccountAlias first.`]
      : []),
    ...(Users.some(({ LoginProfile }) => LoginProfile)
      ? ['Other users of this machine can see the passwords in the list of processes while the script runs.']
      : []),
  ].join('\n');
}

/** Returns the environment variable of each console user's password. */
function namePasswords(users: DescribedUser[]): Map<DescribedUser, string> {
  const names = new UniqueNames();
  const consoleUsers = users.filter(({ LoginProfile }) => LoginProfile);
  return new Map(
    consoleUsers.map((user) => [
      user,
      names.take(`PASSWORD_${user.UserName.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`),
    ]),
  );
}

function formatPasswordChecks(passwords: Map<DescribedUser, string>): string[] {
  if (passwords.size === 0) return [];
  const checks = Array.from(passwords, ([{ UserName }, name]) => {
    // Names of an unknown endpoint could contain shell code.
    const user = UserName.replace(/[^A-Za-z0-9._-]/g, '_');
    return `: "\${${name}:?Set this variable to the password of the user ${user}.}"`;
  });
  return ['', '# Initial passwords: set these variables before you run the script.', ...checks];
}

function formatAccount({ AccountAlias, PasswordPolicy, SecurityPreference }: DescribedAccount): string[] {
  return [
    ...(AccountAlias ? [command('ram SetAccountAlias', { AccountAlias })] : []),
    command('ram SetPasswordPolicy', PasswordPolicy),
    command('ram SetSecurityPreference', SecurityPreference),
  ];
}

function formatPolicy({ PolicyName, Description, PolicyDocument, Tags }: DescribedPolicy): string {
  return command('ram CreatePolicy', { PolicyName, Description, PolicyDocument, Tag: toJsonTags(Tags) });
}

function formatGroup({ GroupName, DisplayName, Comments, Policies }: DescribedGroup): string[] {
  const action = DisplayName === null ? 'ram CreateGroup' : 'ims CreateGroup';
  return [
    command(action, { GroupName, DisplayName, Comments }),
    ...formatAttachments('ram AttachPolicyToGroup', Policies, { GroupName }),
  ];
}

function formatRole({ Policies, Tags, ...role }: DescribedRole): string[] {
  const { RoleName, Description, AssumeRolePolicyDocument, MaxSessionDuration } = role;
  return [
    command('ram CreateRole', {
      RoleName,
      Description,
      AssumeRolePolicyDocument,
      MaxSessionDuration,
      Tag: toJsonTags(Tags),
    }),
    ...formatAttachments('ram AttachPolicyToRole', Policies, { RoleName }),
  ];
}

function formatUser({ LoginProfile, Groups, Policies, Tags, ...user }: DescribedUser, password: string): string[] {
  const { UserName, DisplayName, Comments, Email, MobilePhone } = user;
  return [
    command('ram CreateUser', { UserName, DisplayName, MobilePhone, Email, Comments }),
    ...(Tags.length > 0 ? [formatUserTags(UserName, Tags)] : []),
    ...Groups.map((GroupName) => command('ram AddUserToGroup', { UserName, GroupName })),
    ...formatAttachments('ram AttachPolicyToUser', Policies, { UserName }),
    ...(LoginProfile ? [formatLogon(UserName, LoginProfile, password)] : []),
  ];
}

/** Only IMS has the status of a console logon. */
function formatLogon(UserName: string, { Status, ...requirements }: DescribedLogon, password: string): string {
  const Password = variable(password);
  return Status === 'Active'
    ? command('ram CreateLoginProfile', { UserName, Password, ...requirements })
    : command('ims CreateLoginProfile', {
        UserPrincipalName: logonName(UserName),
        Password,
        Status,
        ...requirements,
      });
}

function formatUserTags(name: string, tags: ResourceTag[]): string {
  const parameters = tags.flatMap(({ TagKey, TagValue }, index) => [
    [`Tag.${index + 1}.Key`, TagKey],
    [`Tag.${index + 1}.Value`, TagValue],
  ]);
  return command('ims TagResources', {
    ResourceType: 'user',
    'ResourcePrincipalName.1': logonName(name),
    ...Object.fromEntries(parameters),
  });
}

function formatAttachments(action: string, policies: PolicyRef[], entity: Record<string, string>): string[] {
  return policies.map(({ PolicyName, PolicyType }) => command(action, { PolicyType, PolicyName, ...entity }));
}

/** CreateAccessKey prints the secret, so that it is a command that the reader of the script runs. */
function formatAccessKeys(users: DescribedUser[]): string[] {
  const commands = users
    .filter(({ AccessKey }) => AccessKey)
    .map(({ UserName }) => command('ram CreateAccessKey', { UserName }));
  if (commands.length === 0) return [];
  const reason = 'AccessKeys: each of these commands prints the secret of a new AccessKey in the terminal.';
  return ['', ...formatComment([reason, ...commands].join('\n'))];
}

function needsLogonName({ Tags, LoginProfile }: DescribedUser): boolean {
  return Tags.length > 0 || LoginProfile?.Status === 'Inactive';
}

function toJsonTags(tags: ResourceTag[]): string | null {
  if (tags.length === 0) return null;
  return JSON.stringify(tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })));
}

/** A part of a shell command that is already quoted. */
class ShellWord {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function variable(name: string): ShellWord {
  return new ShellWord(`"$${name}"`);
}

function logonName(userName: string): ShellWord {
  return new ShellWord(`${quote(userName)}@"$domain"`);
}

type Values = Record<string, string | number | boolean | null | ShellWord>;

/** Returns a command line, with the parameters that have a value. `action` is a product and an action. */
function command(action: string, parameters: Values): string {
  const options = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null || value === '') return [];
    return `--${name}=${value instanceof ShellWord ? value.text : quote(String(value))}`;
  });
  return ['aliyun', action, ...options].join(' ');
}

/**
 * Returns a text as part of one word of a POSIX shell. Characters that could mislead a reader of the script are written in
 * octal, except for line ends and tabs.
 */
function quote(text: string): string {
  if (/^[A-Za-z0-9_.,:/@+-]+$/.test(text)) return text;
  const quoted = replaceUnsafeCharacters(text.replaceAll("'", String.raw`'\''`), (character) =>
    character === '\n' || character === '\t' ? character : `'"$(printf '${octalEscapes(character)}')"'`,
  );
  return `'${quoted}'`;
}

function octalEscapes(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** Returns comment lines. A line end in a text must not end the comment. */
function formatComment(text: string): string[] {
  return text.split('\n').map((line) => `# ${stripUnsafeCharacters(line)}`);
}

function titled(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `# ${title}`, ...lines];
}
