import { availableParallelism } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import type { Progress as Bar, Host, Serving, Sink } from './cli/app.ts';
import { interruption } from './cli/report.ts';
import { run } from './cli/run.ts';
import { systemClock } from './system/clock.ts';
import { readEnvironment } from './system/settings.ts';
import type { Running } from './system/shell.ts';
import { systemTerminal } from './system/terminal.ts';

/** Runs one command line of a process; resolves to its exit code. This file, `backend.ts` and `place.ts` alone know every room. */
export async function main(process: NodeJS.Process): Promise<number> {
  const environment = readEnvironment(process.env);
  const progress: Progress = { committed: false, question: new AbortController(), isAsking: false };
  const terminal = systemTerminal(process);
  exitOnSignals(process, progress, environment.output);
  const host: Host = {
    version: packageJson.version,
    terminal,
    environment,
    now: () => systemClock.now(),
    async openDirectory(target) {
      const { openDirectory } = await import('./backend.ts');
      // Hashing takes 19 MiB a thread; Node's own default is four threads, whatever the machine has.
      process.env.UV_THREADPOOL_SIZE ??= String(Math.min(8, Math.max(4, availableParallelism())));
      return openDirectory(target, environment.keyFile, () => {
        progress.committed = true;
      });
    },
    async serve(directory, endpoint, log) {
      const [{ Service }, { listen }] = await Promise.all([import('./server/service.ts'), import('./server/http.ts')]);
      progress.server = await listen(new Service(directory, systemClock), systemClock, endpoint, log);
      return progress.server;
    },
    async openPrompter(colour) {
      // The library reads the environment when it is loaded.
      for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) delete process.env[name];
      if (!colour) process.env.NO_COLOR = '1';
      const { inquirerPrompter } = await import('./ask/inquirer.ts');
      const { signal } = progress.question;
      const asking = (isOpen: boolean) => {
        progress.isAsking = isOpen;
      };
      return inquirerPrompter({ input: process.stdin, output: process.stderr, signal, asking });
    },
    async openProgress(label, total) {
      progress.bar = await (await import('./system/progress.ts')).progressBar(process.stderr, label, total);
      return progress.bar;
    },
    async readFile(path) {
      return (await import('./system/files.ts')).readInputFile(path);
    },
    async openFile(path, overwrite) {
      progress.sink = (await import('./system/files.ts')).openSecretFile(path, overwrite);
      return progress.sink;
    },
    async openConfig(path) {
      const sink = (await import('./system/shared-file.ts')).openSharedFile(path);
      progress.sink = sink;
      return sink;
    },
    async openLog(path) {
      return (await import('./system/shared-file.ts')).openLog(path);
    },
    async peek(path) {
      return (await import('./system/files.ts')).peekSecretFile(path);
    },
    async shell(command, variables) {
      progress.shell = (await import('./system/shell.ts')).runShell(command, variables);
      return progress.shell.outcome.finally(() => {
        delete progress.shell;
      });
    },
    async token() {
      const { systemEntropy } = await import('./system/entropy.ts');
      return Buffer.from(systemEntropy.bytes(16)).toString('hex');
    },
  };
  const code = await run(process.argv.slice(2), host);
  if (progress.isUntold && code === 0) {
    terminal.err(interruption(progress.committed, process.argv.slice(2), environment.output));
  }
  return progress.interrupted ?? code;
}

/** How far a command has come, for whoever interrupts it. */
interface Progress {
  committed: boolean;
  sink?: Sink;
  bar?: Bar;
  /** What answers requests until it is told to stop, and whether it was. */
  server?: Serving;
  isStopping?: boolean;
  /** A command that is run for a check; how it ends decides what becomes of the rest. */
  shell?: Running;
  /** Whether nothing was said about an interruption, because a failure would say it. */
  isUntold?: boolean;
  /** Ends the question that is open. */
  question: AbortController;
  isAsking: boolean;
  interrupted?: number;
}

/**
 * An interrupted command says whether anything was written. What was written is still handed over, a secret would be
 * lost otherwise; a second signal does not wait for that. A question that is open is left, as Ctrl-C leaves it.
 */
function exitOnSignals(process: NodeJS.Process, progress: Progress, output: string | undefined): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (progress.isAsking) {
        progress.interrupted = code;
        progress.question.abort();
        return;
      }
      if (progress.server && !progress.isStopping) {
        progress.isStopping = true;
        progress.server.stop();
        return;
      }
      if (progress.shell && progress.interrupted === undefined) {
        progress.interrupted = code;
        progress.isUntold = true;
        progress.shell.stop(signal);
        return;
      }
      progress.shell?.stop('SIGKILL');
      const leave = !progress.committed || progress.interrupted !== undefined || progress.isStopping;
      progress.interrupted = code;
      progress.bar?.done();
      if (leave) progress.sink?.abandon();
      process.stderr.write(interruption(progress.committed, process.argv.slice(2), output), () => {
        if (leave) process.exit(code);
      });
    });
  }
}
