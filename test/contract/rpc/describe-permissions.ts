import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { ACCOUNT, CREATED_AT, resetDirectory } from '../../support/sample-directory.ts';
import { type Call, type Connect, type Parameters, RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { type Case, USER_ID } from './cases/case.ts';
import { describeClient } from './describe-clients.ts';

export type Statement = { Effect: 'Allow' | 'Deny'; Action: string; Resource: string | string[]; Condition?: object };

export const ALL: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
export const REFUSED = '403 NoPermission';

/** Replaces the permissions of the administrator: statements of the user's own policy and of the group auditors. */
export function setPermissions(own: Statement[], ofAuditors: Statement[] = []) {
  return ({ Users, Groups, Policies }: State) => {
    const policies = { Own: own, Inherited: ofAuditors };
    for (const [PolicyName, Statement] of Object.entries(policies)) {
      const PolicyDocument = JSON.stringify({ Version: '1', Statement });
      const Versions = [{ VersionId: 'v1', PolicyDocument, CreateDate: CREATED_AT }];
      const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
      const policy = { PolicyName, ...dates, DefaultVersion: 'v1', LatestVersion: 1, Versions };
      if (Statement.length > 0) Policies.set(PolicyName.toLowerCase(), policy);
    }
    const attach = (PolicyName: string) => [{ PolicyName, PolicyType: 'Custom' as const, AttachDate: CREATED_AT }];
    const [admin, auditors] = [Users.get('admin'), Groups.get('auditors')];
    if (!admin || !auditors) throw new Error('not acme');
    admin.Policies = own.length > 0 ? attach('Own') : [];
    if (ofAuditors.length === 0) return;
    admin.Groups = [{ GroupId: auditors.GroupId, JoinDate: CREATED_AT }];
    auditors.Policies = attach('Inherited');
  };
}

/** Returns the ARN of a resource of acme. */
export const arnOf = (id: string) => (id.startsWith('acs:') ? id : `acs:ram:*:${ACCOUNT}:${id}`);
/** Returns a pattern that matches only this resource: `?` instead of a final `*`. */
const patternFor = (id: string) => arnOf(id).replace(/\*$/, '?');

const NAMES = ['UserName', 'UserPrincipalName', 'GroupName', 'RoleName', 'PolicyName'];
const LISTS_OF_NAMES = ['ResourceNames', 'ResourcePrincipalName'];

/** Returns the parameters with names in upper case. */
function withUpperCaseNames(parameters: Parameters): Parameters {
  const spelled = Object.entries(parameters).map(([name, value]) => {
    if (NAMES.includes(name)) return [name, String(value).toUpperCase()];
    if (LISTS_OF_NAMES.includes(name)) return [name, (value as string[]).map((each) => each.toUpperCase())];
    return [name, name === 'SerialNumber' ? String(value).replace(/[^/]*$/, (last) => last.toUpperCase()) : value];
  });
  return Object.fromEntries(spelled);
}

/** Returns the status, the code and the AccessDeniedDetail of a refused request. */
async function denialOf(response: Promise<object>): Promise<unknown[]> {
  const error = await response.catch((thrown: unknown) => thrown);
  if (error instanceof RequestError) return [error.message, error.envelope.AccessDeniedDetail];
  throw error;
}

/** Returns a function that sends a request of the administrator with only these permissions. */
export function sendWith(call: Call) {
  return (action: string, parameters: Parameters, ...statements: Statement[]) => {
    resetDirectory(setPermissions(statements));
    return responseOrError(call(action, parameters));
  };
}

/** Declares tests of the permissions that each action needs. */
export function describePermissions(
  cases: readonly (readonly [action: string, actionCase: Case])[],
  [name, connect]: [name: string, connect: Connect],
): void {
  describeClient(name, connect, ({ call }) => {
    const send = sendWith(call);

    it('returns the details of a denial', async () => {
      resetDirectory(setPermissions([]));
      for (const [action, { required, optional }] of cases) {
        const detail = {
          AuthAction: `ram:${action}`,
          AuthPrincipalType: 'SubUser',
          AuthPrincipalOwnerId: ACCOUNT,
          AuthPrincipalDisplayName: USER_ID,
          NoPermissionType: 'ImplicitDeny',
          PolicyType: 'AccountLevelIdentityBasedPolicy',
        };
        expect(await denialOf(call(action, { ...required, ...optional }))).toEqual([REFUSED, detail]);
      }
    });

    describe.each(cases)('%s', (action, { required, optional, resources }) => {
      const parameters = { ...required, ...optional };
      const allow = { ...ALL, Action: `ram:${action}` };

      it('is allowed by a permission for its resources, independent of the case of names', async () => {
        for (const spelled of [parameters, withUpperCaseNames(parameters)]) {
          expect(await send(action, spelled, { ...allow, Resource: resources.map(patternFor) })).toBeTypeOf('object');
        }
      });

      it('is refused when the permission for one resource is missing', async () => {
        for (const resource of resources) {
          const others = resources.filter((each) => each !== resource).map(patternFor);
          const elsewhere = `acs:ram:*:${ACCOUNT}:elsewhere`;
          expect(await send(action, parameters, { ...allow, Resource: [...others, elsewhere] })).toBe(REFUSED);
        }
      });

      it('is refused when one resource is denied, independent of the case of names', async () => {
        for (const resource of resources) {
          const deny: Statement = { ...allow, Effect: 'Deny', Resource: patternFor(resource) };
          for (const spelled of [parameters, withUpperCaseNames(parameters)]) {
            resetDirectory(setPermissions([ALL, deny]));
            const denial = await denialOf(call(action, spelled));
            expect(denial).toMatchObject([REFUSED, { NoPermissionType: 'ExplicitDeny' }]);
          }
        }
      });
    });
  });
}
