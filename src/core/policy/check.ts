import { Failure } from '../failure.ts';
import type { Remark } from '../json.ts';
import { codePoints } from '../names.ts';
import { type PolicyDocument, readDocument } from './document.ts';
import { checkDocument } from './grammar.ts';
import { lintDocument } from './lint.ts';

/** Something that is wrong with a text, or suspicious. Line and Column (in UTF-16 units) count from 1. */
export interface PolicyFinding {
  Severity: 'Error' | 'Warning';
  Code: string;
  Message: string;
  Line: number;
  Column: number;
}

interface Review {
  /** Absent when a finding is an error. */
  document?: PolicyDocument;
  /** In the order of the text: all errors, or when there is none, what is suspicious. */
  findings: PolicyFinding[];
}

/** As in plain.ts, but that lines and tabs are for the reader. */
const HOSTILE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
/** Characters of the text as it was sent (RAM CreatePolicy). */
const LONGEST = 6144;
const TOO_LONG = 'InvalidParameter.PolicyDocument.Length';
const HIDDEN = 'control and bidirectional characters hide what a document says: write them as \\u…';
const MALFORMED = 'MalformedPolicyDocument';

/** What there is to say about any text whatever; an error is what RAM would refuse it for. */
export async function reviewDocument(text: string): Promise<Review> {
  if (isTooLong(text)) {
    const Message = `a policy document has at most ${LONGEST} characters`;
    return { findings: [{ Severity: 'Error', Code: TOO_LONG, Message, Line: 1, Column: 1 }] };
  }
  const hidden = text.search(HOSTILE);
  if (hidden !== -1) return { findings: [malformed(text, { message: HIDDEN, offset: hidden })] };
  const { offsetOf, readJson } = await import('../json.ts');
  const json = readJson(text);
  if ('mistake' in json) return { findings: [malformed(text, json.mistake)] };
  const errors = [...checkDocument(json.root)].sort((left, right) => left.offset - right.offset);
  if (errors.length > 0) return { findings: errors.map((remark) => malformed(text, remark)) };
  const document = readDocument(text);
  const findings = lintDocument(document).map(
    ({ code, message, path }): PolicyFinding => ({
      Severity: 'Warning',
      Code: code,
      Message: message,
      ...placeOf(text, offsetOf(json.root, path)),
    }),
  );
  return { document, findings };
}

/**
 * The document of a text.
 * @throws Failure `refused` MalformedPolicyDocument or InvalidParameter.PolicyDocument.Length
 */
export async function parseDocument(text: string): Promise<PolicyDocument> {
  const { document, findings } = await reviewDocument(text);
  if (document) return document;
  const Errors = findings.map(({ Code, Message, Line, Column }) => ({
    Code,
    Message: `line ${Line}, column ${Column}: ${Message}`,
  }));
  const { Code = MALFORMED, Message = '' } = Errors[0] ?? {};
  const several = Errors.length > 1 ? { Errors } : {};
  throw new Failure('refused', Code, Message, { Field: 'PolicyDocument', ...several });
}

/** No character has more than two units: megabytes need not be counted. */
function isTooLong(text: string): boolean {
  return text.length > 2 * LONGEST || codePoints(text) > LONGEST;
}

function malformed(text: string, { message, offset }: Remark): PolicyFinding {
  return { Severity: 'Error', Code: MALFORMED, Message: message, ...placeOf(text, offset) };
}

function placeOf(text: string, offset: number): { Line: number; Column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { Line: lines.length, Column: (lines.at(-1) ?? '').length + 1 };
}
