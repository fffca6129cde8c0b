import type { Statement } from './document.ts';
import { compileWildcard } from './wildcard.ts';

/**
 * Other services whose actions apply to the resources of a service. `sts:AssumeRole` applies to roles of RAM. The system
 * policy AliyunRDSReadOnlyAccess allows actions of hdm and dbs on resources of rds.
 */
const RELATED_ACTION_SERVICES = new Map([
  ['ram', ['sts', 'ims']],
  ['rds', ['hdm', 'dbs']],
]);
/** Actions of OSS that apply only to objects, not to buckets. */
const OSS_OBJECT_ACTION = /^oss:(get|put|delete|append|head|copy|restore)object/i;
const OSS_BUCKET = /^acs:oss:[^:]*:[^:]*:[^/*?]+$/;

/** Whether a statement allows every action on every resource, without a condition. */
export function allowsEverything({ Effect, Action = [], Resource, Condition = {} }: Statement): boolean {
  const hasEveryAction = [Action].flat().some((action) => /^\*+(:\*+)?$/.test(action));
  const hasEveryResource = [Resource].flat().some((resource) => /^(\*+|acs(:\**){2,3}:\*+)$/.test(resource));
  return Effect === 'Allow' && hasEveryAction && hasEveryResource && Object.keys(Condition).length === 0;
}

/** Returns the probable mistakes in a statement of a valid document. `path` is the place of a mistake in the document. */
export function lintStatement(statement: Statement, statementIndex: number) {
  const { Action, Resource } = statement;
  const path = ['Statement', statementIndex];
  if (Action === undefined) return [];
  if (allowsEverything(statement)) {
    return [{ code: 'AllowsEverything', message: 'the statement allows every action on every resource', path }];
  }
  return [Resource].flat().flatMap((resource, index) => {
    const message = unreachableReason([Action].flat(), resource);
    const resourcePath = [...path, 'Resource', ...(Array.isArray(Resource) ? [index] : [])];
    return message ? [{ code: 'NeverMatches', message, path: resourcePath }] : [];
  });
}

/** Returns why none of the actions applies to a resource, or undefined when an action may apply. */
function unreachableReason(actions: string[], resource: string): string | undefined {
  if (OSS_BUCKET.test(resource) && actions.every((action) => OSS_OBJECT_ACTION.test(action))) {
    return `these actions apply to objects, but the resource is a bucket; its objects are ${resource}/*`;
  }
  const [, service = '*'] = resource.split(':');
  const services = [service, ...(RELATED_ACTION_SERVICES.get(service) ?? [])];
  const isReachable = actions.some((action) => {
    const [actionService = ''] = action.toLowerCase().split(':');
    return services.some((resourceService) => canOverlap(actionService, resourceService));
  });
  return isReachable ? undefined : `none of these actions belongs to the service ${service}`;
}

/** Whether two patterns can match the same name. Two patterns with wildcards are assumed to overlap. */
function canOverlap(left: string, right: string): boolean {
  return compileWildcard(left)(right) || compileWildcard(right)(left) || (/[*?]/.test(left) && /[*?]/.test(right));
}
