import { CommanderError } from 'commander';
import { Cancelled, nobody } from '../ask/prompter.ts';
import { Failure } from '../core/failure.ts';
import { compileQuery, FORMATS, type Format, formatter } from '../view/format.ts';
import { type App, type Host, type Settings, usage } from './app.ts';
import type { GlobalOptions } from './command.ts';
import { EXIT } from './exit.ts';
import { createProgram } from './program.ts';
import { report, wantsJson } from './report.ts';

/** Thrown when the reader of stdout has gone: nobody is left to be told anything. */
class ReaderGone extends Error {}

/**
 * One command line, from words to exit code. The only place where a Failure is caught: on success stdout holds the
 * result, on failure it is empty and stderr says why.
 */
export async function run(words: string[], host: Host): Promise<number> {
  let help = '';
  // A failing command with -o json writes one JSON object to stderr and nothing else: remarks wait for success.
  const held: string[] | undefined = wantsJson(words, host) ? [] : undefined;
  const remark = (text: string) => (held ? held.push(text) : host.terminal.err(text));
  const collectHelp = (text: string) => {
    help += text;
  };
  const program = createProgram(host.version, (options) => openApp(options, host, remark), {
    writeOut: collectHelp,
    writeErr: collectHelp,
    outputError: () => {},
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    if (help) await print(help, host);
    held?.forEach(host.terminal.err);
    return program.verdict;
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.done;
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) return report(commandLineFailure(error, help), words, host);
      return print(help, host).then(
        () => EXIT.done,
        () => EXIT.done,
      );
    }
    return report(error, words, host);
  }
}

async function openApp(options: GlobalOptions, host: Host, remark: (text: string) => void): Promise<App> {
  const settings = resolveSettings(options, host);
  const query = settings.query === undefined ? undefined : await compiled(settings.query);
  const { Chalk } = settings.output === 'table' ? await import('chalk') : { Chalk: undefined };
  const style = () => {
    if (!Chalk) throw new Error('only tables have a style');
    return { width: host.terminal.width, colour: new Chalk({ level: colourLevel(settings, host) }), now: host.now() };
  };
  const format = await formatter(settings.output, query, style);
  const { directory, place } = await host.openDirectory(settings.directory);
  const asking = settings.input && host.terminal.interactive;
  let inputReader: string | undefined;
  const app: App = {
    directory,
    place,
    now: host.now(),
    format,
    print: (text) => print(text, host),
    show: (view, value) => print(format(view, value), host),
    note: (text) => {
      if (!settings.quiet) remark(`${text}\n`);
    },
    async read(path) {
      if (path !== '-') return host.readFile(path);
      if (inputReader) throw usage('stdin can be read once only', '-');
      inputReader = path;
      return { text: await host.terminal.readInput(), exposed: false };
    },
    openFile: (path, overwrite) => host.openFile(path, overwrite),
    confirm: {
      ready() {
        if (!settings.yes && !asking)
          throw usage('this needs a confirmation and nobody is there to ask', '--yes', 'add --yes');
      },
      async ask(question) {
        if (settings.yes) return;
        const prompter = asking ? await host.openPrompter() : nobody;
        if (!(await prompter.confirm(await question()))) throw new Cancelled();
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
    debug: options.debug ?? false,
  };
}

async function compiled(expression: string) {
  try {
    return await compileQuery(expression);
  } catch (error) {
    throw usage(`--query is not JMESPath: ${(error as Error).message}`, '--query');
  }
}

function colourLevel({ color }: Settings, { terminal }: Host): 0 | 1 | 2 | 3 {
  if (color === 'never') return 0;
  return color === 'always' && terminal.colours.out === 0 ? 1 : terminal.colours.out;
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

/** commander's complaint in our words; its help stands in for the message where it has nothing else to say. */
function commandLineFailure(error: CommanderError, help: string): Failure {
  if (error.code === 'commander.help') {
    const line = /^Usage: (ramctl(?: \S+)*?)(?: \[options\]| <|$)/m.exec(help)?.[1] ?? 'ramctl';
    return new Failure('usage', 'Usage', 'a command is missing', { Hint: `${line} --help` });
  }
  const [complaint = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const message = complaint.replace(/('--?[^'=]+)=.*'/, "$1'");
  const Hint = /Did you mean (?:one of )?(.+?)\?/.exec(suggestion)?.[1];
  return new Failure('usage', 'Usage', message, Hint === undefined ? {} : { Hint: `did you mean ${Hint}?` });
}
