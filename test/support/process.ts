import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export { clockAheadBy, killAtFileStep, logFileCalls } from './preloads.js';

/** The program as it is installed; `npm run build` makes what it loads. */
export const PROGRAM = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));

/** What a process came to. */
export interface ProcessResult {
  /** Null when a signal ended it. */
  code: number | null;
  out: string;
  err: string;
  milliseconds: number;
}

interface ProcessOptions {
  /** Piped into stdin. Without it stdin is at its end; `null` is a pipe that nobody ever writes to or closes. */
  input?: string | null;
  environment?: Record<string, string>;
  /** A file descriptor for stdout, or a pipe whose reader is gone before the program starts. */
  stdout?: number | 'gone';
  /** JavaScript that runs in the process before the program does. */
  before?: string;
  /** After how many milliseconds the process is killed. */
  killAfter?: number;
  /** How long it may take, in milliseconds. */
  limit?: number;
  /** Runs as this user of the machine. */
  uid?: number;
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder that goes when the test file is through. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ramctl-test-'));
  made.push(folder);
  return folder;
}

/** A home with nothing in it: ramctl's processes find their folders, and work, there. */
export class Home {
  readonly folder = temporaryFolder();
  readonly config = join(this.folder, 'ramctl');
  readonly directory = join(this.config, 'directory.json');
  readonly key = join(this.config, 'directory.key');

  /** Another home with the same content. */
  copy(): Home {
    const copy = new Home();
    cpSync(this.folder, copy.folder, { recursive: true });
    return copy;
  }

  /** The names in the config folder. */
  files(): string[] {
    return existsSync(this.config) ? readdirSync(this.config).sort() : [];
  }

  /** Writes a file, by its path in the home. */
  write(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Runs one command line of the built program. */
  ramctl(words: string[], situation: ProcessOptions = {}): Promise<ProcessResult> {
    const before = situation.before === undefined ? [] : ['--import', toDataUrl(situation.before)];
    return this.#run(process.execPath, [...before, PROGRAM, ...words], situation);
  }

  /** A command that has to work; gives its result. */
  async json<T = unknown>(...words: string[]): Promise<T> {
    const { code, out, err } = await this.ramctl([...words, '--output', 'json']);
    if (code !== 0) throw new Error(`ramctl ${words.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out);
  }

  /** Runs a script by `sh`, in which `ramctl` is the program. */
  sh(script: string, situation: ProcessOptions = {}): Promise<ProcessResult> {
    const ramctl = `ramctl() { "${process.execPath}" "${PROGRAM}" "$@"; }`;
    return this.#run('sh', ['-c', `${ramctl}\n${script}`], situation);
  }

  #run(program: string, parameters: string[], situation: ProcessOptions): Promise<ProcessResult> {
    const { input, environment, stdout = 'pipe', killAfter, limit = 60_000, uid } = situation;
    const started = performance.now();
    const child = spawn(program, parameters, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, XDG_CONFIG_HOME: this.folder, ...environment },
      stdio: [input === undefined ? 'ignore' : 'pipe', stdout === 'gone' ? 'pipe' : stdout, 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    let out = '';
    let err = '';
    if (stdout === 'gone') child.stdout?.destroy();
    else child.stdout?.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (err += text));
    // A program that ends without reading its input is no fault of the test.
    child.stdin?.on('error', () => {});
    if (typeof input === 'string') child.stdin?.end(input);
    const killer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    return new Promise((done, fail) => {
      const guard = setTimeout(() => {
        child.kill('SIGKILL');
        fail(new Error(`${parameters.join(' ')} did not end within ${limit} ms`));
      }, limit);
      child.on('error', fail).on('close', (code) => {
        clearTimeout(guard);
        clearTimeout(killer);
        done({ code, out, err, milliseconds: performance.now() - started });
      });
    });
  }
}

/** The one JSON object that a failing command may write to stderr. @throws when there is anything else */
export function parseError({ err }: ProcessResult): { Code: string; Message: string; Field?: string; Hint?: string } {
  const error = JSON.parse(err);
  const known = new Set(['Code', 'Message', 'Hint', 'Field', 'Row', 'Errors', 'Blockers']);
  const isPlain = Object.keys(error).every((member) => known.has(member));
  if (!isPlain || !error.Code || !error.Message) throw new Error(`not an error object: ${err}`);
  return error;
}

function toDataUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** For `before`: the process gets a signal when the password hashing is loaded, right before it works. */
export function signalBeforeHashing(signal: 'SIGINT' | 'SIGTERM'): string {
  return `const load = process.dlopen;
    process.dlopen = (...call) => {
      load.apply(process, call);
      if (call[1].includes('argon2')) process.kill(process.pid, '${signal}');
    };`;
}

/** Chance that is the same in each run: numbers from 0 up to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whether the machine lets us do something; says aloud what is left untested otherwise. */
export function isSupported(what: string, program: string, ...parameters: string[]): boolean {
  const { status } = spawnSync(program, parameters);
  if (status !== 0) process.stderr.write(`SKIPPED: this machine does not let us ${what}\n`);
  return status === 0;
}
