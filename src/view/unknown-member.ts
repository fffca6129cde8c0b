import type { compile, JSONValue, TreeInterpreter } from '@jmespath-community/jmespath';
import { isObject } from '../core/is-object.ts';
import { memberNames } from './printable-data.ts';

/** A parsed JMESPath expression. */
type Expression = ReturnType<typeof compile>;
type Search = typeof TreeInterpreter.search;

/**
 * Returns a text about the first member in an expression that does not exist in the value it is applied to, or undefined.
 * A member that exists and is null is not unknown. Members in alternatives (`||`, `? :`) and in arguments of functions
 * are not checked, because they may be missing on purpose.
 */
export function describeUnknownMember(tree: Expression, value: JSONValue, search: Search): string | undefined {
  // Parts of an expression are evaluated separately, which does not work for references to other parts. Objects that
  // group_by and from_items return have values as names of members.
  if (/"type":"(Root|Variable|LetExpression)"|"name":"(group_by|from_items)"/.test(JSON.stringify(tree)))
    return undefined;
  return find(tree, [value], search);
}

/** `contexts` are the values that the expression is applied to. */
function find(node: Expression, contexts: JSONValue[], search: Search): string | undefined {
  const evaluate = (part: Expression) => contexts.map((context) => search(part, context));
  switch (node.type) {
    case 'Field':
      return describeMissing(node.name, contexts);
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return find(node.left, contexts, search) ?? find(node.right, evaluate(node.left), search);
    case 'Projection':
    case 'ValueProjection':
      return find(node.left, contexts, search) ?? find(node.right, evaluate(node.left).flatMap(elements), search);
    case 'FilterProjection': {
      const candidates = evaluate(node.left).flatMap(elements);
      const matches = contexts.flatMap((context) =>
        elements(search({ ...node, right: { type: 'Identity' } }, context)),
      );
      return (
        find(node.left, contexts, search) ??
        (matches.length > 0 ? find(node.right, matches, search) : find(node.condition, candidates, search))
      );
    }
    case 'Comparator':
      // A comparison with null tests whether a member exists.
      if (isNull(node.left) || isNull(node.right)) return undefined;
      return find(node.left, contexts, search) ?? find(node.right, contexts, search);
    case 'AndExpression':
      return find(node.left, contexts, search) ?? find(node.right, contexts, search);
    case 'Flatten':
      return find(node.child, contexts, search);
    case 'MultiSelectList':
      return findFirst(node.children, contexts, search);
    case 'MultiSelectHash':
      return findFirst(
        node.children.map((pair) => pair.value),
        contexts,
        search,
      );
    default:
      return undefined;
  }
}

function findFirst(nodes: Expression[], contexts: JSONValue[], search: Search): string | undefined {
  for (const node of nodes) {
    const text = find(node, contexts, search);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Whether a part is `null`. Without backticks, it is the name of a member that does not exist. */
function isNull(node: Expression): boolean {
  return (node.type === 'Literal' && node.value === null) || (node.type === 'Field' && node.name === 'null');
}

/** The values that a projection is applied to. */
function elements(value: JSONValue): JSONValue[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? (Object.values(value) as JSONValue[]) : [];
}

function describeMissing(name: string, contexts: unknown[]): string | undefined {
  const objects = contexts.filter(isObject);
  const listed = contexts.filter(Array.isArray).flat().filter(isObject);
  const isFound = objects.some((object) => Object.hasOwn(object, name));
  if (isFound || (objects.length === 0 && listed.length === 0)) return undefined;
  if (objects.length > 0) return `there is no member ${name} here; the members are ${memberNames(objects).join(', ')}`;
  return listed.some((object) => Object.hasOwn(object, name))
    ? `${name} is a member of the elements of a list; write [].${name}`
    : `there is no member ${name} here; the elements of the list have the members ${memberNames(listed).join(', ')}`;
}
