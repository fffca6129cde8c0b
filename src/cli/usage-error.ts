import { Failure } from '../core/failure.ts';

/** Returns a Failure for an invalid command line. `Field` is the option or argument that is wrong. */
export function usageError(message: string, Field?: string, Hint?: string): Failure {
  return new Failure('usage', 'Usage', message, { Field, Hint });
}

/** What is known about a name that does not exist. */
interface UnknownName {
  /** How many names of commands precede it. */
  depth: number;
  /** The name, if it is an option. */
  flag?: string | undefined;
  /** A command or an option with a similar spelling. */
  similarName?: string | undefined;
}

/** The error for an unknown command or option. `run` replaces its hint if it finds what the user probably meant. */
export class UnknownNameError extends Failure {
  readonly unknown: UnknownName;

  constructor(message: string, Hint: string, unknown: UnknownName) {
    super('usage', 'Usage', message, { Hint });
    this.unknown = unknown;
  }
}
