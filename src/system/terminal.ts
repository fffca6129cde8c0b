import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Failure } from '../core/failure.ts';
import { writeAll } from './durable.ts';
import { decodeText, MOST_INPUT, refuseLarge } from './text.ts';

type ColourLevel = 0 | 1 | 2 | 3;

/** The process's own streams, each opened when it is first used: Node takes milliseconds to set one up. */
export function systemTerminal(process: NodeJS.Process) {
  const opened = new Set<NodeJS.WriteStream>();
  const open = (stream: NodeJS.WriteStream) => {
    // Whoever wrote is told through the callback; without a listener Node would throw besides.
    if (!opened.has(stream)) opened.add(stream.on('error', () => {}));
    return stream;
  };
  return {
    interactive: isatty(0) && isatty(2),
    get width() {
      return isatty(1) ? open(process.stdout).columns || 80 : undefined;
    },
    get colours() {
      return { out: level(1, process), err: level(2, process) };
    },
    async out(text: string): Promise<void> {
      // Node's stream for files gives up quietly on a short write.
      if (fstatSync(1).isFile()) return writeAll(1, text);
      return new Promise((done, fail) => {
        open(process.stdout).write(text, (error) => (error ? fail(error) : done()));
      });
    },
    err: (text: string) => {
      open(process.stderr).write(text);
    },
    async readInput(): Promise<string> {
      if (isatty(0)) {
        throw new Failure('usage', 'Usage', 'stdin is a terminal, where typing would be seen', { Field: '-' });
      }
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of process.stdin) {
        size += chunk.length;
        if (size > MOST_INPUT) refuseLarge('stdin');
        chunks.push(chunk);
      }
      return decodeText(Buffer.concat(chunks), 'stdin');
    },
  };
}

function level(descriptor: 1 | 2, process: NodeJS.Process): ColourLevel {
  const { env } = process;
  if (!isatty(descriptor) || env.TERM === 'dumb') return 0;
  // Node would count an empty variable as set; ours are read in settings.ts.
  const { NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, ...rest } = env;
  const depth = (descriptor === 1 ? process.stdout : process.stderr).getColorDepth(rest);
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}
