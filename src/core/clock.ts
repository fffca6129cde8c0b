/** Where the rules get the present moment from. */
export interface Clock {
  now(): Date;
}

/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A moment as RAM writes it: UTC, whole seconds, `YYYY-MM-DDThh:mm:ssZ`. */
export function formatRamDate(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
