import { expect } from 'vitest';
import type { State } from '../../../../src/core/state.ts';
import { ACCOUNT } from '../../../support/sample-directory.ts';
import type { Parameters } from '../../../support/sdk-clients.ts';

/** What RAM's reference says of an action, tried on acme by its administrator. */
export interface Case {
  /** What it cannot do without. */
  needs?: Parameters;
  /** What it takes besides. */
  may?: Parameters;
  /** The resources that permission is needed on, in acme if it is not said whose. */
  on: string[];
  /** All members of the answer, the request's id aside. */
  answers?: object;
  /** What the next request answers or is refused for, when the answer itself says nothing. */
  leaves?: [action: string, parameters: Parameters, answersOrCode: object | string];
  /** By error code: with which parameters in the place of those above, or in which acme. */
  refuses?: Record<string, Parameters | ((acme: State) => void)>;
}

const LONG = 'a'.repeat(129);
const HOSTILE = 'all\u202efine';

export const USER_ID = expect.stringMatching(/^2\d{17}$/);
export const GROUP_ID = expect.stringMatching(/^g-[A-Za-z0-9]{16}$/);
export const KEY_ID = expect.stringMatching(/^LTAI[A-Za-z0-9]{20}$/);

export const serial = (name: string) => `acs:ram::${ACCOUNT}:mfa/${name}`;

/** A name that breaks the rules of its own. */
export function badName(member: string): Record<string, Parameters> {
  return {
    [`InvalidParameter.${member}.InvalidChars`]: { [member]: 'no blanks' },
    [`InvalidParameter.${member}.Length`]: { [member]: LONG },
  };
}

/** A text that breaks the rules of its own. */
export function badText(member: string, longest = 128): Record<string, Parameters> {
  return {
    [`InvalidParameter.${member}.InvalidChars`]: { [member]: HOSTILE },
    [`InvalidParameter.${member}.Length`]: { [member]: 'a'.repeat(longest + 1) },
  };
}

export const BAD_PAGE = { 'InvalidParameter.MaxItems': { MaxItems: 0 }, 'InvalidParameter.Marker': { Marker: '?' } };
export const BAD_TYPE = { 'InvalidParameter.PolicyType': { PolicyType: 'custom' } };
export const NO_USER = { ...badName('UserName'), 'EntityNotExist.User': { UserName: 'nobody' } };
export const NO_GROUP = { ...badName('GroupName'), 'EntityNotExist.Group': { GroupName: 'nobody' } };
export const NO_POLICY = { ...badName('PolicyName'), 'EntityNotExist.Policy': { PolicyName: 'Nothing' } };
export const NO_VERSION = {
  'InvalidParameter.VersionId.Format': { VersionId: '1' },
  'EntityNotExist.Policy.Version': { VersionId: 'v9' },
};
export const BAD_DOCUMENT = {
  'InvalidParameter.PolicyDocument.Length': { PolicyDocument: ' '.repeat(6145) },
  MalformedPolicyDocument: { PolicyDocument: '{"Version":"1"}' },
};

/** Fills records up to a quota. */
export function fill<T extends object>(records: Map<string, T>, quota: number, one: (name: string) => T): void {
  for (let n = records.size; n < quota; n++) records.set(`more${n}`, one(`more${n}`));
}
