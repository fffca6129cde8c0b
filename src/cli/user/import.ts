import { isFailure, type Problem } from '../../core/failure.ts';
import { type Provision, type Provisioned, refuseProblems } from '../../core/journeys/provision.ts';
import { fold } from '../../core/state.ts';
import { parseRows, type UserRow } from '../../parse/rows.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { addSinkOptions, type SinkOptions } from '../sinks.ts';
import { make, showTrial, tryOrders } from './make.ts';

interface Options extends SinkOptions {
  skipExisting?: boolean;
  dryRun?: boolean;
}

const COLUMNS = `
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
  verb.addHelpText('after', `${COLUMNS}\nThe file may be - for stdin.`);
  verb.setAction<Options>(async (context, options, path: string) => {
    const { text, exposed } = await context.readInput(path);
    const { rows, problems } = await parseRows(text, path);
    if (exposed && rows.some(({ user }) => user.Password !== undefined)) {
      context.output.remark(`remark: others can read the passwords in ${path}; chmod 600 ${path}`);
    }
    const first = new Map(rows.toReversed().map(({ Row, user }) => [fold(user.UserName), Row]));
    // A name that stands twice in the file is a mistake, and not one who exists already.
    const maySkip = (name: string, Row: number) => options.skipExisting && first.get(fold(name)) === Row;
    const orders = rows.map(({ Row, user }) => orderFrom(user, Row, maySkip(user.UserName, Row)));
    // Tried before any password is hashed, which takes longer than everything else.
    const trial = await tried(context, options, orders);
    refuseProblems([...problems, ...trial.problems]);
    if (options.dryRun) return void (await showTrial(context, trial.made, {}));
    const made = new Set(trial.made.map(({ UserName }) => fold(UserName)));
    const rest = orders.filter(({ user }) => made.has(fold(user.UserName)));
    const progress = await context.output.openProgress('hashing passwords', rest.filter(({ logon }) => logon).length);
    try {
      await make(context, options, rest, { hashed: progress.step });
    } finally {
      progress.done();
    }
    return undefined;
  });
}

/** Whom the orders would make, and what is wrong with others. */
async function tried(
  context: CommandContext,
  options: Options,
  orders: Provision[],
): Promise<{ made: Provisioned[]; problems: Problem[] }> {
  try {
    return { made: await tryOrders(context, options, orders, {}, options.dryRun), problems: [] };
  } catch (error) {
    if (!isFailure(error, 'InvalidRows')) throw error;
    return { made: [], problems: error.details.Errors ?? [] };
  }
}

function orderFrom(row: UserRow, Row: number, ifNotExists: boolean | undefined): Provision {
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
