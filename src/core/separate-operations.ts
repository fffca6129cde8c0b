import type { Directory, Operations } from './directory.ts';

type AnyFunction = (...input: unknown[]) => Promise<unknown>;

/**
 * Returns operations that each run alone: those whose names match `reads` by `reading`, the others by `atomically`. RAM's names
 * distinguish reads from changes.
 */
export function separateOperations(
  names: string[],
  { reading, atomically }: Pick<Directory, 'reading' | 'atomically'>,
  reads = /^(get|list)/,
): Operations {
  const bind = (name: string): AnyFunction => {
    return async (...input) => {
      const work = (operations: Operations) => (operations[name as keyof Operations] as AnyFunction)(...input);
      return reads.test(name) ? reading(work) : (await atomically(work)).value;
    };
  };
  return Object.fromEntries(names.map((name) => [name, bind(name)])) as unknown as Operations;
}
