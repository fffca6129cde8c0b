import type { Policy, PolicyOperations, PolicyRef, PolicyVersion } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { isSameDocument } from './documents.ts';
import { changeOnce, createOnce } from './lost-responses.ts';
import { isTrue, itemsOf, nullableTexts, sortByName, tagsOf, texts, toResourceTags } from './members.ts';
import { getTags, jsonList } from './resource-tags.ts';

export function policyOperations(context: RemoteContext): PolicyOperations {
  const { api } = context;

  const getPolicy: PolicyOperations['getPolicy'] = async ({ PolicyName, PolicyType }) => {
    const { Policy, DefaultPolicyVersion } = await api.call('RAM', 'GetPolicy', { PolicyName, PolicyType });
    const Tags = PolicyType === 'Custom' ? await getTags(context, 'policy', Policy.PolicyName) : [];
    return { ...toPolicy(Policy), Tags, PolicyDocument: DefaultPolicyVersion.PolicyDocument };
  };
  const listPolicyVersions = async ({ PolicyName, PolicyType }: PolicyRef) => {
    const response = await api.call('RAM', 'ListPolicyVersions', { PolicyName, PolicyType });
    const versions = itemsOf('PolicyVersions', 'PolicyVersion')(response).map(toVersion);
    return versions.toSorted((left, right) => versionNumber(left) - versionNumber(right));
  };

  return {
    getPolicy,
    listPolicyVersions,

    async createPolicy({ Tag = [], ...input }) {
      const ref = { PolicyName: input.PolicyName, PolicyType: 'Custom' };
      const policy = await createOnce(
        context,
        ['RAM', 'CreatePolicy'],
        { ...input, Tag: jsonList(Tag) },
        {
          read: ({ Policy }) => Policy as Response,
          lookUp: () => nullIfCode(api.call('RAM', 'GetPolicy', ref), 'EntityNotExist.Policy'),
          adopt({ Policy, DefaultPolicyVersion }) {
            const isSame = isSameDocument(DefaultPolicyVersion.PolicyDocument, input.PolicyDocument);
            return isSame && (Policy.Description || '') === (input.Description ?? '') ? Policy : undefined;
          },
        },
      );
      return { ...toPolicy(policy), Tags: toResourceTags(Tag) };
    },

    async updatePolicyDescription(input) {
      const { Policy } = await api.call('RAM', 'UpdatePolicyDescription', { ...input });
      return getPolicy({ PolicyName: Policy.PolicyName, PolicyType: 'Custom' });
    },

    deletePolicy: (input) => changeOnce(context, 'DeletePolicy', { ...input }, 'EntityNotExist.Policy'),

    async createPolicyVersion(input) {
      const ref = { PolicyName: input.PolicyName, PolicyType: 'Custom' } as const;
      const before = new Set((await listPolicyVersions(ref)).map(({ VersionId }) => VersionId));
      const findNew = async () =>
        (await listPolicyVersions(ref)).find(({ VersionId, PolicyDocument }) => {
          return !before.has(VersionId) && isSameDocument(PolicyDocument, input.PolicyDocument);
        });
      const read = ({ PolicyVersion }: Response) => toVersion(PolicyVersion);
      return api.callOnce('RAM', 'CreatePolicyVersion', { ...input }, read, findNew);
    },

    async setDefaultPolicyVersion({ PolicyName, VersionId }) {
      await api.call('RAM', 'SetDefaultPolicyVersion', { PolicyName, VersionId });
    },

    deletePolicyVersion: ({ PolicyName, VersionId }) =>
      changeOnce(context, 'DeletePolicyVersion', { PolicyName, VersionId }, 'EntityNotExist.Policy.Version'),

    async getPolicyVersion({ PolicyName, PolicyType, VersionId }) {
      const { PolicyVersion } = await api.call('RAM', 'GetPolicyVersion', { PolicyName, PolicyType, VersionId });
      return toVersion(PolicyVersion);
    },

    async listPolicies({ PolicyType, Tag }) {
      const parameters = { PolicyType, Tag: jsonList(Tag), MaxItems: 1000 };
      const policies = await api.list('RAM', 'ListPolicies', parameters, itemsOf('Policies', 'Policy'));
      return sortByName(policies.map(toPolicy), ({ PolicyName }) => PolicyName);
    },
  };
}

function versionNumber({ VersionId }: PolicyVersion): number {
  return Number(VersionId.slice(1));
}

function toPolicy(policy: Response): Policy {
  return {
    PolicyName: policy.PolicyName,
    PolicyType: policy.PolicyType,
    ...nullableTexts(policy, 'Description'),
    ...texts(policy, 'DefaultVersion'),
    AttachmentCount: Number(policy.AttachmentCount ?? 0),
    ...nullableTexts(policy, 'CreateDate'),
    UpdateDate: policy.UpdateDate || policy.CreateDate || null,
    Tags: tagsOf(policy),
  };
}

function toVersion(version: Response): PolicyVersion {
  return {
    ...texts(version, 'VersionId'),
    IsDefaultVersion: isTrue(version.IsDefaultVersion),
    ...texts(version, 'PolicyDocument'),
    ...nullableTexts(version, 'CreateDate'),
  };
}
