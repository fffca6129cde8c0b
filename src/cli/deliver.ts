import { extname } from 'node:path';
import type { Committed } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { type Credential, credentialsCsv, credentialsEnv, credentialsIni } from '../view/credentials.ts';
import type { View } from '../view/format.ts';
import { type App, type Sink, usage } from './app.ts';
import type { RamctlCommand } from './command.ts';

export interface SinkOptions {
  secretTo?: string;
  overwrite?: boolean;
}

/** The kinds of secrets there are, for telling which sink can hold them. */
export type SecretKind = 'password' | 'AccessKey';

/** A result with its secrets, as a verb hands it over. */
export interface Parcel<T> {
  view: View<T>;
  /** With the secrets. */
  result: T;
  /** Without them; what is printed when they go somewhere else. */
  bare: T;
  secrets: string[];
  credential: Credential;
  /** What stands if the delivery fails and cannot be taken back, and the command that removes it. */
  orphan: { name: string; command: string };
}

interface Form {
  holds: SecretKind[];
  write(credential: Credential, json: () => string): string;
}

const FORMS: Record<string, Form> = {
  '.json': { holds: ['password', 'AccessKey'], write: (_, json) => json() },
  '.csv': { holds: ['password', 'AccessKey'], write: (credential) => credentialsCsv([credential]) },
  '.env': { holds: ['password', 'AccessKey'], write: (credential) => credentialsEnv(credential) },
  '.ini': { holds: ['AccessKey'], write: (credential) => credentialsIni(credential) },
};

/** The options of a verb that makes a secret. */
export function addSinkOptions(verb: RamctlCommand): RamctlCommand {
  verb.option('--secret-to <sink>', 'where secrets go: stdout, or file:PATH (.json .csv .env .ini)');
  verb.option('--overwrite', 'let --secret-to file:PATH replace a file');
  return verb;
}

/**
 * Makes something secret and hands it over exactly once: the sink is opened and tested, then `make` commits, then the
 * secrets are delivered; when that fails, what was made is withdrawn. `make` calls its argument with the parcel before
 * it commits, so that a result which would lose a secret is refused while nothing has happened yet. Returns
 * false when `make` packed nothing, because there was nothing to make.
 */
export async function deliver<T>(
  app: App,
  options: SinkOptions,
  kinds: SecretKind[],
  make: (pack: (parcel: Parcel<T>) => void) => Promise<Committed<unknown>>,
): Promise<boolean> {
  const destination = await openDestination(app, options, kinds);
  let packed: { parcel: Parcel<T>; text: string } | undefined;
  let committed: Committed<unknown>;
  try {
    committed = await make((parcel) => {
      packed = { parcel, text: destination.write(parcel) };
    });
  } catch (error) {
    destination.sink.abandon();
    throw error;
  }
  if (!packed) {
    destination.sink.abandon();
    return false;
  }
  const { parcel, text } = packed;
  try {
    await destination.sink.deliver(text);
  } catch (error) {
    if (parcel.secrets.length === 0) throw error;
    await withdraw(committed, parcel, error);
  }
  if (destination.elsewhere) await app.show(parcel.view, parcel.bare);
  return true;
}

interface Destination {
  sink: Sink;
  elsewhere: boolean;
  write<T>(parcel: Parcel<T>): string;
}

async function openDestination(app: App, options: SinkOptions, kinds: SecretKind[]): Promise<Destination> {
  const { secretTo = 'stdout', overwrite = false } = options;
  if (secretTo === 'stdout') {
    return {
      sink: { deliver: (text) => app.print(text), abandon: () => {} },
      elsewhere: false,
      write: (parcel) => keepsSecrets(app.format(parcel.view, parcel.result), parcel.secrets),
    };
  }
  const path = /^file:(.+)$/s.exec(secretTo)?.[1];
  if (path === undefined) throw usage('--secret-to takes stdout or file:PATH', '--secret-to');
  const form = FORMS[extname(path)];
  if (!form) throw usage(`--secret-to needs a file name that ends in ${Object.keys(FORMS).join(', ')}`, '--secret-to');
  const lost = kinds.find((kind) => !form.holds.includes(kind));
  if (lost) throw usage(`${extname(path)} files cannot hold a ${lost}`, '--secret-to', 'use .json or .csv');
  return {
    sink: await app.openFile(path, overwrite),
    elsewhere: true,
    write: ({ credential, result }) => form.write(credential, () => `${JSON.stringify(result, null, 2)}\n`),
  };
}

function keepsSecrets(text: string, secrets: string[]): string {
  if (secrets.every((secret) => text.includes(secret))) return text;
  throw usage(
    '--query would lose a secret that is shown only once',
    '--query',
    'leave --query out, or use --secret-to',
  );
}

async function withdraw<T>(committed: Committed<unknown>, { orphan }: Parcel<T>, cause: unknown): Promise<never> {
  const reason = cause instanceof Failure ? cause.message : 'the reader of stdout has gone';
  try {
    await committed.undo();
  } catch {
    throw new Failure(
      'later',
      'DeliveryFailed',
      `${orphan.name} was made but its secret could not be delivered (${reason})`,
      {
        Hint: orphan.command,
      },
    );
  }
  throw new Failure('later', 'DeliveryFailed', `the secret could not be delivered (${reason}); nothing was made`, {
    Hint: 'try again',
  });
}
