/** The answers to reads, by the name of the operation, a space and the input as JSON. */
export type Answers = Map<string, Promise<unknown>>;

type AnyFunction = (...input: unknown[]) => Promise<unknown>;

/** Returns operations that send identical reads once. `answers` are those that are known already; new ones are added. */
export function rememberReads<T extends object>(operations: T, answers: Answers = new Map()): T {
  const remember = (name: string, operation: AnyFunction): AnyFunction => {
    return async (...input) => {
      const key = `${name} ${JSON.stringify(input)}`;
      const answer = answers.get(key) ?? operation(...input);
      answers.set(key, answer);
      // A caller may change what it gets.
      return structuredClone(await answer);
    };
  };
  const entries = Object.entries(operations).map(([name, operation]) => {
    return [name, /^(get|list)/.test(name) ? remember(name, operation) : operation];
  });
  return Object.fromEntries(entries);
}
