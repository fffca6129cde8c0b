/** RAM's quotas as of December 2025. */
export const QUOTAS = {
  Users: 5000,
  Groups: 300,
  Policies: 1500,
  Roles: 1000,
  /** RAM has several hundred. This limit is ramctl's own: it keeps a damaged file from taking minutes. */
  SystemPolicies: 5000,
  MFADevices: 5000,
  AccessKeysPerUser: 2,
  GroupsPerUser: 10,
  VersionsPerPolicy: 5,
  /** Characters of a policy document. */
  PolicySize: 6144,
  /** For each user, role or policy (IMS and RAM TagResources). */
  TagsPerResource: 20,
  /** For each user, group or role, by policy type. */
  AttachedPolicies: { System: 20, Custom: 10 },
};
