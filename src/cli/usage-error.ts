import { Failure } from '../core/failure.ts';

/** Returns a Failure for an invalid command line. `Field` is the option or argument that is wrong. */
export function usageError(message: string, Field?: string, Hint?: string): Failure {
  return new Failure('usage', 'Usage', message, { Field, Hint });
}
