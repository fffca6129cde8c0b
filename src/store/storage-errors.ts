import { Failure } from '../core/failure.ts';
import { TEMPORARY_ERRORS } from '../disk/durable.ts';

/** What the system said about the file: a full disk passes, a forbidden or misplaced file needs a person. */
export function storageFailure(code: string, path: string): Failure {
  const reason = REASONS[code] ?? code;
  return TEMPORARY_ERRORS.has(code)
    ? new Failure('later', 'DirectoryUnavailable', `${path}: ${reason}; nothing was changed`, {
        Hint: 'ramctl directory check',
      })
    : new Failure('broken', 'DirectoryUnusable', `${path}: ${reason}`, { Hint: 'ramctl directory path' });
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'access is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'this is not a file',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  EMFILE: 'too many open files',
  EIO: 'the disk reports an error',
  ENOENT: 'the folder is gone',
};
