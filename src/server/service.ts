import { type Clock, formatRamDate } from '../core/clock.ts';
import type { Caller, Directory, Operations } from '../core/directory.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Action, Method } from '../rpc/action.ts';
import { ACTIONS } from '../rpc/actions.ts';
import type { text } from '../rpc/parameters.ts';
import { authorize, withStoredSpelling } from './authorize.ts';
import { Nonces, parseTimestamp } from './nonces.ts';
import { selectPage } from './pages.ts';
import { createQrCodePng } from './qr-code.ts';
import { type ApiRequest, actionNameOf, type HttpRequest, parseApiRequest } from './request.ts';

/** What came of a request: the members of the answer, with what the log may know of it. */
export interface ApiResponse {
  body: object;
  action: string;
  userName: string;
}

/** A refusal, with as much as is known of the request. */
export class RequestFailure extends Error {
  readonly action: string | undefined;
  readonly userName: string | undefined;

  constructor(cause: unknown, action: string | undefined, userName: string | undefined) {
    super('refused', { cause });
    this.action = action;
    this.userName = userName;
  }
}

type AnyAction = Action<Method>;
type Input = Parameters<AnyAction['resources']>[0] & Record<string, unknown>;

/** RAM's gateway and operations over one directory. */
export class Service {
  readonly #directory: Directory;
  readonly #clock: Clock;
  readonly #nonces = new Nonces();
  /** When each AccessKey was last used, until that is written. */
  #uses = new Map<string, string>();

  constructor(directory: Directory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** @throws Refused */
  async answer(exchange: HttpRequest): Promise<ApiResponse> {
    let action: string | undefined;
    let userName: string | undefined;
    try {
      const call = parseApiRequest(exchange);
      action = actionNameOf(call.action);
      const caller = await this.#directory.reading((operations) => this.#identify(operations, call));
      userName = caller.UserName;
      return { action, userName, body: await this.#perform(call, caller) };
    } catch (cause) {
      throw new RequestFailure(cause, action, userName);
    }
  }

  /** Writes down when AccessKeys were used, all at once: nobody's request waits for that. */
  async recordUses(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      const list = Array.from(uses, ([AccessKeyId, LastUsedDate]) => ({ AccessKeyId, LastUsedDate }));
      await this.#directory.recordAccessKeyUse(list);
    } catch (error) {
      this.#uses = new Map([...uses, ...this.#uses]);
      throw error;
    }
  }

  /** Whose request it is, in time and for the first time. */
  async #identify(operations: Operations, { AccessKeyId, timestamp, nonce, ...call }: ApiRequest): Promise<Caller> {
    const now = this.#clock.now();
    let moment = 0;
    const isSigned = (secret: string) => {
      moment = parseTimestamp(timestamp, now.getTime());
      return call.isSigned(secret);
    };
    try {
      const caller = await operations.getCaller({ AccessKeyId, isSigned });
      this.#nonces.use(AccessKeyId, nonce, moment, now.getTime());
      this.#uses.set(AccessKeyId, formatRamDate(now));
      return caller;
    } catch (error) {
      if (!isFailure(error, 'SignatureDoesNotMatch')) throw error;
      const told = `${error.message} server string to sign is:${call.stringToSign}`;
      throw new Failure('denied', error.code, told);
    }
  }

  async #perform({ action, parameters }: ApiRequest, caller: Caller): Promise<object> {
    if (action === 'getCallerIdentity') return callerIdentityOf(caller);
    const { parameters: takes, resources, response, maxItems, caller: own } = ACTIONS[action] as AnyAction;
    const named = own === 'always' || (own && !parameters.has('UserName'));
    const given = named ? new Map([...parameters, ['UserName', caller.UserName]]) : parameters;
    const input = parseInput(takes, given) as Input;
    const page = selectPage(given, maxItems);
    const permit = async (operations: Operations) => {
      const spelled = (await withStoredSpelling(operations, input)) as Input;
      const here = (id: string) => `acs:ram:*:${caller.AccountId}:${id}`;
      await authorize(operations, caller, actionNameOf(action), resources(spelled, here), this.#clock.now());
    };
    const operate = async (operations: Operations) => {
      await permit(operations);
      const operation = operations[action as keyof Operations] as (input: object) => Promise<never>;
      return operation(input);
    };
    const answer = async (operations: Operations, output: never) =>
      (await response?.(output, { operations, page, qrCode: createQrCodePng }, input)) ?? {};
    if (/^(get|list)/.test(action)) {
      return this.#directory.reading(async (operations) => answer(operations, await operate(operations)));
    }
    await this.#directory.reading(permit);
    if (action === 'changePassword') {
      await this.#directory.changePassword(input as never);
      return {};
    }
    if (typeof input.Password === 'string') input.Password = await this.#directory.hashPassword(input.Password);
    const { value } = await this.#directory.atomically(async (operations) => {
      await refuseChanged(operations, caller);
      return operate(operations);
    });
    return response ? this.#directory.reading((operations) => answer(operations, value)) : {};
  }
}

/** While a change waits for its turn, the key may be disabled, or its owner renamed, which permission goes by. */
async function refuseChanged(operations: Operations, { AccessKeyId, UserName }: Caller): Promise<void> {
  const now = await operations.getCaller({ AccessKeyId, isSigned: () => true });
  if (now.UserName !== UserName) throw new Failure('later', 'CallerRenamed', `${UserName} is ${now.UserName} by now`);
}

/** The operation's input; what is not given is not there. @throws Failure Missing*, InvalidParameter.* */
function parseInput(takes: AnyAction['parameters'], parameters: ApiRequest['parameters']): object {
  const readers = Object.entries(takes) as [string, typeof text][];
  const members = readers.map(([name, read]) => [name, read(parameters, name)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** STS GetCallerIdentity, which needs no permission. */
function callerIdentityOf({ AccountId, UserId, UserName }: Caller): object {
  const Arn = `acs:ram::${AccountId}:user/${UserName}`;
  return { IdentityType: 'RAMUser', AccountId, PrincipalId: UserId, UserId, Arn };
}
