import { createHash } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { formatRamDate } from '../../core/clock.ts';
import type { StartedRotation, StartRotationInput, User } from '../../core/directory.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { type RotationResult, rotationView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { checkDelivery, deliverSecrets, type SecretResult } from '../deliver-secrets.ts';
import { parseDurationMs } from '../option-parsers.ts';
import { changeAndShow } from '../output.ts';
import { addSinkOptions, containsKeyPair, resolveSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';

type Options = SinkOptions & { check?: string; grace?: number; replace?: string; force?: boolean; runId?: string };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('rotate <user>', 'Replace the AccessKey of a user without downtime', {
    'Write a new AccessKey to a file and disable the old one': 'ramctl ak rotate robot --secret-to file:robot.env',
    'Test the new AccessKey, and keep the old one active for two hours':
      'ramctl ak rotate robot --run-id 2026-01 --grace 2h --check "./smoke-test" --secret-to aliyun:robot',
    'Rotate each month: delete the AccessKey that the last rotation disabled, if there is one':
      'ramctl ak rotate robot --run-id 2026-02 --replace inactive --secret-to file:robot.env --overwrite',
  });
  verb.describe(`Creates a new AccessKey, runs --check, delivers the new key and disables the old one. With --grace,
    "ramctl ak rotation finish" disables the old key later. --check finds the new key in ALIBABA_CLOUD_ACCESS_KEY_ID
    and ALIBABA_CLOUD_ACCESS_KEY_SECRET; if it fails, the new key is deleted. Refuses a user with two AccessKeys,
    unless --replace selects the one to delete. An interrupted command with --run-id can be run again and continues with
    the same new key. If the new key was delivered, but --secret-to does not contain it any more (stdout and github cannot
    be read again), the same command delivers another new key in its place. It refuses that if the key was used after its
    delivery; uses by --check do not count. The grace period then starts again. Prints the rotation.
    In an account or on a server, the state is in tags of the user. The secret is not stored there: an
    interrupted command creates another new key. Deleted keys do not come back, and only the latest rotation is known.`);
  verb.option('--check <command>', 'shell command that tests the new key before it is delivered', parseNonEmpty);
  verb.option('--grace <time>', 'time that the old key stays active: 90s, 30m, 2h, 7d (default: 0s)', parseDurationMs);
  const replaceText = 'AccessKey to delete first, for a user with two; "inactive": the disabled one, if there is one';
  verb.option('--replace <id>', replaceText, parseNonEmpty);
  verb.option('--force', 'let --replace delete an active AccessKey');
  verb.option('--run-id <token>', 'token that identifies this rotation in a retry, up to 64 characters');
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, flags, UserName: string) => {
    if (flags.force && flags.replace === undefined) throw usageError('--force needs --replace', '--force');
    const options = await resolveSinkOptions(context, flags, UserName);
    const input = await resumeDelivered(context, options, UserName);
    if (!input) return;
    const isRepeated = input.LostAccessKeyId !== undefined;
    if (options.replace !== undefined) await checkResult(context, options, input);
    let complete = async () => {};
    const commit = async (prepare: (result: SecretResult<RotationResult>) => void) => {
      const { value } = await context.directory.atomically(async (operations) => {
        const rotation = await operations.startRotation(input);
        if (rotation.AccessKey.AccessKeySecret === '') throw otherProcessFailure(rotation);
        const user = await operations.getUser({ UserName });
        prepare(buildSecretResult(rotation, user, computeDueDate(context, options)));
        return { rotation, user };
      });
      const { rotation, user } = value;
      const revert = () => cancelUnlessDelivered(context, options, rotation);
      if (options.check) await runCheck(context, options.check, rotation, isRepeated, revert);
      const CheckUseDate = await beginDelivery(context, rotation, revert);
      // The grace period starts after the check.
      const DueDate = computeDueDate(context, options);
      prepare(buildSecretResult(rotation, user, DueDate));
      complete = () => completeRotation(context, rotation, { DueDate, CheckUseDate });
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
 * Looks for the key of an earlier run with the same `--run-id` in the sink. If the sink contains it, completes and prints the
 * rotation and returns undefined. Otherwise returns the input that starts, resumes or repeats the rotation.
 * @throws Failure `refused` (`RotationDelivered`) if the sink has lost a key that was used
 */
async function resumeDelivered(context: CommandContext, options: Options, UserName: string) {
  const { runId, secretTo = 'stdout' } = options;
  const input = buildStartInput(context, options, UserName);
  const rotations = runId === undefined ? [] : await context.directory.listRotations({ UserName });
  if (!rotations.some(({ RunId }) => RunId === runId)) return input;
  // A dry run, because another process may have removed the rotation: no key may be created before the sink is tested.
  const preview = context.directory.dryRun();
  const { AccessKey, ...rotation } = await preview.startRotation(input);
  if (await containsKeyPair(context, options, AccessKey)) {
    const DueDate = computeDueDate(context, options);
    await changeAndShow(context, rotationView, (operations) => operations.completeRotation({ ...rotation, DueDate }));
    return undefined;
  }
  if (rotation.State === 'Checking' && AccessKey.AccessKeySecret !== '') return input;
  const repeated = { ...input, LostAccessKeyId: AccessKey.AccessKeyId };
  // Fails before the sink is opened.
  await preview.startRotation(repeated).catch((error: unknown) => {
    if (!isFailure(error, 'RotationDelivered')) throw error;
    const problem = secretTo.includes(':') ? `the key is not in ${secretTo}` : `${secretTo} cannot be read again`;
    throw new Failure(error.kind, error.code, `${error.message}; ${problem}`, error.details);
  });
  return repeated;
}

function buildStartInput({ startedAt }: CommandContext, options: Options, UserName: string): StartRotationInput {
  const { runId, secretTo = 'stdout', configPath, check, grace = 0, replace, force } = options;
  const isInactive = replace?.toLowerCase() === 'inactive';
  // A retry may differ in --overwrite, --replace and --force: the replaced key no longer exists then.
  const request = JSON.stringify([runId, secretTo, configPath, check, grace]);
  return {
    UserName,
    RunId: runId,
    Request: createHash('sha256').update(request).digest('hex'),
    ReplaceAccessKeyId: isInactive ? undefined : replace,
    ReplaceInactive: isInactive,
    Force: force,
    StartedAtMs: startedAt.getTime(),
  };
}

/** Deletes the new key, unless another run with the same `--run-id` has delivered it. */
async function cancelUnlessDelivered(context: CommandContext, options: Options, rotation: StartedRotation) {
  if (await containsKeyPair(context, options, rotation.AccessKey)) {
    const { RunId, UserName } = rotation;
    const message = `another process has delivered rotation ${RunId} of ${UserName}`;
    throw new Failure('later', 'RotationDelivered', message, { Hint: `ramctl ak rotation list ${UserName}` });
  }
  await context.directory.cancelRotation(rotation);
}

/**
 * Checks in a dry run that the result can be delivered. Over RAM's API, the key that `--replace` deletes cannot be restored
 * if the result turns out to lose the secret.
 */
async function checkResult(context: CommandContext, options: Options, input: StartRotationInput): Promise<void> {
  await checkDelivery<RotationResult>(context, options, (prepare) =>
    context.directory.dryRun().atomically(async (operations) => {
      const rotation = await operations.startRotation(input);
      const user = await operations.getUser({ UserName: rotation.UserName });
      prepare(buildSecretResult(rotation, user, computeDueDate(context, options)));
    }),
  );
}

/**
 * Runs `--check` with the new key in its environment. `isRepeated`: the rotation replaces a lost key.
 * @throws Failure if the check fails; the new key is deleted then
 */
async function runCheck(
  context: CommandContext,
  command: string,
  rotation: StartedRotation,
  isRepeated: boolean,
  revert: () => Promise<void>,
): Promise<void> {
  const outcome = await context.system.runShell(command, {
    ALIBABA_CLOUD_ACCESS_KEY_ID: rotation.AccessKey.AccessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: rotation.AccessKey.AccessKeySecret,
  });
  if (outcome === '0') return;
  const reason = `the check ended with ${/^\d+$/.test(outcome) ? `exit code ${outcome}` : outcome}`;
  const { DeletedAccessKeyId } = rotation;
  const effect = DeletedAccessKeyId
    ? `the old one did not change; AccessKey ${DeletedAccessKeyId} stays deleted`
    : isRepeated
      ? 'the rotation is as before'
      : 'the old one still works';
  const message = `${reason}; the new AccessKey was deleted and ${effect}`;
  const failure = new Failure('denied', 'CheckFailed', message, { Field: '--check' });
  await cancelAndThrow(rotation, reason, failure, revert);
}

/** Returns the date of the last use of the new key. @throws Failure if the key was deleted or disabled meanwhile */
async function beginDelivery({ directory }: CommandContext, rotation: StartedRotation, revert: () => Promise<void>) {
  const { NewAccessKeyId } = rotation;
  const { LastUsedDate } = await directory
    .beginDelivery({ NewAccessKeyId })
    .catch((error: Error) => cancelAndThrow(rotation, error.message, error, revert));
  return LastUsedDate ?? undefined;
}

async function cancelAndThrow(
  { RunId, UserName }: StartedRotation,
  reason: string,
  failure: Error,
  revert: () => Promise<void>,
): Promise<never> {
  await revert().catch(() => {
    const message = `rotation ${RunId} of ${UserName} could not be cancelled: ${reason}`;
    throw new Failure('later', 'CheckFailed', message, {
      Hint: shellCommand`ramctl ak rotation rollback ${UserName}`,
    });
  });
  throw failure;
}

function otherProcessFailure({ RunId, UserName }: StartedRotation): Failure {
  const message = `another process is running rotation ${RunId} of ${UserName}`;
  return new Failure('later', 'RotationPending', message, { Hint: shellCommand`ramctl ak rotation list ${UserName}` });
}

/** Disables the old key, or schedules that. If this fails, the same command with `--run-id` can complete it later. */
async function completeRotation(
  context: CommandContext,
  rotation: StartedRotation,
  dates: { DueDate: string | undefined; CheckUseDate: string | undefined },
) {
  const { NewAccessKeyId, UserName, RunId } = rotation;
  try {
    await context.directory.completeRotation({ NewAccessKeyId, ...dates });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, code, message, details } = error;
    throw new Failure(kind, code, `the new AccessKey was delivered, but the rotation is not finished: ${message}`, {
      ...details,
      Hint: shellCommand`ramctl ak rotation list ${UserName}   # run the same command with --run-id ${RunId} to finish it`,
    });
  }
}

function buildSecretResult(
  { AccessKey, DeletedAccessKeyId, ...started }: StartedRotation,
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
    deleted: DeletedAccessKeyId && `AccessKey ${DeletedAccessKeyId}`,
    undelivered: {
      name: `rotation ${RunId} of ${UserName}`,
      command: shellCommand`ramctl ak rotation rollback ${UserName}`,
    },
  };
}

/** Rejects an empty value, such as that of an unset shell variable. */
function parseNonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
