import type { NullableTexts, OptionalTexts } from './identity-operations.ts';
import type { RoleRecord } from './state.ts';
import type { ResourceTag, Tag, TagFilter } from './tag-operations.ts';

export type RoleRef = Pick<RoleRecord, 'RoleName'>;

export interface Role
  extends Pick<RoleRecord, 'RoleId' | 'RoleName' | 'AssumeRolePolicyDocument' | 'MaxSessionDuration'>,
    Record<'Arn' | 'CreateDate' | 'UpdateDate', string>,
    NullableTexts<'Description'> {
  Tags: ResourceTag[];
}

interface CreateRoleInput extends RoleRef, OptionalTexts<'Description'> {
  AssumeRolePolicyDocument: string;
  /** Seconds, 3600 to 43200. The default is 3600. */
  MaxSessionDuration?: number | undefined;
  Tag?: Tag[] | undefined;
}

interface UpdateRoleInput extends RoleRef, OptionalTexts<'NewDescription' | 'NewAssumeRolePolicyDocument'> {
  NewMaxSessionDuration?: number | undefined;
}

export interface RoleOperations {
  /** @throws InvalidParameter.*, MalformedPolicyDocument, EntityAlreadyExists.Role, LimitExceeded.Role, .Role.Tag */
  createRole(input: CreateRoleInput): Promise<Role>;
  /** @throws EntityNotExist.Role */
  getRole(input: RoleRef): Promise<Role>;
  /** @throws EntityNotExist.Role, InvalidParameter.*, MalformedPolicyDocument */
  updateRole(input: UpdateRoleInput): Promise<Role>;
  /** @throws EntityNotExist.Role, DeleteConflict.Role.Policy */
  deleteRole(input: RoleRef): Promise<void>;
  /** Returns all roles that match the filter, sorted by RoleName. */
  listRoles(input?: TagFilter): Promise<Role[]>;
}
