import { availableParallelism } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import { describeCommand } from './cli/args.ts';
import { finishingMessage, interruptionMessage } from './cli/errors.ts';
import { run } from './cli/run.ts';
import type { System, Terminal } from './cli/system.ts';
import { findRemoteTarget } from './core/target.ts';
import { handleSignals, type RunState } from './signals.ts';
import { systemClock } from './system/clock.ts';
import { readEnvironment, readUserName } from './system/environment.ts';
import { createTerminal } from './system/terminal.ts';

/** Runs the command line of a process and returns the exit code. Tests pass their own terminal. */
export async function main(process: NodeJS.Process, terminal: Terminal = createTerminal(process)): Promise<number> {
  const args = process.argv.slice(2);
  const environment = readEnvironment(process.env);
  const state: RunState = { written: 'nothing', sinks: [], questions: new AbortController(), isAsking: false };
  const interrupted = () => interruptionMessage(state, args, environment.output);
  const finishing = () => finishingMessage(args, environment.output);
  handleSignals(process, state, { interrupted, finishing }, terminal);
  const addSink = <T extends { discard(): void }>(sink: T): T => {
    state.sinks.push(sink);
    return sink;
  };
  const system: System = {
    environment,
    terminal,
    now: systemClock.now,
    startedAt: new Date(systemClock.now().getTime() - process.uptime() * 1000),
    async openDirectory(name, onCreate) {
      const target = findRemoteTarget(name);
      if (target) {
        const { openRemoteDirectory } = await import('./remote-directory.ts');
        const onChange = () => {
          state.written = 'part';
        };
        const userAgent = `ramctl/${packageJson.version}`;
        return openRemoteDirectory(target, { userAgent, onChange });
      }
      const { openDirectory } = await import('./directory-file.ts');
      // More threads than cores would make hashing slower. A password hash takes 19 MiB in each thread.
      process.env.UV_THREADPOOL_SIZE ??= String(Math.min(8, Math.max(2, availableParallelism())));
      const onCommit = () => {
        state.written = 'all';
      };
      const author = () => ({ Actor: environment.actor ?? readUserName(), Command: describeCommand(args) });
      return openDirectory(name, { namedKeyFile: environment.keyFile, onCommit, onCreate, author });
    },
    async serve(directory, endpoint, log) {
      const [{ Service }, { listen }] = await Promise.all([import('./server/service.ts'), import('./server/http.ts')]);
      state.server = await listen(new Service(directory, systemClock), systemClock, endpoint, log);
      return state.server;
    },
    openSelfSignedCertificate: async (path, names) =>
      (await import('./system/certificate-files.ts')).openSelfSignedCertificate(path, names, systemClock.now()),
    async openPrompter(hasColour) {
      // inquirer reads these variables when it is loaded.
      for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) delete process.env[name];
      if (!hasColour) process.env.NO_COLOR = '1';
      const { createInquirerPrompter } = await import('./ask/inquirer.ts');
      return createInquirerPrompter({
        input: process.stdin,
        output: process.stderr,
        signal: state.questions.signal,
        onPromptChange(isOpen) {
          state.isAsking = isOpen;
        },
      });
    },
    async openProgressBar(label, total) {
      state.progressBar = await (await import('./system/progress.ts')).createProgressBar(process.stderr, label, total);
      return state.progressBar;
    },
    readFile: async (path, encoding) => (await import('./system/input.ts')).readInputFile(path, encoding),
    listFolder: async (path) => (await import('./system/input.ts')).listFolder(path),
    openSecretFiles: async (overwrite, isProvisional) =>
      addSink((await import('./system/secret-files.ts')).openSecretFiles(overwrite, isProvisional)),
    openSharedFile: async (path) => addSink((await import('./system/shared-file.ts')).openSharedFile(path)),
    openAppendFile: async (path) => (await import('./system/shared-file.ts')).openAppendFile(path),
    tryReadSecretFile: async (path) => (await import('./system/secret-files.ts')).tryReadSecretFile(path),
    async runShell(command, variables) {
      state.child = (await import('./system/shell.ts')).startShellCommand(command, variables);
      return state.child.outcome.finally(() => delete state.child);
    },
    async openImportJournal(id, target) {
      const [{ importsFolder }, { openImportJournal }] = await loadImportJournal();
      const onChange = (exists: boolean) => {
        state.isResumable = exists;
      };
      return openImportJournal(importsFolder(), { id, targetName: target.name, clock: systemClock, onChange });
    },
    async readImportJournal(id) {
      const [{ importsFolder }, { readImportJournal }] = await loadImportJournal();
      return readImportJournal(importsFolder(), id);
    },
    randomToken: async () => (await import('node:crypto')).randomBytes(16).toString('hex'),
  };
  const loadImportJournal = () => Promise.all([import('./store/conf.ts'), import('./system/import-journal.ts')]);
  const exitCode = await run(args, packageJson.version, system);
  if (state.isMessagePending && exitCode === 0) {
    // The command has finished the remote change that the signal interrupted.
    if (state.written === 'part') state.written = 'all';
    terminal.writeStderr(interrupted());
  }
  await terminal.flushStderr();
  return state.interruptedWith ?? exitCode;
}
