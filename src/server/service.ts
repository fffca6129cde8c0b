import { type Clock, formatRamDate } from '../core/clock.ts';
import type { Caller, Directory, Operations, Tag } from '../core/directory.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Author } from '../core/history.ts';
import type { AnyAction } from '../rpc/action.ts';
import { STS_PARAMETERS } from '../rpc/sts-actions.ts';
import { parseUserReference, type UserReference } from '../rpc/user-reference.ts';
import { authorize, buildConditionContext, buildResourceArns, type Input, withStoredSpelling } from './authorize.ts';
import { findCaller, nameOf, recheckCaller } from './caller.ts';
import { parsePaging } from './paging.ts';
import { createQrCodePng } from './qr-code.ts';
import { Nonces, parseTimestamp } from './replay-protection.ts';
import { type ApiRequest, type HttpRequest, methodOf, parseApiRequest } from './request.ts';
import { STS_HANDLERS } from './sts.ts';

/** What the log may contain of a request. */
export interface RequestInfo {
  action?: string;
  /** The name of the user or the session. */
  caller?: string;
}

/** Answers the requests for one directory as RAM does. */
export class Service {
  readonly #directory: Directory;
  readonly #clock: Clock;
  readonly #nonces = new Nonces();
  /** The dates of uses that are not recorded yet, by AccessKeyId. */
  #uses = new Map<string, string>();

  constructor(directory: Directory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Returns the members of the response. Fills `info` as soon as its members are known, also when the request fails. */
  async answer(request: HttpRequest, info: RequestInfo): Promise<object> {
    const apiRequest = parseApiRequest(request);
    const { name, action, parameters, connection } = apiRequest;
    info.action = name;
    const identify = async (operations: Operations) => {
      const caller = await this.#identify(operations, apiRequest);
      info.caller = nameOf(caller);
      return caller;
    };
    if (typeof action === 'string') {
      const input = parseInput(STS_PARAMETERS[action], parameters);
      return this.#directory.reading(async (operations) => {
        const caller = await identify(operations);
        return STS_HANDLERS[action]({ operations, caller, input, now: this.#clock.now(), connection });
      });
    }
    // A read identifies the caller and answers from one snapshot, so that the file is checked once.
    return isRead(name)
      ? this.#directory.reading(async (operations) =>
          this.#perform(apiRequest, action, await identify(operations), operations),
        )
      : this.#perform(apiRequest, action, await this.#directory.reading(identify));
  }

  /** Writes the last uses of AccessKeys in one change, so that no request waits for it. */
  async recordUses(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      const lastUses = Array.from(uses, ([AccessKeyId, LastUsedDate]) => ({ AccessKeyId, LastUsedDate }));
      await this.#directory.recordAccessKeyUse(lastUses);
    } catch (error) {
      this.#uses = new Map([...uses, ...this.#uses]);
      throw error;
    }
  }

  /** Verifies the signature, the time and the nonce of a request. */
  async #identify(operations: Operations, request: ApiRequest): Promise<Caller> {
    const { AccessKeyId, timestamp, nonce } = request;
    const now = this.#clock.now();
    let timestampMs = 0;
    const isSigned = (secret: string) => {
      timestampMs = parseTimestamp(timestamp, now.getTime());
      return request.isSigned(secret);
    };
    try {
      const caller = await findCaller(operations, request, isSigned);
      this.#nonces.use(AccessKeyId, nonce, timestampMs, now.getTime());
      if ('UserName' in caller) this.#uses.set(AccessKeyId, formatRamDate(now));
      return caller;
    } catch (error) {
      if (!isFailure(error, 'SignatureDoesNotMatch')) throw error;
      const message = `${error.message} server string to sign is:${request.stringToSign}`;
      throw new Failure('denied', error.code, message);
    }
  }

  /** `snapshot`: for reads. */
  async #perform(request: ApiRequest, action: AnyAction, caller: Caller, snapshot?: Operations): Promise<object> {
    const { name, parameters: sent } = request;
    const { parameters: parsers, resources, user = [], run = operationOf(name), response, paging } = action;
    const callerName = findCallerName(action, sent, caller);
    const parameters = new Map([...sent, ...Object.entries(callerName)]);
    const given: Input = { ...parseInput(parsers, parameters), ...callerName };
    const reference = user.length === 0 || 'UserName' in callerName ? undefined : parseUserReference(user, sent);
    const selectPage = paging && parsePaging(parameters, paging);
    const authorizeRequest = async (operations: Operations) => {
      const { found, failure } = await findUserName(operations, reference);
      const spelled = { ...(await withStoredSpelling(operations, given)), ...found };
      const arns = resources.flatMap((resource) => buildResourceArns(resource, spelled, caller.AccountId));
      const context = buildConditionContext(this.#clock.now(), request.connection, given.Tag as Tag[] | undefined);
      await authorize(operations, caller, `ram:${name}`, arns, context);
      if (failure) throw failure;
      return { ...given, ...found };
    };
    const runOperation = async (operations: Operations) => {
      const input = await authorizeRequest(operations);
      return run(operations, input as never) as Promise<never>;
    };
    const buildResponse = async (operations: Operations, output: never) => {
      const { items = output, position } = selectPage?.(output) ?? {};
      const context = { operations, now: this.#clock.now(), qrCode: createQrCodePng };
      return { ...(await response?.(items as never, context, given as never)), ...position };
    };
    if (snapshot) return buildResponse(snapshot, await runOperation(snapshot));
    await this.#directory.reading(authorizeRequest);
    const author: Author = { Actor: nameOf(caller), Command: name };
    if (name === 'ChangePassword') {
      await this.#directory.changePassword(given as never, author);
      return {};
    }
    if (typeof given.Password === 'string') given.Password = await this.#directory.hashPassword(given.Password);
    const { value } = await this.#directory.atomically(async (operations) => {
      await recheckCaller(operations, request, caller);
      return runOperation(operations);
    }, author);
    return response ? this.#directory.reading((operations) => buildResponse(operations, value)) : {};
  }
}

/** RAM's names distinguish reads from changes. */
function isRead(actionName: string): boolean {
  return /^(Get|List|Generate)/.test(actionName);
}

/**
 * Returns the caller's name if the action is for the caller. A session of a role has no user name, so it must send one.
 * @throws Failure NoPermission for a session and an action on the caller's own user
 */
function findCallerName({ userNameFromCaller, user = [] }: AnyAction, sent: ApiRequest['parameters'], caller: Caller) {
  const namesUser = ['UserName', ...user].some((parameter) => sent.has(parameter));
  if (!userNameFromCaller || (userNameFromCaller === 'ifAbsent' && namesUser)) return {};
  if ('UserName' in caller) return { UserName: caller.UserName };
  if (userNameFromCaller === 'ifAbsent') return {};
  throw new Failure('denied', 'NoPermission', 'Only a RAM user can do this action, not a session of a role.');
}

/** Returns a function that calls the operation with the name of an action. */
function operationOf(actionName: string): NonNullable<AnyAction['run']> {
  const method = methodOf(actionName) as keyof Operations;
  return (operations, input) => (operations[method] as (input: never) => Promise<unknown>)(input);
}

/**
 * Returns the stored name of the user that the request names. If the user does not exist, the name is the value of
 * the parameter, so that the caller's permissions can be checked before `failure` is thrown.
 */
async function findUserName(operations: Operations, reference: UserReference | undefined) {
  if (!reference) return {};
  try {
    return { found: await operations.getUserName(reference) };
  } catch (failure) {
    if (!isFailure(failure)) throw failure;
    return { found: { UserName: Object.values(reference).join() }, failure };
  }
}

/** Returns the operation's input without absent members. @throws Failure Missing*, InvalidParameter.* */
function parseInput(parsers: AnyAction['parameters'], parameters: ApiRequest['parameters']): Input {
  const input: Input = {};
  for (const [name, parse] of Object.entries(parsers)) {
    const value = parse(parameters, name);
    if (value !== undefined) input[name] = value;
  }
  return input;
}
