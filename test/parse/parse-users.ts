import { expect } from 'vitest';
import { parseUserRows } from '../../src/parse/user-rows.ts';

export const ALICE = { UserName: 'alice', Console: false, AccessKey: false, Groups: [], Policies: [] };
export const CONSOLE_USER = { ...ALICE, Console: true };

/** Returns the users of a text that has no problems. */
export async function parseUsers(text: string, name = 'users.csv') {
  const { rows, problems } = await parseUserRows(text, name);
  expect(problems).toEqual([]);
  return rows.map(({ user }) => user);
}

/** Returns the row and the code of each problem of a text. */
export async function findProblems(text: string, name = 'users.csv') {
  return (await parseUserRows(text, name)).problems.map(({ Row, Code }) => `${Row} ${Code}`);
}
