const MAX_BAR_WIDTH = 40;

export interface Progress {
  step(): void;
  /** Leaves nothing of the bar behind, as the last step does. */
  done(): void;
}

/**
 * Draws how far a work of `total` steps has come; on a stream that is no terminal, nothing. `label` is plain ASCII. A
 * work that fails without `done` leaves the bar where it is, but does not keep the process alive.
 */
export async function createProgressBar(stream: NodeJS.WriteStream, label: string, total: number): Promise<Progress> {
  const { SingleBar } = await import('cli-progress');
  class Bar extends SingleBar {
    declare timer: NodeJS.Timeout | null;
    override render(): void {
      super.render();
      this.timer?.unref();
    }
  }
  const bare = `${label} [] ${total}/${total}`;
  const room = (stream.columns || 80) - 1 - bare.length;
  const bar = new Bar({
    stream,
    format: '{label} [{bar}] {value}/{total}',
    barsize: Math.max(0, Math.min(MAX_BAR_WIDTH, room)),
    clearOnComplete: true,
    stopOnComplete: true,
    // Lines are cut to fit: the other way changes a setting of the terminal, which would last if we were killed.
    linewrap: true,
  });
  bar.start(total, 0, { label });
  return { step: () => bar.increment(), done: () => bar.stop() };
}
