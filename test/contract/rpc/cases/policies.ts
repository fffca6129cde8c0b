import { CREATED_AT, DOCUMENT, DOCUMENT_2, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_DOCUMENT, BAD_PAGE, BAD_TYPE, badName, badText, type Case, fill, NO_POLICY, NO_VERSION } from './case.ts';

const custom = (PolicyName: string) => ({
  PolicyName,
  PolicyType: 'Custom',
  Description: '',
  DefaultVersion: 'v1',
  CreateDate: CREATED_AT,
});
const customWithUpdate = (PolicyName: string, UpdateDate = CREATED_AT) => ({ ...custom(PolicyName), UpdateDate });
const READ = { ...customWithUpdate('ReadOrders'), Description: 'reads', AttachmentCount: 2 };
const version = (n: number, PolicyDocument: string, IsDefaultVersion: boolean, CreateDate = CREATED_AT) => ({
  VersionId: `v${n}`,
  IsDefaultVersion,
  PolicyDocument,
  CreateDate,
});
const SHIP = { PolicyType: 'Custom', PolicyName: 'ShipOrders' };

export const POLICIES = {
  createPolicy: {
    required: { PolicyName: 'BuyOrders', PolicyDocument: DOCUMENT },
    optional: { Description: 'buys' },
    resources: ['policy/*'],
    response: { Policy: { ...custom('BuyOrders'), Description: 'buys', CreateDate: REQUESTED_AT } },
    errors: {
      ...badName('PolicyName'),
      ...badText('Description', 1024),
      ...BAD_DOCUMENT,
      'EntityAlreadyExists.Policy': { PolicyName: 'administratorACCESS' },
      'LimitExceeded.Policy': ({ Policies }) =>
        fill(Policies, 1500, (PolicyName) => ({
          PolicyName,
          CreateDate: CREATED_AT,
          UpdateDate: CREATED_AT,
          DefaultVersion: 'v1',
          LatestVersion: 1,
          Versions: [],
        })),
    },
  },
  getPolicy: {
    required: { PolicyType: 'Custom', PolicyName: 'ReadOrders' },
    resources: ['policy/ReadOrders'],
    response: { Policy: READ, DefaultPolicyVersion: version(1, DOCUMENT, true) },
    errors: { ...BAD_TYPE, ...NO_POLICY },
  },
  updatePolicyDescription: {
    required: { PolicyName: 'ReadOrders' },
    optional: { NewDescription: 'writes' },
    resources: ['policy/ReadOrders'],
    response: { Policy: { ...customWithUpdate('ReadOrders', REQUESTED_AT), Description: 'writes' } },
    errors: { ...NO_POLICY, ...badText('NewDescription', 1024) },
  },
  deletePolicy: {
    required: { PolicyName: 'ShipOrders' },
    optional: { CascadingDelete: true },
    resources: ['policy/ShipOrders'],
    effect: ['GetPolicy', SHIP, '404 EntityNotExist.Policy'],
    errors: {
      ...NO_POLICY,
      'DeleteConflict.Policy.User': { PolicyName: 'ReadOrders' },
      'DeleteConflict.Policy.Group': { PolicyName: 'AuditOrders' },
      'DeleteConflict.Policy.Role': ({ Roles }) =>
        Roles.get('buyer')?.Policies.push({ ...SHIP, PolicyType: 'Custom', AttachDate: CREATED_AT }),
      'DeleteConflict.Policy.Version': { CascadingDelete: false },
    },
  },
  listPolicies: {
    optional: { PolicyType: 'Custom', MaxItems: 1000 },
    resources: ['policy/*'],
    response: {
      Policies: {
        Policy: [
          { ...customWithUpdate('AuditOrders'), AttachmentCount: 1 },
          READ,
          { ...customWithUpdate('ShipOrders'), AttachmentCount: 0 },
          { ...customWithUpdate('SpareOrders'), AttachmentCount: 0 },
        ],
      },
      IsTruncated: false,
    },
    errors: { ...BAD_TYPE, ...BAD_PAGE },
  },
  createPolicyVersion: {
    required: { PolicyName: 'ShipOrders', PolicyDocument: DOCUMENT_2 },
    optional: { SetAsDefault: true, RotateStrategy: 'None' },
    resources: ['policy/ShipOrders'],
    response: { PolicyVersion: version(3, DOCUMENT_2, true, REQUESTED_AT) },
    errors: {
      ...NO_POLICY,
      ...BAD_DOCUMENT,
      'InvalidParameter.RotateStrategy': { RotateStrategy: 'Oldest' },
      'LimitExceeded.Policy.Version': ({ Policies }) => {
        const versions = Policies.get('shiporders')?.Versions ?? [];
        for (const n of [3, 4, 5]) versions.push({ ...version(n, DOCUMENT, false) });
      },
    },
  },
  getPolicyVersion: {
    required: { ...SHIP, VersionId: 'v2' },
    resources: ['policy/ShipOrders'],
    response: { PolicyVersion: version(2, DOCUMENT_2, false) },
    errors: { ...BAD_TYPE, ...NO_POLICY, ...NO_VERSION },
  },
  deletePolicyVersion: {
    required: { PolicyName: 'ShipOrders', VersionId: 'v2' },
    resources: ['policy/ShipOrders'],
    effect: ['ListPolicyVersions', SHIP, { PolicyVersions: { PolicyVersion: [version(1, DOCUMENT, true)] } }],
    errors: { ...NO_POLICY, ...NO_VERSION, 'DeleteConflict.Policy.Version.Default': { VersionId: 'v1' } },
  },
  listPolicyVersions: {
    required: SHIP,
    resources: ['policy/ShipOrders'],
    response: { PolicyVersions: { PolicyVersion: [version(1, DOCUMENT, true), version(2, DOCUMENT_2, false)] } },
    errors: { ...BAD_TYPE, ...NO_POLICY },
  },
  setDefaultPolicyVersion: {
    required: { PolicyName: 'ShipOrders', VersionId: 'v2' },
    resources: ['policy/ShipOrders'],
    effect: ['GetPolicyVersion', { ...SHIP, VersionId: 'v2' }, { PolicyVersion: version(2, DOCUMENT_2, true) }],
    errors: { ...NO_POLICY, ...NO_VERSION },
  },
} satisfies Record<string, Case>;
