import { Failure } from '../core/failure.ts';
import { errorCodeOf, errorReason, isTemporary } from '../disk/errors.ts';

/** Returns the Failure for a system error on the directory file, and other errors unchanged. */
export function translateStorageError(error: unknown, path: string): unknown {
  if (error instanceof Failure || errorCodeOf(error) === undefined) return error;
  const message = `${path}: ${errorReason(error)}`;
  return isTemporary(error)
    ? laterFailure('DirectoryUnavailable', `${message}; nothing was changed`)
    : brokenFailure('DirectoryUnusable', message, 'ramctl directory path');
}

/** A Failure that can disappear when the command runs again. */
export function laterFailure(code: string, message: string, Hint = 'ramctl directory check'): Failure {
  return new Failure('later', code, message, { Hint });
}

/** A Failure that an admin must fix. */
export function brokenFailure(code: string, message: string, Hint: string): Failure {
  return new Failure('broken', code, message, { Hint });
}
