/** The code of a system error, such as `ENOENT`; undefined for other errors. */
export function errorCodeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Returns an error with a code, like the system's own. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Returns the result of `work`; undefined when it fails with one of `codes`, or with any error when none is given. */
export function ignoreErrors<T>(work: () => T, ...codes: string[]): T | undefined {
  try {
    return work();
  } catch (error) {
    if (codes.length > 0 && !codes.includes(errorCodeOf(error) ?? '')) throw error;
    return undefined;
  }
}

/** Errors that may disappear without a change of the configuration, such as a full disk. */
const TEMPORARY_ERRORS = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EBUSY', 'EAGAIN', 'ENOMEM'];

export function isTemporary(error: unknown): boolean {
  return TEMPORARY_ERRORS.includes(errorCodeOf(error) ?? '');
}

/** The errors of `link()` on a file system without hard links, such as exFAT. */
const NO_HARD_LINK_ERRORS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Whether `link()` failed because the file system has no hard links. */
export function isWithoutHardLinks(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'link' && NO_HARD_LINK_ERRORS.includes(errorCodeOf(error) ?? '');
}

export const HARD_LINK_HINT =
  'use a file system with hard links, such as ext4, XFS or APFS, for the directory and its key';

/** The reason of a system error for a message, such as `access is denied`; the code when there is no text for it. */
export function errorReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (isWithoutHardLinks(error)) return 'the file system has no hard links, which ramctl needs';
  return REASONS[code ?? ''] ?? code ?? message;
}

const REASONS: Record<string, string> = {
  EACCES: 'access is denied',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an error',
  EISDIR: 'it is not a regular file',
  ELOCKED: 'another process has locked it',
  ELOOP: 'its links form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};
