import type { Encoding } from '../core/encoding.ts';
import type { Output } from './output.ts';
import type { Prompts } from './prompts.ts';
import type { InputText, OpenedDirectory, System } from './system.ts';

/** The services that a verb uses. */
export interface CommandContext extends OpenedDirectory {
  output: Output;
  prompts: Prompts;
  system: System;
  /** When the process of the command started. */
  startedAt: Date;
  /** Reads a file, or stdin for `-`. The default encoding is UTF-8. @throws Failure `missing`, `refused`, `usage` */
  readInput(path: string, encoding?: Encoding): Promise<InputText>;
}

/** The services of a verb that needs a local directory. */
export type LocalContext = CommandContext & Required<Pick<OpenedDirectory, 'file' | 'history'>>;
