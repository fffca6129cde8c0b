import { isSame } from '../core/access-key.ts';
import { Failure } from '../core/failure.ts';
import type { Method } from '../rpc/action.ts';
import { ACTIONS } from '../rpc/actions.ts';
import { type Parameters, sha256, signV1, signV3, stringToSignV1, stringToSignV3, V3 } from '../rpc/signature.ts';

/** An HTTP request, complete. */
export interface Exchange {
  method: string;
  /** Path and query, as they came. */
  url: string;
  /** By name in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** A request for an action that we know, not yet proven to be anybody's. */
export interface Call {
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
export function readCall({ method, url, headers, body }: Exchange): Call {
  const [path = '', search = ''] = split(url, '?');
  if (path !== '/') throw unknownAction(path);
  const query = decoded(search);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  const parameters = new Map([...query, ...(isForm ? unlike(query, decoded(body.toString('utf8'))) : [])]);
  const isV3 = headers.authorization?.startsWith('ACS3-') ?? false;
  const action = actionNamed(
    required(isV3 ? headers['x-acs-action'] : parameters.get('Action'), 'Action'),
    required(isV3 ? headers['x-acs-version'] : parameters.get('Version'), 'Version'),
  );
  const format = parameters.get('Format');
  if (!isV3 && format !== undefined && format.toUpperCase() !== 'JSON') {
    throw new Failure('refused', 'InvalidParameter.Format', 'The specified parameter "Format" must be JSON.');
  }
  const proof = isV3 ? readV3(method, path, query, headers, body) : readV1(method, parameters);
  return { action, parameters, ...proof };
}

type Proof = Omit<Call, 'action' | 'parameters'>;

function readV1(method: string, parameters: Parameters): Proof {
  const given = (name: string) => required(parameters.get(name), name);
  const AccessKeyId = given('AccessKeyId');
  const signature = given('Signature');
  if (given('SignatureMethod') !== 'HMAC-SHA1' || given('SignatureVersion') !== '1.0') {
    throw incomplete('SignatureMethod must be HMAC-SHA1 and SignatureVersion 1.0');
  }
  if (parameters.has('SecurityToken')) throw withoutSessions();
  const stringToSign = stringToSignV1(method, parameters);
  return {
    AccessKeyId,
    timestamp: given('Timestamp'),
    nonce: given('SignatureNonce'),
    stringToSign,
    isSigned: (secret) => isSame(signV1(secret, stringToSign), signature),
  };
}

/** What V3 must sign, so that nothing that is believed can be changed on the way. */
const SIGNED = ['host', 'x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'];

function readV3(method: string, path: string, query: Parameters, headers: Exchange['headers'], body: Buffer): Proof {
  const [, algorithm, AccessKeyId = '', names = '', signature = ''] =
    /^(\S+) Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (algorithm !== V3) throw incomplete(`Authorization must look like ${V3} Credential=…,SignedHeaders=…,Signature=…`);
  if (headers['x-acs-security-token'] !== undefined) throw withoutSessions();
  const signedHeaders = names.split(';');
  for (const name of [...SIGNED, ...(headers['content-type'] === undefined ? [] : ['content-type'])]) {
    if (!headers[name]) throw incomplete(`the header ${name} is missing`);
    if (!signedHeaders.includes(name)) throw incomplete(`the header ${name} is not signed`);
  }
  const stringToSign = stringToSignV3({ method, path, query, headers, signedHeaders });
  const isWhole = isSame(sha256(body), headers['x-acs-content-sha256'] ?? '');
  return {
    AccessKeyId,
    timestamp: headers['x-acs-date'] ?? '',
    nonce: headers['x-acs-signature-nonce'] ?? '',
    stringToSign,
    isSigned: (secret) => isWhole && isSame(signV3(secret, stringToSign), signature),
  };
}

/** The versions of the services that are here. */
const VERSIONS = { ram: '2015-05-01', sts: '2015-04-01' };

function actionNamed(name: string, version: string): Call['action'] {
  if (!Object.values(VERSIONS).includes(version)) {
    throw new Failure('refused', 'InvalidVersion', 'Specified parameter Version is not valid.');
  }
  if (version === VERSIONS.sts) {
    if (name === 'GetCallerIdentity') return 'getCallerIdentity';
    throw unknownAction(name);
  }
  const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (/^[A-Z]/.test(name) && Object.hasOwn(ACTIONS, method)) return method as Method;
  throw unknownAction(name);
}

/** `createUser` is CreateUser on the wire. */
export function wireName(method: string): string {
  return `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

function unknownAction(name: string): Failure {
  const known = Object.keys(ACTIONS).map(wireName).join(', ');
  return new Failure(
    'refused',
    'InvalidAction.NotFound',
    `Specified api is not found, please check your url and method: ${name.slice(0, 100)}. Supported are ${known} of RAM ${VERSIONS.ram} and GetCallerIdentity of STS ${VERSIONS.sts}.`,
  );
}

/** The parameters in a query or a form, by the rules of forms: `+` is a blank. */
function decoded(search: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (found.has(name)) throw twice(name);
    found.set(name, value);
  }
  return found;
}

function unlike(query: Parameters, form: Parameters): Parameters {
  for (const name of form.keys()) if (query.has(name)) throw twice(name);
  return form;
}

function split(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new Failure('refused', `Missing${name}`, `${name} is mandatory for this action.`);
}

function twice(name: string): Failure {
  return new Failure('refused', 'InvalidParameter', `The parameter ${name.slice(0, 100)} is there twice.`);
}

function incomplete(why: string): Failure {
  return new Failure(
    'refused',
    'IncompleteSignature',
    `The request signature does not conform to the standards: ${why}.`,
  );
}

/** Temporary keys come from roles, which are not here. */
function withoutSessions(): Failure {
  return new Failure('refused', 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
}
