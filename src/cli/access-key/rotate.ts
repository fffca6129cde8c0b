import { createHash } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { formatRamDate } from '../../core/clock.ts';
import type { StartedRotation, User } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { type RotationResult, rotationView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { deliverSecrets, type SecretResult } from '../deliver-secrets.ts';
import { parseDurationMs } from '../option-parsers.ts';
import { changeAndShow } from '../output.ts';
import { addSinkOptions, containsKeyPair, resolveSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';

type Options = SinkOptions & { check?: string; grace?: number; replace?: string; force?: boolean; runId?: string };

export function declareRotate(noun: RamctlCommand): void {
  const verb = noun.verb('rotate <user>', 'Replace the AccessKey of a user without downtime', {
    'Write a new AccessKey to a file and disable the old one': 'ramctl ak rotate robot --secret-to file:robot.env',
    'Test the new AccessKey, and keep the old one active for two hours':
      'ramctl ak rotate robot --run-id 2026-01 --grace 2h --check "./smoke-test" --secret-to aliyun:robot',
  });
  verb.describe(`Creates a new AccessKey, runs --check, delivers the new key and disables the old one. With --grace,
    "ramctl ak rotation finish" disables the old key later. --check finds the new key in ALIBABA_CLOUD_ACCESS_KEY_ID
    and ALIBABA_CLOUD_ACCESS_KEY_SECRET; if it fails, the new key is deleted. Refuses a user with two AccessKeys,
    unless --replace names the one to delete. An interrupted command with --run-id can be run again and continues with
    the same new key. Prints the rotation.`);
  verb.option('--check <command>', 'shell command that tests the new key before it is delivered', parseNonEmpty);
  verb.option('--grace <time>', 'time that the old key stays active: 90s, 30m, 2h, 7d (default: 0s)', parseDurationMs);
  verb.option('--replace <id>', 'AccessKey to delete first, for a user with two', parseNonEmpty);
  verb.option('--force', 'let --replace delete an active AccessKey');
  verb.option('--run-id <token>', 'token that identifies this rotation in a retry, up to 64 characters');
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, flags, UserName: string) => {
    if (flags.force && flags.replace === undefined) throw usageError('--force needs --replace', '--force');
    const options = await resolveSinkOptions(context, flags, UserName);
    if (await completeDelivered(context, options, UserName)) return;
    let complete = async () => {};
    const commit = async (prepare: (result: SecretResult<RotationResult>) => void) => {
      const { value } = await context.directory.atomically(async (operations) => {
        const rotation = await operations.startRotation(buildStartInput(options, UserName));
        const user = await operations.getUser({ UserName });
        prepare(buildSecretResult(rotation, user, computeDueDate(context, options)));
        return { rotation, user };
      });
      const { rotation, user } = value;
      const revert = () => cancelUnlessDelivered(context, options, rotation);
      if (options.check !== undefined) await runCheck(context, options.check, rotation, revert);
      // The grace period starts after the check.
      const DueDate = computeDueDate(context, options);
      prepare(buildSecretResult(rotation, user, DueDate));
      complete = () => completeRotation(context, rotation, DueDate);
      return { value, revert };
    };
    await deliverSecrets(context, options, commit, () => complete());
  });
}

/** Returns the date on which the old key will be disabled, undefined for at once. */
function computeDueDate(context: CommandContext, { grace }: Options): string | undefined {
  return grace ? formatRamDate(new Date(context.system.now().getTime() + grace)) : undefined;
}

/**
 * Completes and prints a rotation whose key is in the sink, because an earlier run with the same `--run-id` delivered it.
 * Returns false if there is none.
 * @throws Failure `refused` (`RotationDelivered`) if the sink does not contain the delivered key
 */
async function completeDelivered(context: CommandContext, options: Options, UserName: string): Promise<boolean> {
  const { runId, secretTo = 'stdout' } = options;
  const rotations = runId === undefined ? [] : await context.directory.listRotations({ UserName });
  const earlier = rotations.find(({ RunId }) => RunId === runId);
  if (!earlier) return false;
  // Resumes the rotation and creates no key, because the rotation exists.
  const { AccessKey, ...rotation } = await context.directory.startRotation(buildStartInput(options, UserName));
  if (await containsKeyPair(context, options, AccessKey)) {
    const DueDate = computeDueDate(context, options);
    await changeAndShow(context, rotationView, (operations) => operations.completeRotation({ ...rotation, DueDate }));
    return true;
  }
  if (earlier.State === 'Checking') return false;
  const problem = secretTo.includes(':') ? `the key is not in ${secretTo}` : `${secretTo} cannot be read again`;
  const message = `rotation ${runId} of ${UserName} already delivered its key, but ${problem}`;
  throw new Failure('refused', 'RotationDelivered', message, {
    Field: '--run-id',
    Hint: `ramctl ak rotation ${earlier === rotations.at(-1) ? 'rollback' : 'list'} ${UserName}`,
  });
}

function buildStartInput(options: Options, UserName: string) {
  const { runId, secretTo = 'stdout', configPath, check, grace = 0, replace, force } = options;
  // A retry may differ in --overwrite, --replace and --force: the replaced key no longer exists then.
  const request = JSON.stringify([runId, secretTo, configPath, check, grace]);
  return {
    UserName,
    RunId: runId,
    Request: createHash('sha256').update(request).digest('hex'),
    ReplaceAccessKeyId: replace,
    Force: force,
  };
}

/** Deletes the new key, unless another run with the same `--run-id` has delivered it. */
async function cancelUnlessDelivered(context: CommandContext, options: Options, rotation: StartedRotation) {
  if (await containsKeyPair(context, options, rotation.AccessKey)) {
    throw new Failure('refused', 'RotationDelivered', `rotation ${rotation.RunId} was delivered by another run`);
  }
  await context.directory.cancelRotation(rotation);
}

/**
 * Runs `--check` with the new key in its environment.
 * @throws Failure if the check fails or the new key no longer works; the new key is deleted then
 */
async function runCheck(
  context: CommandContext,
  command: string,
  { AccessKey, NewAccessKeyId, RunId, UserName }: StartedRotation,
  revert: () => Promise<void>,
): Promise<void> {
  const outcome = await context.system.runShell(command, {
    ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKey.AccessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKey.AccessKeySecret,
  });
  const cancelAndThrow = async (reason: string, failure: unknown): Promise<never> => {
    await revert().catch(() => {
      const message = `rotation ${RunId} of ${UserName} could not be cancelled: ${reason}`;
      throw new Failure('later', 'CheckFailed', message, { Hint: `ramctl ak rotation rollback ${UserName}` });
    });
    throw failure;
  };
  if (outcome !== '0') {
    const reason = `the check ended with ${/^\d+$/.test(outcome) ? `exit code ${outcome}` : outcome}`;
    const message = `${reason}; the new AccessKey was deleted and the old one still works`;
    await cancelAndThrow(reason, new Failure('denied', 'CheckFailed', message, { Field: '--check' }));
  }
  // A key that was deleted or disabled during the check must not be delivered.
  const dryRun = context.directory.dryRun();
  await dryRun.completeRotation({ NewAccessKeyId }).catch((error: Error) => cancelAndThrow(error.message, error));
}

/** Disables the old key, or schedules that. If this fails, the same command with `--run-id` can complete it later. */
async function completeRotation(context: CommandContext, rotation: StartedRotation, DueDate: string | undefined) {
  const { NewAccessKeyId, UserName, RunId } = rotation;
  try {
    await context.directory.completeRotation({ NewAccessKeyId, DueDate });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, code, message } = error;
    throw new Failure(kind, code, `the new AccessKey was delivered, but the rotation is not finished: ${message}`, {
      Hint: `ramctl ak rotation list ${UserName}   # run the same command with --run-id ${RunId} to finish it`,
    });
  }
}

function buildSecretResult(
  { AccessKey, ...started }: StartedRotation,
  { UserPrincipalName }: User,
  DueDate?: string,
): SecretResult<RotationResult> {
  const { UserName, RunId } = started;
  const rotation = { ...started, State: DueDate ? ('Grace' as const) : ('Done' as const), DueDate: DueDate ?? null };
  const { AccessKeyId, AccessKeySecret } = AccessKey;
  return {
    view: rotationView,
    result: { ...rotation, AccessKey },
    credentials: [{ UserPrincipalName, AccessKeyId, AccessKeySecret }],
    undelivered: { name: `rotation ${RunId} of ${UserName}`, command: `ramctl ak rotation rollback ${UserName}` },
  };
}

/** Rejects an empty value, such as that of an unset shell variable. */
function parseNonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
