import { spawn } from 'node:child_process';

/**
 * Runs a command by `sh -c`, its output going to our stderr. `variables` are added to its environment, which is the
 * only place where they can be seen. Gives its exit code; one that a signal ended has none, so 128 stands for it.
 */
export function runShell(command: string, variables: Record<string, string>): Promise<number> {
  const child = spawn('sh', ['-c', command], { env: { ...process.env, ...variables }, stdio: ['ignore', 2, 2] });
  return new Promise((done, fail) => {
    child.on('error', fail).on('close', (code) => done(code ?? 128));
  });
}
