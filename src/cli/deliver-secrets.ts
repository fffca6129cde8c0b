import type { CommittedChange } from '../core/directory.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Credential } from '../view/credentials.ts';
import type { View } from '../view/format.ts';
import type { CommandContext } from './context.ts';
import { type FormattedSink, openSecretSink, type Secret, type SinkOptions } from './secret-sinks.ts';
import { usageError } from './usage-error.ts';

/** A result with its secrets, as a verb hands it over. */
export interface SecretResult<T> {
  view: View<T>;
  /** With the secrets. */
  result: T;
  /** Without them; what is printed when they go somewhere else. */
  withoutSecrets: T;
  secrets: Secret[];
  /** Of each user that the secrets belong to. */
  credentials: Credential[];
  /** What stands if the delivery fails and cannot be taken back, and the command that removes it. */
  undelivered: { name: string; command: string };
}

/**
 * Makes something secret and hands it over exactly once: the sink is opened and tested, then `make` commits, then the
 * secrets are delivered; when that fails, what was made is withdrawn. `make` calls its argument with the parcel before
 * it commits, so that a sink or a query which would lose a secret is refused while nothing has happened yet. Without
 * secrets in the parcel the sink is left alone. `settle` is what follows a delivery. Returns false when `make` packed
 * nothing, for there was nothing to make.
 */
export async function deliverSecrets<T>(
  context: CommandContext,
  options: SinkOptions,
  make: (pack: (parcel: SecretResult<T>) => void) => Promise<CommittedChange<unknown>>,
  settle: () => Promise<unknown> = async () => {},
): Promise<boolean> {
  const destination = await openSecretSink(context, options);
  const { sink, format } = destination;
  let packed: PreparedOutput<T> | undefined;
  let committed: CommittedChange<unknown>;
  try {
    committed = await make((parcel) => {
      // Before anybody, a check included, could print a secret.
      if (format?.formatMaskCommands && !packed)
        context.system.terminal.writeStderr(format.formatMaskCommands(parcel.secrets));
      packed = prepareOutput(context, destination, parcel);
    });
  } catch (error) {
    sink.discard();
    throw packed?.sinkContent ? withCleanupHint(error, packed.secretResult) : error;
  }
  if (packed?.sinkContent === undefined) {
    sink.discard();
  } else {
    try {
      await sink.deliver(packed.sinkContent);
    } catch (error) {
      await rollback(committed, packed.secretResult, error);
    }
    await settle();
  }
  if (packed?.printedText !== undefined) await context.output.printCommitted(packed.printedText);
  return packed !== undefined;
}

/** The same for a command that only tries, and shows no secret (`isDry`) or will do it in a moment. */
export async function checkDelivery<T>(
  context: CommandContext,
  options: SinkOptions,
  isDry: boolean,
  make: (pack: (parcel: SecretResult<T>) => void) => Promise<unknown>,
): Promise<void> {
  const destination = await openSecretSink(context, options);
  try {
    await make((parcel) => {
      if (!isDry || destination.format) prepareOutput(context, destination, parcel);
    });
  } finally {
    destination.sink.discard();
  }
}

/** What goes to the sink, and what is printed besides. */
interface PreparedOutput<T> {
  secretResult: SecretResult<T>;
  /** The new content of the sink, given what was there. */
  sinkContent?: (present: string | undefined) => string;
  printedText?: string;
}

function prepareOutput<T>(
  context: CommandContext,
  { format }: FormattedSink,
  secretResult: SecretResult<T>,
): PreparedOutput<T> {
  const { view, result, withoutSecrets, secrets, credentials } = secretResult;
  if (secrets.length === 0) return { secretResult, printedText: context.output.format(view, withoutSecrets) };
  if (!format) {
    const text = assertKeepsSecrets(context.output.format(view, result), secrets);
    return { secretResult, sinkContent: () => text };
  }
  const lost = secrets.find(({ kind }) => !format.accepts.includes(kind));
  if (lost) throw usageError(`${format.name} cannot hold a ${lost.kind}`, '--secret-to');
  if (credentials.length > format.maxUsers) throw usageError(`${format.name} holds one user's secrets`, '--secret-to');
  const sinkContent = format.buildContent(credentials, () => `${JSON.stringify(result, null, 2)}\n`);
  return { secretResult, sinkContent, printedText: context.output.format(view, withoutSecrets) };
}

function assertKeepsSecrets(text: string, secrets: Secret[]): string {
  if (secrets.every((secret) => text.includes(secret.text))) return text;
  throw usageError('--query would lose a secret that is shown only once', '--query');
}

/** A change that may stand although it failed: the secret in it is lost, so that it has to be removed. */
function withCleanupHint<T>(error: unknown, { undelivered }: SecretResult<T>): unknown {
  if (!isFailure(error, 'NotDurable', 'Unsettled')) return error;
  const message = `${error.message}; nobody was told the secret of ${undelivered.name}`;
  return new Failure(error.kind, error.code, message, { Hint: undelivered.command });
}

async function rollback<T>(
  committed: CommittedChange<unknown>,
  { undelivered }: SecretResult<T>,
  cause: unknown,
): Promise<never> {
  const reason = cause instanceof Failure ? cause.message : 'the reader of stdout has gone';
  try {
    await committed.revert();
  } catch {
    const stands = `${undelivered.name} was made but its secret could not be delivered (${reason})`;
    throw new Failure('later', 'DeliveryFailed', stands, { Hint: undelivered.command });
  }
  throw new Failure('later', 'DeliveryFailed', `the secret could not be delivered (${reason}); nothing was made`);
}
