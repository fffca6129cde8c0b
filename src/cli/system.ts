import type { Prompter } from '../ask/prompter.ts';
import type { Directory } from '../core/directory.ts';
import type { DirectoryFile } from '../core/directory-file.ts';
import type { Encoding } from '../core/encoding.ts';
import type { History } from '../core/history.ts';
import type { ImportJournal, JournalEntry } from '../core/import-journal.ts';
import type { Target } from '../core/target.ts';

/** Access to the machine that the command runs on. A member opens and loads what it needs when it is called. */
export interface System {
  environment: Environment;
  terminal: Terminal;
  now(): Date;
  /** When the process started. */
  startedAt: Date;
  /**
   * Opens a directory, the default one without `target`. `onCreate` is called after a change has created the directory.
   * Without it, a missing directory is an error.
   */
  openDirectory(target: string | undefined, onCreate?: (path: string) => void): Promise<OpenedDirectory>;
  /** Serves RAM's API until a signal stops it. @throws Failure `later`, `refused` */
  serve(directory: Directory, endpoint: Endpoint, log: (line: string) => void): Promise<RunningServer>;
  /**
   * Returns the self-signed certificate of the directory file `path` for these names and IP addresses. Creates a new one
   * when there is none, when it does not have all names, and when it expires soon. @throws Failure `later`
   */
  openSelfSignedCertificate(path: string, names: string[]): Promise<SelfSignedCertificate>;
  openPrompter(hasColour: boolean): Promise<Prompter>;
  openProgressBar(label: string, total: number): Promise<ProgressBar>;
  /** The default encoding is UTF-8. @throws Failure `missing`, `refused` */
  readFile(path: string, encoding?: Encoding): Promise<InputText>;
  /** Returns the paths of the files in a folder in the order of their names; undefined if `path` is not a folder. */
  listFolder(path: string): Promise<string[] | undefined>;
  /** Prepares new files for secrets. With `isProvisional`, `discard` also removes the delivered files. */
  openSecretFiles(overwrite: boolean, isProvisional?: boolean): Promise<SecretFiles>;
  /** Opens and tests a file that other programs write as well. @throws Failure `later` */
  openSharedFile(path: string): Promise<SharedFileSink>;
  /** Opens a file to which content is only appended. @throws Failure `later` */
  openAppendFile(path: string): Promise<SecretSink>;
  /** The content of a file; undefined if it cannot be read. */
  tryReadSecretFile(path: string): Promise<string | undefined>;
  /**
   * Runs a command with `sh -c` and additional environment variables. Its output goes to stderr. Returns its exit code,
   * or the name of the signal that ended it.
   */
  runShell(command: string, variables: Record<string, string>): Promise<string>;
  /**
   * Opens the journal of an import in a remote directory. `id` is from `identifyImport`.
   * @throws Failure `later` (`ImportRunning`, `JournalUnavailable`), `broken` (`JournalUnusable`)
   */
  openImportJournal(id: string, target: Target): Promise<OpenImportJournal>;
  /** Returns the users in the journal of an interrupted import. @throws as `openImportJournal` */
  readImportJournal(id: string): Promise<JournalEntry[]>;
  /** 32 random hexadecimal digits. */
  randomToken(): Promise<string>;
}

/** `file` and `history` belong to a local directory, and are undefined for other targets. */
export interface OpenedDirectory {
  directory: Directory;
  target: Target;
  file?: DirectoryFile;
  history?: History;
}

/** The journal of an import that no other process can run until `close` is called. */
export interface OpenImportJournal extends ImportJournal {
  close(): void;
}

/** Settings from environment variables. Options override them. */
export interface Environment {
  directory?: string | undefined;
  /** Not validated yet. */
  output?: string | undefined;
  /** False turns off questions. */
  input?: boolean | undefined;
  color?: 'always' | 'never' | undefined;
  /** The official CLI's configuration file of this user. */
  aliyunConfigPath?: string | undefined;
  /** The output file of the current GitHub Actions step. */
  githubOutputPath?: string | undefined;
}

export interface Terminal {
  /** Whether both stdin and stderr are terminals. */
  isInteractive: boolean;
  /** Whether stdout was closed when the process started. */
  isStdoutClosed: boolean;
  /** Columns and rows of a stream; undefined if the stream is not a terminal. */
  size(stream: 'out' | 'err'): { width: number; height: number } | undefined;
  /** The colour level of chalk that a stream supports: 0 is no colour. */
  colourLevel(stream: 'out' | 'err'): 0 | 1 | 2 | 3;
  /** Writes to stdout. @throws the error of the stream, `EPIPE` if the reader has closed it */
  writeStdout(text: string): Promise<void>;
  /** Writes to stderr. Errors are ignored. `onWritten` is called when the reader can read the text, or after an error. */
  writeStderr(text: string, onWritten?: () => void): void;
  /** Resolves when all text for stderr was written. */
  flushStderr(): Promise<void>;
  /** Reads stdin to its end. The default encoding is UTF-8. @throws Failure */
  readStdin(encoding?: Encoding): Promise<string>;
}

export interface Endpoint {
  host: string;
  /** 0 is any free port. */
  port: number;
  /** The names and IP addresses that the Host header may have, next to the loopback names. */
  allowedHosts: string[];
  /** Without it, the server uses HTTP. */
  tls: Certificate | undefined;
}

/** A certificate chain and its private key in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface SelfSignedCertificate extends Certificate {
  /** The file that contains the certificate without the key. */
  path: string;
  isNew: boolean;
}

export interface RunningServer {
  Address: string;
  /** Stops accepting requests. Requests in progress are finished. */
  stop(): void;
  /** Resolves when the last request is finished. */
  stopped: Promise<void>;
}

export interface ProgressBar {
  /** Advances the bar by one step. The last step removes it. */
  step(): void;
  /** Removes the bar before the last step. */
  done(): void;
}

export interface InputText {
  text: string;
  /** Whether other users of the machine can read the file. */
  isReadableByOthers: boolean;
}

/** A destination for secrets that was opened and tested. */
export interface SecretSink {
  /**
   * Writes the complete content durably, or changes nothing. `content` builds it from the present content, which is
   * undefined for a new file. @throws Failure `later`
   */
  deliver(content: (present: string | undefined) => string): Promise<void>;
  /** Removes temporary files and locks. Called instead of `deliver`. */
  discard(): void;
}

/** New files for secrets: one file, or for example one for each user. */
export interface SecretFiles {
  /** Tests that all files can be created. @throws Failure `refused`, `later` */
  test(paths: string[]): void;
  /** Writes all files durably, or none of them. @throws Failure `refused`, `later` */
  deliver(files: SecretFileContent[]): void;
  /** Removes temporary files. */
  discard(): void;
}

export type SecretFileContent = [path: string, content: string | Uint8Array];

/** A file of another program. ramctl changes a part of it. */
export interface SharedFileSink extends SecretSink {
  /** The present content; undefined if the file does not exist. */
  read(): string | undefined;
}
