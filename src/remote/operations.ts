import type { Operations, RotationOperations } from '../core/directory.ts';
import type { Api } from './api.ts';
import { accessKeyOperations } from './operations/access-keys.ts';
import { accountOperations } from './operations/account.ts';
import { attachmentOperations } from './operations/attachments.ts';
import { createContext, type RemoteContext } from './operations/context.ts';
import { gatewayOperations } from './operations/gateway.ts';
import { groupOperations } from './operations/groups.ts';
import { loginProfileOperations } from './operations/login-profiles.ts';
import { mfaDeviceOperations } from './operations/mfa.ts';
import { policyOperations } from './operations/policies.ts';
import { roleOperations } from './operations/roles.ts';
import { tagOperations } from './operations/tags.ts';
import { userOperations } from './operations/users.ts';

/** The operations that each are one or a few calls of RAM's API. */
export type RemoteOperations = Omit<Operations, keyof RotationOperations>;

/**
 * Returns the operations of an account. Names are compared as RAM compares them. `sleep` waits until RAM has created a credential
 * report, or has processed a call whose response was lost.
 */
export function remoteOperations(api: Api, sleep: RemoteContext['sleep']): RemoteOperations {
  const context = createContext(api, sleep);
  const tagged = { ...userOperations(context), ...roleOperations(context), ...policyOperations(context) };
  return {
    ...tagged,
    ...accountOperations(context),
    ...loginProfileOperations(context),
    ...accessKeyOperations(context),
    ...mfaDeviceOperations(context),
    ...groupOperations(context),
    ...attachmentOperations(context),
    ...tagOperations(context, tagged),
    ...gatewayOperations(context),
  };
}
