import type { PolicyDocument, Statement } from './document.ts';
import { compileGlob } from './wildcard.ts';

/** Something in a right document that is hardly meant: `path` leads to it. */
interface LintWarning {
  code: string;
  message: string;
  path: (string | number)[];
}

/**
 * Services by whose resources others are checked: `sts:AssumeRole` is by roles, the system policy AliyunRDSReadOnlyAccess
 * grants actions of hdm and dbs on resources of rds.
 */
const RELATED_ACTION_SERVICES = new Map([
  ['ram', ['sts', 'ims']],
  ['rds', ['hdm', 'dbs']],
]);
/** Actions of OSS on objects alone, which lie below a bucket. */
const OSS_OBJECT_ACTION = /^oss:(get|put|delete|append|head|copy|restore)object/i;
const OSS_BUCKET = /^acs:oss:[^:]*:[^:]*:[^/*?]+$/;

export function lintDocument(document: PolicyDocument): LintWarning[] {
  return document.Statement.flatMap((statement, index) =>
    lintStatement(statement).map((suspicion) => ({ ...suspicion, path: ['Statement', index, ...suspicion.path] })),
  );
}

/** Whether a statement allows every action on every resource, whatever the request. */
export function allowsEverything({ Effect, Action = [], Resource, Condition = {} }: Statement): boolean {
  const isWide = [Action].flat().some((action) => /^\*+(:\*+)?$/.test(action));
  const isEverywhere = [Resource].flat().some((resource) => /^(\*+|acs(:\**){2,3}:\*+)$/.test(resource));
  return Effect === 'Allow' && isWide && isEverywhere && Object.keys(Condition).length === 0;
}

function lintStatement(statement: Statement): LintWarning[] {
  const { Action, Resource } = statement;
  if (Action === undefined) return [];
  const actions = [Action].flat();
  const resources = [Resource].flat();
  if (allowsEverything(statement)) {
    return [{ code: 'AllowsEverything', message: 'this allows every action on every resource', path: [] }];
  }
  return resources.flatMap((resource, index) => {
    const message = unreachableReason(actions, resource);
    const path = Array.isArray(Resource) ? ['Resource', index] : ['Resource'];
    return message ? [{ code: 'NeverMatches', message, path }] : [];
  });
}

/** Why none of the actions is about a resource; undefined when one may be. */
function unreachableReason(actions: string[], resource: string): string | undefined {
  if (OSS_BUCKET.test(resource) && actions.every((action) => OSS_OBJECT_ACTION.test(action))) {
    return `these actions are about objects and this is a bucket: its objects are ${resource}/*`;
  }
  const [, service = '*'] = resource.split(':');
  const services = [service, ...(RELATED_ACTION_SERVICES.get(service) ?? [])];
  const reached = actions.map(serviceOf).some((code) => services.some((each) => canOverlap(code, each)));
  return reached ? undefined : `none of these actions is of the service ${service}`;
}

function serviceOf(action: string): string {
  return action.toLowerCase().split(':')[0] ?? '';
}

/** Whether two names can be the same; two patterns are given the benefit of the doubt. */
function canOverlap(left: string, right: string): boolean {
  return compileGlob(left)(right) || compileGlob(right)(left) || (/[*?]/.test(left) && /[*?]/.test(right));
}
