import { createHash, createHmac, randomUUID } from 'node:crypto';

/*
 * The client's side of both signatures, written from Alibaba Cloud's help and nothing of ours, so that the endpoint is
 * held against the protocol and not against itself.
 */

export interface KeyPair {
  AccessKeyId: string;
  AccessKeySecret: string;
}

type Pairs = [name: string, value: string][];

/** A request as it goes out. `query` is decoded and escaped on the way. */
export interface SignedRequest {
  method: string;
  path: string;
  query: Pairs;
  headers: Record<string, string>;
  body: string;
  /** What was signed. */
  toSign: string;
}

/** What is asked for, and how. */
export interface UnsignedRequest {
  action: string;
  version?: string;
  /** Of the action; they go into the query, or into a form. */
  parameters?: Record<string, string>;
  asForm?: boolean;
  method?: 'GET' | 'POST';
  /** `YYYY-MM-DDThh:mm:ssZ` */
  timestamp: string;
  nonce?: string;
  host: string;
}

/** RPC signature V1: HMAC-SHA1 over all parameters. */
export function signV1(
  wish: UnsignedRequest,
  { AccessKeyId, AccessKeySecret }: KeyPair,
  more: Record<string, string> = {},
): SignedRequest {
  const { action, version = '2015-05-01', parameters = {}, asForm = false, method = asForm ? 'POST' : 'GET' } = wish;
  const all = Object.entries({
    Action: action,
    Version: version,
    Format: 'JSON',
    AccessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: wish.nonce ?? randomUUID(),
    Timestamp: wish.timestamp,
    ...parameters,
    ...more,
  });
  const toSign = `${method}&%2F&${encodeRfc3986(formEncode(all))}`;
  const Signature = createHmac('sha1', `${AccessKeySecret}&`).update(toSign).digest('base64');
  const pairs: Pairs = [...all, ['Signature', Signature]];
  return {
    method,
    path: '/',
    query: asForm ? [] : pairs,
    headers: { host: wish.host, ...(asForm ? FORM : {}) },
    body: asForm ? formEncode(pairs) : '',
    toSign,
  };
}

/** RPC signature V3: ACS3-HMAC-SHA256 over method, path, query, headers and body. */
export function signV3(
  wish: UnsignedRequest,
  { AccessKeyId, AccessKeySecret }: KeyPair,
  more: Record<string, string> = {},
): SignedRequest {
  const { action, version = '2015-05-01', parameters = {}, asForm = false, method = 'POST' } = wish;
  const query = asForm ? [] : Object.entries(parameters);
  const body = asForm ? formEncode(Object.entries(parameters)) : '';
  const headers: Record<string, string> = {
    host: wish.host,
    ...(asForm ? FORM : {}),
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': wish.timestamp,
    'x-acs-signature-nonce': wish.nonce ?? randomUUID(),
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'),
    ...more,
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const request = [method, '/', formEncode(query), lines, names.join(';'), headers['x-acs-content-sha256']].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(request).digest('hex')}`;
  const Signature = createHmac('sha256', AccessKeySecret).update(toSign).digest('hex');
  const authorization = `ACS3-HMAC-SHA256 Credential=${AccessKeyId},SignedHeaders=${names.join(';')},Signature=${Signature}`;
  return { method, path: '/', query, headers: { ...headers, authorization }, body, toSign };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Path and query. */
export function urlOf({ path, query }: SignedRequest): string {
  return query.length === 0 ? path : `${path}?${query.map(encodePair).join('&')}`;
}

/** Byte by byte: what RFC 3986 reserves nothing for stays, the rest is `%XX`. */
export function encodeRfc3986(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^A-Za-z0-9._~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

function formEncode(pairs: Pairs): string {
  return [...pairs]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(encodePair)
    .join('&');
}

function encodePair([name, value]: [string, string]): string {
  return `${encodeRfc3986(name)}=${encodeRfc3986(value)}`;
}
