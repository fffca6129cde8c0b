import type { CommittedChange, Directory, Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import type { View } from '../view/format.ts';
import { toPrintableData } from '../view/printable-data.ts';
import type { ColourLevel } from '../view/style.ts';
import { commandLine, withDirectory } from './args.ts';
import type { Settings } from './settings.ts';
import type { ProgressBar, System, Terminal } from './system.ts';

/** Thrown if the reader of stdout has closed it. The command then ends without an error. */
export class BrokenPipe extends Error {}

/** Writes results to stdout and everything else to stderr. */
export type Output = Awaited<ReturnType<typeof createOutput>>;

/**
 * `isLocal` is whether the results are from a local directory. Remarks are added to `keptRemarks` if it is given, and otherwise written at once.
 * @throws Failure `usage` for an invalid query
 */
export async function createOutput(
  settings: Settings,
  isLocal: boolean,
  system: System,
  args: string[],
  keptRemarks?: string[],
) {
  const { terminal } = system;
  const writeRemark = (line: string) => (keptRemarks ? keptRemarks.push(line) : terminal.writeStderr(line));
  const readTerminal = (stream: 'out' | 'err') => ({
    size: terminal.size(stream),
    now: system.now(),
    isLocal,
    colourLevel: colourLevel(settings, terminal, stream),
  });
  const remark = (text: string) => {
    if (!settings.quiet) for (const line of text.split('\n')) writeRemark(`${stripUnsafeCharacters(line)}\n`);
  };
  // A result can be formatted several times, such as before and after the commit.
  const reported = new Set<string>();
  const reportUnknownMember = (text: string) => {
    if (!reported.has(text)) remark(`remark: --query: ${text}`);
    reported.add(text);
  };
  const compileQuery = async (expression: string) =>
    (await import('../view/query.ts')).compileQuery(expression, reportUnknownMember);
  const query = settings.query === undefined ? undefined : await compileQuery(settings.query);
  const { createFormatter } = await import('../view/format.ts');
  const format = await createFormatter(settings.output, { query, columns: settings.columns }, () =>
    readTerminal('out'),
  );
  const print = (text: string) => printTo(terminal, text);
  const hasProgressBars = terminal.size('err') !== undefined && !settings.quiet && settings.output !== 'json';
  return {
    /** Formats a result in the chosen format, with `--query` and `--columns` applied. */
    format,
    /** The option that may have removed a part of the result. */
    selection: settings.query === undefined ? '--columns' : '--query',
    /** The options that choose what is printed and in which format. */
    settings: { output: settings.output, query: settings.query, columns: settings.columns },
    /** Returns what --query selects from a result; the result without --query. */
    select: (value: unknown) => (query ? query(toPrintableData(value)) : value),
    /** Formats and prints a result. */
    show: <T>(view: View<T>, value: T) => print(format(view, value)),
    /** Prints a formatted result. */
    print,
    /** Prints the formatted result of a committed change. If printing fails, the error says that the change was made. */
    async printCommitted(text: string): Promise<void> {
      try {
        await print(text);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        throw new Failure(error.kind, error.code, `the change was made, but ${error.message}`);
      }
    },
    /** Whether remarks are left out. */
    isQuiet: settings.quiet,
    /** Writes a remark to stderr, unless `--quiet` is set. With `-o json`, remarks appear only after success. */
    remark,
    /** Writes a line to stderr at once, unless `--quiet` is set. */
    log(line: string): void {
      if (!settings.quiet) terminal.writeStderr(`${stripUnsafeCharacters(line)}\n`);
    },
    /** Shows a value on stderr to the person who answers the questions. */
    async showPrompt<T>(view: View<T>, value: T): Promise<void> {
      terminal.writeStderr((await createFormatter('table', {}, () => readTerminal('err')))(view, value));
    },
    /** Returns a ramctl command line for the same directory, quoted for a shell. */
    commandLine: (commandArgs: string[]) => withDirectory(commandLine(commandArgs), args),
    hasProgressBars,
    /** Shows the progress of a long task: a bar on a terminal, otherwise one remark. */
    async openProgress(label: string, total: number): Promise<ProgressBar> {
      if (hasProgressBars && total > 0) return system.openProgressBar(label, total);
      if (total > 0) remark(`${label}: ${total}`);
      return { step: () => {}, done: () => {} };
    },
  };
}

type Services = { directory: Directory; output: Output };
type Work<T> = (operations: Operations) => Promise<T>;

/** Runs one transaction, prints its result and returns it, see `commitAndShow`. */
export async function changeAndShow<T>(services: Services, view: View<T>, work: Work<T>): Promise<T> {
  return (await commitAndShow(services, view, work)).value;
}

/**
 * Runs one transaction and prints its result. The result is formatted before the commit, so that a result that cannot be
 * formatted changes nothing.
 */
export async function commitAndShow<T>(
  { directory, output }: Services,
  view: View<T>,
  work: Work<T>,
): Promise<CommittedChange<T>> {
  let text = '';
  const change = await directory.atomically(async (operations) => {
    const result = await work(operations);
    text = output.format(view, result);
    return result;
  });
  await output.printCommitted(text);
  return change;
}

/** Reads from one revision of the directory and prints what `work` returns. */
export async function readAndShow<T>({ directory, output }: Services, view: View<T>, work: Work<T>) {
  return output.show(view, await directory.reading(work));
}

/** The colour level of chalk for a stream, after `--color` is applied. */
export function colourLevel({ color }: Settings, terminal: Terminal, stream: 'out' | 'err'): ColourLevel {
  if (color === 'never') return 0;
  return color === 'always' && terminal.colourLevel(stream) === 0 ? 1 : terminal.colourLevel(stream);
}

/** Prints to stdout. @throws BrokenPipe, Failure `later` (`OutputFailed`) */
export async function printTo(terminal: Terminal, text: string): Promise<undefined> {
  if (text === '') return;
  try {
    await terminal.writeStdout(text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') throw new BrokenPipe();
    throw new Failure('later', 'OutputFailed', `the result could not be written: ${code ?? message}`);
  }
}
