import { spawn } from 'node:child_process';
import { afterEach } from 'vitest';
import { type Home, isSupported, PROGRAM } from './process.ts';

/** Whether there are terminals to test at. */
export const SUPPORTS_TERMINALS = isSupported(
  'open a pseudo-terminal (python3)',
  'python3',
  '-c',
  'import fcntl, pty, termios',
);

/** Runs a program on a terminal of its own, with our stdin as its keyboard and our stdout as its screen. */
const TERMINAL = `
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

/** How long a terminal may keep still, in milliseconds. */
const TIMEOUT_MS = 10_000;

export const ENTER = '\r';
export const CTRL_C = '\u0003';

const open = new Set<TerminalSession>();
afterEach(() => {
  for (const screen of open) screen.close();
  open.clear();
});

/** ramctl at a terminal. */
export class TerminalSession {
  /** All that was ever shown, with its control sequences. */
  shown = '';
  readonly #child;
  readonly #ended: Promise<number | null>;
  #isOver = false;
  #read = 0;
  #wake = () => {};

  /** `redirection` is what a shell would be told about streams, such as `>result.json`. */
  constructor(home: Home, words: string[], environment: Record<string, string> = {}, redirection = '') {
    open.add(this);
    const shell = ['sh', '-c', `exec "$0" "$@" ${redirection}`];
    this.#child = spawn('python3', ['-c', TERMINAL, ...shell, process.execPath, PROGRAM, ...words], {
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
        this.#isOver = true;
        this.#wake();
        done(code);
      });
    });
  }

  /** All that was shown, as text. */
  get text(): string {
    return this.shown.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  }

  /** What the screen shows, line by line, when nothing has scrolled out of it. */
  get lines(): string[] {
    return renderScreen(this.shown);
  }

  /** Waits until something is shown that was not waited for before. */
  async waitFor(part: string): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = this.text.indexOf(part, this.#read);
      if (found !== -1) {
        this.#read = found + part.length;
        return;
      }
      if (this.#isOver || Date.now() > deadline) throw new Error(`never shown: ${part}\n${this.text}`);
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

  /** Answers questions in order, each when it is shown. */
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

  /** The exit code; null when there is no end to it. */
  async waitForExit(): Promise<number | null> {
    const guard = setTimeout(() => this.close(), TIMEOUT_MS);
    return this.#ended.finally(() => clearTimeout(guard));
  }

  close(): void {
    if (!this.#isOver) this.#child.kill('SIGKILL');
  }
}

/**
 * What is to be seen after a text with control sequences was shown. @throws when it holds one that is not known here
 */
export function renderScreen(shown: string): string[] {
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
  const acts: Record<string, (count: number) => void> = {
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
  for (const [token] of shown.matchAll(/\u001b(?:[78]|\[[\d;?]*[A-Za-z])|[\r\n\u0007]|[^\u001b\r\n\u0007]+|\u001b/g)) {
    if (!/^[\u0000-\u001f]/.test(token)) {
      draw(token);
      continue;
    }
    const [, count = '', final = ''] = /^\u001b\[([\d;]*)([A-Za-z])$/.exec(token) ?? [];
    const act = acts[token] ?? acts[token.slice(2)] ?? acts[final];
    if (!act) throw new Error(`unknown control sequence ${JSON.stringify(token)}`);
    act(Number(count) || 1);
  }
  return lines.map((line) => line.trimEnd());
}
