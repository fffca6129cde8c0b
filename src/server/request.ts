import { isEqualSecret } from '../core/access-key.ts';
import { Failure } from '../core/failure.ts';
import type { AnyAction } from '../rpc/action.ts';
import { ACTIONS } from '../rpc/actions.ts';
import { IMS_ACTIONS } from '../rpc/ims-actions.ts';
import { missingParameterFailure, type Parameters } from '../rpc/parameters.ts';
import { buildStringToSignV1, buildStringToSignV3, sha256, signV1, signV3, V3_ALGORITHM } from '../rpc/signature.ts';
import { isStsMethod, rejectIdentityProviders, type StsMethod } from '../rpc/sts-actions.ts';

/** A complete HTTP request. */
export interface HttpRequest {
  method: string;
  /** Path and query. */
  url: string;
  /** By name in lower case. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
  connection: ClientConnection;
}

/** What policies can test about the connection of a request. */
export interface ClientConnection {
  /** The IP address of the client. */
  sourceIp: string;
  isEncrypted: boolean;
}

interface RequestSignature {
  AccessKeyId: string;
  /** Only with temporary credentials, which STS issues. */
  SecurityToken: string | undefined;
  /** `YYYY-MM-DDThh:mm:ssZ` */
  timestamp: string;
  nonce: string;
  /** The string that the client must sign. */
  stringToSign: string;
  isSigned(secret: string): boolean;
}

/** A request for a known action. Its signature is not verified yet. */
export type ApiRequest = ReturnType<typeof parseApiRequest>;

/**
 * Parses a request as RAM's gateway does before it looks up the AccessKey.
 * @throws Failure Missing*, Invalid*, IncompleteSignature
 */
export function parseApiRequest(request: HttpRequest) {
  const { method, url, headers, body } = request;
  const [, path = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  if (path !== '/') throw unknownAction();
  const query = decodeForm(search);
  const isForm = hasForm(headers);
  const parameters = isForm ? decodeForm(body.toString('utf8'), query) : query;
  const isV3 = headers.get('authorization')?.startsWith('ACS3-') ?? false;
  const name = required(isV3 ? headers.get('x-acs-action') : parameters.get('Action'), 'Action');
  const version = required(isV3 ? headers.get('x-acs-version') : parameters.get('Version'), 'Version');
  const action = findAction(name, version);
  const format = parameters.get('Format');
  if (!isV3 && format !== undefined && format.toUpperCase() !== 'JSON') {
    throw new Failure('refused', 'InvalidParameter.Format', 'The specified parameter "Format" must be JSON.');
  }
  const signature = isV3 ? parseV3(request, query) : parseV1(method, parameters);
  return { name, action, parameters, connection: request.connection, ...signature };
}

function parseV1(method: string, parameters: Parameters): RequestSignature {
  const get = (name: string) => required(parameters.get(name), name);
  const AccessKeyId = get('AccessKeyId');
  const signature = get('Signature');
  if (get('SignatureMethod') !== 'HMAC-SHA1' || get('SignatureVersion') !== '1.0') {
    throw incompleteSignature('SignatureMethod must be HMAC-SHA1 and SignatureVersion 1.0');
  }
  const stringToSign = buildStringToSignV1(method, parameters);
  return {
    AccessKeyId,
    SecurityToken: checkSecurityToken(AccessKeyId, parameters.get('SecurityToken')),
    timestamp: get('Timestamp'),
    nonce: get('SignatureNonce'),
    stringToSign,
    isSigned: (secret) => isEqualSecret(signV1(secret, stringToSign), signature),
  };
}

/** Whether the body contains parameters. */
function hasForm(headers: HttpRequest['headers']): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '');
}

/**
 * Clients must sign every header that the server uses, so that it cannot be changed in transit. The asynchronous Python
 * SDK sends `Content-Type: application/octet-stream` without signing it.
 */
const REQUIRED_SIGNED_HEADERS =
  'host x-acs-action x-acs-version x-acs-date x-acs-signature-nonce x-acs-content-sha256'.split(' ');

function parseV3({ method, headers, body }: HttpRequest, query: Parameters): RequestSignature {
  const authorization = /^(\S+) Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]+)$/;
  const [, algorithm, AccessKeyId = '', names = '', signature = ''] =
    authorization.exec(headers.get('authorization') ?? '') ?? [];
  if (algorithm !== V3_ALGORITHM) {
    throw incompleteSignature(`Authorization must be ${V3_ALGORITHM} Credential=…,SignedHeaders=…,Signature=…`);
  }
  const signedHeaders = names.split(';');
  const usedHeaders = [
    ...(hasForm(headers) ? ['content-type'] : []),
    ...(headers.has('x-acs-security-token') ? ['x-acs-security-token'] : []),
  ];
  for (const name of [...REQUIRED_SIGNED_HEADERS, ...usedHeaders]) {
    if (!headers.get(name)) throw incompleteSignature(`the header ${name} is missing`);
    if (!signedHeaders.includes(name)) throw incompleteSignature(`the header ${name} is not signed`);
  }
  const stringToSign = buildStringToSignV3(method, query, headers, signedHeaders);
  const isBodyIntact = isEqualSecret(sha256(body), headers.get('x-acs-content-sha256') ?? '');
  return {
    AccessKeyId,
    SecurityToken: checkSecurityToken(AccessKeyId, headers.get('x-acs-security-token')),
    timestamp: headers.get('x-acs-date') ?? '',
    nonce: headers.get('x-acs-signature-nonce') ?? '',
    stringToSign,
    isSigned: (secret) => isBodyIntact && isEqualSecret(signV3(secret, stringToSign), signature),
  };
}

const STS_VERSION = '2015-04-01';
/** The actions by API version (RAM, IMS) and name in lower camel case. */
const ACTION_TABLES = new Map<string, Readonly<Record<string, AnyAction>>>([
  ['2015-05-01', ACTIONS],
  ['2019-08-15', IMS_ACTIONS],
]);

function findAction(name: string, version: string): AnyAction | StsMethod {
  const method = methodOf(name);
  const isActionName = /^[A-Z]/.test(name);
  if (version === STS_VERSION) {
    if (isActionName && isStsMethod(method)) return method;
    rejectIdentityProviders(name);
  }
  const actions = ACTION_TABLES.get(version);
  const action = actions && isActionName && Object.hasOwn(actions, method) && actions[method];
  if (action) return action;
  if (actions || version === STS_VERSION) throw unknownAction();
  throw new Failure('refused', 'InvalidVersion', 'Specified parameter Version is not valid.');
}

/** Returns `createUser` for `CreateUser`. */
export function methodOf(actionName: string): string {
  return `${actionName.charAt(0).toLowerCase()}${actionName.slice(1)}`;
}

function unknownAction(): Failure {
  const message = 'Specified api is not found, please check your url and method.';
  return new Failure('refused', 'InvalidAction.NotFound', message);
}

/** Returns the parameters of a query or form (`+` is a space), added to `others`. */
function decodeForm(text: string, others?: Parameters): Parameters {
  const parameters = new Map(others);
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) {
      throw new Failure('refused', 'InvalidParameter', `The parameter ${name.slice(0, 100)} occurs twice.`);
    }
    parameters.set(name, value);
  }
  return parameters;
}

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw missingParameterFailure(name);
}

function incompleteSignature(reason: string): Failure {
  const message = `The request signature does not conform to the standards: ${reason}.`;
  return new Failure('refused', 'IncompleteSignature', message);
}

/** Returns the token, if there is one. @throws Failure MissingSecurityToken for a temporary AccessKey without a token */
function checkSecurityToken(accessKeyId: string, token: string | undefined): string | undefined {
  if (accessKeyId.startsWith('STS.')) return required(token, 'SecurityToken');
  return token || undefined;
}
