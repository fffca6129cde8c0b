import type { GroupRef, NullableTexts, OptionalTexts, UserRef } from './identity-operations.ts';
import type { RoleRef } from './role-operations.ts';
import type { AttachmentRecord, PolicyRecord, PolicyType, PolicyVersionRecord, SystemPolicyRecord } from './state.ts';

export type PolicyNameRef = Pick<PolicyRecord, 'PolicyName'>;
export type PolicyRef = Pick<AttachmentRecord, 'PolicyName' | 'PolicyType'>;
type PolicyVersionRef = PolicyNameRef & Pick<PolicyVersionRecord, 'VersionId'>;

interface CreatePolicyVersionInput extends PolicyNameRef {
  PolicyDocument: string;
  SetAsDefault?: boolean | undefined;
  RotateStrategy?: 'None' | 'DeleteOldestNonDefaultVersionWhenLimitExceeded' | undefined;
}

/**
 * How ramctl knows the document of a system policy. `exact`: it is published in RAM's system policy reference;
 * `approximate`: it is derived from the name of the policy; `imported`: it was imported from an account.
 */
export type DocumentSource = 'exact' | 'approximate' | 'imported';

/** `CreateDate` and `UpdateDate` are null for a system policy without a known date. */
export interface Policy extends PolicyRef, NullableTexts<'Description' | 'CreateDate' | 'UpdateDate'> {
  DefaultVersion: string;
  AttachmentCount: number;
  /** Absent for custom policies. */
  DocumentSource?: DocumentSource | undefined;
}

/** A policy with its versions in the order of creation. */
export type PolicyWithVersions = Omit<Policy, 'AttachmentCount'> & { Versions: PolicyVersion[] };

export type PolicyWithDocument = Policy & { PolicyDocument: string };

/** `CreateDate` is null for a system policy without a published date. */
export interface PolicyVersion extends Omit<PolicyVersionRecord, 'CreateDate'>, NullableTexts<'CreateDate'> {
  IsDefaultVersion: boolean;
}

export interface PolicyEntities {
  Users: { UserId: string; UserName: string; DisplayName: string | null; AttachDate: string }[];
  Groups: { GroupName: string; Comments: string | null; AttachDate: string }[];
  Roles: { RoleId: string; RoleName: string; Arn: string; Description: string | null; AttachDate: string }[];
}

export type Attachment = AttachmentRecord & Pick<Policy, 'Description' | 'DefaultVersion' | 'DocumentSource'>;

export type ImportedPolicy = Pick<Policy, 'PolicyName' | 'PolicyType' | 'DefaultVersion' | 'DocumentSource'> & {
  Changed: boolean;
};

export interface PolicyOperations {
  /** @throws InvalidParameter.*, MalformedPolicyDocument, EntityAlreadyExists.Policy, LimitExceeded.Policy */
  createPolicy(input: PolicyNameRef & OptionalTexts<'Description'> & { PolicyDocument: string }): Promise<Policy>;
  /** Sets the description of a custom policy. @throws EntityNotExist.Policy, InvalidParameter.NewDescription.* */
  updatePolicyDescription(input: PolicyNameRef & OptionalTexts<'NewDescription'>): Promise<Policy>;
  /**
   * Deletes a custom policy. With `CascadingDelete` it may have several versions.
   * @throws EntityNotExist.Policy, DeleteConflict.Policy.*
   */
  deletePolicy(input: PolicyNameRef & { CascadingDelete?: boolean | undefined }): Promise<void>;
  /** @throws EntityNotExist.Policy, MalformedPolicyDocument, LimitExceeded.Policy.Version */
  createPolicyVersion(input: CreatePolicyVersionInput): Promise<PolicyVersion>;
  /** Returns the versions in the order of creation. @throws EntityNotExist.Policy */
  listPolicyVersions(input: PolicyRef): Promise<PolicyVersion[]>;
  /** @throws EntityNotExist.Policy, EntityNotExist.Policy.Version, InvalidParameter.VersionId.Format */
  setDefaultPolicyVersion(input: PolicyVersionRef): Promise<void>;
  /** @throws as setDefaultPolicyVersion, and DeleteConflict.Policy.Version.Default */
  deletePolicyVersion(input: PolicyVersionRef): Promise<void>;
  /** @throws EntityNotExist.Policy */
  getPolicy(input: PolicyRef): Promise<PolicyWithDocument>;
  /** @throws EntityNotExist.Policy, EntityNotExist.Policy.Version, InvalidParameter.VersionId.Format */
  getPolicyVersion(input: PolicyRef & PolicyVersionRef): Promise<PolicyVersion>;
  /** Returns the policies of one type or of both, sorted by PolicyName. */
  listPolicies(input: { PolicyType?: PolicyType | undefined }): Promise<Policy[]>;
}

/** Not part of RAM, which keeps its system policies up to date itself. */
export interface SystemPolicyOperations {
  /**
   * Replaces or adds the documents of system policies.
   * @throws Failure `refused` MalformedPolicyDocument, EntityAlreadyExists.Policy, InvalidParameter.*, LimitExceeded.Policy
   */
  importSystemPolicies(input: { Policies: SystemPolicyRecord[] }): Promise<ImportedPolicy[]>;
}

export interface AttachmentOperations {
  /** Returns the users, groups and roles that the policy is attached to. @throws EntityNotExist.Policy */
  listEntitiesForPolicy(input: PolicyRef): Promise<PolicyEntities>;
  /** @throws EntityNotExist.User, EntityNotExist.Policy, EntityAlreadyExists.User.Policy, LimitExceeded.User.Policy */
  attachPolicyToUser(input: PolicyRef & UserRef): Promise<void>;
  /** @throws EntityNotExist.User, EntityNotExist.Policy, EntityNotExist.User.Policy */
  detachPolicyFromUser(input: PolicyRef & UserRef): Promise<void>;
  /** Returns the user's own policies in the order of attachment. @throws EntityNotExist.User */
  listPoliciesForUser(input: UserRef): Promise<Attachment[]>;
  /**
   * @throws EntityNotExist.Group, EntityNotExist.Policy, EntityAlreadyExists.Group.Policy, LimitExceeded.Group.Policy
   */
  attachPolicyToGroup(input: PolicyRef & GroupRef): Promise<void>;
  /** @throws EntityNotExist.Group, EntityNotExist.Policy, EntityNotExist.Group.Policy */
  detachPolicyFromGroup(input: PolicyRef & GroupRef): Promise<void>;
  /** Returns the group's policies in the order of attachment. @throws EntityNotExist.Group */
  listPoliciesForGroup(input: GroupRef): Promise<Attachment[]>;
  /** @throws EntityNotExist.Role, EntityNotExist.Policy, EntityAlreadyExists.Role.Policy, LimitExceeded.Role.Policy */
  attachPolicyToRole(input: PolicyRef & RoleRef): Promise<void>;
  /** @throws EntityNotExist.Role, EntityNotExist.Policy, EntityNotExist.Role.Policy */
  detachPolicyFromRole(input: PolicyRef & RoleRef): Promise<void>;
  /** Returns the role's policies in the order of attachment. @throws EntityNotExist.Role */
  listPoliciesForRole(input: RoleRef): Promise<Attachment[]>;
}
