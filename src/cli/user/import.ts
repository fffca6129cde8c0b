import { Option } from 'commander';
import { ENCODINGS, type Encoding } from '../../core/encoding.ts';
import { isFailure, type Problem } from '../../core/failure.ts';
import { userNameInLogonName } from '../../core/logon-names.ts';
import { foldCase } from '../../core/state.ts';
import type { Grants } from '../../core/workflows/full-access.ts';
import { type CreatedUser, type NewUser, provisionUsers } from '../../core/workflows/provision.ts';
import type { UserRow } from '../../parse/user-columns.ts';
import { parseUserRows } from '../../parse/user-rows.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { remarkOnFullAccess } from '../remarks.ts';
import { addSinkOptions } from '../secret-sinks.ts';
import { type CreateOptions, checkNewUsers, createUsers, type Provision, printDryRun } from './create-users.ts';
import type { ImportRun } from './resumable-import.ts';

type Options = CreateOptions & { skipExisting?: boolean; encoding: Encoding };

const COLUMNS_HELP = `
The columns of a CSV file, or the members in other formats. Only UserName is
required:
  UserName                    alice, or alice@acme.onaliyun.com with the domain
                              of this account
  DisplayName, Comments, Email
  MobilePhone                 86-13800000000
  Console, AccessKey          true, false, yes, no, 1 or 0; default: false
  Password                    default: generated, and shown once
  PasswordReset               required or not-required; default: required
  MFA                         required or not-required; default: not-required
  Groups, Policies            several names are separated by ;
In these names, upper and lower case, spaces, _ and - make no difference. The
Chinese names of the RAM console are accepted as well, for example 登录名称,
显示名称, 备注, 电子邮箱, 手机号码, 控制台访问, 用户组 and 权限策略.

The file extension selects the format: .csv, .json, .jsonl or .yaml. For stdin
and other extensions, the content selects it. The cells of a CSV file are
separated by commas, semicolons or tabs. A ' in front of = + - @ is removed: it
protects a cell in a spreadsheet. The output of "ramctl user list -o csv" can be
imported; its other columns are ignored with a remark.`;

export function declareImport(noun: RamctlCommand): void {
  const verb = noun.verb('import <file>', 'Create many users from CSV, JSON, JSON Lines or YAML', {
    'Create users and write their secrets to a file': 'ramctl user import users.csv --secret-to file:credentials.csv',
    'Write one file with secrets for each user': "ramctl user import users.csv --secret-to 'file:{user}.csv'",
    'Check which users are new, and create nothing': 'ramctl user import users.yaml --skip-existing --dry-run',
  });
  verb.describe(`Creates all users of a file, or of stdin for -, in one transaction. If one row is invalid, no user is
    created and the command lists every error of every row. Prints the new users, and generated secrets once. In an account
    or on a server, an interrupted import leaves users; the same command then completes the import.`);
  verb.option('--skip-existing', 'skip the rows of users who exist');
  verb.option('--dry-run', 'check every row and create nothing');
  const encoding = 'encoding of the file; auto: by its byte order mark, or utf-8; Chinese Excel writes gb18030';
  verb.addOption(new Option('--encoding <name>', encoding).choices(ENCODINGS).default('auto'));
  addSinkOptions(verb).addHelpText('after', COLUMNS_HELP);
  verb.createsDirectory();
  verb.setAction<Options>(async (context, flags, path: string) => {
    const options = { ...flags, asList: true };
    const { text, isReadableByOthers } = await readUsersFile(context, path, options.encoding);
    const { rows, problems, ignoredColumns } = await parseUserRows(text, path);
    if (isReadableByOthers && rows.some(({ user }) => user.Password !== undefined)) {
      context.output.remark(`remark: others can read the passwords in ${path}; chmod 600 ${path}`);
    }
    if (ignoredColumns.length > 0) {
      const names = ignoredColumns.join(', ');
      context.output.remark(`remark: These columns are ignored: ${names}. The column AccessKey creates AccessKeys.`);
    }
    problems.push(...(await removeOwnDomain(context, rows)));
    const duplicates = findDuplicates(rows);
    problems.push(...duplicates);
    const duplicateRows = new Set(duplicates.map(({ Row }) => Row));
    // A duplicate is never skipped, so that its other errors are found as well.
    const newUsers = rows.map(({ Row, user }) =>
      buildNewUser(user, Row, options.skipExisting && !duplicateRows.has(Row)),
    );
    const run = await openImport(context, newUsers, options.dryRun);
    try {
      await importUsers(context, options, run, problems);
    } finally {
      run.close();
    }
  });
}

/** Opens the import of these users into the target: one transaction, or an import that can be resumed. */
async function openImport(context: CommandContext, newUsers: NewUser[], isDryRun = false): Promise<ImportRun> {
  const { directory, target } = context;
  if (target.kind !== 'local') {
    const { openResumableImport } = await import('./resumable-import.ts');
    return openResumableImport(context, newUsers, isDryRun);
  }
  return {
    newUsers,
    progressLabel: 'hashing passwords',
    countSteps: (users) => users.filter(({ logon }) => logon).length,
    provision: (users, beforeCommit, onStep) => provisionUsers(directory, users, beforeCommit, onStep),
    finish: async () => {},
    close: () => {},
  };
}

/** Checks and creates the users. `problems` are the problems of the file that are already known. */
async function importUsers(context: CommandContext, options: Options, run: ImportRun, problems: Problem[]) {
  // Rows are checked before any password is hashed, because hashing takes longer than everything else.
  const checked = await checkNewUsers(context, options, run.newUsers, problems);
  if (options.dryRun) {
    await printDryRun(context, options, checked);
  } else {
    const names = new Set(checked.map(({ UserName }) => foldCase(UserName)));
    const missing = run.newUsers.filter(({ user }) => names.has(foldCase(user.UserName)));
    const progress = await context.output.openProgress(run.progressLabel, run.countSteps(missing));
    try {
      const provision: Provision = (beforeCommit) => run.provision(missing, beforeCommit, progress.step);
      await createUsers(context, { ...options, isChecked: true }, missing, provision, run.finish);
    } finally {
      progress.done();
    }
  }
  await remarkOnFullAccess(context, collectGrants(checked));
}

function collectGrants(users: CreatedUser[]): Grants {
  return {
    policies: users.flatMap(({ Policies }) => Policies.map(({ PolicyName }) => PolicyName)),
    groups: users.flatMap(({ Groups }) => Groups),
  };
}

type Row = { Row: number; user: UserRow };

async function readUsersFile(context: CommandContext, path: string, encoding: Encoding) {
  try {
    return await context.readInput(path, encoding);
  } catch (error) {
    if (isFailure(error, 'InputNotText') && error.details.Hint) {
      const command = context.output.commandLine(['user', 'import', path, '--encoding', error.details.Hint]);
      error.details.Field = '--encoding';
      error.details.Hint = `${command}   # gb18030 for Chinese Excel, utf-16 for "Unicode text"`;
    }
    throw error;
  }
}

/**
 * Removes the domain of this account from user names such as `alice@acme.onaliyun.com`, which the RAM console writes.
 * Returns a problem for each name with another domain.
 */
async function removeOwnDomain({ directory }: CommandContext, rows: Row[]): Promise<Problem[]> {
  const namesWithDomain = rows.filter(({ user }) => user.UserName.includes('@'));
  if (namesWithDomain.length === 0) return [];
  const account = await directory.getAccount();
  return namesWithDomain.flatMap(({ Row, user }) => {
    const name = userNameInLogonName(user.UserName, account);
    if (name !== undefined) {
      user.UserName = name;
      return [];
    }
    const Message = `UserName has a domain that is not the domain of this account, ${account.DefaultDomain}; write only the name`;
    return [{ Code: 'InvalidParameter.UserName.InvalidChars', Message, Field: 'UserName', Row }];
  });
}

/** Returns a problem for each row whose user name is in an earlier row, regardless of case. */
function findDuplicates(rows: Row[]): Problem[] {
  const firstRows = new Map<string, number>();
  return rows.flatMap(({ Row, user }) => {
    const name = foldCase(user.UserName);
    const first = firstRows.get(name);
    if (first === undefined) firstRows.set(name, Row);
    if (first === undefined || name === '') return [];
    return [{ Code: 'DuplicateRow', Message: `row ${first} has the same UserName`, Field: 'UserName', Row }];
  });
}

function buildNewUser(row: UserRow, Row: number, ifNotExists: boolean | undefined): NewUser {
  const { Console, AccessKey, Password, PasswordReset, MFA, Groups, Policies, ...user } = row;
  const logon = Console
    ? { password: Password, PasswordResetRequired: PasswordReset, MFABindRequired: MFA }
    : undefined;
  return { user, logon, accessKey: AccessKey, groups: Groups, policies: Policies, ifNotExists, Row };
}
