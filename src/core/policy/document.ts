import { Failure } from '../failure.ts';

type ConditionValue = string | number | boolean;

export interface PolicyDocument {
  Version: '1';
  Statement: Statement[];
}

/** Has either Action or NotAction. A single value means the same as a list of one. */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource: string | string[];
  /** Values by operator and condition key. */
  Condition?: Record<string, Record<string, ConditionValue | ConditionValue[]>>;
}

/** Parses a text that had no errors when it was stored. @throws Failure `broken` DocumentBroken */
export function parseStoredDocument(text: string): PolicyDocument {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('broken', 'DocumentBroken', 'a policy document is damaged', { Hint: 'ramctl directory check' });
  }
}
