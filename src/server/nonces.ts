import { createHash } from 'node:crypto';
import { Failure } from '../core/failure.ts';

/** How far a request's time may be from ours, either way, in milliseconds (Alibaba Cloud help: 15 minutes). */
const WINDOW_MS = 15 * 60 * 1000;
/** As many as one AccessKey may use in such a time: a thousand requests a second. */
const MAX_NONCES = 1_000_000;

/**
 * Remembers which nonces each AccessKey has used, for as long as a request with them could be in time again. Only what
 * was signed gets in here.
 */
export class Nonces {
  /** Digests of nonces by AccessKey, by the window in which their requests were made. */
  readonly #used = new Map<number, Map<string, Set<number>>>();

  /** @throws Failure SignatureNonceUsed, Throttling */
  use(AccessKeyId: string, nonce: string, timestamp: number, now: number): void {
    const expired = Math.floor((now - WINDOW_MS) / WINDOW_MS);
    for (const slot of this.#used.keys()) if (slot < expired) this.#used.delete(slot);
    // 48 bits: shorter than any other way to remember it.
    const mark = createHash('sha256').update(nonce).digest().readUIntBE(0, 6);
    for (const keys of this.#used.values()) {
      if (keys.get(AccessKeyId)?.has(mark)) {
        throw new Failure('refused', 'SignatureNonceUsed', 'Specified signature nonce was used already.');
      }
    }
    const slot = Math.floor(timestamp / WINDOW_MS);
    const keys = this.#used.get(slot) ?? new Map<string, Set<number>>();
    const marks = keys.get(AccessKeyId) ?? new Set();
    if (marks.size >= MAX_NONCES)
      throw new Failure('refused', 'Throttling', 'Request was denied due to request throttling.');
    this.#used.set(slot, keys.set(AccessKeyId, marks.add(mark)));
  }
}

/** The moment of a request. @throws Failure InvalidTimeStamp.Format, InvalidTimeStamp.Expired */
export function parseTimestamp(timestamp: string, now: number): number {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw new Failure(
      'refused',
      'InvalidTimeStamp.Format',
      'Specified time stamp or date value is not well formatted.',
    );
  }
  if (Math.abs(now - moment) > WINDOW_MS) {
    throw new Failure('refused', 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
  return moment;
}
