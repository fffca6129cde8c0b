import type { JSONValue } from '@jmespath-community/jmespath';
import { Failure } from '../core/failure.ts';
import { isObject } from '../core/is-object.ts';
import { stripUnsafeExceptLayout } from '../core/unsafe-characters.ts';

/** A compiled JMESPath expression. */
export type Query = (value: unknown) => unknown;

/** These limits are far above what any result needs. */
const MAX_QUERY_MS = 10_000;
/** Counts the characters of all texts, and 16 for each value. */
const MAX_RESULT_LENGTH = 32 * 1024 * 1024;

/**
 * Returns a query that stops after `timeoutMs` and rejects results that are too large, because an expression can ask for
 * more time and memory than a machine has. `report` receives a text if the expression names a member that does not exist.
 * @throws Failure `usage` when the expression is not JMESPath; the query throws it when it cannot be applied
 */
export async function compileQuery(
  expression: string,
  report: (text: string) => void = () => {},
  timeoutMs = MAX_QUERY_MS,
): Promise<Query> {
  const { compile, TreeInterpreter } = await import('@jmespath-community/jmespath');
  const { runInNewContext } = await import('node:vm');
  const { describeUnknownMember } = await import('./unknown-member.ts');
  const tree = orUsageError('is not a valid JMESPath expression', () => compile(expression));
  return (value) => {
    let unknownMember: string | undefined;
    const run = () => {
      const data = copyAsJson(value) as JSONValue;
      const result = copyAsJson(TreeInterpreter.search(tree, data));
      unknownMember = describeUnknownMember(tree, data, (part, context) => TreeInterpreter.search(part, context));
      return result;
    };
    const result = orUsageError('cannot be applied', () => runInNewContext('run()', { run }, { timeout: timeoutMs }));
    if (unknownMember !== undefined) report(unknownMember);
    return result;
  };
}

function orUsageError<T>(problem: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = `--query ${problem}: ${(error as Error).message}`;
    const Hint = /JSON literal/.test(message) ? "write a text in single quotes, such as 'alice'" : undefined;
    throw new Failure('usage', 'Usage', message, { Field: '--query', Hint });
  }
}

/**
 * Returns a copy that holds only JSON data: without inherited members such as `constructor`, and without the control
 * characters that an expression can add.
 */
function copyAsJson(value: unknown, budget = { left: MAX_RESULT_LENGTH }): unknown {
  budget.left -= 16 + (typeof value === 'string' ? value.length : 0);
  if (budget.left < 0) throw new Error('the result is too large');
  if (typeof value === 'string') return stripUnsafeExceptLayout(value);
  if (typeof value === 'boolean' || Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => copyAsJson(item, budget));
  if (!isObject(value)) return null;
  const copy = Object.create(null);
  for (const [name, member] of Object.entries(value)) copy[stripUnsafeExceptLayout(name)] = copyAsJson(member, budget);
  return copy;
}
