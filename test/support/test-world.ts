import { Cancelled, type Choice, type Prompter } from '../../src/ask/prompter.ts';
import { run } from '../../src/cli/run.ts';
import type { Environment, SharedFileSink, System } from '../../src/cli/system.ts';
import { createInitialState } from '../../src/core/account.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';
import { localDirectory } from '../../src/core/local.ts';
import type { RandomSource } from '../../src/core/random.ts';
import type { State } from '../../src/core/state.ts';
import type { Backup, DirectoryFile, Problem } from '../../src/core/store.ts';
import type { Vault } from '../../src/core/vault.ts';
import { encodeBody } from '../../src/store/file-format.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { seededRandom } from './process.ts';
import { splitWords } from './shell.ts';

/** What one command line came to. */
export interface CommandResult {
  code: number;
  out: string;
  err: string;
  /** What a person was asked, and in parentheses what was wrong with an answer. */
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
  };
}

/**
 * A scripted person: question (a part of it is enough) and answer. `'^C'` leaves at the question; a function is given
 * what stderr shows so far and returns the answer, or does what somebody else does before the person says yes.
 */
export type Answers = [question: string, answer: unknown][];

export interface RunOptions {
  /** What a command run by `sh -c` does; its exit code is 0 unless it gives another. */
  shell?: (command: string, variables: Record<string, string>) => Promise<number | undefined>;
  /** What is piped into stdin. */
  input?: string;
  /** Makes the terminal interactive. Questions left over fail the test. */
  answers?: Answers;
  environment?: Environment;
  /** Files that can be read, by path. */
  files?: Record<string, string>;
  /** Whether others on the machine could have read those files. */
  isReadableByOthers?: boolean;
  /** The code of the error that writing to stdout ends in: `EPIPE`, `ENOSPC`. */
  brokenOutput?: string;
  /** What somebody else does between the change and its failing delivery. */
  meanwhile?: () => Promise<unknown>;
  width?: number;
  /** What stdout bears, as chalk counts. */
  colours?: 0 | 1 | 2 | 3;
}

/** A ramctl in memory: a stepping clock (one second a command), counted random, a vault that says what it sealed. */
export class TestWorld {
  readonly clock = new SteppingClock('2026-01-01T00:00:00Z');
  readonly random: RandomSource = createTestRandom();
  readonly store = new MemoryStore(createInitialState(this.clock, this.random));
  readonly directory: Directory;
  readonly file: DirectoryFile = {
    Path: '/memory/directory.json',
    KeyFile: '/memory/directory.key',
    exists: () => true,
    isOwnFile: (path) => path.startsWith('/memory/directory.'),
    findProblems: async () => this.problems,
    readBackup: async () => this.#copy(),
    readKey: () => 'test-key\n',
    openBackup: async () => ({ ...(await this.#copy()), restore: async () => '/memory/directory.json.before' }),
  };
  /** Which directories were opened, one entry a command that opened one. */
  readonly opened: (string | undefined)[] = [];
  /** What was delivered to files, by path. */
  readonly delivered = new Map<string, string>();
  /** Paths whose delivery fails after everything went well so far. */
  readonly failingPaths = new Set<string>();
  /** Paths that were opened for secrets and neither delivered nor abandoned. */
  readonly openPaths = new Set<string>();
  /** The commands that were run by `sh -c`, with their variables. */
  readonly shellCommands: { command: string; variables: Record<string, string> }[] = [];
  problems: Problem[] = [];

  constructor(vault: Vault = createPlainVault()) {
    const { store, clock, random } = this;
    this.directory = localDirectory({ store, clock, random, vault });
  }

  /** Runs one command line, given as words or as a shell would read it. */
  async ramctl(line: string | string[], situation: RunOptions = {}): Promise<CommandResult> {
    const words = typeof line === 'string' ? splitWords(line) : line;
    this.clock.step(1);
    let out = '';
    let err = '';
    const answers = [...(situation.answers ?? [])];
    const questions: string[] = [];
    const system: System = {
      environment: { aliyunConfig: '~/.aliyun/config.json', ...situation.environment },
      now: () => this.clock.now(),
      terminal: {
        isInteractive: situation.answers !== undefined,
        widths: { out: situation.width, err: situation.width ?? 80 },
        colourLevels: { out: situation.colours ?? 0, err: 0 },
        writeStdout: async (text) => {
          if (situation.brokenOutput) {
            await situation.meanwhile?.();
            throw Object.assign(new Error('write'), { code: situation.brokenOutput });
          }
          out += text;
        },
        writeStderr: (text) => {
          err += text;
        },
        readStdin: async () => situation.input ?? '',
      },
      openDirectory: async (target) => {
        this.opened.push(target);
        return { directory: this.directory, file: this.file };
      },
      serve: async () => ({ Address: 'http://127.0.0.1:1', stop: () => {}, stopped: Promise.resolve() }),
      openPrompter: async () => createScriptedPrompter(answers, questions, () => err),
      openProgressBar: async () => ({ step: () => {}, done: () => {} }),
      readFile: async (path) => {
        const text = situation.files?.[path];
        if (text === undefined) throw new Failure('missing', 'FileNotFound', `there is no file ${path}`);
        return { text, isReadableByOthers: situation.isReadableByOthers ?? false };
      },
      openSecretFile: async (path, overwrite) => this.#openFile(path, overwrite),
      openSharedFile: async (path) => this.#openFile(path, true),
      openAppendFile: async (path) => this.#openFile(path, true),
      tryReadSecretFile: async (path) => situation.files?.[path] ?? this.delivered.get(path),
      runShell: async (command, variables) => {
        this.shellCommands.push({ command, variables });
        return String((await situation.shell?.(command, variables)) ?? 0);
      },
      randomToken: async () => 'f'.repeat(32),
    };
    const code = await run(words, '0.0.0-test', system);
    if (answers.length > 0) throw new Error(`never asked: ${answers.map(([question]) => question).join(', ')}`);
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

  /** Everything the directory remembers. */
  state(): Promise<State> {
    return this.store.read(async (state) => state);
  }

  async #copy(): Promise<Backup> {
    const { Account, Users } = await this.state();
    return { text: encodeBody(await this.state()), AccountId: Account.AccountId, Users: Users.size };
  }

  #openFile(path: string, overwrite: boolean): SharedFileSink {
    if (this.delivered.has(path) && !overwrite) {
      throw new Failure('refused', 'FileExists', `${path} is there already`);
    }
    this.openPaths.add(path);
    return {
      read: () => this.delivered.get(path),
      deliver: async (content) => {
        this.openPaths.delete(path);
        if (this.failingPaths.has(path)) throw new Failure('later', 'SinkUnavailable', `${path} cannot be written`);
        this.delivered.set(path, content(this.delivered.get(path)));
      },
      discard: () => {
        this.openPaths.delete(path);
      },
    };
  }
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

/** Different bytes at each call, the same in each run. */
export function createTestRandom(): RandomSource {
  const chance = seededRandom(1);
  return { bytes: (length) => Uint8Array.from({ length }, () => chance() * 256) };
}

/** A vault that anyone can look into. */
export function createPlainVault(): Vault {
  return {
    ensureKey: () => 'test-key',
    verifyKey: () => {},
    removeTempFiles: () => {},
    encrypt: (clear, label) => `${label}|${clear}`,
    decrypt: (sealed, label) => {
      if (!sealed.startsWith(`${label}|`)) throw new Failure('broken', 'SealBroken', 'moved');
      return sealed.slice(label.length + 1);
    },
  };
}

function createScriptedPrompter(answers: Answers, questions: string[], shown: () => string): Prompter {
  const answer = async (question: string) => {
    questions.push(question);
    const next = answers.shift();
    if (!next || !question.includes(next[0])) throw new Error(`unexpected question: ${question}`);
    const given = typeof next[1] === 'function' ? await next[1](shown()) : next[1];
    if (given === '^C') throw new Cancelled();
    return given;
  };
  /** As at a terminal, a wrong answer is explained and asked again. */
  const checked = async (question: string, check?: (text: string) => void, initial = ''): Promise<string> => {
    const typed = String(await answer(question));
    const text = typed === '=' ? initial : typed;
    try {
      check?.(text);
      return text;
    } catch (error) {
      questions.push(`(${(error as Error).message})`);
      return checked(question, check, initial);
    }
  };
  const among = (choices: Choice<unknown>[], chosen: unknown) => {
    const choice = choices.find(({ name, value }) => value === chosen || name === chosen);
    if (!choice) throw new Error(`no such choice: ${chosen}`);
    return choice.value;
  };
  return {
    text: (question, { initial, validate } = {}) => checked(question, validate, initial),
    secret: (question, { validate } = {}) => checked(question, validate),
    confirm: async (question) => (await answer(question)) !== false,
    choose: async (question, choices) => among(choices, await answer(question)) as never,
    search: async (question, choices) => among(choices, await answer(question)) as string,
    chooseMany: async (question, choices) =>
      [await answer(question)].flat().map((chosen) => among(choices, chosen) as string),
    pause: async (message) => {
      await answer(message).catch((error: unknown) => {
        if (!(error instanceof Cancelled)) throw error;
      });
    },
  };
}
