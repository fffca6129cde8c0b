import { type ChildProcess, spawn } from 'node:child_process';
import { ignoreErrors } from '../disk/errors.ts';

export type RunningCommand = ReturnType<typeof startShellCommand>;

/**
 * Runs a command by `sh -c`; its output goes to stderr. `variables` are added to its environment, so that they do not
 * appear in the list of processes. A security token is removed, because it belongs to other credentials.
 */
export function startShellCommand(command: string, variables: Record<string, string>) {
  const { ALIBABA_CLOUD_SECURITY_TOKEN: _, ...inherited } = process.env;
  const env = { ...inherited, ...variables };
  let child: ChildProcess | undefined;
  const outcome = new Promise<string>((resolve, reject) => {
    // spawn throws when the command is too long, for example.
    child = spawn('/bin/sh', ['-c', command], { env, stdio: ['ignore', 2, 2], detached: true })
      .on('error', reject)
      .on('close', (code, signal) => resolve(signal ?? String(code)));
  }).catch((error: Error) => error.message);
  return {
    /** The exit code, the name of the signal that ended the command, or the reason why it could not start. */
    outcome,
    /** Sends a signal to the command and to all processes that it started. */
    stop(signal: NodeJS.Signals): void {
      const pid = child?.pid;
      // Fails when the command has ended.
      if (pid !== undefined) ignoreErrors(() => process.kill(-pid, signal));
    },
  };
}
