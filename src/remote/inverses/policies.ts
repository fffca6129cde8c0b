import type { PolicyRef } from '../../core/directory.ts';
import { QUOTAS } from '../../core/quotas.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { foldCase } from '../../core/state.ts';
import type { RemoteOperations } from '../operations.ts';
import {
  type Context,
  deletion,
  describeChange,
  editCommand,
  exists,
  final,
  type Inverses,
  undoable,
} from './change.ts';

export const policyInverses = {
  createPolicy: async ({ operations }, { PolicyName }) => ({
    wasSo: await exists(operations.getPolicy({ PolicyName, PolicyType: 'Custom' })),
    changes: () => [
      undoable('Policy', PolicyName, 'created', shellCommand`ramctl policy delete ${PolicyName} --cascade`, () =>
        operations.deletePolicy({ PolicyName, CascadingDelete: true }),
      ),
    ],
  }),

  async updatePolicyDescription({ operations }, { PolicyName }) {
    const { Description } = await operations.getPolicy({ PolicyName, PolicyType: 'Custom' });
    const command = editCommand('policy', PolicyName, [['description', Description ?? '']]);
    const undo = () => operations.updatePolicyDescription({ PolicyName, NewDescription: Description ?? '' });
    return { changes: () => [undoable('Policy', PolicyName, describeChange({ Description }), command, undo)] };
  },

  deletePolicy: async ({ operations }, { PolicyName }) =>
    final('Policy', PolicyName, () => operations.getPolicy({ PolicyName, PolicyType: 'Custom' })),

  async createPolicyVersion({ operations }, { PolicyName, SetAsDefault, RotateStrategy }) {
    const list = () => operations.listPolicyVersions({ PolicyName, PolicyType: 'Custom' });
    const before = await list();
    const earlier = before.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId;
    const isNew = (id: string) => !before.some(({ VersionId }) => VersionId === id);
    const findRemoved = async () => {
      const present = await list();
      return before.find(({ VersionId }) => !present.some((version) => version.VersionId === VersionId));
    };
    const mayRotate = RotateStrategy !== undefined && RotateStrategy !== 'None';
    const removed =
      mayRotate && before.length >= QUOTAS.VersionsPerPolicy
        ? before.find(({ IsDefaultVersion }) => !IsDefaultVersion)
        : undefined;
    return {
      changes(created) {
        const name = `${created?.VersionId ?? 'a new version'} of ${PolicyName}`;
        const command = SetAsDefault
          ? shellCommand`ramctl policy set-default ${PolicyName} ${earlier}`
          : shellCommand`ramctl policy versions ${PolicyName}`;
        const undo = async () => {
          const VersionId = created?.VersionId ?? (await list()).map((version) => version.VersionId).find(isNew);
          if (SetAsDefault && earlier) await operations.setDefaultPolicyVersion({ PolicyName, VersionId: earlier });
          if (VersionId) await operations.deletePolicyVersion({ PolicyName, VersionId });
        };
        const deleted = removed && {
          ...deletion('Policy', `${removed.VersionId} of ${PolicyName}`),
          wasMade: async () => (await findRemoved()) !== undefined,
        };
        return [...(deleted ? [deleted] : []), undoable('Policy', name, 'created', command, undo)];
      },
    };
  },

  async setDefaultPolicyVersion({ operations }, { PolicyName }) {
    const { DefaultVersion: VersionId } = await operations.getPolicy({ PolicyName, PolicyType: 'Custom' });
    const command = shellCommand`ramctl policy set-default ${PolicyName} ${VersionId}`;
    const undo = () => operations.setDefaultPolicyVersion({ PolicyName, VersionId });
    return { changes: () => [undoable('Policy', PolicyName, 'default version changed', command, undo)] };
  },

  deletePolicyVersion: async ({ operations }, { PolicyName, VersionId }) =>
    final('Policy', `${VersionId} of ${PolicyName}`, () =>
      operations.getPolicyVersion({ PolicyName, PolicyType: 'Custom', VersionId }),
    ),

  attachPolicyToUser: (context, { UserName, ...ref }) => attachment(context, 'User', UserName, ref, 'attach'),
  detachPolicyFromUser: (context, { UserName, ...ref }) => attachment(context, 'User', UserName, ref, 'detach'),
  attachPolicyToGroup: (context, { GroupName, ...ref }) => attachment(context, 'Group', GroupName, ref, 'attach'),
  detachPolicyFromGroup: (context, { GroupName, ...ref }) => attachment(context, 'Group', GroupName, ref, 'detach'),
  attachPolicyToRole: (context, { RoleName, ...ref }) => attachment(context, 'Role', RoleName, ref, 'attach'),
  detachPolicyFromRole: (context, { RoleName, ...ref }) => attachment(context, 'Role', RoleName, ref, 'detach'),
} satisfies Partial<Inverses>;

const ATTACHMENT_METHODS = {
  User: (operations: RemoteOperations, UserName: string) => ({
    attach: (ref: PolicyRef) => operations.attachPolicyToUser({ ...ref, UserName }),
    detach: (ref: PolicyRef) => operations.detachPolicyFromUser({ ...ref, UserName }),
    list: () => operations.listPoliciesForUser({ UserName }),
  }),
  Group: (operations: RemoteOperations, GroupName: string) => ({
    attach: (ref: PolicyRef) => operations.attachPolicyToGroup({ ...ref, GroupName }),
    detach: (ref: PolicyRef) => operations.detachPolicyFromGroup({ ...ref, GroupName }),
    list: () => operations.listPoliciesForGroup({ GroupName }),
  }),
  Role: (operations: RemoteOperations, RoleName: string) => ({
    attach: (ref: PolicyRef) => operations.attachPolicyToRole({ ...ref, RoleName }),
    detach: (ref: PolicyRef) => operations.detachPolicyFromRole({ ...ref, RoleName }),
    list: () => operations.listPoliciesForRole({ RoleName }),
  }),
};

async function attachment(
  { operations, isNew }: Context,
  kind: keyof typeof ATTACHMENT_METHODS,
  name: string,
  { PolicyName, PolicyType }: PolicyRef,
  change: 'attach' | 'detach',
) {
  const { list, attach, detach } = ATTACHMENT_METHODS[kind](operations, name);
  const isSame = (other: PolicyRef) => foldCase(other.PolicyName) === foldCase(PolicyName);
  const isAttached = !isNew(kind, name) && (await list()).some(isSame);
  const opposite = change === 'attach' ? 'detach' : 'attach';
  const command = shellCommand`ramctl policy ${opposite} ${PolicyName} --${kind.toLowerCase()} ${name}`;
  const undo = () => (change === 'attach' ? detach : attach)({ PolicyName, PolicyType });
  return {
    wasSo: isAttached === (change === 'attach'),
    changes: () => [
      undoable('Policy', PolicyName, `${change}ed ${change === 'attach' ? 'to' : 'from'} ${name}`, command, undo),
    ],
  };
}
