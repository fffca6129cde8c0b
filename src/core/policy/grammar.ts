import type { JsonNode, TextIssue } from '../json.ts';
import { CONDITION_OPERATORS, unsupportedOperatorMessage } from './condition-operators.ts';

/** A generator that yields issues and returns a result. */
type Issues<Result = void> = Generator<TextIssue, Result, undefined>;

/** A policy of users, groups and roles names resources. The trust policy of a role names identities. */
export type DocumentKind = 'identity' | 'trust';

const STATEMENT_ELEMENTS = {
  identity: ['Effect', 'Action', 'NotAction', 'Resource', 'Condition'],
  trust: ['Effect', 'Action', 'Principal', 'Condition'],
};
const UNSUPPORTED_ELEMENTS = new Map([
  ['NotResource', 'NotResource is not supported: list the resources in Resource'],
  ['Principal', 'Principal is not supported: a policy applies to the users, groups and roles that it is attached to'],
]);
/** Printable ASCII without spaces, with one colon. */
const ACTION_PATTERN = /^(\*|[!-9;-~]+:[!-9;-~]+)$/;
const ACTION_FORMAT_MESSAGE = 'an action must be "*" or <ramCode>:<name>, without spaces';
/**
 * RAM checks only the prefix of a resource (RAM, "Validate policies"): parts may be empty or missing, see `lint.ts`. The
 * fifth part may have spaces and colons, as names of OSS objects do.
 */
const RESOURCE_PATTERN = /^(\*|acs:(?!:*$)[^\s:]*(:[^\s:]*){0,2}|acs:(?!:*$)([^\s:]*:){3}.*)$/s;
const RESOURCE_FORMAT_MESSAGE = 'a resource must be "*" or acs:<ramCode>:<region>:<account>:<relativeId>';

/** The kinds of identities that can assume a role (RAM, "Policy elements", Principal), each with an example. */
const PRINCIPALS = new Map([
  [
    'RAM',
    {
      pattern: /^acs:ram::(\d+|\*):(root|\*|(user|role|assumed-role)\/\S+)$/,
      example: 'acs:ram::1234567890123456:root or acs:ram::1234567890123456:user/alice',
    },
  ],
  ['Service', { pattern: /^[\w*.@-]+\.aliyuncs\.com$/, example: 'ecs.aliyuncs.com' }],
  [
    'Federated',
    {
      pattern: /^acs:ram::(\d+|\*):(saml|oidc)-provider\/\S+$/,
      example: 'acs:ram::1234567890123456:oidc-provider/acme',
    },
  ],
]);

/** Yields every violation of RAM's grammar (policy structure and syntax, policy elements). */
export function* checkSyntax(root: JsonNode, kind: DocumentKind): Issues {
  const members = yield* readMembers(root, 'a policy document', ['Version', 'Statement']);
  if (!members) return;
  const version = members.get('Version')?.value;
  const statement = members.get('Statement')?.value;
  if (version?.value !== '1') yield issueAt(version ?? root, 'Version must be "1", in quotes');
  const statements = statement?.type === 'array' ? (statement.children ?? []) : [];
  if (statements.length === 0) yield issueAt(statement ?? root, 'Statement must be a list of at least one statement');
  for (const node of statements) yield* checkStatement(node, kind);
}

function* checkStatement(node: JsonNode, kind: DocumentKind): Issues {
  const members = yield* readMembers(node, 'a statement', STATEMENT_ELEMENTS[kind]);
  if (!members) return;
  const [effect, action, notAction, resource, principal, condition] = [
    'Effect',
    'Action',
    'NotAction',
    'Resource',
    'Principal',
    'Condition',
  ].map((name) => members.get(name)?.value);
  if (effect?.value !== 'Allow' && effect?.value !== 'Deny') {
    yield issueAt(effect ?? node, 'Effect must be "Allow" or "Deny"');
  }
  if (!action && !notAction) yield issueAt(node, 'Add an Action or NotAction element to the policy statement.');
  if (action && notAction) yield issueAt(notAction, 'a statement has either Action or NotAction, not both');
  if (kind === 'trust') yield* checkPrincipal(principal, node);
  else if (!resource) yield issueAt(node, 'Add a Resource element to the policy statement.');
  yield* checkPatterns(action, ACTION_PATTERN, ACTION_FORMAT_MESSAGE);
  yield* checkPatterns(notAction, ACTION_PATTERN, ACTION_FORMAT_MESSAGE);
  yield* checkPatterns(resource, RESOURCE_PATTERN, RESOURCE_FORMAT_MESSAGE);
  if (condition) yield* checkCondition(condition);
}

function* checkPrincipal(principal: JsonNode | undefined, statement: JsonNode): Issues {
  const kinds = [...PRINCIPALS.keys()];
  const members = principal && (yield* readMembers(principal, 'a Principal', kinds));
  if (!principal || members?.size === 0) {
    yield issueAt(principal ?? statement, `Principal must have at least one of the members ${kinds.join(', ')}`);
  }
  for (const [name, { value }] of members ?? []) {
    const form = PRINCIPALS.get(name);
    if (form) yield* checkPatterns(value, form.pattern, `${name} must look like ${form.example}`);
  }
}

function* checkPatterns(node: JsonNode | undefined, format: RegExp, message: string): Issues {
  for (const item of node ? yield* readOneOrMany(node) : []) {
    if (typeof item.value !== 'string' || !format.test(item.value)) yield issueAt(item, message);
  }
}

function* checkCondition(node: JsonNode): Issues {
  for (const [name, { key, value }] of (yield* readMembers(node, 'Condition')) ?? []) {
    if (!CONDITION_OPERATORS.has(name)) yield issueAt(key, unsupportedOperatorMessage(name));
    const conditions = yield* readMembers(value, 'a condition operator');
    if (conditions?.size === 0) yield issueAt(value, 'a condition operator needs a condition key');
    for (const condition of conditions?.values() ?? []) yield* checkConditionKey(name, condition);
  }
}

function* checkConditionKey(operatorName: string, { key, value }: ObjectMember): Issues {
  const operator = CONDITION_OPERATORS.get(operatorName);
  if (!/^\S(.*\S)?$/s.test(key.value)) {
    yield issueAt(key, 'a condition key must not be empty or start or end with a space');
  }
  for (const item of yield* readOneOrMany(value)) {
    if (!['string', 'boolean'].includes(item.type) && !Number.isFinite(item.value)) {
      yield issueAt(item, 'a condition value must be a string');
    } else if (operator && !operator.acceptsValue(String(item.value))) {
      yield issueAt(item, `${operatorName} requires ${operator.valueDescription}`);
    }
  }
}

function* readOneOrMany(node: JsonNode): Issues<JsonNode[]> {
  if (node.type !== 'array') return [node];
  if (node.children?.length === 0) yield issueAt(node, 'a list must not be empty');
  return node.children ?? [];
}

type ObjectMember = Record<'key' | 'value', JsonNode>;

/** Returns the members of an object by name, or undefined for another value. Without `allowed`, allows every name. */
function* readMembers(node: JsonNode, what: string, allowed?: string[]): Issues<Map<string, ObjectMember> | undefined> {
  if (node.type !== 'object') {
    yield issueAt(node, `${what} must be an object`);
    return undefined;
  }
  const members = new Map<string, ObjectMember>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (!key || !value) continue;
    if (members.has(key.value)) yield issueAt(key, `"${key.value}" occurs twice`);
    else if (allowed && !allowed.includes(key.value)) {
      const message = `${what} has no "${key.value}", only ${allowed.join(', ')}`;
      yield issueAt(key, UNSUPPORTED_ELEMENTS.get(key.value) ?? message);
    }
    members.set(key.value, { key, value });
  }
  return members;
}

function issueAt({ offset }: JsonNode, message: string): TextIssue {
  return { message, offset };
}
