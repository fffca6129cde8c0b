import { CommanderError } from 'commander';
import { Cancelled } from '../ask/prompter.ts';
import { Failure } from '../core/failure.ts';
import { plain, plainLines } from '../core/plain.ts';
import { FORMATS, type Format, formatter } from '../view/format.ts';
import { compileQuery, type Query } from '../view/query.ts';
import { type App, type Host, type Settings, usage } from './app.ts';
import type { GlobalOptions } from './command.ts';
import { EXIT } from './exit.ts';
import { createProgram, NOUNS } from './program.ts';
import { commandLine, helpCommand, here, report, wantsJson } from './report.ts';

/** Thrown when the reader of stdout has gone: nobody is left to be told anything. */
class ReaderGone extends Error {}

/**
 * One command line, from words to exit code. The only place where a Failure is caught: on success stdout holds the
 * result, on failure it is empty and stderr says why.
 */
export async function run(words: string[], host: Host): Promise<number> {
  let help = '';
  // A failing command with -o json writes one JSON object to stderr and nothing else: remarks wait for success.
  const held: string[] | undefined = wantsJson(words, host.environment.output) ? [] : undefined;
  const remark = (text: string) => (held ? held.push(text) : host.terminal.err(text));
  const collectHelp = (text: string) => {
    help += text;
  };
  const program = createProgram(host.version, (options) => openApp(options, host, remark, words), {
    writeOut: collectHelp,
    writeErr: collectHelp,
    outputError: () => {},
  });
  // What the scripts of `completion` call. No command, so that no help shows it.
  if (words[0] === 'complete' && words[1] === '--') {
    const { complete } = await import('./completion/answer.ts');
    return complete(words.slice(2), program, host);
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    if (help) await print(help, host);
    held?.forEach(host.terminal.err);
    return program.verdict;
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.done;
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) return report(commandLineFailure(error, help, words), words, host);
      return print(help, host).then(
        () => EXIT.done,
        (failed) => (failed instanceof ReaderGone ? EXIT.done : report(failed, words, host)),
      );
    }
    return report(error, words, host);
  }
}

async function openApp(
  options: GlobalOptions,
  host: Host,
  remark: (text: string) => void,
  words: string[],
): Promise<App> {
  const settings = resolveSettings(options, host);
  const query = settings.query === undefined ? undefined : await compiled(settings.query);
  const surface = (stream: 'out' | 'err') => ({
    width: host.terminal.widths[stream],
    now: host.now(),
    colourLevel: colourLevel(settings, host, stream),
  });
  const format = await formatter(settings.output, query, () => surface('out'));
  const { directory, place } = await host.openDirectory(settings.directory);
  const canAsk = () => settings.input && host.terminal.interactive;
  const prompter = () => host.openPrompter(colourLevel(settings, host, 'err') > 0);
  let inputIsRead = false;
  const app: App = {
    directory,
    place,
    now: host.now(),
    clock: () => host.now(),
    announce: (text) => host.terminal.err(text),
    async serve(endpoint) {
      // Not held back as remarks are with -o json: it goes on until somebody stops it.
      const log = (line: string) => {
        if (!settings.quiet) host.terminal.err(`${plain(line)}\n`);
      };
      const serving = await host.serve(directory, endpoint, log);
      return { ...serving, ready: () => log(`serving ${place.Path}; Ctrl-C stops`) };
    },
    aliyunConfig: host.environment.aliyunConfig ?? '',
    format,
    print: (text) => print(text, host),
    show: (view, value) => print(format(view, value), host),
    async change(view, work) {
      let text = '';
      const { value } = await directory.atomically(async (operations) => {
        const outcome = await work(operations);
        text = format(view, outcome);
        return outcome;
      });
      await app.printDone(text);
      return value;
    },
    async printDone(text) {
      try {
        await print(text, host);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        throw new Failure(error.kind, error.code, `the change was made, but ${error.message}`);
      }
    },
    async ask({ what, field, hint }) {
      if (!canAsk()) throw usage(what, field, hint);
      return prompter();
    },
    command: (others) => here(commandLine(others), words),
    async tell(view, value) {
      host.terminal.err((await formatter('table', undefined, () => surface('err')))(view, value));
    },
    async progress(label, total) {
      const isWatched = host.terminal.widths.err !== undefined && !settings.quiet && settings.output !== 'json';
      if (isWatched && total > 0) return host.openProgress(label, total);
      if (total > 0) app.note(`${label}: ${total}`);
      return { step: () => {}, done: () => {} };
    },
    note: (text) => {
      if (!settings.quiet) for (const line of text.split('\n')) remark(`${plain(line)}\n`);
    },
    async read(path) {
      if (path !== '-') return host.readFile(path);
      if (inputIsRead) throw usage('stdin can be read once only', '-');
      inputIsRead = true;
      return { text: await host.terminal.readInput(), exposed: false };
    },
    openFile: (path, overwrite) => host.openFile(path, overwrite),
    openConfig: (path) => host.openConfig(path),
    peek: (path) => host.peek(path),
    async openJobOutput() {
      const { jobOutput } = host.environment;
      if (jobOutput !== undefined && (await app.peek(jobOutput)) !== undefined) return host.openLog(jobOutput);
      throw usage('--secret-to github works in GitHub Actions only, where GITHUB_OUTPUT names a file', '--secret-to');
    },
    shell: (command, variables) => host.shell(command, variables),
    token: () => host.token(),
    confirm: {
      ready() {
        if (settings.yes || canAsk()) return;
        throw usage('this needs a confirmation and nobody is there to ask', '--yes', commandLine(['--yes', ...words]));
      },
      async ask(stakes) {
        if (settings.yes) return;
        app.confirm.ready();
        const person = await prompter();
        const { question, word } = await stakes();
        const sure =
          word === undefined
            ? await person.confirm(plainLines(question))
            : (await person.text(`${plainLines(question)} Type ${word} to confirm`)) === word;
        if (!sure) throw new Cancelled();
      },
    },
  };
  return app;
}

function resolveSettings(options: GlobalOptions, { environment }: Host): Settings {
  const output = options.output ?? environment.output ?? 'table';
  if (!(FORMATS as readonly string[]).includes(output)) {
    throw usage(`RAMCTL_OUTPUT must be one of ${FORMATS.join(', ')}`, 'RAMCTL_OUTPUT');
  }
  return {
    directory: options.directory ?? environment.directory,
    output: output as Format,
    query: options.query,
    yes: options.yes ?? false,
    input: options.input ?? environment.input ?? true,
    quiet: options.quiet ?? false,
    color: options.color ?? environment.color ?? 'auto',
  };
}

/** A query whose complaints, when it is read and when it is applied, are about the command line. */
async function compiled(expression: string): Promise<Query> {
  const complain = (error: unknown) => usage(`--query does not work: ${(error as Error).message}`, '--query');
  try {
    const query = await compileQuery(expression);
    return (value) => {
      try {
        return query(value);
      } catch (error) {
        throw complain(error);
      }
    };
  } catch (error) {
    throw complain(error);
  }
}

function colourLevel({ color }: Settings, { terminal }: Host, stream: 'out' | 'err' = 'out'): 0 | 1 | 2 | 3 {
  if (color === 'never') return 0;
  return color === 'always' && terminal.colours[stream] === 0 ? 1 : terminal.colours[stream];
}

async function print(text: string, host: Host): Promise<void> {
  if (text === '') return;
  try {
    await host.terminal.out(text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') throw new ReaderGone();
    throw new Failure('later', 'OutputFailed', `the result could not be written: ${code ?? message}`);
  }
}

/** commander's complaint in our words; where it only has its help to show, the hint says how to get it. */
function commandLineFailure(error: CommanderError, help: string, words: string[]): Failure {
  if (error.code === 'commander.help') {
    const line = /^Usage: (ramctl(?: \S+)*?)(?: \[options\]| <|$)/m.exec(help)?.[1] ?? 'ramctl';
    return usage('a command is missing', undefined, `${line} --help`);
  }
  const [complaint = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const wrong = /'([^']+)'/.exec(complaint)?.[1];
  const better = /Did you mean (?:one of )?([^,?]+)/.exec(suggestion)?.[1];
  // What else was typed is not repeated: it may be a secret that somebody thought belongs there.
  const meant = better?.startsWith('--')
    ? `${helpCommand(words)}   # did you mean ${better}?`
    : better &&
      commandLine([...words.slice(0, words.indexOf(wrong ?? '')).filter((word) => Object.hasOwn(NOUNS, word)), better]);
  return usage(complaint.replace(/('--?[^'=]+)=.*'/, "$1'"), undefined, meant);
}
