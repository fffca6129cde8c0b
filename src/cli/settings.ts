import type { Format } from '../view/format.ts';
import type { Environment } from './system.ts';
import { usageError } from './usage-error.ts';

export const FORMATS: readonly Format[] = ['table', 'json', 'yaml', 'csv'];

/** The global options, with environment variables and defaults applied. */
export interface Settings {
  /** Undefined for the default directory. */
  directory: string | undefined;
  output: Format;
  query: string | undefined;
  columns: string[] | undefined;
  yes: boolean;
  input: boolean;
  quiet: boolean;
  color: 'auto' | 'always' | 'never';
}

/** The global options that the command line contains. */
export type GlobalOptions = Partial<Settings>;

/** Applies environment variables and defaults. An option overrides its variable. @throws Failure `usage` */
export function resolveSettings(options: GlobalOptions, environment: Environment): Settings {
  const { directory, output: name = 'table', input = true, color = 'auto' } = environment;
  const output = options.output ?? FORMATS.find((format) => format === name);
  if (!output) throw usageError(`RAMCTL_OUTPUT is "${name}"; allowed: ${FORMATS.join(', ')}`, 'RAMCTL_OUTPUT');
  return {
    directory,
    input,
    color,
    query: undefined,
    columns: undefined,
    yes: false,
    quiet: false,
    ...options,
    output,
  };
}
