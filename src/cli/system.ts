import type { Prompter } from '../ask/prompter.ts';
import type { Directory } from '../core/directory.ts';
import type { DirectoryFile } from '../core/store.ts';

/** The machine that the command runs on. Nothing is opened or loaded before a member is called. */
export interface System {
  environment: Environment;
  terminal: Terminal;
  now(): Date;
  openDirectory(target: string | undefined): Promise<{ directory: Directory; file: DirectoryFile }>;
  /** Serves RAM's API on a loopback address until a signal stops it. @throws Failure `later`, `refused` */
  serve(directory: Directory, endpoint: Endpoint, log: (line: string) => void): Promise<RunningServer>;
  openPrompter(hasColour: boolean): Promise<Prompter>;
  openProgressBar(label: string, total: number): Promise<ProgressBar>;
  /** @throws Failure `missing`, `refused` */
  readFile(path: string): Promise<InputText>;
  /** Opens and tests a new file for secrets. @throws Failure `refused`, `later` */
  openSecretFile(path: string, overwrite: boolean): Promise<SecretSink>;
  /** Opens and tests a file that other programs write too. @throws Failure `later` */
  openSharedFile(path: string): Promise<SharedFileSink>;
  /** Opens a file that only grows at its end. @throws Failure `later` */
  openAppendFile(path: string): Promise<SecretSink>;
  /** The content of a file for secrets; undefined when it cannot be read. */
  tryReadSecretFile(path: string): Promise<string | undefined>;
  /**
   * Runs a command by `sh -c` with additional variables; its output goes to stderr. Returns its exit code, or the name of
   * the signal that ended it, as text.
   */
  runShell(command: string, variables: Record<string, string>): Promise<string>;
  /** 32 random hexadecimal digits. */
  randomToken(): Promise<string>;
}

/** Settings from environment variables. Flags override them; `output` is not checked yet. */
export interface Environment {
  directory?: string | undefined;
  output?: string | undefined;
  /** False: never ask. Undefined: not set. */
  input?: boolean | undefined;
  color?: 'always' | 'never' | undefined;
  /** The official CLI's configuration file of this user. */
  aliyunConfig?: string | undefined;
  /** The output file of the current GitHub Actions step. */
  jobOutput?: string | undefined;
}

export interface Terminal {
  /** Whether both stdin and stderr are terminals. */
  isInteractive: boolean;
  /** Columns of each stream; undefined when the stream is not a terminal. */
  widths: { out: number | undefined; err: number | undefined };
  /** chalk's colour level that each stream supports: 0 is no colour. */
  colourLevels: { out: 0 | 1 | 2 | 3; err: 0 | 1 | 2 | 3 };
  /** Writes to stdout. @throws the stream's error, `EPIPE` when the reader has closed it */
  writeStdout(text: string): Promise<void>;
  writeStderr(text: string): void;
  /** All of stdin. @throws Failure */
  readStdin(): Promise<string>;
}

/** The address to listen on; port 0 is any free port. */
export interface Endpoint {
  host: string;
  port: number;
}

export interface RunningServer {
  Address: string;
  /** Stops accepting requests; requests in progress are finished. */
  stop(): void;
  /** Resolves when the last request is finished. */
  stopped: Promise<void>;
}

export interface ProgressBar {
  /** One more step is done. The last step removes the bar. */
  step(): void;
  /** Removes the bar early. */
  done(): void;
}

export interface InputText {
  text: string;
  /** Whether other users of this machine can read the file. */
  isReadableByOthers: boolean;
}

/** A destination for secrets that was opened and tested. */
export interface SecretSink {
  /**
   * Writes the whole content durably, or nothing. `content` is called with the present content, undefined when there is
   * none. @throws Failure `later`
   */
  deliver(content: (present: string | undefined) => string): Promise<void>;
  /** Removes every trace; for when nothing will be delivered. */
  discard(): void;
}

/** A file of another program, of which ramctl changes a part. */
export interface SharedFileSink extends SecretSink {
  /** The present content; undefined when there is no such file. */
  read(): string | undefined;
}
