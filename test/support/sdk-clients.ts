import { createRequire } from 'node:module';
import type { Config } from '@alicloud/pop-core';
import type { KeyPair } from './signer.ts';

export type { KeyPair };

const require = createRequire(import.meta.url);

/** An error response of the endpoint. */
export class RequestError extends Error {
  readonly status: number;
  /** The members of the response body. */
  readonly envelope: Record<string, unknown>;

  constructor(status: number, envelope: Record<string, unknown>) {
    super(`${status} ${envelope.Code}`);
    this.status = status;
    this.envelope = envelope;
  }
}

export type Parameters = Record<string, string | number | boolean>;

/** Calls an action; parameters and response have RAM's names. @throws RequestError */
export type Call = (action: string, parameters?: Parameters) => Promise<object>;

/** Creates a client for an address (`http://127.0.0.1:PORT`) and an AccessKey. */
export type Connect = (address: string, pair: KeyPair) => Call;

/** The clients that Alibaba Cloud publishes for Node, with each signature version and HTTP method they support. */
export const CLIENTS: [name: string, connect: Connect][] = [
  ['the RAM SDK, V3', sdk()],
  ['the RAM SDK, V1', sdk('v2')],
  ['pop-core, GET', popCore('GET')],
  ['pop-core, POST', popCore('POST')],
];

const RAM_VERSION = '2015-05-01';
const STS_VERSION = '2015-04-01';
const STS_ACTIONS = ['AssumeRole', 'AssumeRoleWithOIDC', 'AssumeRoleWithSAML', 'GetCallerIdentity'];

/** A request class of the SDK. `names` maps its members, in lower camel case, to RAM's parameter names. */
interface Model {
  new (members: object): object;
  names(): Record<string, string>;
}
type Sdk = Record<string, Model>;
type SdkClient = Record<string, (request?: object, ...rest: object[]) => Promise<{ body: { toMap?(): object } }>>;

function sdk(signatureAlgorithm?: 'v2'): Connect {
  const packages: Sdk[] = [require('@alicloud/ram20150501'), require('@alicloud/sts20150401')];
  return (address, pair) => {
    const config = {
      accessKeyId: pair.AccessKeyId,
      accessKeySecret: pair.AccessKeySecret,
      ...(pair.SecurityToken ? { securityToken: pair.SecurityToken } : {}),
      endpoint: address.replace('http://', ''),
      protocol: 'HTTP',
      ...(signatureAlgorithm ? { signatureAlgorithm } : {}),
    };
    const [ram, sts] = packages.map((models) => {
      const client = new (models.default as Model)(config) as SdkClient;
      return (action: string, parameters: Parameters) => {
        const call = client[methodName(action)] ?? throwNotInSdk(action);
        return call.call(client, buildRequest(models, action, parameters) as object);
      };
    });
    return (action, parameters = {}) =>
      sendRequest(async () => {
        const call = (STS_ACTIONS.includes(action) ? sts : ram) ?? throwNotInSdk(action);
        const { body } = await call(action, parameters);
        return body.toMap?.() ?? body;
      });
  };
}

/** The SDK's method for an action: `createUser` for `CreateUser`. */
function methodName(action: string): string {
  return `${action.charAt(0).toLowerCase()}${action.slice(1)}`;
}

function buildRequest(models: Sdk, action: string, parameters: Parameters): object | undefined {
  const request = models[`${action}Request`];
  const members = new Map(Object.entries(request?.names() ?? {}).map(([member, name]) => [name, member]));
  const pairs = Object.entries(parameters).map(([name, value]) => [members.get(name) ?? throwNotInSdk(name), value]);
  return request && new request(Object.fromEntries(pairs));
}

function throwNotInSdk(name: string): never {
  throw new Error(`the SDK has no ${name}`);
}

interface PopCore {
  new (config: Config): { request(action: string, parameters: Parameters, options: object): Promise<object> };
}

function popCore(method: 'GET' | 'POST'): Connect {
  const Client: PopCore = require('@alicloud/pop-core');
  return (endpoint, pair) => {
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = pair;
    const config = { endpoint, accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) };
    const [ram, sts] = [RAM_VERSION, STS_VERSION].map((apiVersion) => new Client({ ...config, apiVersion }));
    return (action, parameters = {}) =>
      sendRequest(async () => {
        const client = STS_ACTIONS.includes(action) ? sts : ram;
        return client?.request(action, parameters, { method }) ?? {};
      });
  };
}

/** The response of an action, or its error as text: status and error code. */
export function responseOrError(response: Promise<object>): Promise<object | string> {
  return response.catch((error: unknown) => {
    if (error instanceof RequestError) return error.message;
    throw error;
  });
}

const REQUEST_ID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** Sends a request. Returns the response without its RequestId, which every response must have. */
async function sendRequest(send: () => Promise<object>): Promise<object> {
  const { RequestId, ...members } = (await send().catch(throwRequestError)) as { RequestId: string };
  if (!REQUEST_ID.test(RequestId)) throw new Error(`not a RequestId: ${RequestId}`);
  return members;
}

interface ClientError extends Error {
  data?: Record<string, unknown>;
  statusCode?: number;
  entry?: { response: { statusCode: number } };
}

function throwRequestError(error: ClientError): never {
  const status = error.statusCode ?? error.entry?.response.statusCode;
  if (!error.data || status === undefined) throw error;
  if (!REQUEST_ID.test(String(error.data.RequestId))) throw new Error(`not a RequestId: ${error.message}`);
  throw new RequestError(status, error.data);
}
