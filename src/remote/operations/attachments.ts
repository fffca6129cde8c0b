import type { Attachment, AttachmentOperations } from '../../core/directory.ts';
import type { Parameters, Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { changeOnce } from './lost-responses.ts';
import { itemsOf, nullableTexts, sortByDate, sortByName, texts } from './members.ts';

type Target = 'User' | 'Group' | 'Role';

export function attachmentOperations(context: RemoteContext): AttachmentOperations {
  const { api } = context;
  const attachTo = (target: Target) => (ref: object) =>
    changeOnce(context, `AttachPolicyTo${target}`, { ...ref }, `EntityAlreadyExists.${target}.Policy`);
  const detachFrom = (target: Target) => (ref: object) =>
    changeOnce(context, `DetachPolicyFrom${target}`, { ...ref }, `EntityNotExist.${target}.Policy`);
  const listFor = (target: Target) => async (ref: object) => {
    const response = await api.call('RAM', `ListPoliciesFor${target}`, ref as Parameters);
    return sortByDate(itemsOf('Policies', 'Policy')(response).map(toAttachment), 'AttachDate');
  };

  return {
    attachPolicyToUser: attachTo('User'),
    attachPolicyToGroup: attachTo('Group'),
    attachPolicyToRole: attachTo('Role'),
    detachPolicyFromUser: detachFrom('User'),
    detachPolicyFromGroup: detachFrom('Group'),
    detachPolicyFromRole: detachFrom('Role'),
    listPoliciesForUser: listFor('User'),
    listPoliciesForGroup: listFor('Group'),
    listPoliciesForRole: listFor('Role'),

    async listEntitiesForPolicy({ PolicyName, PolicyType }) {
      const response = await api.call('RAM', 'ListEntitiesForPolicy', { PolicyName, PolicyType });
      const Users = itemsOf(
        'Users',
        'User',
      )(response).map((user) => ({
        ...texts(user, 'UserId', 'UserName'),
        ...nullableTexts(user, 'DisplayName'),
        ...texts(user, 'AttachDate'),
      }));
      const Groups = itemsOf(
        'Groups',
        'Group',
      )(response).map((group) => ({
        ...texts(group, 'GroupName'),
        ...nullableTexts(group, 'Comments'),
        ...texts(group, 'AttachDate'),
      }));
      const Roles = itemsOf(
        'Roles',
        'Role',
      )(response).map((role) => ({
        ...texts(role, 'RoleId', 'RoleName', 'Arn'),
        ...nullableTexts(role, 'Description'),
        ...texts(role, 'AttachDate'),
      }));
      return {
        Users: sortByName(Users, ({ UserName }) => UserName),
        Groups: sortByName(Groups, ({ GroupName }) => GroupName),
        Roles: sortByName(Roles, ({ RoleName }) => RoleName),
      };
    },
  };
}

function toAttachment(policy: Response): Attachment {
  return {
    PolicyName: policy.PolicyName,
    PolicyType: policy.PolicyType,
    AttachDate: policy.AttachDate,
    ...nullableTexts(policy, 'Description'),
    ...texts(policy, 'DefaultVersion'),
  };
}
