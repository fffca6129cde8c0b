import { Cancelled, type Choice, type Prompter } from '../../src/ask/prompter.ts';
import { describeCommand } from '../../src/cli/args.ts';
import { run } from '../../src/cli/run.ts';
import type { Environment, OpenedDirectory, SecretFiles, SharedFileSink, System } from '../../src/cli/system.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import type { Backup, DirectoryFile } from '../../src/core/directory-file.ts';
import type { Encoding } from '../../src/core/encoding.ts';
import type { Problem } from '../../src/core/failure.ts';
import { Failure } from '../../src/core/failure.ts';
import type { History } from '../../src/core/history.ts';
import { localDirectory } from '../../src/core/local.ts';
import { localHistory } from '../../src/core/local-history.ts';
import type { RandomSource } from '../../src/core/random.ts';
import { copyState, createInitialState, type State } from '../../src/core/state.ts';
import { findRemoteTarget, type Target } from '../../src/core/target.ts';
import type { Vault } from '../../src/core/vault.ts';
import { encodeBody } from '../../src/store/file-format.ts';
import { decodeText } from '../../src/system/decode-text.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryStore } from './memory-store.ts';
import { seededRandom } from './process.ts';
import { splitWords } from './shell.ts';

/** The lowest cost that a stored hash may have. */
export const TEST_HASH_COST = { memoryCost: 10, timeCost: 1 };

/** The result of a command line. */
export interface CommandResult {
  code: number;
  out: string;
  err: string;
  /** The questions that were asked, and in parentheses the errors about wrong answers. */
  questions: string[];
  /** stdout as JSON. */
  readonly json: never;
  /** stderr as JSON. */
  readonly error: {
    Code: string;
    Message: string;
    Hint?: string;
    Field?: string;
    Blockers?: { Kind: string; Name: string; Command: string }[];
    Errors?: { Code: string; Message: string }[];
  };
}

/**
 * The answers to the questions of a command, in order; a part of each question is enough. The answer `'^C'` cancels. A
 * function gets the text on stderr so far and returns the answer; it can also change the directory meanwhile.
 */
export type Answers = [question: string, answer: unknown][];

export interface RunOptions {
  /** Replaces `sh -c`. Returns the exit code of the command (default: 0). */
  shell?: (command: string, variables: Record<string, string>) => Promise<number | undefined>;
  /** The remote directory, which the command uses in place of `directory`. */
  remote?: Directory;
  /** The content of stdin. */
  input?: string | Uint8Array;
  /** Makes the terminal interactive. The test fails if an answer remains unused. */
  answers?: Answers;
  environment?: Environment;
  /** The contents of the existing files, by path. */
  files?: Record<string, string | Uint8Array>;
  /** Whether other users of the machine can read these files. */
  isReadableByOthers?: boolean;
  /** The code of the error that writing to stdout fails with: `EPIPE`, `ENOSPC`. */
  brokenOutput?: string;
  /** Runs between the change and the failing write to stdout. */
  meanwhile?: () => Promise<unknown>;
  width?: number;
  /** The rows of the terminal (default: 24). */
  height?: number;
  /** The colour level of stdout, as chalk counts it. */
  colours?: 0 | 1 | 2 | 3;
}

/**
 * Runs ramctl commands on a directory in memory. The clock advances one second with each command, random bytes are the
 * same in each run, and secrets are stored unencrypted. With `-d aliyun:` or `-d <URL>`, the directory has no file.
 */
export class TestWorld {
  readonly clock = new SteppingClock('2026-01-01T00:00:00Z');
  readonly random: RandomSource = createTestRandom();
  readonly store = new MemoryStore(createInitialState(this.clock, this.random), {
    now: () => this.clock.now(),
    command: () => this.#command,
  });
  readonly directory: Directory;
  readonly history: History;
  readonly file: DirectoryFile = {
    Path: '/memory/directory.json',
    KeyFile: '/memory/directory.key',
    exists: () => true,
    assertExists: () => {},
    create: async ({ AccountId = '1'.repeat(16), AccountAlias = null }, beforeCommit) => {
      const { Path: Directory, KeyFile } = this.file;
      beforeCommit({ Directory, KeyFile, AccountId, AccountAlias, DefaultDomain: `${AccountId}.onaliyun.com` });
    },
    isOwnFile: (path) => path.startsWith('/memory/directory.'),
    findProblems: async () => this.problems,
    readBackup: async () => this.#copy(),
    readKey: () => 'test-key\n',
    openBackup: async () => ({ ...(await this.#copy()), restore: async () => '/memory/directory.json.before' }),
  };
  /** The `--directory` targets of the commands that opened a directory. */
  readonly opened: (string | undefined)[] = [];
  /** The directories that commands open instead of `directory`, by target. */
  readonly targets = new Map<string | undefined, OpenedDirectory>();
  /** The progress bars that were shown, with the steps that they advanced. */
  readonly progressBars: { label: string; total: number; steps: number }[] = [];
  /** The contents of the files that received secrets, by path. */
  readonly delivered = new Map<string, string>();
  /** The images that contain a secret, by path. */
  readonly images = new Map<string, Uint8Array>();
  /** The paths of secret files that can be opened but not written. */
  readonly failingPaths = new Set<string>();
  /** The paths of shared files that are open: neither written nor discarded. */
  readonly openPaths = new Set<string>();
  /** The commands that were run with `sh -c`, with their variables. */
  readonly shellCommands: { command: string; variables: Record<string, string> }[] = [];
  /** The journals of imports in a remote directory, by the id of the import. */
  readonly journals = new Map<string, MemoryJournal>();
  /** The problems that `directory check` finds. */
  problems: Problem[] = [];

  /** The command line that runs, for the history. */
  #command = '';

  constructor(vault: Vault = createPlainVault()) {
    const { store, clock, random } = this;
    this.directory = localDirectory({ store, clock, random, vault, hashCost: TEST_HASH_COST });
    this.history = localHistory({ store, clock, vault });
  }

  /** Runs one command line, given as arguments or as text for a shell. */
  async ramctl(line: string | string[], options: RunOptions = {}): Promise<CommandResult> {
    const args = typeof line === 'string' ? splitWords(line) : line;
    this.#command = describeCommand(args);
    this.clock.step(1);
    let out = '';
    let err = '';
    const answers = [...(options.answers ?? [])];
    const questions: string[] = [];
    const system: System = {
      environment: { aliyunConfigPath: '~/.aliyun/config.json', ...options.environment },
      now: () => this.clock.now(),
      startedAt: this.clock.now(),
      terminal: {
        isStdoutClosed: false,
        isInteractive: options.answers !== undefined,
        size: (stream) => {
          const { width = stream === 'err' ? 80 : undefined, height = 24 } = options;
          return width === undefined ? undefined : { width, height };
        },
        colourLevel: (stream) => (stream === 'out' ? (options.colours ?? 0) : 0),
        writeStdout: async (text) => {
          if (options.brokenOutput) {
            await options.meanwhile?.();
            throw Object.assign(new Error('write'), { code: options.brokenOutput });
          }
          out += text;
        },
        writeStderr: (text) => {
          err += text;
        },
        flushStderr: async () => {},
        readStdin: async (encoding) => readText(options.input ?? '', 'stdin', encoding),
      },
      openDirectory: async (target) => {
        this.opened.push(target);
        const known = this.targets.get(target);
        if (known) return known;
        const { directory, file, history } = this;
        const { remote } = options;
        if (remote) return { directory: remote, target: { kind: 'endpoint', name: 'http://127.0.0.1:1' } };
        const remoteTarget = findRemoteTarget(target);
        if (remoteTarget) return { directory, target: remoteTarget };
        return { directory, target: { kind: 'local', name: file.Path }, file, history };
      },
      serve: async () => ({ Address: 'http://127.0.0.1:1', stop: () => {}, stopped: Promise.resolve() }),
      openSelfSignedCertificate: async () => ({ cert: '', key: '', path: '/memory/directory.tls.crt', isNew: true }),
      openPrompter: async () => createScriptedPrompter(answers, questions, () => err),
      openProgressBar: async (label, total) => {
        const bar = { label, total, steps: 0 };
        this.progressBars.push(bar);
        return {
          step: () => {
            bar.steps += 1;
          },
          done: () => {},
        };
      },
      readFile: async (path, encoding) => {
        const content = options.files?.[path];
        if (content === undefined) throw new Failure('missing', 'FileNotFound', `there is no file ${path}`);
        const text = readText(content, path, encoding);
        return { text, isReadableByOthers: options.isReadableByOthers ?? false };
      },
      listFolder: async (path) => {
        const paths = Object.keys(options.files ?? {}).filter((name) => name.startsWith(`${path}/`));
        return paths.length > 0 ? paths.sort() : undefined;
      },
      openSecretFiles: async (overwrite, isProvisional) => this.#openFiles(overwrite, isProvisional),
      openSharedFile: async (path) => this.#openSharedFile(path),
      openAppendFile: async (path) => this.#openSharedFile(path),
      tryReadSecretFile: async (path) => options.files?.[path]?.toString() ?? this.delivered.get(path),
      runShell: async (command, variables) => {
        this.shellCommands.push({ command, variables });
        return String((await options.shell?.(command, variables)) ?? 0);
      },
      openImportJournal: async (id) => Object.assign(this.#journal(id), { close: async () => {} }),
      readImportJournal: async (id) => this.#journal(id).entries(),
      randomToken: async () => 'f'.repeat(32),
    };
    const code = await run(args, '0.0.0-test', system);
    if (answers.length > 0) throw new Error(`not asked: ${answers.map(([question]) => question).join(', ')}`);
    return {
      code,
      out,
      err,
      questions,
      get json() {
        return JSON.parse(out) as never;
      },
      get error() {
        return JSON.parse(err);
      },
    };
  }

  /** Makes the directory of another world available to commands under a target name. */
  addTarget(name: string, { directory, file, history }: TestWorld, kind: Target['kind'] = 'local'): void {
    this.targets.set(name, {
      directory,
      target: { kind, name },
      history,
      file: { ...file, Path: name, isOwnFile: (path) => path === name },
    });
  }

  /** A copy of the state of the directory. */
  state(): Promise<State> {
    return this.store.read(async (state) => copyState(state));
  }

  #journal(id: string): MemoryJournal {
    const journal = this.journals.get(id) ?? new MemoryJournal(() => this.clock.now());
    this.journals.set(id, journal);
    return journal;
  }

  async #copy(): Promise<Backup> {
    const { Account, Users } = await this.state();
    return { text: encodeBody(await this.state()), AccountId: Account.AccountId, Users: Users.size };
  }

  /** Files that are written together or not at all. */
  #openFiles(overwrite: boolean, isProvisional = false): SecretFiles {
    const written: string[] = [];
    const test = (paths: string[]) => {
      const existing = paths.find((path) => this.delivered.has(path) || this.images.has(path));
      if (existing && !overwrite) throw new Failure('refused', 'FileExists', `${existing} already exists`);
    };
    return {
      test,
      deliver: (files) => {
        const paths = files.map(([path]) => path);
        test(paths);
        for (const path of paths) this.#assertCanWrite(path);
        for (const [path, content] of files) {
          if (typeof content === 'string') this.delivered.set(path, content);
          else this.images.set(path, content);
        }
        written.push(...paths);
      },
      discard: () => {
        if (isProvisional) for (const path of written) this.images.delete(path);
      },
    };
  }

  #assertCanWrite(path: string): void {
    if (this.failingPaths.has(path)) throw new Failure('later', 'SinkUnavailable', `${path} cannot be written`);
  }

  #openSharedFile(path: string): SharedFileSink {
    this.openPaths.add(path);
    return {
      read: () => this.delivered.get(path),
      deliver: async (content) => {
        this.openPaths.delete(path);
        this.#assertCanWrite(path);
        this.delivered.set(path, content(this.delivered.get(path)));
      },
      discard: () => {
        this.openPaths.delete(path);
      },
    };
  }
}

function readText(content: string | Uint8Array, source: string, encoding: Encoding | undefined): string {
  return typeof content === 'string' ? content : decodeText(content, source, encoding);
}

export class SteppingClock implements Clock {
  #now: number;

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  step(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

/** A random source whose bytes differ from call to call, but are the same in each run. */
export function createTestRandom(): RandomSource {
  const random = seededRandom(1);
  return { bytes: (length) => Uint8Array.from({ length }, () => random() * 256) };
}

/** A vault that does not encrypt. */
export function createPlainVault(): Vault {
  return {
    ensureKey: () => 'test-key',
    verifyKey: () => {},
    removeTempFiles: () => {},
    encrypt: (text, label) => `${label}|${text}`,
    decrypt: (encrypted, label) => {
      if (!encrypted.startsWith(`${label}|`)) throw new Failure('broken', 'SealBroken', 'moved');
      return encrypted.slice(label.length + 1);
    },
  };
}

/** A prompter that takes the answers from a script and records the questions. */
function createScriptedPrompter(answers: Answers, questions: string[], readStderr: () => string): Prompter {
  const answer = async (question: string) => {
    questions.push(question);
    const next = answers.shift();
    if (!next || !question.includes(next[0])) throw new Error(`unexpected question: ${question}`);
    const reply = typeof next[1] === 'function' ? await next[1](readStderr()) : next[1];
    if (reply === '^C') throw new Cancelled();
    return reply;
  };
  /** Asks again after an invalid answer, like a prompt at a terminal. */
  const ask = async (question: string, check?: (text: string) => void, initial = ''): Promise<string> => {
    const typed = String(await answer(question));
    const text = typed === '=' ? initial : typed;
    try {
      check?.(text);
      return text;
    } catch (error) {
      questions.push(`(${(error as Error).message})`);
      return ask(question, check, initial);
    }
  };
  const findChoice = (choices: Choice<unknown>[], chosen: unknown) => {
    const choice = choices.find(({ name, value }) => value === chosen || name === chosen);
    if (!choice) throw new Error(`no such choice: ${chosen}`);
    return choice.value;
  };
  return {
    text: (question, { initial, validate } = {}) => ask(question, validate, initial),
    secret: (question, { validate } = {}) => ask(question, validate),
    confirm: async (question) => (await answer(question)) !== false,
    choose: async (question, choices) => findChoice(choices, await answer(question)) as never,
    search: async (question, choices) => findChoice(choices, await answer(question)) as string,
    chooseMany: async (question, choices) =>
      [await answer(question)].flat().map((chosen) => findChoice(choices, chosen) as string),
    pause: async (message) => {
      await answer(message).catch((error: unknown) => {
        if (!(error instanceof Cancelled)) throw error;
      });
    },
  };
}
