import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type Home, isSupported, PROGRAM } from './process.ts';

/** Whether this machine can open pseudo-terminals. */
export const SUPPORTS_TERMINALS = isSupported(
  'open a pseudo-terminal (python3)',
  'python3',
  '-c',
  'import fcntl, pty, termios',
);

/** A Python program that runs a command on a pseudo-terminal, connected to its own stdin and stdout. */
const PTY_PROGRAM = `
import fcntl, os, pty, select, signal, struct, sys, termios
child, screen = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 60, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
watched = [0, screen]
while True:
    for ready in select.select(watched, [], [])[0]:
        try:
            text = os.read(ready, 65536)
        except OSError:
            text = b''
        if ready == 0 and not text:
            watched.remove(0)
        elif ready == 0:
            os.write(screen, text)
        elif text:
            os.write(1, text)
        else:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
`;

const TIMEOUT_MS = 10_000;

export const ENTER = '\r';
export const CTRL_C = '\u0003';

/** A ramctl process on a pseudo-terminal. */
export class TerminalSession {
  /** All output so far, with its control sequences. */
  shown = '';
  readonly #child;
  readonly #ended: Promise<number | null>;
  #hasExited = false;
  /** The position in `text` up to which `waitFor` has read. */
  #position = 0;
  #wake = () => {};

  /** `redirection` is shell syntax, such as `>result.json`. */
  constructor(home: Home, args: string[], environment: Record<string, string> = {}, redirection = '') {
    onTestFinished(() => this.close());
    const shell = ['sh', '-c', `exec "$0" "$@" ${redirection}`];
    this.#child = spawn('python3', ['-c', PTY_PROGRAM, ...shell, process.execPath, PROGRAM, ...args], {
      cwd: home.folder,
      env: {
        PATH: process.env.PATH,
        HOME: home.folder,
        XDG_CONFIG_HOME: home.folder,
        TERM: 'xterm-256color',
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.shown += text;
      this.#wake();
    });
    this.#ended = new Promise((done) => {
      this.#child.on('close', (code) => {
        this.#hasExited = true;
        this.#wake();
        done(code);
      });
    });
  }

  /** All output so far, without its control sequences. */
  get text(): string {
    return this.shown.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  }

  /** The lines on the screen, unless they have scrolled out of it. */
  get lines(): string[] {
    return renderScreen(this.shown);
  }

  /** Waits until `part` is shown after the text of the previous call. @throws if it is not shown within the timeout */
  async waitFor(part: string): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = this.text.indexOf(part, this.#position);
      if (found !== -1) {
        this.#position = found + part.length;
        return;
      }
      if (this.#hasExited || Date.now() > deadline) throw new Error(`not shown: ${part}\n${this.text}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, deadline - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  press(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits for each question and types its answer. */
  async answer(...script: [question: string, keys: string][]): Promise<void> {
    for (const [question, keys] of script) {
      await this.waitFor(question);
      this.press(keys);
    }
  }

  /** Sends SIGTERM to the program. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  /** Waits for the exit code; null if the process does not exit within the timeout. */
  async waitForExit(): Promise<number | null> {
    const guard = setTimeout(() => this.close(), TIMEOUT_MS);
    return this.#ended.finally(() => clearTimeout(guard));
  }

  close(): void {
    if (!this.#hasExited) this.#child.kill('SIGKILL');
  }
}

/**
 * The lines on a screen after a text with control sequences was written to it. @throws for an unknown control sequence
 */
export function renderScreen(output: string): string[] {
  const lines: string[] = [];
  let [row, column] = [0, 0];
  let saved = [0, 0];
  const draw = (text: string) => {
    while (lines.length <= row) lines.push('');
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  };
  const erase = (from: number, to?: number) => {
    const line = lines[row] ?? '';
    if (row in lines)
      lines[row] = line.slice(0, from) + ' '.repeat((to ?? from) - from) + line.slice(to ?? line.length);
  };
  const actions: Record<string, (count: number) => void> = {
    '\r': () => (column = 0),
    '\n': () => (row += 1),
    '\u0007': () => {},
    '\u001b7': () => (saved = [row, column]),
    '\u001b8': () => ([row = 0, column = 0] = saved),
    A: (count) => (row = Math.max(0, row - count)),
    B: (count) => (row += count),
    C: (count) => (column += count),
    D: (count) => (column = Math.max(0, column - count)),
    G: (count) => (column = count - 1),
    J: () => {
      erase(column);
      lines.splice(row + 1);
    },
    '0K': () => erase(column),
    K: () => erase(column),
    '1K': () => erase(0, column),
    '2K': () => erase(0),
    m: () => {},
    '?25h': () => {},
    '?25l': () => {},
  };
  for (const [token] of output.matchAll(/\u001b(?:[78]|\[[\d;?]*[A-Za-z])|[\r\n\u0007]|[^\u001b\r\n\u0007]+|\u001b/g)) {
    if (!/^[\u0000-\u001f]/.test(token)) {
      draw(token);
      continue;
    }
    const [, count = '', final = ''] = /^\u001b\[([\d;]*)([A-Za-z])$/.exec(token) ?? [];
    const action = actions[token] ?? actions[token.slice(2)] ?? actions[final];
    if (!action) throw new Error(`unknown control sequence ${JSON.stringify(token)}`);
    action(Number(count) || 1);
  }
  return lines.map((line) => line.trimEnd());
}
