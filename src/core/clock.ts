export interface Clock {
  now(): Date;
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Formats a date as RAM does: UTC, whole seconds, `YYYY-MM-DDThh:mm:ssZ`. */
export function formatRamDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
