import { isFailure, type Problem } from '../../core/failure.ts';
import { foldCase } from '../../core/state.ts';
import { assertRowsValid, type CreatedUser, type NewUser } from '../../core/workflows/provision.ts';
import { parseUserRows, type UserRow } from '../../parse/user-rows.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { createUsers, dryRunUsers, printDryRun } from './create-users.ts';

interface Options extends SinkOptions {
  skipExisting?: boolean;
  dryRun?: boolean;
}

const COLUMNS_HELP = `
Columns of a CSV file, members elsewhere; only UserName is needed:
  UserName, DisplayName, Comments, Email, MobilePhone,
  Console, AccessKey          true or false, empty is false
  Password                    empty: generated, shown once
  PasswordReset, MFA          required or not-required
  Groups, Policies            several are joined by ;`;

export function declareImport(noun: RamctlCommand): void {
  const verb = noun.verb('import <file>', 'create many users from CSV, JSON, JSON Lines or YAML, all or none', [
    'ramctl user import users.csv --secret-to file:credentials.csv',
    'ramctl user import users.yaml --skip-existing --dry-run',
  ]);
  verb.option('--skip-existing', 'leave out users who exist already');
  verb.option('--dry-run', 'check every row, make nothing');
  addSinkOptions(verb);
  verb.addHelpText('after', `${COLUMNS_HELP}\nThe file may be - for stdin.`);
  verb.setAction<Options>(async (context, options, path: string) => {
    const { text, isReadableByOthers } = await context.readInput(path);
    const { rows, problems } = await parseUserRows(text, path);
    if (isReadableByOthers && rows.some(({ user }) => user.Password !== undefined)) {
      context.output.remark(`remark: others can read the passwords in ${path}; chmod 600 ${path}`);
    }
    const first = new Map(rows.toReversed().map(({ Row, user }) => [foldCase(user.UserName), Row]));
    // A name that stands twice in the file is a mistake, and not one who exists already.
    const maySkip = (name: string, Row: number) => options.skipExisting && first.get(foldCase(name)) === Row;
    const orders = rows.map(({ Row, user }) => buildNewUser(user, Row, maySkip(user.UserName, Row)));
    // Tried before any password is hashed, which takes longer than everything else.
    const trial = await dryRunRows(context, options, orders);
    assertRowsValid([...problems, ...trial.problems]);
    if (options.dryRun) return void (await printDryRun(context, trial.made, {}));
    const made = new Set(trial.made.map(({ UserName }) => foldCase(UserName)));
    const rest = orders.filter(({ user }) => made.has(foldCase(user.UserName)));
    const progress = await context.output.openProgress('hashing passwords', rest.filter(({ logon }) => logon).length);
    try {
      await createUsers(context, options, rest, { onPasswordHashed: progress.step });
    } finally {
      progress.done();
    }
    return undefined;
  });
}

/** Whom the orders would make, and what is wrong with others. */
async function dryRunRows(
  context: CommandContext,
  options: Options,
  orders: NewUser[],
): Promise<{ made: CreatedUser[]; problems: Problem[] }> {
  try {
    return { made: await dryRunUsers(context, options, orders, {}, options.dryRun), problems: [] };
  } catch (error) {
    if (!isFailure(error, 'InvalidRows')) throw error;
    return { made: [], problems: error.details.Errors ?? [] };
  }
}

function buildNewUser(row: UserRow, Row: number, ifNotExists: boolean | undefined): NewUser {
  const { UserName, DisplayName, Comments, Email, MobilePhone, Console, AccessKey, Groups, Policies } = row;
  const logon = { password: row.Password, PasswordResetRequired: row.PasswordReset, MFABindRequired: row.MFA };
  return {
    user: { UserName, DisplayName, Comments, Email, MobilePhone },
    logon: Console ? logon : undefined,
    accessKey: AccessKey,
    groups: Groups,
    policies: Policies,
    ifNotExists,
    Row,
  };
}
