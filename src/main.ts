import packageJson from '../package.json' with { type: 'json' };
import type { Host } from './cli/app.ts';
import { run } from './cli/run.ts';
import type { Finding, Place } from './core/store.ts';
import { systemClock } from './system/clock.ts';
import { type Environment, readEnvironment } from './system/settings.ts';
import { systemTerminal } from './system/terminal.ts';

/** Runs one command line of a process; resolves to its exit code. The only place that knows every room. */
export async function main(process: NodeJS.Process): Promise<number> {
  const environment = readEnvironment(process.env);
  const progress: Progress = { committed: false };
  const terminal = systemTerminal(process);
  exitOnSignals(process, progress);
  const host: Host = {
    version: packageJson.version,
    terminal,
    environment,
    now: () => systemClock.now(),
    openDirectory: (target) => openDirectory(target, environment, progress),
    async openPrompter() {
      const { inquirerPrompter } = await import('./ask/inquirer.ts');
      return inquirerPrompter({ input: process.stdin, output: process.stderr });
    },
    async readFile(path) {
      return (await import('./system/files.ts')).readInputFile(path);
    },
    async openFile(path, overwrite) {
      return (await import('./system/files.ts')).openSecretFile(path, overwrite);
    },
  };
  const code = await run(process.argv.slice(2), host);
  return progress.interrupted ?? code;
}

interface Progress {
  committed: boolean;
  interrupted?: number;
}

async function openDirectory(target: string | undefined, environment: Environment, progress: Progress) {
  const [{ JsonStore, directoryPath }, { localDirectory }, { freshState }, { systemEntropy }, { FileVault }] =
    await Promise.all([
      import('./store/json.ts'),
      import('./core/local.ts'),
      import('./core/account.ts'),
      import('./system/entropy.ts'),
      import('./system/vault.ts'),
    ]);
  const clock = systemClock;
  const entropy = systemEntropy;
  const path = directoryPath(target);
  const keyFile = environment.keyFile ?? `${path.replace(/\.json$/, '')}.key`;
  const vault = new FileVault(keyFile, entropy);
  const fresh = () => freshState(clock, entropy);
  const committed = () => {
    progress.committed = true;
  };
  const store = new JsonStore(path, { clock, entropy, fresh, committed });
  const place: Place = {
    Path: path,
    KeyFile: keyFile,
    exists: () => store.exists(),
    check: async () => [...store.check(vault), ...(await exposures([path, keyFile]))],
  };
  return { directory: localDirectory({ store, clock, entropy, vault }), place };
}

async function exposures(paths: string[]): Promise<Finding[]> {
  const { isExposed } = await import('./system/files.ts');
  return paths
    .filter(isExposed)
    .map((path) => ({ Code: 'Mode', Message: `${path} can be reached by others; chmod 600 ${path}` }));
}

/**
 * An interrupted command says whether anything was written. What was written is still handed over, a secret would be
 * lost otherwise; a second signal does not wait for that.
 */
function exitOnSignals(process: NodeJS.Process, progress: Progress): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      const leave = !progress.committed || progress.interrupted !== undefined;
      progress.interrupted = code;
      const what = progress.committed ? 'the change was written' : 'nothing was written';
      process.stderr.write(`interrupted; ${what}\n`, () => {
        if (leave) process.exit(code);
      });
    });
  }
}
