import type { Directory, HashedPassword, Operations, RamOperations, UserRef } from '../core/directory.ts';
import type { ParameterParser } from './parameters.ts';

/** The operations that are actions of RAM 2015-05-01. IMS has the others. */
type WireOperations = Omit<RamOperations, 'getCallerIdentity' | 'getAccountSummary' | 'getCredentialReport'> &
  Pick<Directory, 'changePassword'>;
/** The name of an action in lower camel case. */
export type Method = keyof WireOperations;

type Input<M extends Method> =
  Parameters<WireOperations[M]> extends [(infer Members extends object)?, ...unknown[]] ? Members : object;
type Output<M extends Method> = Awaited<ReturnType<WireOperations[M]>>;
/** Requests have clear passwords. The server hashes them before it calls the operation. */
type WireInput<T> = HashedPassword extends T ? string | Exclude<T, HashedPassword> : T;

/** What a response may need in addition to the output of the operation. */
export interface ResponseContext {
  operations: Operations;
  now: Date;
  /** Returns a PNG in Base64 that an authenticator app can scan. */
  qrCode(device: { SerialNumber: string; Base32StringSeed: string }, defaultDomain: string): string;
}

export interface Action<M extends Method> {
  parameters: { [Member in keyof Input<M>]-?: ParameterParser<WireInput<Input<M>[Member]>> };
  /**
   * The resources of the account that permission is needed on. `{Member}` is a member of the input. With
   * `{ResourceNames}`, there is one resource for each name, or `*` without names.
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
  paging?: Paging;
}

/** A list that is returned in pages. */
export interface Paging {
  /** The member, or the members, that the list is sorted by. The first one is compared regardless of case. */
  sortedBy: string | readonly string[];
  /** The largest number of items on a page. The default is 1,000. */
  maxItems?: number;
  /** The number of items without `size`. The default is 100. */
  defaultItems?: number;
  /** The parameter with the number of items. The default is `MaxItems`. */
  size?: string;
  /** The parameter and member with the position of the next page. The default is `Marker`. */
  marker?: string;
  /** `IsTruncated` is the text `true` or `false`, or absent. */
  isTruncated?: 'asText' | 'absent';
}

/** The parameters of IMS that can name a user. */
export type UserParameter = 'UserPrincipalName' | 'UserId' | 'UserAccessKeyId';

/** What the server needs to know of an action of any API. */
export interface AnyAction extends Pick<Action<Method>, 'userNameFromCaller' | 'paging'> {
  parameters: Readonly<Record<string, ParameterParser<unknown>>>;
  resources: readonly string[];
  /** The request has exactly one of these parameters. The input gets the `UserName` of that user. */
  user?: readonly UserParameter[];
  /** Runs the operations of the action. By default, it is the operation that has the action's name. */
  run?(operations: Operations, input: never): Promise<unknown>;
  response?(output: never, context: ResponseContext, input: never): object | Promise<object>;
}

/** An action of IMS that is an operation with the same name. */
export interface ImsAction<M extends Method> extends Omit<Action<M>, 'parameters'>, Pick<AnyAction, 'user'> {
  parameters: Omit<Action<M>['parameters'], 'UserName'>;
}

/** An action of IMS that combines operations. */
interface ComposedAction<Given extends object, Output> {
  parameters: { readonly [Member in keyof Given]: ParameterParser<Given[Member]> };
  resources: readonly string[];
  user?: readonly UserParameter[];
  userNameFromCaller?: 'ifAbsent';
  paging?: Paging;
  run(operations: Operations, input: Given & UserRef): Promise<Output>;
  response?(output: Output, context: ResponseContext, input: Given): object | Promise<object>;
}

/** Checks the types of an action that combines operations. */
export function composed<Given extends object, Output>(action: ComposedAction<Given, Output>): AnyAction {
  return action;
}
