import { fstatSync, readSync, type Stats, statSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Encoding } from '../core/encoding.ts';
import { Failure } from '../core/failure.ts';
import { writeAll } from '../disk/durable.ts';
import { ignoreErrors } from '../disk/errors.ts';

const DESCRIPTORS = { out: 1, err: 2 } as const;
type Output = keyof typeof DESCRIPTORS;

/** How much is written to stderr without Node's stream. A pipe has room for it, so that the write does not wait for the reader. */
const MAX_DIRECT_STDERR_BYTES = 4096;

/** The standard streams of the process. Each is opened when it is first used, because that takes milliseconds. */
export function createTerminal(process: NodeJS.Process) {
  const opened = new Set<1 | 2>();
  let stderrBytes = 0;
  const open = (descriptor: 1 | 2) => {
    const stream = descriptor === 1 ? process.stdout : process.stderr;
    // The callback of `write` reports errors. Without a listener, Node would throw them as well.
    if (!opened.has(descriptor)) stream.on('error', () => {});
    opened.add(descriptor);
    return stream;
  };
  return {
    get isInteractive() {
      return isTerminal(0) && isTerminal(2);
    },
    get isStdoutClosed() {
      return isNullDevice(fstatSync(1)) && isReadable(1);
    },
    size(output: Output) {
      if (!supportsEscapeSequences(output)) return undefined;
      const { columns, rows } = open(DESCRIPTORS[output]);
      return { width: columns || 80, height: rows || 24 };
    },
    colourLevel(output: Output): 0 | 1 | 2 | 3 {
      if (!supportsEscapeSequences(output)) return 0;
      // Node counts an empty variable as set. `readEnvironment` reads these variables.
      const { NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, ...rest } = process.env;
      const depth = open(DESCRIPTORS[output]).getColorDepth(rest);
      return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
    },
    async writeStdout(text: string): Promise<void> {
      // Node's stream for files ignores a short write, and the one for pipes takes time to open.
      const rest = isTerminal(1) ? Buffer.from(text) : writeAll(1, text);
      if (rest.length === 0) return;
      return new Promise((resolve, reject) => {
        open(1).write(rest, (error) => (error ? reject(error) : resolve()));
      });
    },
    writeStderr(text: string, onWritten = () => {}): void {
      stderrBytes += Buffer.byteLength(text);
      // The stream may still hold text that was written earlier. Text that is written directly would overtake it.
      const isDirect = !opened.has(2) && stderrBytes <= MAX_DIRECT_STDERR_BYTES && !isTerminal(2);
      const rest = isDirect ? ignoreErrors(() => writeAll(2, text)) : text;
      if (rest?.length) open(2).write(rest, onWritten);
      else onWritten();
    },
    async flushStderr(): Promise<void> {
      // The stream calls back after everything that was written before.
      if (opened.has(2)) await new Promise<void>((resolve) => open(2).write('', () => resolve()));
    },
    async readStdin(encoding?: Encoding): Promise<string> {
      if (isTerminal(0)) {
        const message = 'stdin is a terminal, which would show the typed text; use a pipe or a file';
        throw new Failure('usage', 'Usage', message, { Field: '-' });
      }
      const { readStream } = await import('./input.ts');
      return readStream(process.stdin, 'stdin', encoding);
    },
  };
}

/** Whether a stream is a terminal. Loads node:tty for character devices only, because most commands do not need it. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  const status = fstatSync(descriptor);
  if (!status.isCharacterDevice() || isNullDevice(status)) return false;
  return (process.getBuiltinModule('node:tty') as typeof import('node:tty')).isatty(descriptor);
}

/** Node opens the null device in place of a standard stream that is closed when the process starts. */
function isNullDevice(status: Stats): boolean {
  return status.isCharacterDevice() && status.rdev === statSync(devNull).rdev;
}

/** A null device that Node opened is readable. One that a shell opened for `>/dev/null` is not. */
function isReadable(descriptor: number): boolean {
  return ignoreErrors(() => readSync(descriptor, Buffer.alloc(1))) !== undefined;
}

function supportsEscapeSequences(output: Output): boolean {
  return process.env.TERM !== 'dumb' && isTerminal(DESCRIPTORS[output]);
}
