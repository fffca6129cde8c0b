import { type ChildProcess, spawn } from 'node:child_process';

/** A command at work. */
export interface RunningCommand {
  /** Its exit code, or the name of the signal that ended it, or why it could not be started. */
  outcome: Promise<string>;
  /** Ends it together with whatever it started. */
  stop(signal: NodeJS.Signals): void;
}

/**
 * Runs a command by `sh -c`, its output going to our stderr. `variables` are added to its environment, which is the only
 * place where they can be seen; a token of somebody else's session would not fit to them.
 */
export function startShellCommand(command: string, variables: Record<string, string>): RunningCommand {
  const { ALIBABA_CLOUD_SECURITY_TOKEN: _, ...inherited } = process.env;
  const env = { ...inherited, ...variables };
  let child: ChildProcess | undefined;
  const outcome = new Promise<string>((done) => {
    const start = () => spawn('/bin/sh', ['-c', command], { env, stdio: ['ignore', 2, 2], detached: true });
    try {
      child = start()
        .on('error', ({ message }) => done(message))
        .on('close', (code, signal) => done(signal ?? String(code)));
    } catch (error) {
      // A command that is too long, say.
      done((error as Error).message);
    }
  });
  const stop = (signal: NodeJS.Signals) => {
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  return { outcome, stop };
}
