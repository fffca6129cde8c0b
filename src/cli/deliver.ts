import type { Committed } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { Credential } from '../view/credentials.ts';
import type { View } from '../view/format.ts';
import { type App, type Sink, usage } from './app.ts';
import type { RamctlCommand } from './command.ts';

export interface SinkOptions {
  secretTo?: string;
  overwrite?: boolean;
}

/** A secret that a command made; the kind tells which sink can hold it. */
export interface Secret {
  kind: 'password' | 'AccessKey' | 'MFA seed';
  text: string;
}

/** A result with its secrets, as a verb hands it over. */
export interface Parcel<T> {
  view: View<T>;
  /** With the secrets. */
  result: T;
  /** Without them; what is printed when they go somewhere else. */
  bare: T;
  secrets: Secret[];
  /** Of each user that the secrets belong to. */
  credentials: Credential[];
  /** What stands if the delivery fails and cannot be taken back, and the command that removes it. */
  orphan: { name: string; command: string };
}

interface Form {
  holds: Secret['kind'][];
  /** How many users' secrets fit in. */
  most: number;
  write(credentials: Credential[], json: () => string): string;
}

const EXTENSIONS = ['.json', '.csv', '.env', '.ini'];

/** How each kind of file holds secrets. Loaded when there is such a file, for the sake of the CSV library. */
async function formOf(extension: string): Promise<Form | undefined> {
  const { credentialsCsv, credentialsEnv, credentialsIni } = await import('../view/credentials.ts');
  const first = (write: (credential: Credential) => string) => (credentials: Credential[]) =>
    credentials.map(write)[0] ?? '';
  const forms: Record<string, Form> = {
    '.json': { holds: ['password', 'AccessKey', 'MFA seed'], most: Infinity, write: (_, json) => json() },
    '.csv': { holds: ['password', 'AccessKey'], most: Infinity, write: credentialsCsv },
    '.env': { holds: ['password', 'AccessKey'], most: 1, write: first(credentialsEnv) },
    '.ini': { holds: ['AccessKey'], most: 1, write: first(credentialsIni) },
  };
  return forms[extension];
}

/** The options of a verb that makes a secret. */
export function addSinkOptions(verb: RamctlCommand): RamctlCommand {
  verb.option('--secret-to <sink>', 'where secrets go: stdout, or file:PATH (.json .csv .env .ini)');
  verb.option('--overwrite', 'let --secret-to file:PATH replace a file');
  return verb;
}

/**
 * Makes something secret and hands it over exactly once: the sink is opened and tested, then `make` commits, then the
 * secrets are delivered; when that fails, what was made is withdrawn. `make` calls its argument with the parcel before
 * it commits, so that a sink or a query which would lose a secret is refused while nothing has happened yet. Without
 * secrets in the parcel the sink is left alone. Returns false when `make` packed nothing, for there was nothing to make.
 */
export async function deliver<T>(
  app: App,
  options: SinkOptions,
  make: (pack: (parcel: Parcel<T>) => void) => Promise<Committed<unknown>>,
): Promise<boolean> {
  const destination = await openDestination(app, options);
  const { sink } = destination;
  let packed: Packed<T> | undefined;
  let committed: Committed<unknown>;
  try {
    committed = await make((parcel) => {
      packed = pack(app, destination, parcel);
    });
  } catch (error) {
    sink.abandon();
    throw error;
  }
  if (packed?.secret === undefined) {
    sink.abandon();
  } else {
    try {
      await sink.deliver(packed.secret);
    } catch (error) {
      await withdraw(committed, packed.parcel, error);
    }
  }
  if (packed?.plain !== undefined) await app.printDone(packed.plain);
  return packed !== undefined;
}

/** The same for a command that only tries, and shows no secret (`isDry`) or will do it in a moment. */
export async function tryDelivery<T>(
  app: App,
  options: SinkOptions,
  isDry: boolean,
  make: (pack: (parcel: Parcel<T>) => void) => Promise<unknown>,
): Promise<void> {
  const destination = await openDestination(app, options);
  try {
    await make((parcel) => {
      if (!isDry || destination.form) pack(app, destination, parcel);
    });
  } finally {
    destination.sink.abandon();
  }
}

/** What goes to the sink, and what is printed besides. */
interface Packed<T> {
  parcel: Parcel<T>;
  secret?: string;
  plain?: string;
}

interface Destination {
  sink: Sink;
  /** A file's; the result itself goes to stdout. */
  form?: Form;
  extension: string;
}

function pack<T>(app: App, { form, extension }: Destination, parcel: Parcel<T>): Packed<T> {
  const { view, result, bare, secrets, credentials } = parcel;
  if (secrets.length === 0) return { parcel, plain: app.format(view, bare) };
  if (!form) return { parcel, secret: keepsSecrets(app.format(view, result), secrets) };
  const lost = secrets.find(({ kind }) => !form.holds.includes(kind));
  if (lost) throw usage(`a ${extension} file cannot hold a ${lost.kind}`, '--secret-to');
  if (credentials.length > form.most) throw usage(`a ${extension} file holds one user's secrets`, '--secret-to');
  const secret = form.write(credentials, () => `${JSON.stringify(result, null, 2)}\n`);
  return { parcel, secret, plain: app.format(view, bare) };
}

async function openDestination(app: App, options: SinkOptions): Promise<Destination> {
  const { secretTo = 'stdout', overwrite = false } = options;
  if (secretTo === 'stdout') {
    if (overwrite) throw usage('--overwrite is about --secret-to file:PATH', '--overwrite');
    return { sink: { deliver: (text) => app.print(text), abandon: () => {} }, extension: '' };
  }
  const path = /^file:(.+)$/s.exec(secretTo)?.[1];
  if (path === undefined) throw usage('--secret-to takes stdout or file:PATH', '--secret-to');
  const extension = /\.[a-z]+$/i.exec(path)?.[0].toLowerCase() ?? '';
  const form = await formOf(extension);
  if (!form) throw usage(`--secret-to needs a file name that ends in ${EXTENSIONS.join(', ')}`, '--secret-to');
  if (app.place.owns(path)) throw usage('--secret-to would overwrite the directory itself', '--secret-to');
  return { sink: await app.openFile(path, overwrite), form, extension };
}

function keepsSecrets(text: string, secrets: Secret[]): string {
  if (secrets.every((secret) => text.includes(secret.text))) return text;
  throw usage('--query would lose a secret that is shown only once', '--query');
}

async function withdraw<T>(committed: Committed<unknown>, { orphan }: Parcel<T>, cause: unknown): Promise<never> {
  const reason = cause instanceof Failure ? cause.message : 'the reader of stdout has gone';
  try {
    await committed.undo();
  } catch {
    const stands = `${orphan.name} was made but its secret could not be delivered (${reason})`;
    throw new Failure('later', 'DeliveryFailed', stands, { Hint: orphan.command });
  }
  throw new Failure('later', 'DeliveryFailed', `the secret could not be delivered (${reason}); nothing was made`);
}
