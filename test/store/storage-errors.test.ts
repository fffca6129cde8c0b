import { expect, it } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { translateStorageError } from '../../src/store/storage-errors.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

it('an error of the system becomes a Failure that names the file', () => {
  const failure = translateStorageError(withCode('ENOSPC'), 'd.json') as Failure;
  expect([failure.code, failure.message]).toEqual(['DirectoryUnavailable', expect.stringContaining('d.json')]);
  expect((translateStorageError(withCode('EACCES'), 'd.json') as Failure).code).toBe('DirectoryUnusable');
});

it.each(['ERR_INVALID_ARG_TYPE', 'MODULE_NOT_FOUND'])('an error of Node (%s) is a bug and stays as it is', (code) => {
  const error = withCode(code);
  expect(translateStorageError(error, 'd.json')).toBe(error);
});
