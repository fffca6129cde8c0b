import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type Home, PROGRAM, type ProcessResult } from './process.ts';
import type { KeyPair } from './signer.ts';

/** A `ramctl serve` process. It is killed at the end of its test. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessResult>;
  out = '';
  err = '';

  /** `args` start with `serve` or a global option. */
  constructor(home: Home, args: string[]) {
    const started = performance.now();
    this.child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: home.folder,
      env: home.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => (this.out += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text) => (this.err += text));
    this.ended = new Promise((done) => {
      this.child.on('close', (code) => {
        done({ code, out: this.out, err: this.err, milliseconds: performance.now() - started });
      });
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Waits for the line that the server prints when it is ready. @throws if the process exits before */
  async readyLine(): Promise<string> {
    while (!this.out.includes('\n')) {
      await Promise.race([
        new Promise((done) => this.child.stdout?.once('data', done)),
        this.ended.then(({ code, err }) => {
          throw new Error(`the server exited with ${code}: ${err}`);
        }),
      ]);
    }
    return this.out.slice(0, this.out.indexOf('\n'));
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessResult> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Starts a server for a home and creates its first administrator. */
export async function startServer(
  home: Home,
): Promise<{ server: ServerProcess; address: string; port: number; admin: KeyPair }> {
  const server = new ServerProcess(home, ['serve', '--port', '0', '--bootstrap', '-o', 'json']);
  const { Address, AccessKey } = JSON.parse(await server.readyLine());
  return { server, address: Address, port: Number(new URL(Address).port), admin: AccessKey };
}
