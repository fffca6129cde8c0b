import { Failure } from '../core/failure.ts';

/** A Failure for a wrong command line. `field` is the flag or argument; `hint` is what to do. */
export function usageError(message: string, field?: string, hint?: string): Failure {
  return new Failure('usage', 'Usage', message, {
    ...(field === undefined ? {} : { Field: field }),
    ...(hint === undefined ? {} : { Hint: hint }),
  });
}
