import type { CommittedChange } from '../core/directory.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Credential } from '../view/credentials.ts';
import type { View } from '../view/format.ts';
import type { CommandContext } from './command-context.ts';
import { openSecretSink, type Secret, type SecretFormat, type SinkOptions, sinkError } from './secret-sinks.ts';
import { usageError } from './usage-error.ts';

/** The result of a verb that creates secrets. */
export interface SecretResult<T> {
  view: View<T>;
  /** The result with the secrets. */
  result: T;
  /** Printed if the secrets go to another sink than stdout (default: `result` without the members in SECRET_MEMBERS). */
  withoutSecrets?: T;
  /** The part of the result about each user in `credentials` (default: the items of `result`). */
  userResults?: unknown[];
  /** One entry for each user whose secrets were created. */
  credentials: Credential[];
  /** What was deleted and is not restored if the delivery fails. */
  deleted?: string | undefined;
  /** What remains if both the delivery and the rollback fail, and the command that removes it. */
  undelivered: { name: string; command: string };
}

/** The members that hold secrets, with the kind of secret. OtpAuthUri has none, because it repeats Base32StringSeed. */
const SECRET_MEMBERS: Record<string, Secret['kind'] | undefined> = {
  Password: 'password',
  AccessKeySecret: 'AccessKey',
  Base32StringSeed: 'MFA seed',
  OtpAuthUri: undefined,
};

/** Returns a copy of a result without its secrets, also in nested members, and the secrets. */
export function stripSecrets<T>(result: T): { withoutSecrets: T; secrets: Secret[] } {
  const secrets: Secret[] = [];
  const text = JSON.stringify(result, (name, member: unknown) => {
    if (!Object.hasOwn(SECRET_MEMBERS, name)) return member;
    const kind = SECRET_MEMBERS[name];
    if (kind && typeof member === 'string') secrets.push({ kind, text: member });
    return undefined;
  });
  return { withoutSecrets: JSON.parse(text), secrets };
}

/**
 * Creates secrets and delivers them exactly once:
 *
 *   1. Open and test the sink.
 *   2. Run the transaction `commit`. It passes its result to `prepare` before the commit. `prepare` throws if the sink or
 *      the selection would lose a secret, so that nothing is written then.
 *   3. Deliver the secrets. If that fails, roll the transaction back.
 *   4. Run `onDelivered` and print the result.
 *
 * A result without secrets does not change the sink. Returns false if `commit` did not call `prepare`.
 */
export async function deliverSecrets<T>(
  context: CommandContext,
  options: SinkOptions,
  commit: (prepare: (result: SecretResult<T>) => void) => Promise<CommittedChange<unknown>>,
  onDelivered: () => Promise<unknown> = async () => {},
): Promise<boolean> {
  const { sink, format } = await openSecretSink(context, options);
  const { file } = context;
  const createdFile = file && !file.exists() ? file.Path : undefined;
  let prepared: PreparedOutput | undefined;
  let change: CommittedChange<unknown>;
  try {
    change = await commit((secretResult) => {
      // The runner must know the secrets before any output can contain them, including the output of `--check`.
      if (format?.formatMaskCommands && !prepared)
        context.system.terminal.writeStderr(format.formatMaskCommands(stripSecrets(secretResult.result).secrets));
      prepared = prepareOutput(context, format, secretResult);
    });
  } catch (error) {
    sink.discard();
    if (!prepared?.content || !isFailure(error, 'NotDurable', 'Unsettled')) throw error;
    // The change may have been written, but its secrets are lost.
    const { name, command } = prepared.undelivered;
    const message = `${error.message}; the secret of ${name} was not delivered`;
    throw new Failure(error.kind, error.code, message, { Hint: command });
  }
  if (prepared?.content) {
    try {
      await sink.deliver(prepared.content);
    } catch (error) {
      await rollback(change, prepared, error, createdFile);
    }
    await onDelivered();
  } else {
    sink.discard();
  }
  if (prepared) await context.output.printCommitted(prepared.printedText);
  return prepared !== undefined;
}

/**
 * Checks in a dry run whether secrets could be delivered. A command with `--dry-run` prints its result without secrets, so
 * that `--query` and `--columns` may remove them.
 */
export async function checkDelivery<T>(
  context: CommandContext,
  options: SinkOptions & { dryRun?: boolean },
  runDry: (prepare: (result: SecretResult<T>) => void) => Promise<unknown>,
): Promise<void> {
  const { sink, format } = await openSecretSink(context, options);
  try {
    await runDry((secretResult) => {
      if (!options.dryRun || format) prepareOutput(context, format, secretResult);
    });
  } finally {
    sink.discard();
  }
}

type PreparedOutput = ReturnType<typeof prepareOutput>;

/**
 * Returns the text that is printed after the delivery, and the function that builds the new content of the sink from its
 * present content. `content` is undefined if nothing is delivered.
 * @throws Failure `later` if stdout is closed; `usage` if the sink, the query or the columns would lose a secret
 */
function prepareOutput<T>(
  { output, system }: CommandContext,
  format: SecretFormat | undefined,
  secretResult: SecretResult<T>,
) {
  const { view, result, credentials, deleted, undelivered, ...overrides } = secretResult;
  const { withoutSecrets, secrets } = { ...stripSecrets(result), ...overrides };
  if (secrets.length === 0) return { undelivered, deleted, printedText: output.format(view, withoutSecrets) };
  if (!format) {
    if (system.terminal.isStdoutClosed) {
      const message = 'the secret could not be delivered (stdout is closed or ignored); nothing was changed';
      throw new Failure('later', 'DeliveryFailed', message, {
        Field: '--secret-to',
        Hint: 'use --secret-to file:PATH',
      });
    }
    const text = output.format(view, result);
    if (!containsAll(text, secrets))
      throw usageError(`${output.selection} would remove a secret that is shown only once`, output.selection);
    return { undelivered, deleted, content: () => text, printedText: '' };
  }
  const unsupported = secrets.find(({ kind }) => !format.accepts.includes(kind));
  if (unsupported) throw sinkError(`${format.name} cannot hold this kind of secret: ${unsupported.kind}`);
  if (format.isForOneUser && credentials.length > 1) {
    const hint = "--secret-to 'file:{user}.env' writes a file for each user";
    throw usageError(`${format.name} can hold the secrets of one user only`, '--secret-to', hint);
  }
  if (format.beforeCommit) {
    const results = secretResult.userResults ?? [result].flat();
    const users = credentials.map((credential, index) => ({ credential, result: results[index] }));
    format.beforeCommit(users.filter((user) => stripSecrets(user.result).secrets.length > 0));
  }
  return {
    undelivered,
    deleted,
    content: (present: string | undefined) => format.buildContent(credentials, present, result),
    printedText: output.format(view, withoutSecrets),
  };
}

/**
 * Returns whether a text contains every secret. The search for each secret starts at the last match, because the text
 * usually has the same order. If each search started at the beginning, 5000 users would take several seconds.
 */
function containsAll(text: string, secrets: Secret[]): boolean {
  let position = 0;
  return secrets.every((secret) => {
    position = text.indexOf(secret.text, position);
    if (position === -1) position = text.indexOf(secret.text);
    return position !== -1;
  });
}

/** `createdFile` is the path of the directory if the change has created it. The rollback does not remove it. */
async function rollback(
  change: CommittedChange<unknown>,
  prepared: PreparedOutput,
  cause: unknown,
  createdFile: string | undefined,
): Promise<never> {
  const { name, command } = prepared.undelivered;
  const reason = cause instanceof Failure ? cause.message : 'stdout was closed by its reader';
  await change.revert().catch((problem: unknown) => {
    // The sink has the secret. A rollback would delete it.
    if (isFailure(problem, 'RotationDelivered')) throw problem;
    const message = `${name} was created, but its secret could not be delivered (${reason})`;
    // A remote directory lists what it could not undo.
    const { Blockers } = isFailure(problem, 'PartlyDone') ? problem.details : {};
    throw new Failure('later', 'DeliveryFailed', message, { Hint: command, ...(Blockers && { Blockers }) });
  });
  let rest = 'nothing was changed';
  if (createdFile !== undefined) rest = `only the empty directory ${createdFile} was created`;
  if (prepared.deleted) rest = `only ${prepared.deleted} was deleted, and it does not come back`;
  throw new Failure('later', 'DeliveryFailed', `the secret could not be delivered (${reason}); ${rest}`);
}
