import { Failure } from '../failure.ts';
import type { TextIssue } from '../json.ts';
import { countCodePoints } from '../validation.ts';
import { type PolicyDocument, parseStoredDocument } from './document.ts';
import { checkSyntax } from './grammar.ts';
import { lintDocument } from './lint.ts';

/** Something that is wrong with a text, or suspicious. Line and Column (in UTF-16 units) count from 1. */
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
  /** In the order of the text: all errors, or when there is none, what is suspicious. */
  findings: PolicyFinding[];
}

/** As in plain.ts, but that lines and tabs are for the reader. */
const UNSAFE_CHARACTERS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
/** Characters of the text as it was sent (RAM CreatePolicy). */
const MAX_DOCUMENT_LENGTH = 6144;
const TOO_LONG_CODE = 'InvalidParameter.PolicyDocument.Length';
const HIDDEN_CHARACTERS_MESSAGE = 'control and bidirectional characters hide what a document says: write them as \\u…';
const MALFORMED_CODE = 'MalformedPolicyDocument';

/** What there is to say about any text whatever; an error is what RAM would refuse it for. */
export async function checkDocument(text: string): Promise<PolicyCheck> {
  if (isTooLong(text)) {
    const Message = `a policy document has at most ${MAX_DOCUMENT_LENGTH} characters`;
    return { findings: [{ Severity: 'Error', Code: TOO_LONG_CODE, Message, Line: 1, Column: 1 }] };
  }
  const hidden = text.search(UNSAFE_CHARACTERS);
  if (hidden !== -1)
    return { findings: [malformedFinding(text, { message: HIDDEN_CHARACTERS_MESSAGE, offset: hidden })] };
  const { findOffset: offsetOf, readJson } = await import('../json.ts');
  const json = readJson(text);
  if ('mistake' in json) return { findings: [malformedFinding(text, json.mistake)] };
  const errors = [...checkSyntax(json.root)].sort((left, right) => left.offset - right.offset);
  if (errors.length > 0) return { findings: errors.map((remark) => malformedFinding(text, remark)) };
  const document = parseStoredDocument(text);
  const findings = lintDocument(document).map(
    ({ code, message, path }): PolicyFinding => ({
      Severity: 'Warning',
      Code: code,
      Message: message,
      ...findLineAndColumn(text, offsetOf(json.root, path)),
    }),
  );
  return { document, findings };
}

/**
 * The document of a text.
 * @throws Failure `refused` MalformedPolicyDocument or InvalidParameter.PolicyDocument.Length
 */
export async function parseDocument(text: string): Promise<PolicyDocument> {
  const { document, findings } = await checkDocument(text);
  if (document) return document;
  const Errors = findings.map(({ Code, Message, Line, Column }) => ({
    Code,
    Message: `line ${Line}, column ${Column}: ${Message}`,
  }));
  const { Code = MALFORMED_CODE, Message = '' } = Errors[0] ?? {};
  const several = Errors.length > 1 ? { Errors } : {};
  throw new Failure('refused', Code, Message, { Field: 'PolicyDocument', ...several });
}

/** No character has more than two units: megabytes need not be counted. */
function isTooLong(text: string): boolean {
  return text.length > 2 * MAX_DOCUMENT_LENGTH || countCodePoints(text) > MAX_DOCUMENT_LENGTH;
}

function malformedFinding(text: string, { message, offset }: TextIssue): PolicyFinding {
  return { Severity: 'Error', Code: MALFORMED_CODE, Message: message, ...findLineAndColumn(text, offset) };
}

function findLineAndColumn(text: string, offset: number): { Line: number; Column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { Line: lines.length, Column: (lines.at(-1) ?? '').length + 1 };
}
