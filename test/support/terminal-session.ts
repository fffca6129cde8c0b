import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type Home, isSupported, PROGRAM } from './process.ts';
import { Screen } from './screen.ts';

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
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', int(sys.argv[1]), int(sys.argv[2]), 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
signal.signal(signal.SIGUSR1, lambda *_: os.kill(child, signal.SIGKILL))
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
  readonly #size;
  readonly #ended: Promise<number | null>;
  #hasExited = false;
  /** The position in `text` up to which `waitFor` has read. */
  #position = 0;
  #wake = () => {};

  /** `redirection` is shell syntax, such as `>result.json`. */
  constructor(
    home: Home,
    args: string[],
    environment: Record<string, string> = {},
    redirection = '',
    size = { rows: 60, columns: 100 },
  ) {
    const ptyArgs = [PTY_PROGRAM, String(size.rows), String(size.columns)];
    this.#size = size;
    onTestFinished(() => this.close());
    const shell = ['sh', '-c', `exec "$0" "$@" ${redirection}`];
    this.#child = spawn('python3', ['-c', ...ptyArgs, ...shell, process.execPath, PROGRAM, ...args], {
      cwd: home.folder,
      env: { ...home.environment, TERM: 'xterm-256color', ...environment },
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
    const screen = new Screen();
    screen.write(this.shown);
    return screen.lines;
  }

  /** What a person sees now. */
  get screen(): Screen {
    const screen = new Screen(this.#size);
    screen.write(this.shown);
    return screen;
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

  /** Sends SIGKILL to the program. */
  kill(): void {
    this.#child.kill('SIGUSR1');
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
