import type { Statement } from './document.ts';
import { lintMFACondition } from './lint-mfa.ts';
import { canOverlap } from './wildcard.ts';

/**
 * RAM codes whose actions apply to the resources of each other: codes of the same service (RAM, "Services that work with
 * RAM"), and related services. `sts:AssumeRole` applies to roles of RAM. The system policy AliyunRDSReadOnlyAccess allows
 * actions of hdm and dbs on resources of rds.
 */
const RELATED_SERVICES = [
  ['ram', 'sts', 'ims'],
  ['rds', 'hdm', 'dbs'],
  ['drds', 'polardbx'],
  ['yundun-sas', 'yundun-aegis'],
  ['yundun-high', 'yundun-ddoscoo'],
  ['bss', 'bssapi', 'efc'],
  ['beian', 'bsn'],
];
/** Actions of OSS that apply only to objects, not to buckets. */
const OSS_OBJECT_ACTION = /^oss:(get|put|delete|append|head|copy|restore)object/i;
const OSS_BUCKET = /^acs:oss:[^:]*:[^:]*:[^/*?]+$/;

/** Whether a statement allows every action on every resource, without a condition. */
export function allowsEverything({ Effect, Action = [], Resource, Condition = {} }: Statement): boolean {
  const hasEveryAction = [Action].flat().some((action) => /^\*+(:\*+)?$/.test(action));
  const hasEveryResource = [Resource]
    .flat()
    .some((resource) => /^(\*+|acs:\*+(:\**){0,2}:\*+|acs:\*+)$/.test(resource));
  return Effect === 'Allow' && hasEveryAction && hasEveryResource && Object.keys(Condition).length === 0;
}

/** A probable mistake in a document. `path` is its place in the document. */
interface Lint {
  code: string;
  message: string;
  path: (string | number)[];
}

/** Returns the probable mistakes in a statement of a valid document. */
export function lintStatement(statement: Statement, statementIndex: number): Lint[] {
  const path = ['Statement', statementIndex];
  const lints: Lint[] = lintMFACondition(statement, statementIndex);
  if (allowsEverything(statement)) {
    lints.push({ code: 'AllowsEverything', message: 'the statement allows every action on every resource', path });
  }
  const { Action, Resource } = statement;
  for (const [index, resource] of [Resource].flat().entries()) {
    const resourcePath = [...path, 'Resource', ...(Array.isArray(Resource) ? [index] : [])];
    const incomplete = incompleteReason(resource);
    if (incomplete) lints.push({ code: 'IncompleteResource', message: incomplete, path: resourcePath });
    const unreachable = !incomplete && Action !== undefined && unreachableReason([Action].flat(), resource);
    if (unreachable) lints.push({ code: 'NeverMatches', message: unreachable, path: resourcePath });
  }
  return lints;
}

/** Returns what is wrong with a resource that lacks parts, and what it matches; undefined for a complete resource. */
function incompleteReason(resource: string): string | undefined {
  const [, service, , , ...relativeId] = resource.split(':');
  if (resource === '*' || (service && relativeId.join(':') !== '')) return undefined;
  const form = 'the form is acs:<ramCode>:<region>:<account>:<relativeId>';
  if (service === '') {
    return `the resource has no RAM code of a service, so it matches nothing; ${form}, such as acs:ram:*:*:*`;
  }
  const matches = resource.endsWith('*') ? 'its last * matches the missing parts' : 'it matches nothing';
  return `the resource lacks parts, so ${matches}; ${form}`;
}

/** Returns why none of the actions applies to a resource, or undefined when an action may apply. */
function unreachableReason(actions: string[], resource: string): string | undefined {
  if (OSS_BUCKET.test(resource) && actions.every((action) => OSS_OBJECT_ACTION.test(action))) {
    return `these actions apply to objects, but the resource is a bucket; its objects are ${resource}/*`;
  }
  const [, service = '*'] = resource.split(':');
  const services = RELATED_SERVICES.find((codes) => codes.includes(service)) ?? [service];
  const isReachable = actions.some((action) => {
    const [actionService = ''] = action.toLowerCase().split(':');
    return services.some((resourceService) => canOverlap(actionService, resourceService));
  });
  return isReachable ? undefined : `none of these actions belongs to the service ${service}`;
}
