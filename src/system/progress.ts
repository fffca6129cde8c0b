const MAX_BAR_WIDTH = 40;

/**
 * Draws the progress of `total` steps; draws nothing when the stream is not a terminal. `label` is plain ASCII. A bar that
 * is not finished does not keep the process alive.
 */
export async function createProgressBar(stream: NodeJS.WriteStream, label: string, total: number) {
  const { SingleBar } = await import('cli-progress');
  class Bar extends SingleBar {
    declare timer: NodeJS.Timeout | null;
    override render(): void {
      super.render();
      this.timer?.unref();
    }
  }
  const textWidth = `${label} [] ${total}/${total}`.length;
  const bar = new Bar({
    stream,
    format: '{label} [{bar}] {value}/{total}',
    barsize: Math.max(0, Math.min(MAX_BAR_WIDTH, (stream.columns || 80) - 1 - textWidth)),
    clearOnComplete: true,
    stopOnComplete: true,
    // With false, cli-progress turns off line wrapping in the terminal, which stays off when the process is killed.
    linewrap: true,
  });
  bar.start(total, 0, { label });
  return { step: () => bar.increment(), done: () => bar.stop() };
}
