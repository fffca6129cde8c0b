import { Failure } from '../core/failure.ts';
import { errorReason, isTemporary } from '../disk/errors.ts';

/** The Failure for a system error on the directory file: `later` for a full disk and the like, otherwise `broken`. */
export function storageFailure(error: unknown, path: string): Failure {
  const message = `${path}: ${errorReason(error)}`;
  return isTemporary(error)
    ? new Failure('later', 'DirectoryUnavailable', `${message}; nothing was changed`, {
        Hint: 'ramctl directory check',
      })
    : new Failure('broken', 'DirectoryUnusable', message, { Hint: 'ramctl directory path' });
}
