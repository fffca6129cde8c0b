import type { ReadOptions } from '../core/description/description.ts';
import type { Output } from './output.ts';
import type { OpenedDirectory, ProgressBar } from './system.ts';

/**
 * Runs `work` with what `readDescription` needs to show its progress. A local directory has no progress, because reading it
 * needs no request for each user.
 */
export async function withReadingProgress<T>(
  output: Output,
  directories: Pick<OpenedDirectory, 'target'>[],
  work: (options: Pick<ReadOptions, 'openProgress'>) => Promise<T>,
): Promise<T> {
  const bars: ProgressBar[] = [];
  const openProgress = async (users: number) => {
    const bar = await output.openProgress('reading users', users);
    bars.push(bar);
    return bar.step;
  };
  try {
    return await work(directories.some(({ target }) => target.kind !== 'local') ? { openProgress } : {});
  } finally {
    for (const bar of bars) bar.done();
  }
}
