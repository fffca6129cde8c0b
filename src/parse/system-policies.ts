import type { SystemPolicyRecord } from '../core/directory.ts';
import { Failure, type Problem } from '../core/failure.ts';
import { isObject } from '../core/is-object.ts';

const HINT = 'export each policy with: aliyun ram GetPolicy --PolicyName <name> --PolicyType System';

/**
 * Returns the policies of a file with responses of RAM's GetPolicy: one, a list, or one after the other. It also accepts
 * responses of GetPolicyVersion to which a PolicyName was added, and what `policy get -o json` prints.
 * @throws Failure `refused` MalformedFile with one entry in `Errors` for each object that is no policy
 */
export function parseSystemPolicies(text: string): SystemPolicyRecord[] {
  const policies: SystemPolicyRecord[] = [];
  const Errors: Problem[] = [];
  for (const [index, item] of parseItems(text).entries()) {
    const policy = toRecord(item);
    if (typeof policy === 'string') Errors.push({ Code: 'MalformedRow', Message: policy, Row: index + 1 });
    else policies.push(policy);
  }
  const [first] = Errors;
  if (first) throw malformedFile(`object ${first.Row} of the file ${first.Message}`, Errors);
  if (policies.length === 0) throw malformedFile('the file has no policies');
  return policies;
}

function parseItems(text: string): unknown[] {
  const content = text.replace(/^\ufeff/, '').trim();
  if (content === '') return [];
  // Inside a JSON value, a comma follows each object that another object follows. Only one part of the pattern matches line
  // ends: otherwise the search takes quadratic time.
  const documents = content.split(/(?<=\})[^\S\n]*\n\s*(?=\{)/);
  try {
    return documents.flatMap((document): unknown => JSON.parse(document));
  } catch {
    throw malformedFile('the file is not JSON');
  }
}

/** Returns the policy, or why the value is none. */
function toRecord(value: unknown): SystemPolicyRecord | string {
  if (!isObject(value)) return 'is not a JSON object';
  const [policy, version] = [value.Policy ?? value, value.DefaultPolicyVersion ?? value.PolicyVersion ?? {}];
  if (!isObject(policy) || !isObject(version)) return 'is not a response of GetPolicy';
  const PolicyName = readText(policy.PolicyName ?? value.PolicyName);
  if (PolicyName === undefined) return 'has no PolicyName';
  if (policy.PolicyType === 'Custom') return `is the custom policy ${PolicyName}; use ramctl policy create`;
  const document = version.PolicyDocument ?? policy.PolicyDocument;
  const PolicyDocument = isObject(document) ? JSON.stringify(document, null, 2) : readText(document);
  if (PolicyDocument === undefined) return `has no PolicyDocument (${PolicyName})`;
  const DefaultVersion = readText(policy.DefaultVersion) ?? readText(version.VersionId);
  if (DefaultVersion === undefined) return `has no DefaultVersion (${PolicyName})`;
  const optional = {
    Description: readText(policy.Description),
    CreateDate: readText(policy.CreateDate),
    UpdateDate: readText(policy.UpdateDate),
  };
  const known = Object.entries(optional).filter(([, text]) => text !== undefined);
  return { PolicyName, ...Object.fromEntries(known), DefaultVersion, PolicyDocument };
}

/** Returns a text that is not empty. RAM writes an absent text as an empty one. */
function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function malformedFile(message: string, Errors: Problem[] = []): Failure {
  return new Failure('refused', 'MalformedFile', message, { Hint: HINT, ...(Errors.length > 1 && { Errors }) });
}
