import { CommanderError } from 'commander';
import type { Failure } from '../core/failure.ts';
import { commandLine, wantsJson } from './args.ts';
import type { CommandContext } from './context.ts';
import { formatHelpCommand, reportError } from './errors.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { NOUNS } from './nouns.ts';
import { BrokenPipe, createOutput, printTo } from './output.ts';
import { createProgram } from './program.ts';
import { createPrompts } from './prompts.ts';
import { type GlobalOptions, resolveSettings } from './settings.ts';
import type { System } from './system.ts';
import { usageError } from './usage-error.ts';

/**
 * Runs one command line and returns its exit code. This is the only place where a Failure is caught: on success stdout
 * holds the result; on failure stdout is empty and stderr explains why.
 */
export async function run(args: string[], version: string, system: System): Promise<number> {
  let help = '';
  const { terminal, environment } = system;
  // A failing command with -o json writes one JSON object to stderr and nothing else, so remarks wait for success.
  const heldRemarks: string[] | undefined = wantsJson(args, environment.output) ? [] : undefined;
  const remark = (line: string) => (heldRemarks ? heldRemarks.push(line) : terminal.writeStderr(line));
  const collectHelp = (text: string) => {
    help += text;
  };
  const program = createProgram(version, (options) => openContext(options, system, args, remark), {
    writeOut: collectHelp,
    writeErr: collectHelp,
    outputError: () => {},
  });
  // The completion scripts call this. It is not a command, so that no help lists it.
  if (args[0] === 'complete' && args[1] === '--') {
    const { printCompletions: complete } = await import('./completion/complete.ts');
    return complete(args.slice(2), program, system);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    await printTo(terminal, help);
    heldRemarks?.forEach(terminal.writeStderr);
    return program.exitCode;
  } catch (error) {
    return endWithError(error);
  }

  async function endWithError(error: unknown): Promise<number> {
    if (error instanceof BrokenPipe) return EXIT_CODES.success;
    if (!(error instanceof CommanderError)) return reportError(error, args, system);
    if (error.exitCode !== 0) return reportError(commandLineFailure(error, help, args), args, system);
    return printTo(terminal, help).then(() => EXIT_CODES.success, endWithError);
  }
}

async function openContext(
  options: GlobalOptions,
  system: System,
  args: string[],
  remark: (line: string) => void,
): Promise<CommandContext> {
  const settings = resolveSettings(options, system.environment);
  const output = await createOutput(settings, system, args, remark);
  const { directory, file } = await system.openDirectory(settings.directory);
  let isStdinRead = false;
  return {
    directory,
    file,
    output,
    prompts: createPrompts(settings, system, args),
    system,
    startedAt: system.now(),
    async readInput(path) {
      if (path !== '-') return system.readFile(path);
      if (isStdinRead) throw usageError('stdin can be read once only', '-');
      isStdinRead = true;
      return { text: await system.terminal.readStdin(), isReadableByOthers: false };
    },
  };
}

/** commander's complaint in our args; where it only has its help to show, the hint says how to get it. */
function commandLineFailure(error: CommanderError, help: string, args: string[]): Failure {
  if (error.code === 'commander.help') {
    const line = /^Usage: (ramctl(?: \S+)*?)(?: \[options\]| <|$)/m.exec(help)?.[1] ?? 'ramctl';
    return usageError('a command is missing', undefined, `${line} --help`);
  }
  const [complaint = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const wrong = /'([^']+)'/.exec(complaint)?.[1];
  const better = /Did you mean (?:one of )?([^,?]+)/.exec(suggestion)?.[1];
  // What else was typed is not repeated: it may be a secret that somebody thought belongs there.
  const meant = better?.startsWith('--')
    ? `${formatHelpCommand(args)}   # did you mean ${better}?`
    : better &&
      commandLine([...args.slice(0, args.indexOf(wrong ?? '')).filter((arg) => Object.hasOwn(NOUNS, arg)), better]);
  return usageError(complaint.replace(/('--?[^'=]+)=.*'/, "$1'"), undefined, meant);
}
