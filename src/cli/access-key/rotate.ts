import { createHash } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { DAY_MS, formatRamDate } from '../../core/clock.ts';
import type { StartedRotation, User } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { type RotationResult, rotationView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { deliverSecrets, type SecretResult } from '../deliver-secrets.ts';
import { changeAndShow } from '../output.ts';
import { addSinkOptions, containsKeyPair, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';

interface Options extends SinkOptions {
  check?: string;
  grace?: number;
  replace?: string;
  force?: boolean;
  runId?: string;
}

const HELP = `
The new key is made, --check is run, the pair is delivered, then the old key is disabled: at once, or with --grace by
"ramctl ak rotation finish". With --run-id the same command can be run again after whatever went wrong: it goes on
with the same pair.`;

export function declareRotate(noun: RamctlCommand): void {
  const verb = noun.verb('rotate <user>', 'exchange an AccessKey for a new one, without a gap', [
    'ramctl ak rotate robot --secret-to file:robot.env',
    'ramctl ak rotate robot --run-id 2026-01 --grace 2h --check "./smoke-test" --secret-to aliyun:robot',
  ]);
  verb.option(
    '--check <command>',
    'run it with the new pair in its environment; if it fails, the new key is removed',
    parseNonEmpty,
  );
  verb.option(
    '--grace <time>',
    'how long the old key goes on working: 90s, 30m, 2h, 7d (default: not at all)',
    parseDurationMs,
  );
  verb.option('--replace <id>', 'of two AccessKeys, delete this one first', parseNonEmpty);
  verb.option('--force', 'let --replace delete an active one');
  verb.option('--run-id <token>', 'what makes this run the same one when it is tried again');
  addSinkOptions(verb).addHelpText('after', HELP);
  verb.setAction<Options>(async (context, options, UserName: string) => {
    if (options.force && options.replace === undefined) throw usageError('--force is about --replace', '--force');
    if (await isAlreadyDelivered(context, options, UserName)) return;
    let settle = async () => {};
    await deliverSecrets<RotationResult>(
      context,
      options,
      async (pack) => {
        const { value } = await context.directory.atomically(async (operations) => {
          const rotation = await operations.startRotation(buildInput(options, UserName));
          const user = await operations.getUser({ UserName });
          pack(buildSecretResult(rotation, user, computeDueDate(context, options)));
          return { rotation, user };
        });
        const { rotation, user } = value;
        const revert = () => cancelUnlessDelivered(context, options, rotation);
        if (options.check !== undefined) await runCheck(context, options.check, rotation, revert);
        // Grace begins now.
        const DueDate = computeDueDate(context, options);
        pack(buildSecretResult(rotation, user, DueDate));
        settle = () => completeRotation(context, rotation, DueDate);
        return { value, revert };
      },
      () => settle(),
    );
  });
}

/** When the old key goes, undefined for at once. */
function computeDueDate(context: CommandContext, { grace }: Options): string | undefined {
  return grace ? formatRamDate(new Date(context.system.now().getTime() + grace)) : undefined;
}

/** A run that was delivered before has nothing left to do, if what it delivered is still where it was put. */
async function isAlreadyDelivered(context: CommandContext, options: Options, UserName: string): Promise<boolean> {
  const { runId } = options;
  const known = runId === undefined ? [] : await context.directory.listRotations({ UserName });
  const earlier = known.find(({ RunId }) => RunId === runId);
  if (!earlier) return false;
  // It exists, so that this makes nothing.
  const { AccessKey, ...rotation } = await context.directory.startRotation(buildInput(options, UserName));
  if (await containsKeyPair(context, options, AccessKey)) {
    const DueDate = computeDueDate(context, options);
    await changeAndShow(context, rotationView, (operations) => operations.completeRotation({ ...rotation, DueDate }));
    return true;
  }
  if (earlier.State === 'Checking') return false;
  throw new Failure(
    'refused',
    'RotationDelivered',
    `rotation ${runId} of ${UserName} was delivered, but is not there`,
    {
      Field: '--run-id',
      Hint: `ramctl ak rotation ${earlier === known.at(-1) ? 'rollback' : 'list'} ${UserName}`,
    },
  );
}

function buildInput(options: Options, UserName: string) {
  const { secretTo = 'stdout', configPath, check, grace = 0, replace } = options;
  // What may differ in a second try: whether a file may be replaced, and which key made room, which is gone by then.
  const asked = JSON.stringify([options.runId, secretTo, configPath, check, grace]);
  return {
    UserName,
    RunId: options.runId,
    Request: createHash('sha256').update(asked).digest('hex'),
    ReplaceAccessKeyId: replace,
    Force: options.force,
  };
}

/** Takes the new key away, unless somebody with the same token has put it where it belongs. */
async function cancelUnlessDelivered(context: CommandContext, options: Options, begun: StartedRotation): Promise<void> {
  if (await containsKeyPair(context, options, begun.AccessKey)) {
    throw new Failure('refused', 'RotationDelivered', `rotation ${begun.RunId} was delivered by another run`);
  }
  await context.directory.cancelRotation(begun);
}

/** Whatever keeps the check from saying yes takes the new key away again. */
async function runCheck(
  context: CommandContext,
  command: string,
  begun: StartedRotation,
  undo: () => Promise<void>,
): Promise<void> {
  const { AccessKeyId, AccessKeySecret } = begun.AccessKey;
  const variables = { ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKeySecret };
  const outcome = await context.system.runShell(command, variables);
  const isFine = outcome === '0';
  // A key that is gone or disabled by now must not be delivered.
  const refusal = isFine
    ? await findRefusal(context.directory.dryRun().completeRotation({ NewAccessKeyId: begun.NewAccessKeyId }))
    : undefined;
  if (isFine && !refusal) return;
  try {
    await undo();
  } catch {
    const stands = `the check ended with ${outcome}, and rotation ${begun.RunId} of ${begun.UserName} stands`;
    throw new Failure('later', 'CheckFailed', stands, { Hint: `ramctl ak rotation rollback ${begun.UserName}` });
  }
  throw (
    refusal ??
    new Failure('denied', 'CheckFailed', `the check ended with ${outcome}; the new AccessKey is removed`, {
      Field: '--check',
    })
  );
}

function findRefusal(trial: Promise<unknown>): Promise<unknown> {
  return trial.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The old key goes. If that fails, the same command does it later, for the pair is where it belongs. */
async function completeRotation(
  context: CommandContext,
  begun: StartedRotation,
  DueDate: string | undefined,
): Promise<void> {
  const { NewAccessKeyId, UserName, RunId } = begun;
  try {
    await context.directory.completeRotation({ NewAccessKeyId, DueDate });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, code, message } = error;
    throw new Failure(kind, code, `the new pair is delivered, but the rotation is not finished: ${message}`, {
      Hint: `ramctl ak rotation list ${UserName}   # the same command with --run-id ${RunId} goes on with it`,
    });
  }
}

function buildSecretResult(
  { AccessKey, ...begun }: StartedRotation,
  { UserPrincipalName }: User,
  due?: string,
): SecretResult<RotationResult> {
  const { UserName, RunId } = begun;
  const rotation = { ...begun, State: due ? ('Grace' as const) : ('Done' as const), DueDate: due ?? null };
  const { AccessKeySecret, ...bare } = AccessKey;
  return {
    view: rotationView,
    result: { ...rotation, AccessKey },
    withoutSecrets: { ...rotation, AccessKey: bare },
    secrets: [{ kind: 'AccessKey', text: AccessKeySecret }],
    credentials: [{ UserPrincipalName, AccessKeyId: AccessKey.AccessKeyId, AccessKeySecret }],
    undelivered: { name: `rotation ${RunId} of ${UserName}`, command: `ramctl ak rotation rollback ${UserName}` },
  };
}

/** A variable that was meant to hold something did not. */
function parseNonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS };

/** A time such as 90s, 30m, 2h, 7d, in milliseconds. */
function parseDurationMs(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNIT_MS[unit] ?? 0);
  throw new InvalidArgumentError('It must be a number with s, m, h or d, such as 2h.');
}
