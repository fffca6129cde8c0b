import { expect } from 'vitest';
import type { Records } from '../../../../src/core/records.ts';
import type { State } from '../../../../src/core/state.ts';
import { ACCOUNT } from '../../../support/sample-directory.ts';
import type { Parameters } from '../../../support/sdk-clients.ts';

/** The behaviour of an action by RAM's reference, for requests of acme's administrator. */
export interface Case {
  /** The mandatory parameters. */
  required?: Parameters;
  /** The optional parameters. */
  optional?: Parameters;
  /** The resources that permission is needed on: ARNs, or names in the account of acme. */
  resources: string[];
  /** All members of the response except the RequestId. */
  response?: object;
  /** A second request that shows the effect, with its response or its error. */
  effect?: [action: string, parameters: Parameters, outcome: object | string];
  /** By error code: the parameters to replace, or the change to the state of acme, that cause the error. */
  errors?: Record<string, Parameters | ((acme: State) => void)>;
}

const LONG_NAME = 'a'.repeat(129);
const UNSAFE_TEXT = 'all\u202efine';

export const USER_ID = expect.stringMatching(/^2\d{17}$/);
export const GROUP_ID = expect.stringMatching(/^g-[A-Za-z0-9]{16}$/);
export const ROLE_ID = expect.stringMatching(/^3\d{17}$/);
export const KEY_ID = expect.stringMatching(/^LTAI[A-Za-z0-9]{20}$/);

export const serialNumberOf = (name: string) => `acs:ram::${ACCOUNT}:mfa/${name}`;

/** Invalid names. */
export function badName(member: string): Record<string, Parameters> {
  return {
    [`InvalidParameter.${member}.InvalidChars`]: { [member]: 'no blanks' },
    [`InvalidParameter.${member}.Length`]: { [member]: LONG_NAME },
  };
}

/** Invalid texts. */
export function badText(member: string, maxLength = 128): Record<string, Parameters> {
  return {
    [`InvalidParameter.${member}.InvalidChars`]: { [member]: UNSAFE_TEXT },
    [`InvalidParameter.${member}.Length`]: { [member]: 'a'.repeat(maxLength + 1) },
  };
}

export const BAD_PAGE = { 'InvalidParameter.MaxItems': { MaxItems: 0 }, 'InvalidParameter.Marker': { Marker: '?' } };
export const BAD_TYPE = { 'InvalidParameter.PolicyType': { PolicyType: 'custom' } };
export const NO_USER = { ...badName('UserName'), 'EntityNotExist.User': { UserName: 'nobody' } };
export const NO_GROUP = { ...badName('GroupName'), 'EntityNotExist.Group': { GroupName: 'nobody' } };
export const NO_ROLE = { ...badName('RoleName'), 'EntityNotExist.Role': { RoleName: 'nobody' } };
export const NO_POLICY = { ...badName('PolicyName'), 'EntityNotExist.Policy': { PolicyName: 'Nothing' } };
export const NO_VERSION = {
  'InvalidParameter.VersionId.Format': { VersionId: '1' },
  'EntityNotExist.Policy.Version': { VersionId: 'v9' },
};
export const BAD_DOCUMENT = {
  'InvalidParameter.PolicyDocument.Length': { PolicyDocument: ' '.repeat(6145) },
  MalformedPolicyDocument: { PolicyDocument: '{"Version":"1"}' },
};

/** Adds records up to a quota. */
export function fill<T extends object>(records: Records<T>, quota: number, create: (name: string) => T): void {
  for (let n = records.size; n < quota; n++) records.set(`more${n}`, create(`more${n}`));
}
