import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Pair } from './clients.ts';
import { type Home, PROGRAM } from './process.ts';

/** What `serve` says when it is ready. */
interface Served {
  Address: string;
  AccessKey: Pair;
}

/** A `ramctl serve` that is under way. */
export interface Serving extends Served {
  /** Its stderr so far. */
  log(): string;
  /** Asks it to stop; gives its exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the built program over the directory of a home, and waits for its line. */
export async function serve(home: Home, ...words: string[]): Promise<Serving> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '-o', 'json', ...words], {
    env: { PATH: process.env.PATH, HOME: home.folder, XDG_CONFIG_HOME: home.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const first = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(line) as Served);
  const served = await Promise.race([first, ended]);
  if (served === null || typeof served === 'number') throw new Error(`serve ended with ${served}: ${err}`);
  return {
    ...served,
    log: () => err,
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
