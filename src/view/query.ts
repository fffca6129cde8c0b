import { stripControlsKeepLines } from '../core/control-characters.ts';
import { isObject } from './plain-data.ts';

/** A compiled JMESPath expression. */
export type Query = (value: unknown) => unknown;

/** Far more than a result of ours ever takes: milliseconds, and characters with 16 for each value. */
const MAX_QUERY_MS = 10_000;
const MAX_RESULT_LENGTH = 32 * 1024 * 1024;

/**
 * An expression can ask for more than a machine has, but a query takes `patience` and gives back what fits into memory.
 * @throws the library's error when the expression is not JMESPath; so does the query when it cannot be applied
 */
export async function compileQuery(expression: string, patience = MAX_QUERY_MS): Promise<Query> {
  const { compile, TreeInterpreter } = await import('@jmespath-community/jmespath');
  const { runInNewContext } = await import('node:vm');
  const tree = compile(expression);
  const search = (value: unknown) =>
    TreeInterpreter.search(tree, value as Parameters<typeof TreeInterpreter.search>[1]) as unknown;
  return (value) =>
    runInNewContext(
      'work()',
      { work: () => evaluateWithLimits(search(evaluateWithLimits(value))) },
      { timeout: patience },
    );
}

/**
 * A copy that is JSON and nothing else: without what JavaScript gives every object, and with nothing in an expression's
 * own texts that could steer a terminal.
 */
function evaluateWithLimits(value: unknown, room = { left: MAX_RESULT_LENGTH }): unknown {
  room.left -= 16 + (typeof value === 'string' ? value.length : 0);
  if (room.left < 0) throw new Error('the result is too large');
  if (typeof value === 'string') return stripControlsKeepLines(value);
  if (typeof value === 'boolean' || Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => evaluateWithLimits(item, room));
  if (!isObject(value)) return null;
  const copy = Object.create(null);
  for (const [name, member] of Object.entries(value))
    copy[stripControlsKeepLines(name)] = evaluateWithLimits(member, room);
  return copy;
}
