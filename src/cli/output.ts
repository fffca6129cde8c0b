import { stripControlCharacters } from '../core/control-characters.ts';
import type { Directory, Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { createFormatter, type Formatter, type View } from '../view/format.ts';
import { compileQuery, type Query } from '../view/query.ts';
import { commandLine, withDirectory } from './args.ts';
import type { Settings } from './settings.ts';
import type { ProgressBar, System, Terminal } from './system.ts';
import { usageError } from './usage-error.ts';

/** Thrown when the reader of stdout has closed it. The command then ends quietly. */
export class BrokenPipe extends Error {}

/** Results on stdout; everything else on stderr. */
export interface Output {
  /** Formats a result in the chosen format, with the query applied. */
  format: Formatter;
  /** Prints a result. */
  show<T>(view: View<T>, value: T): Promise<void>;
  /** Prints a result that is text already. */
  print(text: string): Promise<void>;
  /** Prints the result of a change that is committed, which the error must say if printing fails. */
  printCommitted(text: string): Promise<void>;
  /** Writes a remark to stderr, unless `--quiet`. With `-o json`, remarks appear only after success. */
  remark(text: string): void;
  /** Writes a line to stderr at once, unless `--quiet`. */
  log(line: string): void;
  /** Shows a value on stderr to the person who is being asked. */
  showPrompt<T>(view: View<T>, value: T): Promise<void>;
  /** A ramctl command line on the same directory, quoted for a shell. */
  commandLine(args: string[]): string;
  /** Shows the progress of a long task: a bar on a terminal, otherwise one remark. */
  openProgress(label: string, total: number): Promise<ProgressBar>;
}

/** `remark` receives each line of a remark. @throws Failure `usage` for a query that cannot be compiled */
export async function createOutput(
  settings: Settings,
  system: System,
  args: string[],
  remark: (line: string) => void,
): Promise<Output> {
  const { terminal } = system;
  const query = settings.query === undefined ? undefined : await compileUsersQuery(settings.query);
  const stream = (name: 'out' | 'err') => ({
    width: terminal.widths[name],
    now: system.now(),
    colourLevel: colourLevel(settings, terminal, name),
  });
  const format = await createFormatter(settings.output, query, () => stream('out'));
  const output: Output = {
    format,
    print: (text) => printTo(terminal, text),
    show: (view, value) => printTo(terminal, format(view, value)),
    async printCommitted(text) {
      try {
        await printTo(terminal, text);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        throw new Failure(error.kind, error.code, `the change was made, but ${error.message}`);
      }
    },
    remark(text) {
      if (!settings.quiet) for (const line of text.split('\n')) remark(`${stripControlCharacters(line)}\n`);
    },
    log(line) {
      if (!settings.quiet) terminal.writeStderr(`${stripControlCharacters(line)}\n`);
    },
    async showPrompt(view, value) {
      terminal.writeStderr((await createFormatter('table', undefined, () => stream('err')))(view, value));
    },
    commandLine: (others) => withDirectory(commandLine(others), args),
    async openProgress(label, total) {
      const hasBar = terminal.widths.err !== undefined && !settings.quiet && settings.output !== 'json';
      if (hasBar && total > 0) return system.openProgressBar(label, total);
      if (total > 0) output.remark(`${label}: ${total}`);
      return { step: () => {}, done: () => {} };
    },
  };
  return output;
}

/**
 * Runs one transaction and prints its outcome. The outcome is formatted before the commit, so that a result that cannot
 * be formatted changes nothing.
 */
export async function changeAndShow<T>(
  { directory, output }: { directory: Directory; output: Output },
  view: View<T>,
  work: (operations: Operations) => Promise<T>,
): Promise<T> {
  let text = '';
  const { value } = await directory.atomically(async (operations) => {
    const outcome = await work(operations);
    text = output.format(view, outcome);
    return outcome;
  });
  await output.printCommitted(text);
  return value;
}

/** chalk's colour level for a stream, after `--color` is applied. */
export function colourLevel({ color }: Settings, terminal: Terminal, stream: 'out' | 'err'): 0 | 1 | 2 | 3 {
  if (color === 'never') return 0;
  return color === 'always' && terminal.colourLevels[stream] === 0 ? 1 : terminal.colourLevels[stream];
}

/** Reads from one revision of the directory and prints what `work` returns. */
export async function readAndShow<T>(
  { directory, output }: { directory: Directory; output: Output },
  view: View<T>,
  work: (operations: Operations) => Promise<T>,
): Promise<void> {
  await output.show(view, await directory.reading(work));
}

/** Prints to stdout. @throws BrokenPipe, Failure `later` (`OutputFailed`) */
export async function printTo(terminal: Terminal, text: string): Promise<void> {
  if (text === '') return;
  try {
    await terminal.writeStdout(text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') throw new BrokenPipe();
    throw new Failure('later', 'OutputFailed', `the result could not be written: ${code ?? message}`);
  }
}

/** Compiles `--query`. Its errors, also later when it is applied, are usage errors. */
async function compileUsersQuery(expression: string): Promise<Query> {
  const usage = (error: unknown) => usageError(`--query does not work: ${(error as Error).message}`, '--query');
  try {
    const query = await compileQuery(expression);
    return (value) => {
      try {
        return query(value);
      } catch (error) {
        throw usage(error);
      }
    };
  } catch (error) {
    throw usage(error);
  }
}
