import type { Prompter } from '../ask/prompter.ts';
import type { Directory, Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { Place } from '../core/store.ts';
import type { Formatter, View } from '../view/format.ts';

/** What a verb may touch; nothing else. */
export interface App {
  directory: Directory;
  place: Place;
  /** The moment at which the command began. */
  now: Date;
  /** The present moment, for a command that takes its time. */
  clock(): Date;
  /** Whether a destructive verb has to ask, and can. */
  confirm: Confirm;
  /** A result as text, in the chosen format, the query applied. */
  format: Formatter;
  /** Prints a result. */
  show<T>(view: View<T>, value: T): Promise<void>;
  /** One transaction whose outcome is printed. What cannot be formatted is refused before anything is committed. */
  change<T>(view: View<T>, work: (operations: Operations) => Promise<T>): Promise<T>;
  /** Prints text that is a result already. @throws what the stream says */
  print(text: string): Promise<void>;
  /** The same for the result of a change that stands by now, which a failure must say. */
  printDone(text: string): Promise<void>;
  /**
   * Somebody to ask. @throws Failure `usage` saying what is missing when nobody is there
   */
  ask(missing: { what: string; field: string; hint: string }): Promise<Prompter>;
  /** Answers RAM's API on a loopback address, until a signal ends that; `ready` begins the log. @throws Failure `later`, `refused` */
  serve(endpoint: Endpoint): Promise<Serving & { ready(): void }>;
  /** Tells the program that runs us something on stderr, to the letter. */
  announce(text: string): void;
  /** Shows something to whoever is being asked, on stderr. */
  tell<T>(view: View<T>, value: T): Promise<void>;
  /** A command line of ours on the same directory, to be typed or pasted. */
  command(words: string[]): string;
  /** Shows how far a long work has come: a bar to a person who watches, a remark to everybody else. */
  progress(label: string, total: number): Promise<Progress>;
  /** A remark on stderr, unless `--quiet`. */
  note(text: string): void;
  /** The content of a file, or of stdin for `-`. @throws Failure `missing`, `refused`, `usage` */
  read(path: string): Promise<Input>;
  /** The content of a file for secrets, undefined when it cannot be had. */
  peek(path: string): Promise<string | undefined>;
  /** Opens and tests a new file for secrets. @throws Failure `refused`, `later` */
  openFile(path: string, overwrite: boolean): Promise<Sink>;
  /** The official CLI's file of this user. */
  aliyunConfig: string;
  /** Opens and tests a file of others. @throws Failure `later` */
  openConfig(path: string): Promise<SharedSink>;
  /** Opens the outputs of the step of GitHub Actions that we run in. @throws Failure `usage` outside of one */
  openJobOutput(): Promise<Sink>;
  /** Runs a command by `sh -c` with variables of its own; its output goes to stderr. Gives its exit code, or the signal. */
  shell(command: string, variables: Record<string, string>): Promise<string>;
  /** 32 hexadecimal digits that nobody can guess. */
  token(): Promise<string>;
}

/** Where to listen; port 0 is any that is free. */
export interface Endpoint {
  host: string;
  port: number;
}

/** An endpoint at work. */
export interface Serving {
  Address: string;
  /** Finishes what is under way. */
  stop(): void;
  stopped: Promise<void>;
}

export interface Progress {
  /** One more is done; the last one takes the bar away. */
  step(): void;
  /** Takes the bar away early. */
  done(): void;
}

export interface Input {
  text: string;
  /** Whether others on this machine could have read it. */
  exposed: boolean;
}

/** A place for secrets that was tested and waits for them. */
export interface Sink {
  /** All of the content, durably, or nothing; it is given what was there. @throws Failure `later` */
  deliver(content: (present: string | undefined) => string): Promise<void>;
  /** Leaves no trace when nothing will be delivered. */
  abandon(): void;
}

/** A file of others, in which something is to be changed. */
export interface SharedSink extends Sink {
  /** What is there, undefined when there is no such file. */
  read(): string | undefined;
}

export interface Confirm {
  /**
   * To be called before the directory is looked at.
   * @throws Failure `usage` when an answer will be needed and nobody is there to ask
   */
  ready(): void;
  /**
   * Asks, unless `--yes`; `stakes` are only worked out when they are needed. With a `word` it has to be typed, a yes
   * is not enough. @throws Cancelled for a no
   */
  ask(stakes: () => Promise<{ question: string; word?: string | undefined }>): Promise<void>;
}

/** Global options, from flags and environment. */
export interface Settings {
  directory?: string | undefined;
  output: 'table' | 'json' | 'yaml' | 'csv';
  query?: string | undefined;
  yes: boolean;
  input: boolean;
  quiet: boolean;
  color: 'auto' | 'always' | 'never';
}

/** Everything from outside that the command line needs. Nothing of it is touched before a verb asks for it. */
export interface Host {
  version: string;
  terminal: Terminal;
  /** Settings that the environment makes, to be overridden by flags; `output` is unchecked. */
  environment: {
    directory?: string | undefined;
    output?: string | undefined;
    input?: boolean | undefined;
    color?: 'always' | 'never' | undefined;
    /** The official CLI's file of this user. */
    aliyunConfig?: string | undefined;
    /** Where a step of GitHub Actions leaves its outputs, when we run in one. */
    jobOutput?: string | undefined;
  };
  now(): Date;
  openDirectory(target: string | undefined): Promise<{ directory: Directory; place: Place }>;
  serve(directory: Directory, endpoint: Endpoint, log: (line: string) => void): Promise<Serving>;
  openPrompter(colour: boolean): Promise<Prompter>;
  openProgress(label: string, total: number): Promise<Progress>;
  readFile(path: string): Promise<Input>;
  openFile(path: string, overwrite: boolean): Promise<Sink>;
  openConfig(path: string): Promise<SharedSink>;
  openLog(path: string): Promise<Sink>;
  peek(path: string): Promise<string | undefined>;
  shell(command: string, variables: Record<string, string>): Promise<string>;
  token(): Promise<string>;
}

export interface Terminal {
  /** Whether a person sits at stdin and stderr. */
  interactive: boolean;
  /** Columns of each stream, undefined when it is no terminal. */
  widths: { out: number | undefined; err: number | undefined };
  /** chalk's level that each stream bears by itself: 0 is no colour. */
  colours: { out: 0 | 1 | 2 | 3; err: 0 | 1 | 2 | 3 };
  /** Writes to stdout. @throws the stream's error, `EPIPE` when the reader is gone */
  out(text: string): Promise<void>;
  err(text: string): void;
  /** All of stdin. @throws Failure */
  readInput(): Promise<string>;
}

export function usage(message: string, field?: string, hint?: string): Failure {
  return new Failure('usage', 'Usage', message, {
    ...(field === undefined ? {} : { Field: field }),
    ...(hint === undefined ? {} : { Hint: hint }),
  });
}
