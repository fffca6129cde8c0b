import { CommanderError } from 'commander';
import type { Encoding } from '../core/encoding.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { findRemoteTarget, type Target } from '../core/target.ts';
import { LOCAL_USERS_NOTE } from '../view/local-directory.ts';
import { quote, wantsJson } from './args.ts';
import type { ContextOpener, DirectoryRules, LocalVerb } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { isWrongInput, reportError } from './errors.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { BrokenPipe, createOutput, printTo } from './output.ts';
import { createProgram } from './program.ts';
import { createPrompts } from './prompts.ts';
import { type GlobalOptions, resolveSettings } from './settings.ts';
import type { OpenedDirectory, System } from './system.ts';
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
  const openContext: ContextOpener = (options, rules) => createContext(options, rules, system, args, keptRemarks);
  const program = createProgram(version, openContext, {
    writeOut: (text) => help.push(text),
    // commander would open Node's stream of stdout, which takes milliseconds for a pipe.
    getOutHelpWidth: () => terminal.size('out')?.width ?? 80,
    getOutHasColors: () => false,
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
    for (const remark of keptRemarks ?? []) terminal.writeStderr(remark);
    return program.exitCode;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT_CODES.success;
    if (error instanceof Failure && isWrongInput(error)) {
      const { findHint } = await import('./correction/index.ts');
      error.details.Hint = (await findHint(error, program, args)) ?? error.details.Hint ?? program.helpLine;
    }
    return reportError(error, args, system);
  }
}

async function createContext(
  options: GlobalOptions,
  { canCreate, localOnly }: DirectoryRules,
  system: System,
  args: string[],
  keptRemarks?: string[],
): Promise<CommandContext> {
  const settings = resolveSettings(options, system.environment);
  const remoteTarget = findRemoteTarget(settings.directory);
  if (remoteTarget && localOnly) throw notSupported(localOnly, remoteTarget);
  const output = await createOutput(settings, remoteTarget === undefined, system, args, keptRemarks);
  const onCreate = (path: string) => output.remark(`remark: Created the directory ${path}. ${LOCAL_USERS_NOTE}`);
  // A missing directory that is named may be a mistyped path.
  const isDefault = settings.directory === undefined;
  const opened = await system.openDirectory(settings.directory, canCreate && isDefault ? onCreate : undefined);
  const accountLine = remoteTarget && (() => describeAccount(opened));
  let isStdinRead = false;
  return {
    ...opened,
    output,
    prompts: createPrompts(settings, system, args, accountLine),
    system,
    startedAt: system.startedAt,
    async readInput(path: string, encoding?: Encoding) {
      if (path !== '-') return system.readFile(path, encoding);
      if (isStdinRead) throw usageError('stdin can be read only once', '-', 'read one of the inputs from a file');
      isStdinRead = true;
      return { text: await system.terminal.readStdin(encoding), isReadableByOthers: false };
    },
  };
}

function notSupported({ name, alternative }: LocalVerb, target: Target): Failure {
  const message = `${name} needs a local directory and cannot be used for ${target.name}`;
  return new Failure('refused', 'NotSupported', message, {
    Hint: alternative.replaceAll('<target>', quote(target.name)),
  });
}

/** Returns the line that names the account before a change of it is confirmed. */
async function describeAccount({ directory, target }: OpenedDirectory): Promise<string> {
  const { AccountId } = await directory.getCallerIdentity();
  // The alias helps to recognize the account, but the caller may lack the permission to read it.
  const { AccountAlias } = await directory.getAccountAlias().catch((error: unknown) => {
    if (isFailure(error) && error.kind === 'denied') return { AccountAlias: null };
    throw error;
  });
  return `Account: ${AccountAlias === null ? '' : `${AccountAlias}, `}${AccountId} (${target.name})`;
}
