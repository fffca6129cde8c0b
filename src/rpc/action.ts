import type { Directory, HashedPassword, RamOperations } from '../core/directory.ts';
import type { ParameterParser } from './parameters.ts';

/** The operations that are actions of RAM 2015-05-01. IMS has the others. */
type WireOperations = Omit<RamOperations, 'getCallerIdentity' | 'getAccountSummary' | 'getCredentialReport'> &
  Pick<Directory, 'changePassword'>;
/** The name of an action in lower camel case. */
export type Method = keyof WireOperations;

type Input<M extends Method> =
  Parameters<WireOperations[M]> extends [(infer Members extends object)?] ? Members : object;
type Output<M extends Method> = Awaited<ReturnType<WireOperations[M]>>;
/** Requests have clear passwords. The server hashes them before it calls the operation. */
type WireInput<T> = HashedPassword extends T ? string | Exclude<T, HashedPassword> : T;

/** What a response may need in addition to the output of the operation. */
export interface ResponseContext {
  operations: RamOperations;
  /** Returns a PNG in Base64 that an authenticator app can scan. */
  qrCode(device: { SerialNumber: string; Base32StringSeed: string }, aliasOrId: string): string;
}

export interface Paging {
  /** The member, or the members, that the list is sorted by. The first one is compared regardless of case. */
  sortedBy: string | readonly string[];
  /** The largest number of items on a page. */
  maxItems: number;
  /** Whether the members are `PageSize` and `NextToken`, instead of `MaxItems`, `Marker` and `IsTruncated`. */
  hasNextToken?: boolean;
}

export interface Action<M extends Method> {
  parameters: { [Member in keyof Input<M>]-?: ParameterParser<WireInput<Input<M>[Member]>> };
  /**
   * The resources of the account that permission is needed on; `{Member}` is a member of the input. `{ResourceNames}` stands for
   * each of the names, or for `*` without names.
   */
  resources: readonly (
    | '*'
    | '{ResourceType}/{ResourceNames}'
    | `${'user' | 'group' | 'role' | 'policy' | 'mfa'}/*`
    | `${'' | 'user/' | 'group/' | 'role/' | 'policy/'}{${keyof Input<M> & string}}`
  )[];
  /** Returns the members of the response except `RequestId`. Of a list, `output` is one page. */
  response?: (output: Output<M>, context: ResponseContext, input: Input<M>) => object | Promise<object>;
  /** `UserName` is the caller's name: always, or when the request has none. */
  userNameFromCaller?: 'ifAbsent' | 'always';
  /** How a list is returned in pages. */
  paging?: Paging;
}
