import type { AttachmentRecord } from '../../../../src/core/state.ts';
import { CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_TYPE, type Case, NO_GROUP, NO_POLICY, NO_USER, USER_ID } from './case.ts';

const SPARE = { PolicyType: 'Custom', PolicyName: 'SpareOrders' };
const READ = { PolicyType: 'Custom', PolicyName: 'ReadOrders' };
const AUDIT = { PolicyType: 'Custom', PolicyName: 'AuditOrders' };
const policies = (...held: object[]) => ({ Policies: { Policy: held } });
const NONE = policies();
/** There are none: what is given in one must not be given everywhere. */
const NO_RESOURCE_GROUP = { 'EntityNotExist.ResourceGroup': { ResourceGroupId: 'rg-acfmx0000000001' } };

function fillUp(held: AttachmentRecord[] = []): void {
  for (let n = 0; n < 10; n++) held.push({ PolicyName: `More${n}`, PolicyType: 'Custom', AttachDate: CREATED_AT });
}

export const ATTACHMENTS = {
  attachPolicyToUser: {
    needs: { ...SPARE, UserName: 'alice' },
    on: ['user/alice', 'policy/SpareOrders'],
    leaves: [
      'ListPoliciesForUser',
      { UserName: 'alice' },
      policies({ ...SPARE, DefaultVersion: 'v1', AttachDate: REQUESTED_AT }),
    ],
    refuses: {
      ...NO_USER,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityAlreadyExists.User.Policy': { ...READ, UserName: 'grace' },
      'LimitExceeded.User.Policy': ({ Users }) => fillUp(Users.get('alice')?.Policies),
    },
  },
  detachPolicyFromUser: {
    needs: { ...READ, UserName: 'grace' },
    on: ['user/grace', 'policy/ReadOrders'],
    leaves: ['ListPoliciesForUser', { UserName: 'grace' }, NONE],
    refuses: {
      ...NO_USER,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityNotExist.User.Policy': { UserName: 'alice' },
    },
  },
  attachPolicyToGroup: {
    needs: { ...SPARE, GroupName: 'guests' },
    on: ['group/guests', 'policy/SpareOrders'],
    leaves: [
      'ListPoliciesForGroup',
      { GroupName: 'guests' },
      policies({ ...SPARE, DefaultVersion: 'v1', AttachDate: REQUESTED_AT }),
    ],
    refuses: {
      ...NO_GROUP,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityAlreadyExists.Group.Policy': { ...AUDIT, GroupName: 'auditors' },
      'LimitExceeded.Group.Policy': ({ Groups }) => fillUp(Groups.get('guests')?.Policies),
    },
  },
  detachPolicyFromGroup: {
    needs: { ...AUDIT, GroupName: 'auditors' },
    on: ['group/auditors', 'policy/AuditOrders'],
    leaves: ['ListPoliciesForGroup', { GroupName: 'auditors' }, NONE],
    refuses: {
      ...NO_GROUP,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityNotExist.Group.Policy': { GroupName: 'guests' },
    },
  },
  listPoliciesForUser: {
    needs: { UserName: 'grace' },
    on: ['user/grace'],
    answers: policies({ ...READ, Description: 'reads', DefaultVersion: 'v1', AttachDate: CREATED_AT }),
    refuses: NO_USER,
  },
  listPoliciesForGroup: {
    needs: { GroupName: 'auditors' },
    on: ['group/auditors'],
    answers: policies({ ...AUDIT, DefaultVersion: 'v1', AttachDate: CREATED_AT }),
    refuses: NO_GROUP,
  },
  listEntitiesForPolicy: {
    needs: READ,
    on: ['policy/ReadOrders'],
    answers: {
      Users: { User: [{ UserId: USER_ID, UserName: 'grace', DisplayName: 'grace', AttachDate: CREATED_AT }] },
      Groups: { Group: [] },
      Roles: { Role: [] },
    },
    refuses: { ...BAD_TYPE, ...NO_POLICY },
  },
} satisfies Record<string, Case>;
