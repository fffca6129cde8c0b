import type { OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';

/** RAM's names for the counts and quotas of an account (IMS GetAccountSummary, SummaryMap). */
export type AccountSummary = ReturnType<typeof getAccountSummary>;

export function getAccountSummary({ state }: OperationContext) {
  return {
    Users: state.Users.size,
    UsersQuota: QUOTAS.Users,
    Groups: state.Groups.size,
    GroupsQuota: QUOTAS.Groups,
    Policies: state.Policies.size,
    PoliciesQuota: QUOTAS.Policies,
    MFADevices: state.MFADevices.size,
    MFADevicesInUse: [...state.MFADevices.values()].filter(({ Binding }) => Binding).length,
    VirtualMFADevicesQuota: QUOTAS.MFADevices,
    AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
    GroupsPerUserQuota: QUOTAS.GroupsPerUser,
    VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
    AttachedPoliciesPerUserQuota: QUOTAS.AttachedPolicies.Custom,
    AttachedSystemPoliciesPerUserQuota: QUOTAS.AttachedPolicies.System,
  };
}
