import type { Statement } from './document.ts';
import { compilePolicy, evaluatePolicies } from './evaluate.ts';
import { canOverlap } from './wildcard.ts';

const MFA_KEY = 'acs:MFAPresent';
/** What a user calls to create a virtual MFA device and to bind it (RAM, "Manage MFA devices of a RAM user"). */
const BINDING_ACTIONS = ['ram:CreateVirtualMFADevice', 'ram:BindMFADevice'];

export function testsMFAPresent(statement: Statement): boolean {
  return findMFACondition(statement) !== undefined;
}

/**
 * Returns the warnings about a condition on acs:MFAPresent. RAM sets this key for console sessions, but not for requests
 * with an AccessKey. `path` is the place in the document.
 */
export function lintMFACondition(statement: Statement, statementIndex: number) {
  const Condition = findMFACondition(statement);
  if (!Condition) return [];
  const path = ['Statement', statementIndex, 'Condition', Object.keys(Condition)[0] ?? ''];
  const { Effect, Action, Resource } = statement;
  /** Whether the statement applies to a request with these values of the key. Other conditions are left out. */
  const applies = (
    actions: Pick<Statement, 'Action' | 'NotAction'>,
    request: string,
    Context: Record<string, string[]>,
  ) => {
    const policy = compilePolicy({ Version: '1', Statement: [{ ...actions, Effect, Resource: '*', Condition }] });
    return evaluatePolicies([policy], { Action: request, Resource: '*', Context }).Decision !== 'ImplicitDeny';
  };
  const appliesToAccessKeys = applies({ Action: '*' }, 'ram:ListUsers', {});
  const consequence = appliesToAccessKeys
    ? `this ${Effect} also applies to them`
    : `this ${Effect} never applies to them`;
  const warnings = [
    {
      code: 'AccessKeysLackMFAPresent',
      message: `requests with an AccessKey have no ${MFA_KEY}, so ${consequence}`,
      path,
    },
  ];
  const isBlocked = (action: string) =>
    applies(statement, action, { [MFA_KEY]: ['false'] }) && !applies(statement, action, { [MFA_KEY]: ['true'] });
  const blocked = BINDING_ACTIONS.filter(isBlocked);
  if (Effect === 'Deny' && blocked.length > 0 && [Resource].flat().some(canMatchBinding)) {
    const remedy = Action === undefined ? 'add them to NotAction' : 'use NotAction to exclude them';
    const message = `this Deny also blocks ${blocked.join(' and ')} without MFA, so users without an MFA device can never \
bind one; ${remedy}, and ram:GetUserMFAInfo`;
    warnings.push({ code: 'BlocksMFABinding', message, path });
  }
  return warnings;
}

/** Returns the part of the condition of a statement that tests acs:MFAPresent. */
function findMFACondition({ Condition = {} }: Statement): NonNullable<Statement['Condition']> | undefined {
  const isMFAKey = ([key]: [string, unknown]) => key.toLowerCase() === MFA_KEY.toLowerCase();
  const operators = Object.entries(Condition)
    .map(([operator, keys]) => [operator, Object.entries(keys).filter(isMFAKey)] as const)
    .filter(([, keys]) => keys.length > 0);
  if (operators.length === 0) return undefined;
  return Object.fromEntries(operators.map(([operator, keys]) => [operator, Object.fromEntries(keys)]));
}

/** Whether a resource can match a user or an MFA device, the resources of `BINDING_ACTIONS`. */
function canMatchBinding(resource: string): boolean {
  const [, service = '*', , , relativeId = '*'] = resource.split(':');
  const [kind = ''] = relativeId.split('/');
  return canOverlap(service, 'ram') && (canOverlap(kind, 'user') || canOverlap(kind, 'mfa'));
}
