import { Failure } from '../failure.ts';
import type { TextIssue } from '../json.ts';
import { QUOTAS } from '../quotas.ts';
import { countCodePoints } from '../validation.ts';
import { type PolicyDocument, parseStoredDocument } from './document.ts';
import { checkSyntax, type DocumentKind } from './grammar.ts';
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
const MALFORMED = 'MalformedPolicyDocument';

interface DocumentRules {
  kind: DocumentKind;
  /** The request parameter that an error names. */
  parameter: string;
  /** Characters of the text as it was sent. */
  maxLength: number;
}

/** RAM CreatePolicy. */
const IDENTITY_POLICY: DocumentRules = { kind: 'identity', parameter: 'PolicyDocument', maxLength: QUOTAS.PolicySize };

/**
 * Returns a document with all warnings, or only errors, because RAM refuses a document with an error. The findings have
 * the order of the text.
 */
export async function checkDocument(
  text: string,
  maxLength = IDENTITY_POLICY.maxLength,
): Promise<{ document?: PolicyDocument; findings: PolicyFinding[] }> {
  const { root, errors } = await readDocument(text, { ...IDENTITY_POLICY, maxLength });
  if (!root) return { findings: errors };
  const document = parseStoredDocument(text);
  const { findOffset } = await import('../json.ts');
  const lints = document.Statement.flatMap(lintStatement).map((lint) => ({
    ...lint,
    offset: findOffset(root, lint.path),
  }));
  const findings = lints
    .sort((left, right) => left.offset - right.offset)
    .map((lint): PolicyFinding => ({ Severity: 'Warning', Code: lint.code, ...locate(text, lint) }));
  return { document, findings };
}

/** Returns the syntax tree of a document without errors, or its errors in the order of the text. */
async function readDocument(text: string, { kind, parameter, maxLength }: DocumentRules) {
  const reportErrors = (issues: TextIssue[], Code = MALFORMED) => ({
    root: undefined,
    errors: issues.map((issue) => ({ Severity: 'Error' as const, Code, ...locate(text, issue) })),
  });
  // The first comparison avoids counting megabytes: a character has at most two UTF-16 units.
  if (text.length > 2 * maxLength || countCodePoints(text) > maxLength) {
    const issue = { message: `a policy document has at most ${maxLength} characters`, offset: 0 };
    return reportErrors([issue], `InvalidParameter.${parameter}.Length`);
  }
  const unsafeOffset = text.search(UNSAFE_CHARACTERS);
  if (unsafeOffset !== -1) return reportErrors([{ message: UNSAFE_CHARACTERS_MESSAGE, offset: unsafeOffset }]);
  const { readJson } = await import('../json.ts');
  const json = readJson(text);
  if ('mistake' in json) return reportErrors([json.mistake]);
  const errors = [...checkSyntax(json.root, kind)].sort((left, right) => left.offset - right.offset);
  return errors.length > 0 ? reportErrors(errors) : { root: json.root, errors: [] };
}

function locate(text: string, { message, offset }: TextIssue) {
  const lines = text.slice(0, offset).split('\n');
  return { Message: message, Line: lines.length, Column: (lines.at(-1) ?? '').length + 1 };
}

/** @throws Failure `refused` MalformedPolicyDocument, InvalidParameter.PolicyDocument.Length */
export async function parseDocument(text: string, maxLength?: number): Promise<PolicyDocument> {
  const { document, findings } = await checkDocument(text, maxLength);
  return document ?? throwFindings(findings, IDENTITY_POLICY.parameter);
}

/** Returns the errors of the trust policy of a role (RAM CreateRole: at most 2,048 characters). */
export async function checkTrustPolicy(text: string, parameter = 'AssumeRolePolicyDocument'): Promise<PolicyFinding[]> {
  return (await readDocument(text, { kind: 'trust', parameter, maxLength: 2048 })).errors;
}

/**
 * Checks the trust policy of a role. `parameter` is the request parameter that an error names.
 * @throws Failure `refused` MalformedPolicyDocument, InvalidParameter.`parameter`.Length
 */
export async function assertValidTrustPolicy(text: string, parameter: string): Promise<void> {
  const errors = await checkTrustPolicy(text, parameter);
  if (errors.length > 0) throwFindings(errors, parameter);
}

function throwFindings(findings: PolicyFinding[], Field: string): never {
  const Errors = findings.map(({ Code, Message, Line, Column }) => ({
    Code,
    Message: `line ${Line}, column ${Column}: ${Message}`,
  }));
  const { Code = MALFORMED, Message = '' } = Errors[0] ?? {};
  throw new Failure('refused', Code, Message, { Field, ...(Errors.length > 1 && { Errors }) });
}
