import type { Committed } from '../core/directory.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Credential } from '../view/credentials.ts';
import type { View } from '../view/format.ts';
import type { CommandContext } from './context.ts';
import { type Destination, openDestination, type Secret, type SinkOptions } from './sinks.ts';
import { usageError } from './usage-error.ts';

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

/**
 * Makes something secret and hands it over exactly once: the sink is opened and tested, then `make` commits, then the
 * secrets are delivered; when that fails, what was made is withdrawn. `make` calls its argument with the parcel before
 * it commits, so that a sink or a query which would lose a secret is refused while nothing has happened yet. Without
 * secrets in the parcel the sink is left alone. `settle` is what follows a delivery. Returns false when `make` packed
 * nothing, for there was nothing to make.
 */
export async function deliver<T>(
  context: CommandContext,
  options: SinkOptions,
  make: (pack: (parcel: Parcel<T>) => void) => Promise<Committed<unknown>>,
  settle: () => Promise<unknown> = async () => {},
): Promise<boolean> {
  const destination = await openDestination(context, options);
  const { sink, form } = destination;
  let packed: Packed<T> | undefined;
  let committed: Committed<unknown>;
  try {
    committed = await make((parcel) => {
      // Before anybody, a check included, could print a secret.
      if (form?.announce && !packed) context.system.terminal.err(form.announce(parcel.secrets));
      packed = pack(context, destination, parcel);
    });
  } catch (error) {
    sink.discard();
    throw packed?.secret ? withOrphan(error, packed.parcel) : error;
  }
  if (packed?.secret === undefined) {
    sink.discard();
  } else {
    try {
      await sink.deliver(packed.secret);
    } catch (error) {
      await withdraw(committed, packed.parcel, error);
    }
    await settle();
  }
  if (packed?.plain !== undefined) await context.output.printCommitted(packed.plain);
  return packed !== undefined;
}

/** The same for a command that only tries, and shows no secret (`isDry`) or will do it in a moment. */
export async function tryDelivery<T>(
  context: CommandContext,
  options: SinkOptions,
  isDry: boolean,
  make: (pack: (parcel: Parcel<T>) => void) => Promise<unknown>,
): Promise<void> {
  const destination = await openDestination(context, options);
  try {
    await make((parcel) => {
      if (!isDry || destination.form) pack(context, destination, parcel);
    });
  } finally {
    destination.sink.discard();
  }
}

/** What goes to the sink, and what is printed besides. */
interface Packed<T> {
  parcel: Parcel<T>;
  /** The new content of the sink, given what was there. */
  secret?: (present: string | undefined) => string;
  plain?: string;
}

function pack<T>(context: CommandContext, { form }: Destination, parcel: Parcel<T>): Packed<T> {
  const { view, result, bare, secrets, credentials } = parcel;
  if (secrets.length === 0) return { parcel, plain: context.output.format(view, bare) };
  if (!form) {
    const text = keepsSecrets(context.output.format(view, result), secrets);
    return { parcel, secret: () => text };
  }
  const lost = secrets.find(({ kind }) => !form.holds.includes(kind));
  if (lost) throw usageError(`${form.name} cannot hold a ${lost.kind}`, '--secret-to');
  if (credentials.length > form.most) throw usageError(`${form.name} holds one user's secrets`, '--secret-to');
  const secret = form.write(credentials, () => `${JSON.stringify(result, null, 2)}\n`);
  return { parcel, secret, plain: context.output.format(view, bare) };
}

function keepsSecrets(text: string, secrets: Secret[]): string {
  if (secrets.every((secret) => text.includes(secret.text))) return text;
  throw usageError('--query would lose a secret that is shown only once', '--query');
}

/** A change that may stand although it failed: the secret in it is lost, so that it has to be removed. */
function withOrphan<T>(error: unknown, { orphan }: Parcel<T>): unknown {
  if (!isFailure(error, 'NotDurable', 'Unsettled')) return error;
  const message = `${error.message}; nobody was told the secret of ${orphan.name}`;
  return new Failure(error.kind, error.code, message, { Hint: orphan.command });
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
