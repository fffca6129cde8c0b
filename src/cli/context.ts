import type { Directory } from '../core/directory.ts';
import type { DirectoryFile } from '../core/store.ts';
import type { Output } from './output.ts';
import type { Prompts } from './prompts.ts';
import type { InputText, System } from './system.ts';

/** Everything that a verb may use. */
export interface CommandContext {
  directory: Directory;
  /** The file behind a local directory. */
  file: DirectoryFile;
  output: Output;
  prompts: Prompts;
  system: System;
  /** The time at which the command started. */
  startedAt: Date;
  /** The content of a file, or of stdin for `-`. @throws Failure `missing`, `refused`, `usage` */
  readInput(path: string): Promise<InputText>;
}
