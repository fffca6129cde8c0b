import { createHmac, hash } from 'node:crypto';
import type { Parameters } from './parameters.ts';

/*
 * The two signature methods: V1 (HMAC-SHA1 of the parameters; newer SDKs call it v2) and V3 (ACS3-HMAC-SHA256 of headers,
 * query and body). Source: Alibaba Cloud help, "Request syntax and signature method V2 / V3 for RPC APIs".
 */

export const V3_ALGORITHM = 'ACS3-HMAC-SHA256';

/** Encodes every byte except `A-Z a-z 0-9 - _ . ~` as `%XX` (RFC 3986). */
export function percentEncode(text: string): string {
  const encode = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, encode);
}

/** Sorts and encodes parameters, as both methods require. */
function buildCanonicalQuery(parameters: Parameters): string {
  return [...parameters]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

/** `parameters`: those of query and form. All except `Signature` are signed. */
export function buildStringToSignV1(method: string, parameters: Parameters): string {
  const signed = new Map([...parameters].filter(([name]) => name !== 'Signature'));
  return `${method}&%2F&${percentEncode(buildCanonicalQuery(signed))}`;
}

/** Returns Base64. */
export function signV1(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
}

/** `query` excludes a form, which is signed as the body. The names of headers are in lower case. */
export function buildStringToSignV3(
  method: string,
  query: Parameters,
  headers: ReadonlyMap<string, string>,
  signedHeaders: readonly string[],
): string {
  const names = [...signedHeaders].sort();
  const lines = names.map((name) => `${name}:${(headers.get(name) ?? '').trim()}\n`).join('');
  const body = headers.get('x-acs-content-sha256') ?? '';
  const request = [method, '/', buildCanonicalQuery(query), lines, names.join(';'), body].join('\n');
  return `${V3_ALGORITHM}\n${sha256(request)}`;
}

/** Returns hexadecimal digits. */
export function signV3(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex');
}

/** Returns hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}
