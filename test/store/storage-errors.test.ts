import { expect, it } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { translateStorageError } from '../../src/store/storage-errors.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

it.each([
  ['DirectoryUnavailable', 'later', ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE']],
  ['DirectoryUnusable', 'broken', ['EACCES', 'EROFS', 'ENOTDIR']],
])('an error of the system becomes a Failure %s that names the file', (code, kind, systemCodes) => {
  for (const systemCode of systemCodes) {
    const failure = translateStorageError(withCode(systemCode), 'd.json') as Failure;
    expect([systemCode, failure.code, failure.kind]).toEqual([systemCode, code, kind]);
    expect(failure.message).toContain('d.json');
  }
});

it.each(['ERR_INVALID_ARG_TYPE', 'MODULE_NOT_FOUND'])('an error of Node (%s) is a bug and stays as it is', (code) => {
  const error = withCode(code);
  expect(translateStorageError(error, 'd.json')).toBe(error);
});
