import { CREATED_AT, DOCUMENT, DOCUMENT_2, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_DOCUMENT, BAD_PAGE, BAD_TYPE, badName, badText, type Case, fill, NO_POLICY, NO_VERSION } from './case.ts';

const custom = (PolicyName: string) => ({
  PolicyName,
  PolicyType: 'Custom',
  DefaultVersion: 'v1',
  CreateDate: CREATED_AT,
});
const listed = (PolicyName: string, UpdateDate = CREATED_AT) => ({ ...custom(PolicyName), UpdateDate });
const READ = { ...listed('ReadOrders'), Description: 'reads', AttachmentCount: 1 };
const version = (n: number, PolicyDocument: string, IsDefaultVersion: boolean, CreateDate = CREATED_AT) => ({
  VersionId: `v${n}`,
  IsDefaultVersion,
  PolicyDocument,
  CreateDate,
});
const SHIP = { PolicyType: 'Custom', PolicyName: 'ShipOrders' };

export const POLICIES = {
  createPolicy: {
    needs: { PolicyName: 'BuyOrders', PolicyDocument: DOCUMENT },
    may: { Description: 'buys' },
    on: ['policy/*'],
    answers: { Policy: { ...custom('BuyOrders'), Description: 'buys', CreateDate: REQUESTED_AT } },
    refuses: {
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
    needs: { PolicyType: 'Custom', PolicyName: 'ReadOrders' },
    on: ['policy/ReadOrders'],
    answers: { Policy: READ, DefaultPolicyVersion: version(1, DOCUMENT, true) },
    refuses: { ...BAD_TYPE, ...NO_POLICY },
  },
  updatePolicyDescription: {
    needs: { PolicyName: 'ReadOrders' },
    may: { NewDescription: 'writes' },
    on: ['policy/ReadOrders'],
    answers: { Policy: { ...listed('ReadOrders', REQUESTED_AT), Description: 'writes' } },
    refuses: { ...NO_POLICY, ...badText('NewDescription', 1024) },
  },
  deletePolicy: {
    needs: { PolicyName: 'ShipOrders' },
    may: { CascadingDelete: true },
    on: ['policy/ShipOrders'],
    leaves: ['GetPolicy', SHIP, '404 EntityNotExist.Policy'],
    refuses: {
      ...NO_POLICY,
      'DeleteConflict.Policy.User': { PolicyName: 'ReadOrders' },
      'DeleteConflict.Policy.Group': { PolicyName: 'AuditOrders' },
      'DeleteConflict.Policy.Version': { CascadingDelete: false },
    },
  },
  listPolicies: {
    may: { PolicyType: 'Custom', MaxItems: 1000 },
    on: ['policy/*'],
    answers: {
      Policies: {
        Policy: [
          { ...listed('AuditOrders'), AttachmentCount: 1 },
          READ,
          { ...listed('ShipOrders'), AttachmentCount: 0 },
          { ...listed('SpareOrders'), AttachmentCount: 0 },
        ],
      },
      IsTruncated: false,
    },
    refuses: { ...BAD_TYPE, ...BAD_PAGE },
  },
  createPolicyVersion: {
    needs: { PolicyName: 'ShipOrders', PolicyDocument: DOCUMENT_2 },
    may: { SetAsDefault: true, RotateStrategy: 'None' },
    on: ['policy/ShipOrders'],
    answers: { PolicyVersion: version(3, DOCUMENT_2, true, REQUESTED_AT) },
    refuses: {
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
    needs: { ...SHIP, VersionId: 'v2' },
    on: ['policy/ShipOrders'],
    answers: { PolicyVersion: version(2, DOCUMENT_2, false) },
    refuses: { ...BAD_TYPE, ...NO_POLICY, ...NO_VERSION },
  },
  deletePolicyVersion: {
    needs: { PolicyName: 'ShipOrders', VersionId: 'v2' },
    on: ['policy/ShipOrders'],
    leaves: ['ListPolicyVersions', SHIP, { PolicyVersions: { PolicyVersion: [version(1, DOCUMENT, true)] } }],
    refuses: { ...NO_POLICY, ...NO_VERSION, 'DeleteConflict.Policy.Version.Default': { VersionId: 'v1' } },
  },
  listPolicyVersions: {
    needs: SHIP,
    on: ['policy/ShipOrders'],
    answers: { PolicyVersions: { PolicyVersion: [version(1, DOCUMENT, true), version(2, DOCUMENT_2, false)] } },
    refuses: { ...BAD_TYPE, ...NO_POLICY },
  },
  setDefaultPolicyVersion: {
    needs: { PolicyName: 'ShipOrders', VersionId: 'v2' },
    on: ['policy/ShipOrders'],
    leaves: ['GetPolicyVersion', { ...SHIP, VersionId: 'v2' }, { PolicyVersion: version(2, DOCUMENT_2, true) }],
    refuses: { ...NO_POLICY, ...NO_VERSION },
  },
} satisfies Record<string, Case>;
