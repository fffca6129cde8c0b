import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type Home, PROGRAM, type ProcessResult } from './process.ts';
import type { KeyPair } from './signer.ts';

/** `ramctl serve` as a process of its own. It ends with its test. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessResult>;
  out = '';
  err = '';

  /** `words` begin with `serve`, or with a global option. */
  constructor(home: Home, words: string[]) {
    const started = performance.now();
    this.child = spawn(process.execPath, [PROGRAM, ...words], {
      cwd: home.folder,
      env: { PATH: process.env.PATH, HOME: home.folder, XDG_CONFIG_HOME: home.folder },
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

  /** The line that says it is ready. @throws when it ends without one */
  async readyLine(): Promise<string> {
    while (!this.out.includes('\n')) {
      await Promise.race([
        new Promise((done) => this.child.stdout?.once('data', done)),
        this.ended.then(({ code, err }) => {
          throw new Error(`ended with ${code}: ${err}`);
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

/** Serves a home whose first administrator it makes. */
export async function startServer(
  home: Home,
): Promise<{ server: ServerProcess; address: string; port: number; admin: KeyPair }> {
  const server = new ServerProcess(home, ['serve', '--port', '0', '--bootstrap', '-o', 'json']);
  const { Address, AccessKey } = JSON.parse(await server.readyLine());
  return { server, address: Address, port: Number(new URL(Address).port), admin: AccessKey };
}
