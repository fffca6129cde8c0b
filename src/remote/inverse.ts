import { accountInverses } from './inverses/account.ts';
import type { Inverses } from './inverses/change.ts';
import { credentialInverses } from './inverses/credentials.ts';
import { identityInverses } from './inverses/identities.ts';
import { policyInverses } from './inverses/policies.ts';

export type { Change, ChangeName } from './inverses/change.ts';

/** The inverses of all changes. */
export const INVERSES: Inverses = {
  ...identityInverses,
  ...credentialInverses,
  ...policyInverses,
  ...accountInverses,
};
