import { roleArn } from '../../core/arn.ts';
import type { GatewayOperations, Operations, StsOperations, SystemPolicyOperations } from '../../core/directory.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { RemoteContext } from './context.ts';
import { userNameOf } from './members.ts';

/** The operations about accounts, callers and sessions. */
export function gatewayOperations(context: RemoteContext): GatewayOperations & StsOperations & SystemPolicyOperations {
  const { api } = context;
  const getAccountId = async (): Promise<string> => (await api.call('STS', 'GetCallerIdentity')).AccountId;

  return {
    ...notSupported,

    /** RAM's API does not return when an account was created. */
    async getAccount() {
      const [AccountId, DefaultDomain] = await Promise.all([getAccountId(), context.defaultDomain()]);
      return { AccountId, DefaultDomain, CreateDate: '' };
    },

    async getUserName(reference) {
      const { User } = await api.call('IMS', 'GetUser', { ...reference });
      return { UserName: User.UserName ?? userNameOf(User.UserPrincipalName) };
    },

    async verifyAccessKey({ AccessKeyId, AccessKeySecret }) {
      const identity = api.as({ AccessKeyId, AccessKeySecret }).call('STS', 'GetCallerIdentity');
      const { AccountId, Arn } = await identity.catch((error: unknown) => {
        const isInvalid = isFailure(error) && /^(InvalidAccessKeyId|SignatureDoesNotMatch)/.test(error.code);
        throw isInvalid ? invalidAccessKeyFailure() : error;
      });
      const [, UserName] = /:user\/(.+)$/.exec(Arn) ?? [];
      // The key can be one of another account, or of the owner of this account.
      if (UserName === undefined || AccountId !== (await getAccountId())) throw invalidAccessKeyFailure();
      return { UserName, AccessKeyId };
    },

    async assumeRole({ RoleName, ...input }) {
      const RoleArn = roleArn({ AccountId: await getAccountId() }, RoleName);
      const { AssumedRoleUser, Credentials } = await api.call('STS', 'AssumeRole', { RoleArn, ...input });
      const { Arn, AssumedRoleId } = AssumedRoleUser;
      const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = Credentials;
      return {
        AssumedRoleUser: { Arn, AssumedRoleId },
        Credentials: { AccessKeyId, AccessKeySecret, SecurityToken, Expiration },
      };
    },
  };
}

function invalidAccessKeyFailure(): Failure {
  const message = 'the AccessKey is unknown or disabled, its secret is wrong, or it belongs to no user of this account';
  return new Failure('denied', 'InvalidAccessKey', message, { Field: 'AccessKeySecret' });
}

/** The operations that RAM's API does not have, with the reason and what to do instead. */
const ALTERNATIVES = {
  getCaller: 'only a server checks signatures; call GetCallerIdentity of STS',
  getSessionCaller: 'only a server checks signatures; call GetCallerIdentity of STS',
  recordAccessKeyUse: 'RAM itself records when AccessKeys are used',
  importSystemPolicies: 'Alibaba Cloud keeps its system policies up to date itself',
} satisfies { [Name in keyof Operations]?: string };

const notSupported = Object.fromEntries(
  Object.entries(ALTERNATIVES).map(([name, alternative]) => {
    const message = `${name} is not possible with an account of Alibaba Cloud: ${alternative}`;
    return [name, async () => Promise.reject(new Failure('refused', 'NotSupported', message))];
  }),
) as unknown as Pick<Operations, keyof typeof ALTERNATIVES>;
