import { Failure } from '../core/failure.ts';

/** A Failure for an invalid command line. `field` is the option or argument; `hint` says what to do. */
export function usageError(message: string, field?: string, hint?: string): Failure {
  return new Failure('usage', 'Usage', message, {
    ...(field !== undefined && { Field: field }),
    ...(hint !== undefined && { Hint: hint }),
  });
}
