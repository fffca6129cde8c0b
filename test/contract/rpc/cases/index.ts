import type { Method } from '../../../../src/rpc/action.ts';
import { ACCESS_KEYS } from './access-keys.ts';
import { ACCOUNT } from './account.ts';
import { ATTACHMENTS } from './attachments.ts';
import type { Case } from './case.ts';
import { GROUPS } from './groups.ts';
import { LOGON } from './logon.ts';
import { MFA } from './mfa.ts';
import { POLICIES } from './policies.ts';
import { USERS } from './users.ts';

/** One for each action, in the order of RAM's reference; the compiler sees to it that none is missing. */
const CASES: { readonly [M in Method]: Case } = {
  ...USERS,
  ...LOGON,
  ...ACCESS_KEYS,
  ...MFA,
  ...GROUPS,
  ...POLICIES,
  ...ATTACHMENTS,
  ...ACCOUNT,
};

/** The same by the name of the action on the wire. */
export const ACTION_CASES = Object.entries<Case>(CASES).map(
  ([method, of]) => [`${method.charAt(0).toUpperCase()}${method.slice(1)}`, of] as const,
);
