import { type Clock, formatRamDate } from '../core/clock.ts';
import type { Caller, Directory, Operations } from '../core/directory.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Action, Method } from '../rpc/action.ts';
import { ACTIONS } from '../rpc/actions.ts';
import type { ParameterParser } from '../rpc/parameters.ts';
import { isStsMethod, STS_PARAMETERS } from '../rpc/sts-actions.ts';
import { authorize, buildConditionContext, buildResourceArn, type Input, withStoredSpelling } from './authorize.ts';
import { findCaller, nameOf, recheckCaller } from './caller.ts';
import { parsePaging } from './paging.ts';
import { createQrCodePng } from './qr-code.ts';
import { Nonces, parseTimestamp } from './replay-protection.ts';
import { type ApiRequest, actionNameOf, type HttpRequest, parseApiRequest } from './request.ts';
import { STS_HANDLERS } from './sts.ts';

/** What the log may contain of a request. */
export interface RequestInfo {
  action?: string;
  /** The name of the user or the session. */
  caller?: string;
}

type AnyAction = Action<Method>;

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
    info.action = actionNameOf(apiRequest.action);
    const caller = await this.#directory.reading((operations) => this.#identify(operations, apiRequest));
    info.caller = nameOf(caller);
    return this.#perform(apiRequest, caller);
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

  async #perform(request: ApiRequest, caller: Caller): Promise<object> {
    const { action, parameters: sent } = request;
    if (isStsMethod(action)) {
      const input = parseInput(STS_PARAMETERS[action], sent);
      return this.#directory.reading(async (operations) => {
        await recheckCaller(operations, request, caller);
        const { connection } = request;
        return STS_HANDLERS[action]({ operations, caller, input, now: this.#clock.now(), connection });
      });
    }
    const { parameters: parsers, resources, response, paging, userNameFromCaller } = ACTIONS[action] as AnyAction;
    const parameters = userNameFromCaller ? addUserName(userNameFromCaller, sent, caller) : sent;
    const input = parseInput(parsers, parameters);
    const selectPage = paging && parsePaging(parameters, paging);
    const authorizeRequest = async (operations: Operations) => {
      const spelled = await withStoredSpelling(operations, input);
      const arns = resources.map((resource) => buildResourceArn(resource, spelled, caller.AccountId));
      const context = buildConditionContext(this.#clock.now(), request.connection);
      await authorize(operations, caller, `ram:${actionNameOf(action)}`, arns, context);
    };
    const runOperation = async (operations: Operations) => {
      await authorizeRequest(operations);
      const operation = operations[action as keyof Operations] as (input: object) => Promise<never>;
      return operation(input);
    };
    const buildResponse = async (operations: Operations, output: never) => {
      const { items = output, position } = selectPage?.(output) ?? {};
      const context = { operations, qrCode: createQrCodePng };
      return { ...(await response?.(items as never, context, input as never)), ...position };
    };
    if (/^(get|list)/.test(action)) {
      return this.#directory.reading(async (operations) => buildResponse(operations, await runOperation(operations)));
    }
    await this.#directory.reading(authorizeRequest);
    if (action === 'changePassword') {
      await this.#directory.changePassword(input as never);
      return {};
    }
    if (typeof input.Password === 'string') input.Password = await this.#directory.hashPassword(input.Password);
    const { value } = await this.#directory.atomically(async (operations) => {
      await recheckCaller(operations, request, caller);
      return runOperation(operations);
    });
    return response ? this.#directory.reading((operations) => buildResponse(operations, value)) : {};
  }
}

/**
 * Adds the caller's name if the action uses it. A session of a role has no user name, so it must send one.
 * @throws Failure NoPermission for a session and an action on the caller's own user
 */
function addUserName(
  rule: NonNullable<AnyAction['userNameFromCaller']>,
  sent: ApiRequest['parameters'],
  caller: Caller,
): ApiRequest['parameters'] {
  if (rule === 'ifAbsent' && sent.has('UserName')) return sent;
  if ('UserName' in caller) return new Map([...sent, ['UserName', caller.UserName]]);
  if (rule === 'ifAbsent') return sent;
  throw new Failure('denied', 'NoPermission', 'Only a RAM user can do this action, not a session of a role.');
}

/** Returns the operation's input without absent members. @throws Failure Missing*, InvalidParameter.* */
function parseInput(parsers: AnyAction['parameters'], parameters: ApiRequest['parameters']): Input {
  const input: Input = {};
  for (const [name, parse] of Object.entries<ParameterParser<unknown>>(parsers)) {
    const value = parse(parameters, name);
    if (value !== undefined) input[name] = value;
  }
  return input;
}
