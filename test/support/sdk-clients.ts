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

export type Parameters = Record<string, string | number | boolean | string[] | Record<string, string>[]>;

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

/** The clients for IMS. */
export const IMS_CLIENTS: [name: string, connect: Connect][] = [
  ['the IMS SDK, V3', sdk(undefined, () => require('@alicloud/ims20190815'))],
  ['the IMS SDK, V1', sdk('v2', () => require('@alicloud/ims20190815'))],
  ['pop-core for IMS', popCore('POST', '2019-08-15')],
];

const STS_VERSION = '2015-04-01';
/** The API version of each action that is not an action of RAM. */
const OTHER_VERSIONS: Record<string, string> = { GetCallerIdentity: STS_VERSION };

/** A request class of the SDK. `names` maps its members, in lower camel case, to RAM's parameter names. */
interface Model {
  new (members: object): object;
  names(): Record<string, string>;
}
type Sdk = Record<string, Model>;
type SdkClient = Record<string, (request?: object, ...rest: object[]) => Promise<{ body: { toMap?(): object } }>>;

function sdk(signatureAlgorithm?: 'v2', load: () => Sdk = () => require('@alicloud/ram20150501')): Connect {
  const models = load();
  return (address, pair) => {
    const { default: Client } = models;
    const client = new (Client as Model)({
      accessKeyId: pair.AccessKeyId,
      accessKeySecret: pair.AccessKeySecret,
      endpoint: address.replace('http://', ''),
      protocol: 'HTTP',
      ...(signatureAlgorithm ? { signatureAlgorithm } : {}),
    }) as SdkClient;
    return (action, parameters = {}) =>
      sendRequest(async () => {
        const { body } = await (action in OTHER_VERSIONS
          ? callOtherService(client, action)
          : (client[methodName(action)]?.(buildRequest(models, action, parameters)) ?? throwNotInSdk(action)));
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
  return request && buildModel(models, request, `${action}Request`, parameters);
}

/** Creates an instance of a class of the SDK. Objects in a list are instances of another class, such as `…RequestTag`. */
function buildModel(models: Sdk, model: Model, modelName: string, parameters: Parameters): object {
  const members = new Map(Object.entries(model.names()).map(([member, name]) => [name, member]));
  const pairs = Object.entries(parameters).map(([name, value]) => {
    const itemName = `${modelName}${name}`;
    const item = models[itemName];
    const items = item && Array.isArray(value) ? (value as Parameters[]) : undefined;
    const member = members.get(name) ?? throwNotInSdk(name);
    return [member, item && items ? items.map((each) => buildModel(models, item, itemName, each)) : value];
  });
  return new model(Object.fromEntries(pairs));
}

/** Calls an action of another service with the generic method that every Alibaba Cloud client has. */
function callOtherService(client: SdkClient, action: string) {
  const common = { protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC' };
  const params = { action, version: OTHER_VERSIONS[action], reqBodyType: 'formData', bodyType: 'json', ...common };
  return client.callApi?.(params, { query: {} }, {}) ?? throwNotInSdk('callApi');
}

function throwNotInSdk(name: string): never {
  throw new Error(`the SDK has no ${name}`);
}

interface PopCore {
  new (config: Config): { request(action: string, parameters: Parameters, options: object): Promise<object> };
}

function popCore(method: 'GET' | 'POST', version = '2015-05-01'): Connect {
  const Client: PopCore = require('@alicloud/pop-core');
  return (endpoint, pair) => {
    const config = { endpoint, accessKeyId: pair.AccessKeyId, accessKeySecret: pair.AccessKeySecret };
    const clients = [version, STS_VERSION].map(
      (apiVersion) => [apiVersion, new Client({ ...config, apiVersion })] as const,
    );
    const byVersion = new Map(clients);
    return (action, parameters = {}) =>
      sendRequest(
        async () => byVersion.get(OTHER_VERSIONS[action] ?? version)?.request(action, parameters, { method }) ?? {},
      );
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
