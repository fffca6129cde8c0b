/** What a refusal is about. Each kind is one exit code of the command line (`cli/exit.ts`). */
export type FailureKind = 'refused' | 'usage' | 'missing' | 'denied' | 'later' | 'broken';

/** What still stands in the way of a deletion, with the command that removes it. */
export interface Blocker {
  Kind: 'AccessKey' | 'LoginProfile' | 'MFADevice' | 'Policy' | 'Group' | 'User';
  Name: string;
  Command: string;
}

/** One of several things that are wrong with the input. `Row` counts from 1. */
export interface Problem {
  Code: string;
  Message: string;
  Field?: string;
  Row?: number;
}

export interface FailureDetails {
  /** What to do next; names a command that can be pasted where there is one. */
  Hint?: string;
  /** The parameter or flag that is wrong. */
  Field?: string;
  Row?: number;
  Errors?: Problem[];
  Blockers?: Blocker[];
}

/**
 * The one error that ramctl throws on purpose. `code` is RAM's own string where RAM has one (RAM API 2015-05-01,
 * error catalogue), otherwise a short CamelCase word. Neither message nor details ever hold a secret.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly details: FailureDetails;

  constructor(kind: FailureKind, code: string, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

/** What a look-up finds, or null when it fails with `code`, which says that there is none. */
export async function nullIfCode<T>(found: Promise<T>, code: string): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isFailure(error, code)) return null;
    throw error;
  }
}

export function isFailure(error: unknown, ...codes: string[]): error is Failure {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}
