import { signatureMismatchFailure, unknownAccessKeyFailure } from './access-key.ts';
import { sessionArn } from './arn.ts';
import { formatRamDate } from './clock.ts';
import { Failure, isFailure } from './failure.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { ALPHANUMERIC, generateRandomText } from './random.ts';
import { findRole } from './role.ts';
import { type AccountRecord, foldCase } from './state.ts';
import type { SessionCaller, StsOperations } from './sts-operations.ts';

/** Seconds (STS AssumeRole). */
const MIN_DURATION = 900;
const DEFAULT_DURATION = 3600;
/** Characters (STS AssumeRole). */
const MAX_SESSION_POLICY_LENGTH = 2048;

/** What a security token contains, encrypted. */
type SessionToken = Omit<SessionCaller, 'AccountId'> & Record<'AccessKeySecret' | 'Expiration', string>;

export const stsOperations = {
  async assumeRole(context, { RoleName: name, RoleSessionName, Policy, DurationSeconds = DEFAULT_DURATION }) {
    const { state, clock, random, vault } = context;
    if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(RoleSessionName)) throw wronglyFormed('RoleSessionName');
    const { RoleId, RoleName, MaxSessionDuration } = findRole(state, name);
    assertValidDuration(DurationSeconds, MaxSessionDuration);
    if (Policy !== undefined) await assertValidSessionPolicy(Policy);
    const token: SessionToken = {
      AccessKeyId: `STS.${generateRandomText(random, ALPHANUMERIC, 24)}`,
      AccessKeySecret: generateRandomText(random, ALPHANUMERIC, 40),
      RoleId,
      RoleName,
      RoleSessionName,
      Expiration: formatRamDate(new Date(clock.now().getTime() + DurationSeconds * 1000)),
      ...(Policy === undefined ? {} : { Policy }),
    };
    const { AccessKeyId, AccessKeySecret, Expiration } = token;
    const SecurityToken = vault.encrypt(JSON.stringify(token), tokenLabel(state.Account));
    return {
      AssumedRoleUser: {
        Arn: sessionArn(state.Account, RoleName, RoleSessionName),
        AssumedRoleId: `${RoleId}:${RoleSessionName}`,
      },
      Credentials: { AccessKeyId, AccessKeySecret, SecurityToken, Expiration },
    };
  },

  getSessionCaller(context, { AccessKeyId, SecurityToken, isSigned }) {
    const { state, clock } = context;
    const { Expiration, AccessKeySecret, ...session } = decryptToken(context, SecurityToken);
    if (session.AccessKeyId !== AccessKeyId) {
      throw invalidToken('MismatchWithAccessKey', 'does not match the AccessKey');
    }
    if (formatRamDate(clock.now()) >= Expiration) throw invalidToken('Expired', 'is expired');
    // A new role with the name of a deleted one has another id.
    if (state.Roles.get(foldCase(session.RoleName))?.RoleId !== session.RoleId) throw unknownAccessKeyFailure();
    if (!isSigned(AccessKeySecret)) throw signatureMismatchFailure();
    return { AccountId: state.Account.AccountId, ...session };
  },
} satisfies Implementation<StsOperations>;

/** The vault label of tokens. A token of another account and an encrypted record are refused. */
function tokenLabel({ AccountId }: AccountRecord): string {
  return `SecurityToken/${AccountId}`;
}

function decryptToken({ state, vault }: OperationContext, token: string): SessionToken {
  // Without a fingerprint there is no key yet, and so no token.
  if (state.Account.KeyFingerprint === undefined) throw malformedToken();
  try {
    return JSON.parse(vault.decrypt(token, tokenLabel(state.Account)));
  } catch (error) {
    throw isFailure(error, 'SealBroken') ? malformedToken() : error;
  }
}

function assertValidDuration(seconds: number, max: number): void {
  if (seconds >= MIN_DURATION && seconds <= max) return;
  const message = `DurationSeconds is ${seconds}; allowed: ${MIN_DURATION} to ${max}, the MaxSessionDuration of the role`;
  throw new Failure('refused', 'InvalidParameter.DurationSeconds', message, { Field: 'DurationSeconds' });
}

async function assertValidSessionPolicy(text: string): Promise<void> {
  const { checkDocument } = await import('./policy/check.ts');
  const { document, findings } = await checkDocument(text, MAX_SESSION_POLICY_LENGTH);
  const [error] = findings;
  if (document || !error) return;
  const { Code, Line, Column, Message } = error;
  const [rule, message] = Code.endsWith('.Length')
    ? ['PolicySize', `The size of Policy must be at most ${MAX_SESSION_POLICY_LENGTH} characters.`]
    : [
        'PolicyGrammar',
        `The parameter Policy has not passed grammar check: line ${Line}, column ${Column}: ${Message}`,
      ];
  throw new Failure('refused', `InvalidParameter.${rule}`, message, { Field: 'Policy' });
}

/** Returns the error of STS for a parameter whose form is wrong. */
export function wronglyFormed(parameter: string): Failure {
  const message = `The parameter ${parameter} is wrongly formed.`;
  return new Failure('refused', `InvalidParameter.${parameter}`, message, { Field: parameter });
}

const malformedToken = () => invalidToken('Malformed', 'is malformed');

function invalidToken(rule: string, problem: string): Failure {
  return new Failure('denied', `InvalidSecurityToken.${rule}`, `Specified SecurityToken ${problem}.`);
}
