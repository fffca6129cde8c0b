import { CommanderError } from 'commander';
import type { Encoding } from '../core/encoding.ts';
import { wantsJson } from './args.ts';
import { reportError } from './errors.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { BrokenPipe, createOutput, printTo } from './output.ts';
import { createProgram } from './program.ts';
import { createPrompts } from './prompts.ts';
import { type GlobalOptions, resolveSettings } from './settings.ts';
import type { System } from './system.ts';
import { usageError } from './usage-error.ts';

/**
 * Runs one command line and returns its exit code. An error is reported on stderr, and stdout then has no result. A
 * negative verdict, such as that of `policy simulate`, is not an error: its result is on stdout.
 */
export async function run(args: string[], version: string, system: System): Promise<number> {
  const { terminal, environment } = system;
  // With -o json, a failing command writes only one JSON object to stderr. Remarks are therefore kept until success.
  const keptRemarks: string[] | undefined = wantsJson(args, environment.output) ? [] : undefined;
  const help: string[] = [];
  const program = createProgram(version, (options) => openContext(options, system, args, keptRemarks), {
    writeOut: (text) => help.push(text),
  });
  // The completion scripts call this. It is not a declared command, so that the help does not list it.
  if (args[0] === 'complete' && args[1] === '--') {
    const { printCompletions } = await import('./completion/complete.ts');
    await printCompletions(args.slice(2), program, system);
    return EXIT_CODES.success;
  }
  try {
    await program.parseAsync(args, { from: 'user' }).catch((error) => {
      // commander also throws after it has printed the help or the version.
      if (!(error instanceof CommanderError)) throw error;
    });
    await printTo(terminal, help.join(''));
    keptRemarks?.forEach(terminal.writeStderr);
    return program.exitCode;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT_CODES.success;
    return reportError(error, args, program.helpLine, system);
  }
}

async function openContext(options: GlobalOptions, system: System, args: string[], keptRemarks?: string[]) {
  const settings = resolveSettings(options, system.environment);
  const output = await createOutput(settings, system, args, keptRemarks);
  const { directory, file } = await system.openDirectory(settings.directory);
  let isStdinRead = false;
  return {
    directory,
    file,
    output,
    prompts: createPrompts(settings, system, args),
    system,
    startedAt: system.now(),
    async readInput(path: string, encoding?: Encoding) {
      if (path !== '-') return system.readFile(path, encoding);
      if (isStdinRead) throw usageError('stdin can be read only once', '-', 'read one of the inputs from a file');
      isStdinRead = true;
      return { text: await system.terminal.readStdin(encoding), isReadableByOthers: false };
    },
  };
}
