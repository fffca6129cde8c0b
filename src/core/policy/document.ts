import { Failure } from '../failure.ts';

type ConditionValue = string | number | boolean;

export interface PolicyDocument {
  Version: '1';
  Statement: Statement[];
}

/** Has either Action or NotAction. A value means the same as a list of that one. */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource: string | string[];
  /** Values by operator and condition key. */
  Condition?: Record<string, Record<string, ConditionValue | ConditionValue[]>>;
}

/** The document of a text in which there was no error when it was stored. @throws Failure `broken` DocumentBroken */
export function parseStoredDocument(text: string): PolicyDocument {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('broken', 'DocumentBroken', 'the document of a policy is damaged', {
      Hint: 'ramctl directory check',
    });
  }
}
