import type { PolicyRef } from '../directory.ts';
import { isObject } from '../is-object.ts';
import { QUOTAS } from '../quotas.ts';
import type {
  DescribedAccount,
  DescribedGroup,
  DescribedPolicy,
  DescribedRole,
  DescribedUser,
  Description,
  Wanted,
  WantedDescription,
  WantedValue,
} from './description.ts';

/**
 * A description as files have it (`schema/directory.schema.json`): policy documents are nested objects, and the name of an
 * attached policy is enough. Only the names of entities are required.
 */
export interface DescriptionFile {
  Account?: Wanted<DescribedAccount>;
  Users?: InFile<DescribedUser, 'UserName'>[];
  Groups?: InFile<DescribedGroup, 'GroupName'>[];
  Policies?: InFile<DescribedPolicy, 'PolicyName'>[];
  Roles?: InFile<DescribedRole, 'RoleName'>[];
}

export type PolicyRefInFile = string | (Pick<PolicyRef, 'PolicyName'> & Partial<PolicyRef>);

type InFile<T, Name extends keyof T> = Pick<T, Name> & {
  [Member in Exclude<keyof T, Name>]?: Member extends `${string}PolicyDocument`
    ? string | object
    : Member extends 'Policies'
      ? PolicyRefInFile[]
      : WantedValue<T[Member]>;
};

const isDocument = (member: string) => member.endsWith('PolicyDocument');

/** Returns the description as a file has it, without members that an entity does not have. */
export function toDescriptionFile({ Account, Users, Groups, Policies, Roles }: Description): DescriptionFile {
  return {
    Account: withoutAbsent(Account),
    Users: Users.map(withoutAbsent),
    Groups: Groups.map(withoutAbsent),
    Policies: Policies.map(withoutAbsent),
    Roles: Roles.map(withoutAbsent),
  };
}

function withoutAbsent<T extends object>(entity: T): T {
  const members = Object.entries(entity).filter(
    ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(
    members.map(([name, value]) => [name, isDocument(name) ? parseDocument(value) : value]),
  ) as T;
}

/** Returns a document as an object, or the text if it is not JSON. */
function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** RAM's limits of the documents, in characters. */
const MAX_LENGTHS: Record<string, number> = { PolicyDocument: QUOTAS.PolicySize, AssumeRolePolicyDocument: 2048 };

/** Returns the text of a document in a file. */
export function documentText(member: string, document: string | object): string {
  if (typeof document === 'string') return document;
  const text = JSON.stringify(document, null, 2);
  // RAM counts white space.
  return text.length <= (MAX_LENGTHS[member] ?? 0) ? text : JSON.stringify(document);
}

/** Returns the description of a file. `findPolicy` returns the policy that an attachment names. */
export function fromDescriptionFile(
  file: DescriptionFile,
  findPolicy: (ref: PolicyRefInFile) => PolicyRef,
): WantedDescription {
  const convert = (entity: object) =>
    Object.fromEntries(
      Object.entries(entity).map(([name, value]) => {
        if (isDocument(name)) return [name, documentText(name, value)];
        return [name, name === 'Policies' ? value.map(findPolicy) : value];
      }),
    );
  const { Account, ...lists } = file;
  const entities = Object.entries(lists).filter(([, list]) => Array.isArray(list));
  return { Account, ...Object.fromEntries(entities.map(([name, list]) => [name, list.map(convert)])) };
}

/** Returns the name and the type of an attached policy, as far as a file has them. */
export function readPolicyRef(ref: PolicyRefInFile): Partial<PolicyRef> & Pick<PolicyRef, 'PolicyName'> {
  return isObject(ref) ? (ref as PolicyRef) : { PolicyName: String(ref) };
}
