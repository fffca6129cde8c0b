/** RAM's limits page of December 2025, except where a comment says otherwise. */
export const QUOTAS = {
  Users: 5000,
  AccessKeysPerUser: 2,
  MFADevices: 5000,
  /** By policy type. */
  PoliciesPerUser: { System: 20, Custom: 10 },
} as const;
