import { hash } from 'node:crypto';
import { Failure } from '../core/failure.ts';

/** How far the time of a request may differ from the clock (Alibaba Cloud help: 15 minutes). */
const WINDOW_MS = 15 * 60 * 1000;
/** The nonces of one AccessKey in one window: about a thousand requests a second. */
const MAX_NONCES = 1_000_000;

/**
 * Remembers the nonces of each AccessKey until requests with their timestamps have expired. The caller adds only nonces
 * of requests with a valid signature.
 */
export class Nonces {
  /** Digests of nonces by the window of the request's time, then by AccessKey. */
  readonly #used = new Map<number, Map<string, Set<number>>>();

  /** @throws Failure SignatureNonceUsed, Throttling */
  use(AccessKeyId: string, nonce: string, timestampMs: number, nowMs: number): void {
    const oldestWindow = Math.floor((nowMs - WINDOW_MS) / WINDOW_MS);
    for (const window of this.#used.keys()) if (window < oldestWindow) this.#used.delete(window);
    // 48 bits fit into a number, which takes less memory than the nonce.
    const digest = hash('sha256', nonce, 'buffer').readUIntBE(0, 6);
    const isUsed = [...this.#used.values()].some((keys) => keys.get(AccessKeyId)?.has(digest));
    if (isUsed) throw new Failure('refused', 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    const window = Math.floor(timestampMs / WINDOW_MS);
    const keys = this.#used.get(window) ?? new Map<string, Set<number>>();
    const digests = keys.get(AccessKeyId) ?? new Set();
    if (digests.size >= MAX_NONCES) {
      throw new Failure('refused', 'Throttling', 'Request was denied due to request throttling.');
    }
    this.#used.set(window, keys.set(AccessKeyId, digests.add(digest)));
  }
}

/** Returns the time of a request in milliseconds. @throws Failure InvalidTimeStamp.Format, InvalidTimeStamp.Expired */
export function parseTimestamp(timestamp: string, nowMs: number): number {
  const timestampMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(timestampMs)) throw invalidTimestamp('Format', 'not well formatted');
  if (Math.abs(nowMs - timestampMs) > WINDOW_MS) throw invalidTimestamp('Expired', 'expired');
  return timestampMs;
}

function invalidTimestamp(suffix: string, reason: string): Failure {
  return new Failure('refused', `InvalidTimeStamp.${suffix}`, `Specified time stamp or date value is ${reason}.`);
}
