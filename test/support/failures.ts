import { expect } from 'vitest';
import type { FailureKind } from '../../src/core/failure.ts';

/** Matches the Failure of a refusal. */
export function failure(kind: FailureKind, code: string) {
  return expect.objectContaining({ kind, code });
}

/** The code of the Failure that `work` throws; `fine` when it throws none. */
export function failureCode(work: () => unknown): string {
  try {
    work();
    return 'fine';
  } catch (error) {
    return (error as { code: string }).code;
  }
}
