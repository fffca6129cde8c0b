import { fstatSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { Failure } from '../core/failure.ts';
import { writeAll } from '../disk/durable.ts';
import { readStream } from './read-text.ts';

type ColourLevel = 0 | 1 | 2 | 3;

/** The process's own streams, each opened when it is first used: Node takes milliseconds to set one up. */
export function createTerminal(process: NodeJS.Process) {
  const opened = new Set<NodeJS.WriteStream>();
  const open = (stream: NodeJS.WriteStream) => {
    // Whoever wrote is told through the callback; without a listener Node would throw besides.
    if (!opened.has(stream)) opened.add(stream.on('error', () => {}));
    return stream;
  };
  return {
    get isInteractive() {
      return isTerminal(0) && isTerminal(2);
    },
    widths: {
      get out() {
        return supportsEscapeSequences(1) ? open(process.stdout).columns || 80 : undefined;
      },
      get err() {
        return supportsEscapeSequences(2) ? open(process.stderr).columns || 80 : undefined;
      },
    },
    colourLevels: {
      get out() {
        return detectColourLevel(1, process);
      },
      get err() {
        return detectColourLevel(2, process);
      },
    },
    async writeStdout(text: string): Promise<void> {
      // Node's stream for files gives up quietly on a short write, and the one for pipes takes a while to set up.
      const rest = isTerminal(1) ? Buffer.from(text) : writeAll(1, text);
      if (rest.length === 0) return;
      return new Promise((done, fail) => {
        open(process.stdout).write(rest, (error) => (error ? fail(error) : done()));
      });
    },
    writeStderr: (text: string) => {
      open(process.stderr).write(text);
    },
    async readStdin(): Promise<string> {
      if (isTerminal(0)) {
        throw new Failure('usage', 'Usage', 'stdin is a terminal, where typing would be seen', { Field: '-' });
      }
      return readStream(process.stdin, 'stdin');
    },
  };
}

/** Asks Node only about what can be a terminal at all: the answer takes a module that most commands do not need. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  const status = fstatSync(descriptor);
  if (!status.isCharacterDevice() || status.rdev === statSync(devNull).rdev) return false;
  return (process.getBuiltinModule('node:tty') as typeof import('node:tty')).isatty(descriptor);
}

/** Whether a stream is a terminal that understands more than text. */
function supportsEscapeSequences(descriptor: 1 | 2): boolean {
  return process.env.TERM !== 'dumb' && isTerminal(descriptor);
}

function detectColourLevel(descriptor: 1 | 2, process: NodeJS.Process): ColourLevel {
  if (!supportsEscapeSequences(descriptor)) return 0;
  // Node would count an empty variable as set; ours are read in settings.ts.
  const { NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, ...rest } = process.env;
  const depth = (descriptor === 1 ? process.stdout : process.stderr).getColorDepth(rest);
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}
