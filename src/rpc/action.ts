import type { Directory, HashedPassword, RamOperations } from '../core/directory.ts';
import type { ParameterParser } from './parameters.ts';
import type { AccountArn } from './resources.ts';

/** Operations that have an action of RAM 2015-05-01: all but IMS's. The key of a table is the action in lower camel case. */
type WireOperations = Omit<RamOperations, 'getCallerIdentity' | 'getAccountSummary' | 'getCredentialReport'> &
  Pick<Directory, 'changePassword'>;
export type Method = keyof WireOperations;

type Input<M extends Method> = Parameters<WireOperations[M]> extends [infer Given extends object] ? Given : object;
export type Output<M extends Method> = Awaited<ReturnType<WireOperations[M]>>;
/** A password is hashed before it gets to the waist. */
type WireInput<T> = HashedPassword extends T ? string | Exclude<T, HashedPassword> : T;

/** What an answer may need besides the outcome. */
export interface ResponseContext {
  operations: RamOperations;
  /** One page of a list that is in the order of its names, as the request wants it. */
  page<T extends object>(
    all: T[],
    wrappers: [plural: string, singular: string],
    name: keyof T,
    members: (keyof T)[],
  ): object;
  /** A PNG, in Base64, of what an authenticator app has to know. */
  qrCode(device: { SerialNumber: string; Base32StringSeed: string }, domain: string): string;
}

export interface Action<M extends Method> {
  parameters: { [Member in keyof Input<M>]-?: ParameterParser<WireInput<Input<M>[Member]>> };
  /** The resources that permission is needed on, each an ARN. */
  resources: (input: Input<M>, here: AccountArn) => string[];
  /** The members of the answer, `RequestId` aside. */
  response?: (output: Output<M>, answering: ResponseContext, input: Input<M>) => object | Promise<object>;
  /** `UserName` is the caller's own where it is not given, or always. */
  caller?: 'default' | 'always';
  /** The largest `MaxItems`, of a list that comes in pages. */
  maxItems?: number;
}
