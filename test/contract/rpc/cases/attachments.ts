import type { AttachmentRecord } from '../../../../src/core/state.ts';
import { ACCOUNT, CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_TYPE, type Case, NO_GROUP, NO_POLICY, NO_ROLE, NO_USER, ROLE_ID, USER_ID } from './case.ts';

const SPARE = { PolicyType: 'Custom', PolicyName: 'SpareOrders' };
const READ = { PolicyType: 'Custom', PolicyName: 'ReadOrders' };
const AUDIT = { PolicyType: 'Custom', PolicyName: 'AuditOrders' };
const policyList = (...policies: object[]) => ({ Policies: { Policy: policies } });
const NONE = policyList();
/** An attachment for one resource group must not become an attachment for the whole account. */
const NO_RESOURCE_GROUP = { 'EntityNotExist.ResourceGroup': { ResourceGroupId: 'rg-acfmx0000000001' } };

function fillUp(attachments: AttachmentRecord[] = []): void {
  for (let n = 0; n < 10; n++)
    attachments.push({ PolicyName: `More${n}`, PolicyType: 'Custom', AttachDate: CREATED_AT });
}

export const ATTACHMENTS = {
  attachPolicyToUser: {
    required: { ...SPARE, UserName: 'alice' },
    resources: ['user/alice', 'policy/SpareOrders'],
    effect: [
      'ListPoliciesForUser',
      { UserName: 'alice' },
      policyList({ ...SPARE, Description: '', DefaultVersion: 'v1', AttachDate: REQUESTED_AT }),
    ],
    errors: {
      ...NO_USER,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityAlreadyExists.User.Policy': { ...READ, UserName: 'grace' },
      'LimitExceeded.User.Policy': ({ Users }) => fillUp(Users.get('alice')?.Policies),
    },
  },
  detachPolicyFromUser: {
    required: { ...READ, UserName: 'grace' },
    resources: ['user/grace', 'policy/ReadOrders'],
    effect: ['ListPoliciesForUser', { UserName: 'grace' }, NONE],
    errors: {
      ...NO_USER,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityNotExist.User.Policy': { UserName: 'alice' },
    },
  },
  attachPolicyToGroup: {
    required: { ...SPARE, GroupName: 'guests' },
    resources: ['group/guests', 'policy/SpareOrders'],
    effect: [
      'ListPoliciesForGroup',
      { GroupName: 'guests' },
      policyList({ ...SPARE, Description: '', DefaultVersion: 'v1', AttachDate: REQUESTED_AT }),
    ],
    errors: {
      ...NO_GROUP,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityAlreadyExists.Group.Policy': { ...AUDIT, GroupName: 'auditors' },
      'LimitExceeded.Group.Policy': ({ Groups }) => fillUp(Groups.get('guests')?.Policies),
    },
  },
  detachPolicyFromGroup: {
    required: { ...AUDIT, GroupName: 'auditors' },
    resources: ['group/auditors', 'policy/AuditOrders'],
    effect: ['ListPoliciesForGroup', { GroupName: 'auditors' }, NONE],
    errors: {
      ...NO_GROUP,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityNotExist.Group.Policy': { GroupName: 'guests' },
    },
  },
  attachPolicyToRole: {
    required: { ...SPARE, RoleName: 'buyer' },
    resources: ['role/buyer', 'policy/SpareOrders'],
    effect: [
      'ListPoliciesForRole',
      { RoleName: 'buyer' },
      policyList({ ...SPARE, Description: '', DefaultVersion: 'v1', AttachDate: REQUESTED_AT }),
    ],
    errors: {
      ...NO_ROLE,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityAlreadyExists.Role.Policy': { ...READ, RoleName: 'reader' },
      'LimitExceeded.Role.Policy': ({ Roles }) => fillUp(Roles.get('buyer')?.Policies),
    },
  },
  detachPolicyFromRole: {
    required: { ...READ, RoleName: 'reader' },
    resources: ['role/reader', 'policy/ReadOrders'],
    effect: ['ListPoliciesForRole', { RoleName: 'reader' }, NONE],
    errors: {
      ...NO_ROLE,
      ...BAD_TYPE,
      ...NO_POLICY,
      ...NO_RESOURCE_GROUP,
      'EntityNotExist.Role.Policy': { RoleName: 'buyer' },
    },
  },
  listPoliciesForUser: {
    required: { UserName: 'grace' },
    resources: ['user/grace'],
    response: policyList({ ...READ, Description: 'reads', DefaultVersion: 'v1', AttachDate: CREATED_AT }),
    errors: NO_USER,
  },
  listPoliciesForGroup: {
    required: { GroupName: 'auditors' },
    resources: ['group/auditors'],
    response: policyList({ ...AUDIT, Description: '', DefaultVersion: 'v1', AttachDate: CREATED_AT }),
    errors: NO_GROUP,
  },
  listPoliciesForRole: {
    required: { RoleName: 'reader' },
    resources: ['role/reader'],
    response: policyList({ ...READ, Description: 'reads', DefaultVersion: 'v1', AttachDate: CREATED_AT }),
    errors: NO_ROLE,
  },
  listEntitiesForPolicy: {
    required: READ,
    resources: ['policy/ReadOrders'],
    response: {
      Users: { User: [{ UserId: USER_ID, UserName: 'grace', DisplayName: '', AttachDate: CREATED_AT }] },
      Groups: { Group: [] },
      Roles: {
        Role: [
          {
            RoleId: ROLE_ID,
            RoleName: 'reader',
            Arn: `acs:ram::${ACCOUNT}:role/reader`,
            Description: 'looks',
            AttachDate: CREATED_AT,
          },
        ],
      },
    },
    errors: { ...BAD_TYPE, ...NO_POLICY },
  },
} satisfies Record<string, Case>;
