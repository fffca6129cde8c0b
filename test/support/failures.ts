import { expect } from 'vitest';
import type { FailureKind } from '../../src/core/failure.ts';

/** An asymmetric matcher for a Failure with this kind and code. */
export function failure(kind: FailureKind, code: string) {
  return expect.objectContaining({ kind, code });
}

/** The code of the Failure that `work` throws, or `fine` if it throws none. */
export function failureCode(work: () => unknown): string {
  try {
    work();
    return 'fine';
  } catch (error) {
    return (error as { code: string }).code;
  }
}
