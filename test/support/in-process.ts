import { Writable } from 'node:stream';
import { vi } from 'vitest';
import type { Terminal } from '../../src/cli/system.ts';
import { main } from '../../src/main.ts';

/** Runs wait for each other here, because each sets the working folder and the environment of the process. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line as a process in `folder` would, with real files and stdin not a terminal. Returns its exit code and
 * what it wrote.
 */
export function runInThisProcess(
  folder: string,
  args: string[],
  input: string,
  environment: Record<string, string>,
  aheadMs: number,
  stopAt?: FileStep,
) {
  const run = queue.then(() => {
    const restore = enter(folder, environment, aheadMs);
    const work = () => runMain(args, input);
    return (stopAt ? runStopped(stopAt, work) : work()).finally(restore);
  });
  queue = run.catch(() => {});
  return run;
}

/** The nth call that changes files below a folder. */
export interface FileStep {
  step: number;
  folder: string;
}

/** Runs a command that changes no files from a step on, so that they are as after a kill. */
async function runStopped<T extends object>({ step, folder }: FileStep, work: () => Promise<T>) {
  const { withFileFault } = await import('./file-faults.ts');
  const { pid } = process;
  // Files whose names contain this number belong to no process.
  Object.defineProperty(process, 'pid', { value: 2 ** 22 + 1 });
  try {
    const [result, call] = await withFileFault(folder, { step, code: 'EIO', lasting: true, isWriteOnly: true }, work);
    return { ...result, wasStopped: call !== undefined };
  } finally {
    Object.defineProperty(process, 'pid', { value: pid });
  }
}

async function runMain(args: string[], input: string): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    isStdoutClosed: false,
    isInteractive: false,
    size: () => undefined,
    colourLevel: () => 0,
    writeStdout: async (text) => void out.push(text),
    writeStderr(text, onWritten) {
      err.push(text);
      onWritten?.();
    },
    flushStderr: async () => {},
    readStdin: async () => input,
  };
  const stderr = new Writable({
    write(chunk, _, done) {
      err.push(String(chunk));
      done();
    },
  });
  const self = { argv: [process.execPath, 'ramctl', ...args], env: process.env, stderr, uptime: () => 0, on() {} };
  const code = await main(self as unknown as NodeJS.Process, terminal);
  return { code, out: out.join(''), err: err.join('') };
}

/** Makes the process work in a folder that is also its home, with its clock ahead. Returns a function that undoes it. */
function enter(folder: string, environment: Record<string, string>, aheadMs: number): () => void {
  const before = { folder: process.cwd(), variables: { ...process.env } };
  process.chdir(folder);
  const { PATH, TMPDIR } = before.variables;
  replaceEnvironment({
    PATH,
    TMPDIR,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    ...environment,
  });
  if (aheadMs !== 0) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
  return () => {
    if (aheadMs !== 0) vi.useRealTimers();
    process.chdir(before.folder);
    replaceEnvironment(before.variables);
  };
}

function replaceEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
}
