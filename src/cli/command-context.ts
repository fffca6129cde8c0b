import type { Directory } from '../core/directory.ts';
import type { DirectoryFile } from '../core/directory-file.ts';
import type { Encoding } from '../core/encoding.ts';
import type { Output } from './output.ts';
import type { Prompts } from './prompts.ts';
import type { InputText, System } from './system.ts';

/** The services that a verb uses. */
export interface CommandContext {
  directory: Directory;
  /** The file behind a local directory. */
  file: DirectoryFile;
  output: Output;
  prompts: Prompts;
  system: System;
  /** When the process of the command started. */
  startedAt: Date;
  /** Reads a file, or stdin for `-`. The default encoding is UTF-8. @throws Failure `missing`, `refused`, `usage` */
  readInput(path: string, encoding?: Encoding): Promise<InputText>;
}
