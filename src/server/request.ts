import { isEqualSecret } from '../core/access-key.ts';
import { Failure } from '../core/failure.ts';
import type { Method } from '../rpc/action.ts';
import { ACTIONS } from '../rpc/actions.ts';
import {
  buildStringToSignV1,
  buildStringToSignV3,
  type Parameters,
  sha256,
  signV1,
  signV3,
  V3_ALGORITHM,
} from '../rpc/signature.ts';

/** An HTTP request, complete. */
export interface HttpRequest {
  method: string;
  /** Path and query, as they came. */
  url: string;
  /** By name in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** A request for an action that we know, not yet proven to be anybody's. */
export interface ApiRequest {
  action: Method | 'getCallerIdentity';
  parameters: Parameters;
  AccessKeyId: string;
  /** `YYYY-MM-DDThh:mm:ssZ` */
  timestamp: string;
  nonce: string;
  /** What should have been signed. */
  stringToSign: string;
  isSigned(secret: string): boolean;
}

/**
 * Reads a request as RAM's gateway does, up to the point where the AccessKey has to be looked up.
 * @throws Failure Missing*, Invalid*, IncompleteSignature, SignatureDoesNotMatch (a body that is not the signed one)
 */
export function parseApiRequest({ method, url, headers, body }: HttpRequest): ApiRequest {
  const [path = '', search = ''] = splitQuery(url, '?');
  if (path !== '/') throw unknownActionFailure(path);
  const query = decodeForm(search);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  const parameters = new Map([
    ...query,
    ...(isForm ? signatureMismatch(query, decodeForm(body.toString('utf8'))) : []),
  ]);
  const isV3 = headers.authorization?.startsWith('ACS3-') ?? false;
  const action = findAction(
    requireParameter(isV3 ? headers['x-acs-action'] : parameters.get('Action'), 'Action'),
    requireParameter(isV3 ? headers['x-acs-version'] : parameters.get('Version'), 'Version'),
  );
  const format = parameters.get('Format');
  if (!isV3 && format !== undefined && format.toUpperCase() !== 'JSON') {
    throw new Failure('refused', 'InvalidParameter.Format', 'The specified parameter "Format" must be JSON.');
  }
  const proof = isV3 ? parseV3(method, path, query, headers, body) : parseV1(method, parameters);
  return { action, parameters, ...proof };
}

type SignatureParameters = Omit<ApiRequest, 'action' | 'parameters'>;

function parseV1(method: string, parameters: Parameters): SignatureParameters {
  const given = (name: string) => requireParameter(parameters.get(name), name);
  const AccessKeyId = given('AccessKeyId');
  const signature = given('Signature');
  if (given('SignatureMethod') !== 'HMAC-SHA1' || given('SignatureVersion') !== '1.0') {
    throw missingParameter('SignatureMethod must be HMAC-SHA1 and SignatureVersion 1.0');
  }
  if (parameters.has('SecurityToken')) throw sessionTokenNotSupported();
  const stringToSign = buildStringToSignV1(method, parameters);
  return {
    AccessKeyId,
    timestamp: given('Timestamp'),
    nonce: given('SignatureNonce'),
    stringToSign,
    isSigned: (secret) => isEqualSecret(signV1(secret, stringToSign), signature),
  };
}

/** What V3 must sign, so that nothing that is believed can be changed on the way. */
const REQUIRED_SIGNED_HEADERS = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
];

function parseV3(
  method: string,
  path: string,
  query: Parameters,
  headers: HttpRequest['headers'],
  body: Buffer,
): SignatureParameters {
  const [, algorithm, AccessKeyId = '', names = '', signature = ''] =
    /^(\S+) Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (algorithm !== V3_ALGORITHM)
    throw missingParameter(`Authorization must look like ${V3_ALGORITHM} Credential=…,SignedHeaders=…,Signature=…`);
  if (headers['x-acs-security-token'] !== undefined) throw sessionTokenNotSupported();
  const signedHeaders = names.split(';');
  for (const name of [...REQUIRED_SIGNED_HEADERS, ...(headers['content-type'] === undefined ? [] : ['content-type'])]) {
    if (!headers[name]) throw missingParameter(`the header ${name} is missing`);
    if (!signedHeaders.includes(name)) throw missingParameter(`the header ${name} is not signed`);
  }
  const stringToSign = buildStringToSignV3({ method, path, query, headers, signedHeaders });
  const isWhole = isEqualSecret(sha256(body), headers['x-acs-content-sha256'] ?? '');
  return {
    AccessKeyId,
    timestamp: headers['x-acs-date'] ?? '',
    nonce: headers['x-acs-signature-nonce'] ?? '',
    stringToSign,
    isSigned: (secret) => isWhole && isEqualSecret(signV3(secret, stringToSign), signature),
  };
}

/** The versions of the services that are here. */
const VERSIONS = { ram: '2015-05-01', sts: '2015-04-01' };

function findAction(name: string, version: string): ApiRequest['action'] {
  if (!Object.values(VERSIONS).includes(version)) {
    throw new Failure('refused', 'InvalidVersion', 'Specified parameter Version is not valid.');
  }
  if (version === VERSIONS.sts) {
    if (name === 'GetCallerIdentity') return 'getCallerIdentity';
    throw unknownActionFailure(name);
  }
  const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (/^[A-Z]/.test(name) && Object.hasOwn(ACTIONS, method)) return method as Method;
  throw unknownActionFailure(name);
}

/** `createUser` is CreateUser on the wire. */
export function actionNameOf(method: string): string {
  return `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

function unknownActionFailure(name: string): Failure {
  const known = Object.keys(ACTIONS).map(actionNameOf).join(', ');
  return new Failure(
    'refused',
    'InvalidAction.NotFound',
    `Specified api is not found, please check your url and method: ${name.slice(0, 100)}. Supported are ${known} of RAM ${VERSIONS.ram} and GetCallerIdentity of STS ${VERSIONS.sts}.`,
  );
}

/** The parameters in a query or a form, by the rules of forms: `+` is a blank. */
function decodeForm(search: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (found.has(name)) throw duplicateParameter(name);
    found.set(name, value);
  }
  return found;
}

function signatureMismatch(query: Parameters, form: Parameters): Parameters {
  for (const name of form.keys()) if (query.has(name)) throw duplicateParameter(name);
  return form;
}

function splitQuery(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function requireParameter(value: string | undefined, name: string): string {
  if (value) return value;
  throw new Failure('refused', `Missing${name}`, `${name} is mandatory for this action.`);
}

function duplicateParameter(name: string): Failure {
  return new Failure('refused', 'InvalidParameter', `The parameter ${name.slice(0, 100)} is there twice.`);
}

function missingParameter(why: string): Failure {
  return new Failure(
    'refused',
    'IncompleteSignature',
    `The request signature does not conform to the standards: ${why}.`,
  );
}

/** Temporary keys come from roles, which are not here. */
function sessionTokenNotSupported(): Failure {
  return new Failure('refused', 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
}
