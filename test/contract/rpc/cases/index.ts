import type { Method } from '../../../../src/rpc/action.ts';
import { ACCESS_KEYS } from './access-keys.ts';
import { ACCOUNT } from './account.ts';
import { ATTACHMENTS } from './attachments.ts';
import type { Case } from './case.ts';
import { GROUPS } from './groups.ts';
import { LOGON } from './logon.ts';
import { MFA } from './mfa.ts';
import { POLICIES } from './policies.ts';
import { ROLES } from './roles.ts';
import { USERS } from './users.ts';

/** One case for each action, in the order of RAM's reference. The type requires all of them. */
const CASES: { readonly [M in Method]: Case } = {
  ...USERS,
  ...LOGON,
  ...ACCESS_KEYS,
  ...MFA,
  ...GROUPS,
  ...POLICIES,
  ...ATTACHMENTS,
  ...ROLES,
  ...ACCOUNT,
};

/** The cases with the names of the actions on the wire. */
export const ACTION_CASES = Object.entries<Case>(CASES).map(
  ([method, actionCase]) => [`${method.charAt(0).toUpperCase()}${method.slice(1)}`, actionCase] as const,
);
