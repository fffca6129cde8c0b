import { Failure } from '../core/failure.ts';
import { integer, invalidParameterFailure, optional, type ParameterParser, text } from './parameters.ts';

/** The parameters of the actions of STS 2015-04-01. */
export const STS_PARAMETERS = {
  getCallerIdentity: {},
  assumeRole: {
    RoleArn: text,
    RoleSessionName: text,
    Policy: optional(text),
    DurationSeconds: optional(integer),
    ExternalId: optional(text),
    SourceIdentity: rejectNonEmpty,
  },
} satisfies Record<string, Record<string, ParameterParser<unknown>>>;

/** The name of an action of STS in lower camel case. */
export type StsMethod = keyof typeof STS_PARAMETERS;

export function isStsMethod(method: string): method is StsMethod {
  return Object.hasOwn(STS_PARAMETERS, method);
}

/**
 * Refuses the actions that identify the caller by a token of an identity provider instead of a signature.
 * @throws Failure InvalidAction.NotFound
 */
export function rejectIdentityProviders(name: string): void {
  if (name !== 'AssumeRoleWithOIDC' && name !== 'AssumeRoleWithSAML') return;
  const reason = `${name} is not supported, because tokens of identity providers are not verified: use AssumeRole`;
  throw new Failure('refused', 'InvalidAction.NotFound', `Specified api is not found: ${reason}.`);
}

/** An ignored SourceIdentity would be missing where the caller expects it: in conditions and in the log. */
function rejectNonEmpty(parameters: Parameters<typeof text>[0], name: string): void {
  if (parameters.get(name)) throw invalidParameterFailure(name, 'is not supported');
}
