import type { OptionalTexts } from './identity-operations.ts';

/** A session of a role, which signs its requests with temporary credentials. */
export interface SessionCaller
  extends Record<'AccountId' | 'AccessKeyId' | 'RoleId' | 'RoleName' | 'RoleSessionName', string> {
  /** The document of the session policy, which narrows the permissions of the role. */
  Policy?: string;
}

interface AssumeRoleInput extends Record<'RoleName' | 'RoleSessionName', string>, OptionalTexts<'Policy'> {
  /** Seconds, from 900 to the role's MaxSessionDuration. The default is 3600. */
  DurationSeconds?: number | undefined;
}

interface AssumedRole {
  AssumedRoleUser: Record<'Arn' | 'AssumedRoleId', string>;
  Credentials: Record<'AccessKeyId' | 'AccessKeySecret' | 'SecurityToken' | 'Expiration', string>;
}

/** Operations of STS 2015-04-01. Sessions are not stored, see docs/decisions/session-tokens.md */
export interface StsOperations {
  /**
   * Returns the credentials of a new session. The caller checks the trust policy of the role before.
   * @throws EntityNotExist.Role, InvalidParameter.RoleSessionName, .DurationSeconds, .PolicyGrammar, .PolicySize
   */
  assumeRole(input: AssumeRoleInput): Promise<AssumedRole>;
  /**
   * Returns the session that a token belongs to. `isSigned` receives the secret and returns whether the request was signed
   * with it.
   * @throws InvalidSecurityToken.Malformed, .MismatchWithAccessKey, .Expired, InvalidAccessKeyId.NotFound when the role
   * does not exist any more, SignatureDoesNotMatch
   */
  getSessionCaller(input: {
    AccessKeyId: string;
    SecurityToken: string;
    isSigned: (secret: string) => boolean;
  }): Promise<SessionCaller>;
}
