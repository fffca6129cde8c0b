import { Failure } from '../core/failure.ts';
import { errorCodeOf, errorReason, HARD_LINK_HINT, isTemporary, isWithoutHardLinks } from '../disk/errors.ts';

/** Returns the Failure for a system error on the directory file. Other errors are bugs and are returned unchanged. */
export function translateStorageError(error: unknown, path: string): unknown {
  // Node's own errors have codes such as ERR_INVALID_ARG_TYPE.
  if (error instanceof Failure || !/^E[A-Z0-9]+$/.test(errorCodeOf(error) ?? '')) return error;
  const message = `${path}: ${errorReason(error)}`;
  if (isWithoutHardLinks(error)) {
    return brokenFailure('HardLinksUnsupported', `${message}; nothing was changed`, HARD_LINK_HINT);
  }
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
