import type { JsonNode, Remark } from '../json.ts';
import { explainOperator, findOperator } from './conditions.ts';

/** Remarks one by one, and a result in the end. */
type Remarks<Result = void> = Generator<Remark, Result, undefined>;

const STATEMENT = ['Effect', 'Action', 'NotAction', 'Resource', 'Condition'];
const MISPLACED = new Map([
  ['NotResource', 'RAM knows no NotResource: name what is meant in Resource'],
  ['Principal', 'a policy for users and groups has no Principal: it is for whom it is attached to'],
]);
/** Printable ASCII without blanks, and one colon. */
const ACTION = /^(\*|[!-9;-~]+:[!-9;-~]+)$/;
const ACTION_FORM = 'an action is "*" or <ramCode>:<name>, without blanks';
/** Region and account may be empty. The last part may hold blanks and colons, as the names of OSS objects do. */
const RESOURCE = /^(\*|acs:[^\s:]+:[^\s:]*:[^\s:]*:.+)$/s;
const RESOURCE_FORM = 'a resource is "*" or acs:<ramCode>:<region>:<account>:<relativeId>';

/** All that is wrong with a document by RAM's grammar (policy structure and syntax, policy elements). */
export function* checkDocument(root: JsonNode): Remarks {
  const members = yield* membersOf(root, 'a policy document', ['Version', 'Statement']);
  if (!members) return;
  const version = members.get('Version')?.value;
  const statement = members.get('Statement')?.value;
  if (version?.value !== '1') yield wrong(version ?? root, 'Version must be "1", in quotes');
  const statements = statement?.type === 'array' ? (statement.children ?? []) : [];
  if (statements.length === 0) yield wrong(statement ?? root, 'Statement must be a list of at least one statement');
  for (const node of statements) yield* checkStatement(node);
}

function* checkStatement(node: JsonNode): Remarks {
  const members = yield* membersOf(node, 'a statement', STATEMENT);
  if (!members) return;
  const [effect, action, notAction, resource, condition] = STATEMENT.map((name) => members.get(name)?.value);
  if (effect?.value !== 'Allow' && effect?.value !== 'Deny') {
    yield wrong(effect ?? node, 'Effect must be "Allow" or "Deny"');
  }
  if (!action && !notAction) yield wrong(node, 'Add an Action or NotAction element to the policy statement.');
  if (action && notAction) yield wrong(notAction, 'a statement has either Action or NotAction, not both');
  if (!resource) yield wrong(node, 'Add a Resource element to the policy statement.');
  if (action) yield* checkPatterns(action, ACTION, ACTION_FORM);
  if (notAction) yield* checkPatterns(notAction, ACTION, ACTION_FORM);
  if (resource) yield* checkPatterns(resource, RESOURCE, RESOURCE_FORM);
  if (condition) yield* checkCondition(condition);
}

function* checkPatterns(node: JsonNode, form: RegExp, message: string): Remarks {
  for (const each of yield* oneOrMany(node)) {
    if (typeof each.value !== 'string' || !form.test(each.value)) yield wrong(each, message);
  }
}

function* checkCondition(node: JsonNode): Remarks {
  for (const [name, { key, value }] of (yield* membersOf(node, 'Condition')) ?? []) {
    if (!findOperator(name)) yield wrong(key, explainOperator(name));
    const conditions = yield* membersOf(value, 'a condition operator');
    if (conditions?.size === 0) yield wrong(value, 'a condition operator needs a condition key');
    for (const condition of conditions?.values() ?? []) yield* checkKey(name, condition);
  }
}

function* checkKey(operatorName: string, { key, value }: Member): Remarks {
  const operator = findOperator(operatorName);
  if (!/^\S(.*\S)?$/s.test(key.value)) yield wrong(key, 'a condition key neither begins nor ends with a blank');
  for (const each of yield* oneOrMany(value)) {
    if (!['string', 'boolean'].includes(each.type) && !Number.isFinite(each.value)) {
      yield wrong(each, 'a condition value is a string');
    } else if (operator && !operator.understands(String(each.value))) {
      yield wrong(each, `${operatorName} takes ${operator.takes}`);
    }
  }
}

function* oneOrMany(node: JsonNode): Remarks<JsonNode[]> {
  if (node.type !== 'array') return [node];
  if (node.children?.length === 0) yield wrong(node, 'a list must not be empty');
  return node.children ?? [];
}

interface Member {
  key: JsonNode;
  value: JsonNode;
}

/** The members of an object by name, undefined when `node` is none. Without `known` any names will do, but each once. */
function* membersOf(node: JsonNode, what: string, known?: string[]): Remarks<Map<string, Member> | undefined> {
  if (node.type !== 'object') {
    yield wrong(node, `${what} must be an object`);
    return undefined;
  }
  const members = new Map<string, Member>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (!key || !value) continue;
    if (members.has(key.value)) yield wrong(key, `"${key.value}" is there twice`);
    else if (known && !known.includes(key.value)) {
      yield wrong(key, MISPLACED.get(key.value) ?? `${what} has no "${key.value}", only ${known.join(', ')}`);
    }
    members.set(key.value, { key, value });
  }
  return members;
}

function wrong({ offset }: JsonNode, message: string): Remark {
  return { message, offset };
}
