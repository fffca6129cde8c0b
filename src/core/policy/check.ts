import { Failure } from '../failure.ts';
import type { TextIssue } from '../json.ts';
import { countCodePoints } from '../validation.ts';
import { type PolicyDocument, parseStoredDocument } from './document.ts';
import { checkSyntax } from './grammar.ts';
import { lintStatement } from './lint.ts';

/** An error or a warning about a policy document. Line and Column (in UTF-16 units) count from 1. */
export interface PolicyFinding {
  Severity: 'Error' | 'Warning';
  Code: string;
  Message: string;
  Line: number;
  Column: number;
}

/** As in control-characters.ts, except that line breaks and tabs are allowed. */
const UNSAFE_CHARACTERS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const UNSAFE_CHARACTERS_MESSAGE = 'control and bidirectional characters can hide text: write them as \\u…';
/** Characters of the text as it was sent (RAM CreatePolicy). */
const MAX_DOCUMENT_LENGTH = 6144;
const MALFORMED = 'MalformedPolicyDocument';

/**
 * Returns a document with all warnings, or only errors, because RAM refuses a document with an error. The findings have
 * the order of the text.
 */
export async function checkDocument(
  text: string,
  maxLength = MAX_DOCUMENT_LENGTH,
): Promise<{ document?: PolicyDocument; findings: PolicyFinding[] }> {
  const reportErrors = (issues: TextIssue[], Code = MALFORMED) => ({
    findings: issues.map((issue) => ({ Severity: 'Error' as const, Code, ...locate(text, issue) })),
  });
  // The first comparison avoids counting megabytes: a character has at most two UTF-16 units.
  if (text.length > 2 * maxLength || countCodePoints(text) > maxLength) {
    const issue = { message: `a policy document has at most ${maxLength} characters`, offset: 0 };
    return reportErrors([issue], 'InvalidParameter.PolicyDocument.Length');
  }
  const unsafeOffset = text.search(UNSAFE_CHARACTERS);
  if (unsafeOffset !== -1) return reportErrors([{ message: UNSAFE_CHARACTERS_MESSAGE, offset: unsafeOffset }]);
  const { findOffset, readJson } = await import('../json.ts');
  const json = readJson(text);
  if ('mistake' in json) return reportErrors([json.mistake]);
  const errors = [...checkSyntax(json.root)].sort((left, right) => left.offset - right.offset);
  if (errors.length > 0) return reportErrors(errors);
  const document = parseStoredDocument(text);
  const lints = document.Statement.flatMap(lintStatement).map((lint) => ({
    ...lint,
    offset: findOffset(json.root, lint.path),
  }));
  const findings = lints
    .sort((left, right) => left.offset - right.offset)
    .map((lint): PolicyFinding => ({ Severity: 'Warning', Code: lint.code, ...locate(text, lint) }));
  return { document, findings };
}

function locate(text: string, { message, offset }: TextIssue) {
  const lines = text.slice(0, offset).split('\n');
  return { Message: message, Line: lines.length, Column: (lines.at(-1) ?? '').length + 1 };
}

/** @throws Failure `refused` MalformedPolicyDocument, InvalidParameter.PolicyDocument.Length */
export async function parseDocument(text: string, maxLength?: number): Promise<PolicyDocument> {
  const { document, findings } = await checkDocument(text, maxLength);
  if (document) return document;
  const Errors = findings.map(({ Code, Message, Line, Column }) => ({
    Code,
    Message: `line ${Line}, column ${Column}: ${Message}`,
  }));
  const { Code = MALFORMED, Message = '' } = Errors[0] ?? {};
  throw new Failure('refused', Code, Message, { Field: 'PolicyDocument', ...(Errors.length > 1 && { Errors }) });
}
