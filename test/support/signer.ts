import { createHash, createHmac, randomUUID } from 'node:crypto';

/*
 * The client side of both signature versions, written from Alibaba Cloud's documentation. It uses no code of ramctl, so
 * that tests compare the endpoint with an independent implementation.
 */

export interface KeyPair {
  AccessKeyId: string;
  AccessKeySecret: string;
  /** Only with temporary credentials. */
  SecurityToken?: string;
}

type Pairs = [name: string, value: string][];

/** A request that can be sent. `query` is not URL-encoded yet. */
export interface SignedRequest {
  method: string;
  path: string;
  query: Pairs;
  headers: Record<string, string>;
  body: string;
  /** The string to sign. */
  toSign: string;
}

export interface UnsignedRequest {
  action: string;
  version?: string;
  /** The parameters of the action. */
  parameters?: Record<string, string>;
  /** Whether the parameters are sent as a form in the body, instead of in the query. */
  asForm?: boolean;
  method?: 'GET' | 'POST';
  /** `YYYY-MM-DDThh:mm:ssZ` */
  timestamp: string;
  nonce?: string;
  host: string;
}

/** RPC signature V1: HMAC-SHA1 over all parameters. */
export function signV1(
  unsigned: UnsignedRequest,
  { AccessKeyId, AccessKeySecret, SecurityToken }: KeyPair,
  extra: Record<string, string> = {},
): SignedRequest {
  const {
    action,
    version = '2015-05-01',
    parameters = {},
    asForm = false,
    method = asForm ? 'POST' : 'GET',
  } = unsigned;
  const parametersToSign = Object.entries({
    Action: action,
    Version: version,
    Format: 'JSON',
    AccessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: unsigned.nonce ?? randomUUID(),
    Timestamp: unsigned.timestamp,
    ...(SecurityToken === undefined ? {} : { SecurityToken }),
    ...parameters,
    ...extra,
  });
  const toSign = `${method}&%2F&${encodeRfc3986(formEncode(parametersToSign))}`;
  const Signature = createHmac('sha1', `${AccessKeySecret}&`).update(toSign).digest('base64');
  const pairs: Pairs = [...parametersToSign, ['Signature', Signature]];
  return {
    method,
    path: '/',
    query: asForm ? [] : pairs,
    headers: { host: unsigned.host, ...(asForm ? FORM : {}) },
    body: asForm ? formEncode(pairs) : '',
    toSign,
  };
}

/** RPC signature V3: ACS3-HMAC-SHA256 over method, path, query, headers and body. */
export function signV3(
  unsigned: UnsignedRequest,
  { AccessKeyId, AccessKeySecret, SecurityToken }: KeyPair,
  extra: Record<string, string> = {},
): SignedRequest {
  const { action, version = '2015-05-01', parameters = {}, asForm = false, method = 'POST' } = unsigned;
  const query = asForm ? [] : Object.entries(parameters);
  const body = asForm ? formEncode(Object.entries(parameters)) : '';
  const headers: Record<string, string> = {
    host: unsigned.host,
    ...(asForm ? FORM : {}),
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': unsigned.timestamp,
    'x-acs-signature-nonce': unsigned.nonce ?? randomUUID(),
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'),
    ...(SecurityToken === undefined ? {} : { 'x-acs-security-token': SecurityToken }),
    ...extra,
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonicalRequest = [
    method,
    '/',
    formEncode(query),
    lines,
    names.join(';'),
    headers['x-acs-content-sha256'],
  ].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonicalRequest).digest('hex')}`;
  const Signature = createHmac('sha256', AccessKeySecret).update(toSign).digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${AccessKeyId},SignedHeaders=${names.join(';')},Signature=${Signature}`;
  return { method, path: '/', query, headers: { ...headers, authorization }, body, toSign };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** The path with the URL-encoded query. */
export function urlOf({ path, query }: SignedRequest): string {
  return query.length === 0 ? path : `${path}?${query.map(encodePair).join('&')}`;
}

/** Encodes each byte except unreserved characters (RFC 3986) as `%XX`. */
export function encodeRfc3986(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^A-Za-z0-9._~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Encodes the pairs as a form, sorted by name. */
function formEncode(pairs: Pairs): string {
  return [...pairs]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(encodePair)
    .join('&');
}

function encodePair([name, value]: [string, string]): string {
  return `${encodeRfc3986(name)}=${encodeRfc3986(value)}`;
}
