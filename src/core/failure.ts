/** The kind of an error. Each kind is one exit code of the command line (`cli/exit-codes.ts`). */
export type FailureKind = 'refused' | 'usage' | 'missing' | 'denied' | 'later' | 'broken';

/**
 * A dependent that prevents a deletion, or a change that remains although its command failed, with the command that removes
 * it. Only such a change can be of the kind `Account`.
 */
export interface Blocker {
  Kind: 'AccessKey' | 'LoginProfile' | 'MFADevice' | 'Policy' | 'Group' | 'User' | 'Role' | 'Account';
  Name: string;
  Command: string;
}

/** One of several problems of an input or a directory. `Row` counts from 1. */
export interface Problem {
  Code: string;
  Message: string;
  Field?: string;
  Row?: number;
}

export interface FailureDetails {
  /** What to do next: a command that can be pasted, where there is one. */
  Hint?: string | undefined;
  /** The parameter or flag that is wrong. */
  Field?: string | undefined;
  Row?: number;
  Errors?: Problem[];
  Blockers?: Blocker[];
  /** RAM's id of the request, for a question to the support of Alibaba Cloud. */
  RequestId?: string;
  /** The reason for NoPermission in a response of the server. */
  AccessDeniedDetail?: object;
}

/**
 * The only error class that ramctl throws on purpose. `code` is RAM's error code where RAM has one (RAM API 2015-05-01,
 * error catalogue), otherwise a CamelCase word. Message and details never contain a secret.
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

/** Returns the result of a lookup, or null when it fails with `code`. */
export function nullIfCode<T>(lookup: Promise<T>, code: string): Promise<T | null> {
  return lookup.catch((error: unknown) => {
    if (isFailure(error, code)) return null;
    throw error;
  });
}

export function isFailure(error: unknown, ...codes: string[]): error is Failure {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}
