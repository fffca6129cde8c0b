import { FORMATS, type Format } from '../view/format.ts';
import type { Environment } from './system.ts';
import { usageError } from './usage-error.ts';

/** The global options, after the environment and the defaults are applied. */
export interface Settings {
  /** The target; undefined for the default directory. */
  directory: string | undefined;
  output: Format;
  query: string | undefined;
  yes: boolean;
  input: boolean;
  quiet: boolean;
  color: 'auto' | 'always' | 'never';
}

/** Global options as far as the command line names them. */
export type GlobalOptions = Partial<Settings>;

/** A flag overrides its environment variable. @throws Failure `usage` for an unknown RAMCTL_OUTPUT */
export function resolveSettings(options: GlobalOptions, environment: Environment): Settings {
  const output = options.output ?? environment.output ?? 'table';
  if (!(FORMATS as readonly string[]).includes(output)) {
    throw usageError(`RAMCTL_OUTPUT must be one of ${FORMATS.join(', ')}`, 'RAMCTL_OUTPUT');
  }
  return {
    directory: options.directory ?? environment.directory,
    output: output as Format,
    query: options.query,
    yes: options.yes ?? false,
    input: options.input ?? environment.input ?? true,
    quiet: options.quiet ?? false,
    color: options.color ?? environment.color ?? 'auto',
  };
}
