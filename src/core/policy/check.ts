import { Failure } from '../failure.ts';
import type { TextIssue } from '../json.ts';
import { countCodePoints } from '../validation.ts';
import { type PolicyDocument, parseStoredDocument } from './document.ts';
import { checkSyntax } from './grammar.ts';
import { lintDocument } from './lint.ts';

/** An error or a warning about a text. Line and Column (in UTF-16 units) count from 1. */
export interface PolicyFinding {
  Severity: 'Error' | 'Warning';
  Code: string;
  Message: string;
  Line: number;
  Column: number;
}

interface PolicyCheck {
  /** Absent when a finding is an error. */
  document?: PolicyDocument;
  /** All errors, or all warnings when there is no error; both in the order of the text. */
  findings: PolicyFinding[];
}

/** As in control-characters.ts, except that line breaks and tabs are allowed. */
const UNSAFE_CHARACTERS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const UNSAFE_CHARACTERS_MESSAGE = 'control and bidirectional characters can hide text: write them as \\u…';
/** Characters of the text as it was sent (RAM CreatePolicy). */
const MAX_DOCUMENT_LENGTH = 6144;
const MALFORMED = 'MalformedPolicyDocument';

/** Returns the document and everything that is wrong with it. RAM refuses a document for every error. */
export async function checkDocument(text: string): Promise<PolicyCheck> {
  const createFinding = (Severity: PolicyFinding['Severity'], Code: string, { message, offset }: TextIssue) => {
    const lines = text.slice(0, offset).split('\n');
    return { Severity, Code, Message: message, Line: lines.length, Column: (lines.at(-1) ?? '').length + 1 };
  };
  const malformed = (...issues: TextIssue[]): PolicyCheck => ({
    findings: issues.map((issue) => createFinding('Error', MALFORMED, issue)),
  });
  if (isTooLong(text)) {
    const issue = { message: `a policy document has at most ${MAX_DOCUMENT_LENGTH} characters`, offset: 0 };
    return { findings: [createFinding('Error', 'InvalidParameter.PolicyDocument.Length', issue)] };
  }
  const unsafeOffset = text.search(UNSAFE_CHARACTERS);
  if (unsafeOffset !== -1) return malformed({ message: UNSAFE_CHARACTERS_MESSAGE, offset: unsafeOffset });
  const { findOffset, readJson } = await import('../json.ts');
  const json = readJson(text);
  if ('mistake' in json) return malformed(json.mistake);
  const errors = [...checkSyntax(json.root)].sort((left, right) => left.offset - right.offset);
  if (errors.length > 0) return malformed(...errors);
  const document = parseStoredDocument(text);
  const findings = lintDocument(document).map(({ code, message, path }) =>
    createFinding('Warning', code, { message, offset: findOffset(json.root, path) }),
  );
  return { document, findings };
}

/** @throws Failure `refused` MalformedPolicyDocument, InvalidParameter.PolicyDocument.Length */
export async function parseDocument(text: string): Promise<PolicyDocument> {
  const { document, findings } = await checkDocument(text);
  if (document) return document;
  const Errors = findings.map(({ Code, Message, Line, Column }) => ({
    Code,
    Message: `line ${Line}, column ${Column}: ${Message}`,
  }));
  const { Code = MALFORMED, Message = '' } = Errors[0] ?? {};
  throw new Failure('refused', Code, Message, { Field: 'PolicyDocument', ...(Errors.length > 1 && { Errors }) });
}

/** The first comparison avoids counting megabytes: a character has at most two UTF-16 units. */
function isTooLong(text: string): boolean {
  return text.length > 2 * MAX_DOCUMENT_LENGTH || countCodePoints(text) > MAX_DOCUMENT_LENGTH;
}
