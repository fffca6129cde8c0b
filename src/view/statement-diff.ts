import { isObject } from '../core/is-object.ts';

/**
 * Returns the statements that only one of two policy documents has, each as a sentence: `Allow iot:Pub on *`. The order of
 * statements makes no difference. Both lists are empty if a document cannot be read.
 */
export function compareDocuments(before: unknown, after: unknown): { removed: string[]; added: string[] } {
  const [present, wanted] = [readStatements(before), readStatements(after)];
  return {
    removed: present.filter((statement) => !wanted.includes(statement)),
    added: wanted.filter((statement) => !present.includes(statement)),
  };
}

function readStatements(document: unknown): string[] {
  try {
    const { Statement } = JSON.parse(String(document));
    return [Statement].flat().filter(isObject).map(formatStatement);
  } catch {
    return [];
  }
}

function formatStatement(statement: Record<string, unknown>): string {
  const { Effect, Action, NotAction, Resource, Principal, Condition } = statement;
  const actions = NotAction === undefined ? formatList(Action) : `all actions except ${formatList(NotAction)}`;
  return [
    `${Effect} ${actions}`,
    ...(Resource === undefined ? [] : [`on ${formatList(Resource)}`]),
    ...(isObject(Principal) ? [`to ${Object.values(Principal).map(formatList).join(', ')}`] : []),
    ...(isObject(Condition) ? [`if ${formatCondition(Condition)}`] : []),
  ].join(' ');
}

function formatList(value: unknown): string {
  return [value].flat().join(', ');
}

/** `IpAddress acs:SourceIp 192.0.2.0/24 and Bool acs:MFAPresent true`. */
function formatCondition(condition: Record<string, unknown>): string {
  const parts = Object.entries(condition).flatMap(([operator, keys]) =>
    isObject(keys) ? Object.entries(keys).map(([key, values]) => `${operator} ${key} ${formatList(values)}`) : [],
  );
  return parts.join(' and ');
}
