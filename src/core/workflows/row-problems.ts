import type { CreateUserInput, Operations } from '../directory.ts';
import { Failure, isFailure, type Problem } from '../failure.ts';
import { assertPasswordMeetsPolicy } from '../password.ts';
import { assertValidProfile } from '../user.ts';
import { distinctNames } from './name-matching.ts';
import type { resolvePolicy } from './policy.ts';

/** The columns of a file of users, in the order in which their problems are listed. */
export const USER_COLUMNS = [
  'UserName',
  'DisplayName',
  'Comments',
  'Email',
  'MobilePhone',
  'Console',
  'AccessKey',
  'Password',
  'PasswordReset',
  'MFA',
  'Groups',
  'Policies',
] as const;

const MAX_CHECKED_NAMES = 200;

/** What is checked of a user of a file. */
interface CheckedUser {
  user: CreateUserInput;
  logon?: { password?: string | undefined } | undefined;
  groups?: string[] | undefined;
  policies?: string[] | undefined;
}

/** Returns whether an error says that a row is wrong. Others say, for example, that an endpoint cannot be reached. */
export function isRowProblem(error: unknown): error is Failure {
  return isFailure(error) && ['refused', 'missing'].includes(error.kind);
}

/**
 * Returns every problem of a user of a file who could not be created. `failure` is the problem that prevented the
 * creation, `Row` the number of the row.
 */
export async function findRowProblems(
  operations: Operations,
  { user, logon, groups, policies }: CheckedUser,
  Row: number,
  failure: Failure,
  resolve: typeof resolvePolicy,
): Promise<Problem[]> {
  const failures: Failure[] = [];
  const collect = async (check: () => unknown) => {
    try {
      await check();
    } catch (error) {
      if (!isRowProblem(error)) throw error;
      failures.push(error);
    }
  };
  for (const [member, value] of Object.entries(user)) await collect(() => assertValidProfile({ [member]: value }));
  // With an invalid profile the user was not created, so that the name was not compared with those of other users.
  if (failures.length > 0) await collect(() => operations.createUser({ UserName: user.UserName }));
  const policy = await operations.getPasswordPolicy();
  const password = logon?.password;
  if (password !== undefined) await collect(() => assertPasswordMeetsPolicy(password, policy));
  for (const GroupName of namesToCheck(groups)) await collect(() => operations.getGroup({ GroupName }));
  for (const name of namesToCheck(policies)) await collect(() => resolve(operations, name));
  if (!failures.some(({ message }) => message === failure.message)) failures.unshift(failure);
  return failures.map((each) => toRowProblem(each, Row));
}

/** Returns at most `MAX_CHECKED_NAMES` of a list, which is more than a user can have. */
function namesToCheck(names: string[] = []): string[] {
  return distinctNames(names.slice(0, MAX_CHECKED_NAMES));
}

/** The columns whose names differ from RAM's parameters. */
const COLUMN_BY_PARAMETER: Record<string, string> = { GroupName: 'Groups', PolicyName: 'Policies' };

function toRowProblem({ code, message, details: { Field } }: Failure, Row: number): Problem {
  const column = Field === undefined ? {} : { Field: COLUMN_BY_PARAMETER[Field] ?? Field };
  return { Code: code, Message: message, ...column, Row };
}

/**
 * Returns problems sorted by row and column. Left out are those that others explain: more problems of a value that the
 * parser refused, and the quota of users for all rows but one.
 */
export function mergeProblems(fileProblems: Problem[], found: Problem[]): Problem[] {
  const toKey = ({ Row, Field }: Problem) => JSON.stringify([Row, Field]);
  const explained = new Set(fileProblems.map(toKey));
  const isNew = (problem: Problem) => problem.Field === undefined || !explained.has(toKey(problem));
  const [firstOverQuota] = found.filter(({ Code }) => Code === 'LimitExceeded.User');
  const others = found.filter((problem) => problem.Code !== 'LimitExceeded.User' || problem === firstOverQuota);
  const problems = [...fileProblems, ...others.filter(isNew)];
  const columnOf = ({ Field }: Problem) => USER_COLUMNS.indexOf(Field as (typeof USER_COLUMNS)[number]);
  return problems.sort((left, right) => (left.Row ?? 0) - (right.Row ?? 0) || columnOf(left) - columnOf(right));
}

/** @throws Failure `refused` (`InvalidRows`) when there are problems */
export function assertRowsValid(Errors: Problem[]): void {
  if (Errors.length === 0) return;
  const rows = new Set(Errors.map(({ Row }) => Row)).size;
  const message = `${rows} ${rows === 1 ? 'row has' : 'rows have'} errors; no user was created`;
  const isPresent = Errors.some(({ Code }) => Code === 'EntityAlreadyExists.User');
  const Hint = `fix these rows${isPresent ? ', or skip existing users with --skip-existing,' : ''} and run the import again`;
  throw new Failure('refused', 'InvalidRows', message, { Errors, Hint });
}
