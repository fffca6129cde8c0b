import { isFailure } from '../../core/failure.ts';
import { foldCase } from '../../core/state.ts';
import type { Grants } from '../../core/workflows/full-access.ts';
import { assertRowsValid, type CreatedUser, type NewUser } from '../../core/workflows/provision.ts';
import { parseUserRows, type UserRow } from '../../parse/user-rows.ts';
import type { RamctlCommand } from '../command.ts';
import { remarkOnFullAccess } from '../remarks.ts';
import { addSinkOptions } from '../secret-sinks.ts';
import { type CreateOptions, checkNewUsers, createUsers, printDryRun } from './create-users.ts';

type Options = CreateOptions & { skipExisting?: boolean };

const COLUMNS_HELP = `
The columns of a CSV file, or the members in other formats. Only UserName is
required:
  UserName, DisplayName, Comments, Email, MobilePhone
  Console, AccessKey          true, false, yes, no, 1 or 0; default: false
  Password                    default: generated, and shown once
  PasswordReset               required or not-required; default: required
  MFA                         required or not-required; default: not-required
  Groups, Policies            several names are separated by ;
The file extension selects the format: .csv, .json, .jsonl or .yaml. For stdin,
the content does.`;

export function declareImport(noun: RamctlCommand): void {
  const verb = noun.verb('import <file>', 'Create many users from CSV, JSON, JSON Lines or YAML', {
    'Create users and write their secrets to a file': 'ramctl user import users.csv --secret-to file:credentials.csv',
    'Check which users are new, and create nothing': 'ramctl user import users.yaml --skip-existing --dry-run',
  });
  verb.describe(`Creates all users of a file, or of stdin for -, in one transaction. If one row is invalid, no user is
    created and the command lists each invalid row with an error. Prints the new users, and generated secrets once.`);
  verb.option('--skip-existing', 'skip the rows of users who exist');
  verb.option('--dry-run', 'check every row and create nothing');
  addSinkOptions(verb).addHelpText('after', COLUMNS_HELP);
  verb.createsDirectory();
  verb.setAction<Options>(async (context, flags, path: string) => {
    const options = { ...flags, asList: true };
    const { text, isReadableByOthers } = await context.readInput(path);
    const { rows, problems } = await parseUserRows(text, path);
    if (isReadableByOthers && rows.some(({ user }) => user.Password !== undefined)) {
      context.output.remark(`remark: others can read the passwords in ${path}; chmod 600 ${path}`);
    }
    const firstRows = new Map(rows.toReversed().map(({ Row, user }) => [foldCase(user.UserName), Row]));
    const newUsers = rows.map(({ Row, user }) => {
      // The second row with the same name is an error, even with --skip-existing.
      const isFirst = firstRows.get(foldCase(user.UserName)) === Row;
      return buildNewUser(user, Row, options.skipExisting && isFirst);
    });
    // Rows are checked before any password is hashed, because hashing takes longer than everything else.
    let checked: CreatedUser[] = [];
    try {
      checked = await checkNewUsers(context, options, newUsers);
    } catch (error) {
      if (!isFailure(error, 'InvalidRows')) throw error;
      problems.push(...(error.details.Errors ?? []));
    }
    assertRowsValid(problems);
    if (options.dryRun) {
      await printDryRun(context, options, checked);
      await remarkOnFullAccess(context, collectGrants(checked));
      return;
    }
    const names = new Set(checked.map(({ UserName }) => foldCase(UserName)));
    const missing = newUsers.filter(({ user }) => names.has(foldCase(user.UserName)));
    const passwordCount = missing.filter(({ logon }) => logon).length;
    const progress = await context.output.openProgress('hashing passwords', passwordCount);
    try {
      await createUsers(context, options, missing, progress.step);
    } finally {
      progress.done();
    }
    await remarkOnFullAccess(context, collectGrants(checked));
  });
}

function collectGrants(users: CreatedUser[]): Grants {
  return {
    policies: users.flatMap(({ Policies }) => Policies.map(({ PolicyName }) => PolicyName)),
    groups: users.flatMap(({ Groups }) => Groups),
  };
}

function buildNewUser(row: UserRow, Row: number, ifNotExists: boolean | undefined): NewUser {
  const { Console, AccessKey, Password, PasswordReset, MFA, Groups, Policies, ...user } = row;
  const logon = Console
    ? { password: Password, PasswordResetRequired: PasswordReset, MFABindRequired: MFA }
    : undefined;
  return { user, logon, accessKey: AccessKey, groups: Groups, policies: Policies, ifNotExists, Row };
}
