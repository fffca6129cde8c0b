import { Failure } from '../core/failure.ts';

/** More than any input of ours needs; a stream that never ends must not fill the memory. */
const MOST_INPUT = 64 * 1024 * 1024;

type ColourLevel = 0 | 1 | 2 | 3;

/** The process's own streams. */
export function systemTerminal(process: NodeJS.Process) {
  const { stdin, stdout, stderr } = process;
  // Whoever wrote is told through the callback; without a listener Node would throw besides.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  return {
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    get width() {
      return stdout.columns || 80;
    },
    get colours() {
      return { out: level(stdout, process.env), err: level(stderr, process.env) };
    },
    out: (text: string) =>
      new Promise<void>((done, fail) => {
        stdout.write(text, (error) => (error ? fail(error) : done()));
      }),
    err: (text: string) => {
      stderr.write(text);
    },
    async readInput(): Promise<string> {
      if (stdin.isTTY) {
        throw new Failure('usage', 'Usage', 'stdin is a terminal, where typing would be seen', {
          Field: '-',
          Hint: 'pipe the input in, or name a file',
        });
      }
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of stdin) {
        size += chunk.length;
        if (size > MOST_INPUT) throw new Failure('refused', 'InputTooLarge', 'stdin holds more than 64 MiB');
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

function level(stream: NodeJS.WriteStream, variables: NodeJS.ProcessEnv): ColourLevel {
  if (!stream.isTTY || variables.TERM === 'dumb') return 0;
  const depth = stream.getColorDepth(variables);
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}
