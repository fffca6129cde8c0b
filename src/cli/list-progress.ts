import type { StartProgress } from '../core/map-concurrently.ts';
import type { CommandContext } from './command-context.ts';

/** A shorter list takes about a second. */
const MIN_ITEMS = 100;

/** Returns the progress bar of a list. A local directory is fast enough without one. */
export function listProgress({ target, output }: CommandContext, label: string): StartProgress | undefined {
  if (target.kind === 'local' || !output.hasProgressBars) return undefined;
  return async (total) => (total < MIN_ITEMS ? undefined : output.openProgress(label, total));
}
