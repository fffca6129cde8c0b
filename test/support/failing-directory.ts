import type { Directory } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';

/** Operations that change nothing are counted as well: a process can be killed at any of them. */
const isOperation = (name: string) => /^(get|list|create|update|delete|add|remove|attach|detach)/.test(name);

interface Failing {
  directory: Directory;
  /** How many operations were called. */
  calls(): number;
}

/**
 * Returns a directory whose operation number `at` (the first is 0) fails, and all later ones as well, as if the process were
 * killed: the error is no Failure. `isDone` says whether the operation takes place before that.
 */
export function killedAt(directory: Directory, at: number, isDone: boolean): Failing {
  const death = () => new Error('killed');
  return intercept(directory, async (call, run) => {
    if (call > at) throw death();
    const result = call < at || isDone ? await run() : undefined;
    if (call === at) throw death();
    return result;
  });
}

/** Returns a directory in which the calls of `name` for which `matches` returns true fail with `failure`. */
export function failingAt(
  directory: Directory,
  name: keyof Directory,
  failure: Failure,
  matches: (input: { UserName?: string }) => boolean = () => true,
): Directory {
  return intercept(directory, async (_, run, called, input) => {
    if (called === name && matches(input)) throw failure;
    return run();
  }).directory;
}

function intercept(
  directory: Directory,
  around: (call: number, run: () => Promise<unknown>, name: string, input: never) => Promise<unknown>,
): Failing {
  let calls = 0;
  const wrap = <T extends object>(operations: T): T => {
    const members = Object.entries(operations).map(([name, member]) => {
      if (!isOperation(name)) return [name, member];
      return [name, (...input: never[]) => around(calls++, () => member(...input), name, input[0] as never)];
    });
    return Object.fromEntries(members);
  };
  const atomically: Directory['atomically'] = (work) => directory.atomically((operations) => work(wrap(operations)));
  return { directory: { ...wrap(directory), atomically }, calls: () => calls };
}

export const UNAVAILABLE = new Failure('later', 'Unreachable', 'the endpoint does not respond');
