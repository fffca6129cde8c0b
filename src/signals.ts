import { constants } from 'node:os';
import type { Written } from './cli/errors.ts';
import type { ProgressBar, RunningServer, Terminal } from './cli/system.ts';
import type { RunningCommand } from './system/shell.ts';

/** What the running command is doing. A signal handler needs it to interrupt the command safely. */
export interface RunState {
  /** What the command has written. */
  written: Written;
  /** Whether the same command resumes the import that is running. */
  isResumable?: boolean;
  /** The destinations for secrets that were opened. */
  sinks: { discard(): void }[];
  progressBar?: ProgressBar;
  server?: RunningServer;
  /** Whether the server is stopping. */
  isStopping?: boolean;
  /** The command of `--check`. Its result decides how the rotation continues. */
  child?: RunningCommand;
  /** Ends the question that is open. */
  questions: AbortController;
  isAsking: boolean;
  /** The exit code of the signal that arrived. */
  interruptedWith?: number;
  /** Whether the interruption must still be reported, in case the command then succeeds. */
  isMessagePending?: boolean;
}

/**
 * Interrupts the command on a signal. In this order:
 *
 *   1. An open question is cancelled, as Ctrl-C cancels it.
 *   2. A server stops and finishes its requests.
 *   3. A check gets the same signal; its result decides what happens next.
 *   4. A remote change that was sent in part is finished or reverted, and `finishing` is written to stderr, unless it is an
 *      import that can be resumed. A second signal does not wait for that.
 *   5. Before the commit, the process ends at once, and so does an import that can be resumed. After the commit, the secret
 *      that was made is still delivered, because it would be lost otherwise. A second signal does not wait for that.
 *
 * `messages.interrupted` says what was written. It is written to stderr when the process ends because of the signal.
 */
export function handleSignals(
  process: NodeJS.Process,
  state: RunState,
  messages: Record<'interrupted' | 'finishing', () => string>,
  terminal: Pick<Terminal, 'writeStderr'>,
): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const exitCode = 128 + constants.signals[signal];
    process.on(signal, () => {
      if (state.isAsking) {
        state.interruptedWith = exitCode;
        state.questions.abort();
      } else if (state.server && !state.isStopping) {
        state.isStopping = true;
        state.server.stop();
      } else if (state.child && state.interruptedWith === undefined) {
        state.interruptedWith = exitCode;
        state.isMessagePending = true;
        state.child.stop(signal);
      } else if (state.written === 'part' && !state.isResumable && state.interruptedWith === undefined) {
        state.interruptedWith = exitCode;
        state.isMessagePending = true;
        state.progressBar?.done();
        terminal.writeStderr(messages.finishing());
      } else {
        state.child?.stop('SIGKILL');
        const exitsNow =
          state.written === 'nothing' || state.isResumable || state.interruptedWith !== undefined || state.isStopping;
        state.interruptedWith = exitCode;
        state.progressBar?.done();
        if (exitsNow) for (const sink of state.sinks) sink.discard();
        terminal.writeStderr(messages.interrupted(), () => {
          if (exitsNow) process.exit(exitCode);
        });
      }
    });
  }
}
