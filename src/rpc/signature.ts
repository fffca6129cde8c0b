import { createHash, createHmac } from 'node:crypto';

/*
 * How requests are signed: V1 (HMAC-SHA1 over the parameters; newer SDKs call it v2) and V3 (ACS3-HMAC-SHA256 over
 * headers, query and body). Alibaba Cloud help, "Request syntax and signature method V2 / V3 for RPC APIs".
 */

export const V3_ALGORITHM = 'ACS3-HMAC-SHA256';

/** Names and values, decoded. */
export type Parameters = ReadonlyMap<string, string>;

/** RFC 3986: everything but `A-Z a-z 0-9 - _ . ~` as `%XX`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Parameters in the order of their names, as both signatures take them. */
function buildCanonicalQuery(parameters: Parameters): string {
  return [...parameters]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

/** What V1 signs: every parameter of query and form but `Signature`. */
export function buildStringToSignV1(method: string, parameters: Parameters): string {
  const signed = new Map([...parameters].filter(([name]) => name !== 'Signature'));
  return `${method}&%2F&${percentEncode(buildCanonicalQuery(signed))}`;
}

/** In Base64. */
export function signV1(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
}

/** A request as V3 sees it. */
export interface SignedRequest {
  method: string;
  path: string;
  /** Of the query alone: a form is part of the body. */
  query: Parameters;
  /** By name in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The names of the headers that are signed, in lower case. */
  signedHeaders: readonly string[];
}

export function buildStringToSignV3({ method, path, query, headers, signedHeaders }: SignedRequest): string {
  const names = [...signedHeaders].sort();
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  const body = headers['x-acs-content-sha256'] ?? '';
  const request = [method, path, buildCanonicalQuery(query), lines, names.join(';'), body].join('\n');
  return `${V3_ALGORITHM}\n${sha256(request)}`;
}

/** In hexadecimal digits. */
export function signV3(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex');
}

/** In hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
