import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileStep, runInThisProcess } from './in-process.ts';

export { clockAheadBy, killAtFileStep, logFileCalls, withoutHardLinks } from './preloads.js';

/** The path of the installed program, which `npm run build` creates. */
export const PROGRAM = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));

/** How a command line ended: its exit code (null when a signal ended the process) and its output. */
export interface Outcome {
  code: number | null;
  out: string;
  err: string;
  /** Whether the command reached the step of `stopAt`. */
  wasStopped?: boolean;
}

/** The outcome of a process. */
export interface ProcessResult extends Outcome {
  milliseconds: number;
}

interface InProcess {
  /** The content of stdin. */
  input?: string;
  environment?: Record<string, string>;
  /** How many milliseconds the clock is ahead. */
  aheadMs?: number;
  /** From this step on, the command changes no files: they are as after a kill, which takes more time. */
  stopAt?: FileStep;
}

interface ProcessOptions {
  /** The content of stdin (default: empty). `null` is a pipe that is never written to and never closed. */
  input?: string | null;
  environment?: Record<string, string>;
  /** A file descriptor for stdout, or `gone`: a pipe whose reader is closed before the program starts. */
  stdout?: number | 'gone';
  /** JavaScript that runs in the process before the program starts. */
  before?: string;
  /** Kills the process after this number of milliseconds. */
  killAfter?: number;
  /** The timeout in milliseconds, after which the test fails (default: one minute). */
  limit?: number;
  /** The ID of the operating system user that runs the process. */
  uid?: number;
}

/** A new temporary folder. `global-setup.ts` removes it at the end of the test run. */
function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ramctl-test-'));
}

/** A new home directory, in which ramctl processes run and keep their files. */
export class Home {
  readonly folder = temporaryFolder();
  readonly config = join(this.folder, 'ramctl');
  readonly directory = join(this.config, 'directory.json');
  readonly key = join(this.config, 'directory.key');
  /** The environment variables of the processes. */
  readonly environment = { PATH: process.env.PATH, HOME: this.folder, XDG_CONFIG_HOME: this.folder };

  /** Another home with the same content. */
  copy(): Home {
    const copy = new Home();
    cpSync(this.folder, copy.folder, { recursive: true });
    return copy;
  }

  /** The names of the files in the configuration folder. */
  files(): string[] {
    return existsSync(this.config) ? readdirSync(this.config).sort() : [];
  }

  /** Writes a file, given by its path in the home. Returns the absolute path. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Runs one command line of the built program. */
  ramctl(args: string[], options: ProcessOptions = {}): Promise<ProcessResult> {
    const before = options.before === undefined ? [] : ['--import', toDataUrl(options.before)];
    return this.#run(process.execPath, [...before, PROGRAM, ...args], options);
  }

  /** Runs one command line inside this process, on the same files. Use it where a new process makes no difference. */
  run(args: string[], { input = '', environment = {}, aheadMs = 0, stopAt }: InProcess = {}): Promise<Outcome> {
    return runInThisProcess(this.folder, args, input, environment, aheadMs, stopAt);
  }

  /** Runs a command that must succeed inside this process, and returns its result. */
  async json<T = unknown>(...args: string[]): Promise<T> {
    const { code, out, err } = await this.run([...args, '--output', 'json']);
    if (code !== 0) throw new Error(`ramctl ${args.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out);
  }

  /** Runs a script with `sh`. The command `ramctl` in the script runs the built program. */
  sh(script: string, options: ProcessOptions = {}): Promise<ProcessResult> {
    const ramctl = `ramctl() { "${process.execPath}" "${PROGRAM}" "$@"; }`;
    return this.#run('sh', ['-c', `${ramctl}\n${script}`], options);
  }

  #run(program: string, args: string[], options: ProcessOptions): Promise<ProcessResult> {
    const { input, environment, stdout = 'pipe', killAfter, limit = 60_000, uid } = options;
    const startedAt = performance.now();
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      stdio: [input === undefined ? 'ignore' : 'pipe', stdout === 'gone' ? 'pipe' : stdout, 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    let out = '';
    let err = '';
    if (stdout === 'gone') child.stdout?.destroy();
    else child.stdout?.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (err += text));
    // A program may exit without reading its input.
    child.stdin?.on('error', () => {});
    if (typeof input === 'string') child.stdin?.end(input);
    const killer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    return new Promise((done, fail) => {
      const guard = setTimeout(() => {
        child.kill('SIGKILL');
        fail(new Error(`${args.join(' ')} did not end within ${limit} ms`));
      }, limit);
      child.on('error', fail).on('close', (code) => {
        clearTimeout(guard);
        clearTimeout(killer);
        done({ code, out, err, milliseconds: performance.now() - startedAt });
      });
    });
  }
}

/** The error object that a failed command wrote to stderr. @throws if stderr contains anything else */
export function parseError({ err }: Outcome): { Code: string; Message: string; Field?: string; Hint?: string } {
  const error = JSON.parse(err);
  const allowedMembers = new Set(['Code', 'Message', 'Hint', 'Field', 'Row', 'Errors', 'Blockers']);
  const isValid = Object.keys(error).every((member) => allowedMembers.has(member));
  if (!isValid || !error.Code || !error.Message) throw new Error(`not an error object: ${err}`);
  return error;
}

/** A JavaScript module as a URL that `--import` accepts. */
function toDataUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Code for the `before` option: sends a signal to the process when it loads the password hashing library. */
export function signalBeforeHashing(signal: 'SIGINT' | 'SIGTERM'): string {
  return `const dlopen = process.dlopen;
    process.dlopen = (...args) => {
      dlopen.apply(process, args);
      if (args[1].includes('argon2')) process.kill(process.pid, '${signal}');
    };`;
}

/** A random number generator (mulberry32): numbers from 0 up to 1, the same sequence for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whether a program runs without an error. Otherwise writes a line that says which tests are skipped. */
export function isSupported(what: string, program: string, ...args: string[]): boolean {
  const { status } = spawnSync(program, args);
  if (status !== 0) process.stderr.write(`SKIPPED: this machine cannot ${what}\n`);
  return status === 0;
}
