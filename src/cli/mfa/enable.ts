import { Cancelled, type Prompter } from '../../ask/prompter.ts';
import type { AcceptedCodes, MFASetup } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { buildMfaKey, createUnboundDevice, mfaSetupHint, readMfaStatus } from '../../core/workflows/mfa.ts';
import { type MfaSeed, mfaView, seedView } from '../../view/mfa.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { BrokenPipe, changeAndShow } from '../output.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';
import { verifyNewDevice } from '../verify-device.ts';
import { openQrImage, parseQrTarget, type QrImage, type QrTarget } from './qr-image.ts';

type Options = SinkOptions & { atNextLogon?: boolean; bind?: boolean; qr?: QrTarget };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('enable [user]', 'Set up an authenticator app for a user (virtual MFA device, TOTP)', {
    'Require that alice binds a device at the next logon': 'ramctl mfa enable alice --at-next-logon',
    'Store the key of a new device in a file': 'ramctl mfa enable alice --no-bind --secret-to file:alice.json',
    'Store it as an image of the QR code as well':
      'ramctl mfa enable bob --no-bind --secret-to file:bob.json --qr file:bob.png',
  });
  verb.describe(`Shows the QR code and the key of a new virtual MFA device, asks for two consecutive codes, then binds the
    device. In a local directory nothing is stored before both codes are right. In an account or on a server, the device is created
    first, and is deleted again when the command fails or is cancelled. If the command is killed, an unbound device
    remains. An unbound device of the user is replaced. Fails if the user has a bound device. Prints the MFA status of
    the user.`);
  verb.option('--at-next-logon', 'require that the user binds a device at the next logon; create no device');
  verb.option(
    '--no-bind',
    'create a device and show its key once, or deliver it with --secret-to; mfa bind binds it later',
  );
  verb.option(
    '--qr <place>',
    'place of the QR code: terminal, none, or file:PATH.png, a new file with mode 0600 (default: terminal)',
    parseQrTarget,
  );
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    checkOptions(options);
    const { atNextLogon, bind, qr = 'terminal' } = options;
    const prompter = atNextLogon || bind === false ? undefined : await requirePrompter(context, name);
    const UserName = await chooseUser(context, name, 'ramctl mfa enable <user>');
    if (atNextLogon) {
      await changeAndShow(context, mfaView, async (operations) => {
        await operations.updateLoginProfile({ UserName, MFABindRequired: true });
        return readMfaStatus(operations, UserName);
      });
      return;
    }
    const image = await openQrImage(context, qr);
    try {
      if (prompter) await setUpMfa(context, prompter, { UserName, qr, image });
      else await addUnboundDevice(context, options, { UserName, image });
    } catch (error) {
      // A reader that closes stdout early does not make the command fail.
      if (!(error instanceof BrokenPipe)) image?.remove();
      throw error;
    }
  });
}

/** @throws Failure `usage` for options that cannot be used together */
function checkOptions({ atNextLogon, bind, qr, secretTo, overwrite }: Options): void {
  if (atNextLogon && bind === false) {
    throw usageError('--at-next-logon and --no-bind cannot be used together', '--no-bind');
  }
  if (bind !== false && (secretTo !== undefined || overwrite)) {
    throw usageError('--secret-to and --overwrite require --no-bind', '--secret-to');
  }
  if (atNextLogon && qr) throw usageError('--at-next-logon and --qr cannot be used together', '--qr');
  if (bind === false && qr === 'terminal') throw usageError('--no-bind does not show a QR code', '--qr', QR_HINT);
}

const QR_HINT = 'use --qr file:PATH.png';

function requirePrompter(context: CommandContext, name = '<user>'): Promise<Prompter> {
  const message = 'mfa enable needs a terminal, to ask for two codes of the authenticator app';
  return context.prompts.requirePrompter(message, '--no-bind', mfaSetupHint(name));
}

interface NewDevice {
  UserName: string;
  image: QrImage | undefined;
}

/** Asks for two codes of a new device and binds it. Without them the device does not remain. */
async function setUpMfa(
  context: CommandContext,
  prompter: Prompter,
  { UserName, qr, image }: NewDevice & { qr: QrTarget },
): Promise<void> {
  const { findNewDeviceStep } = await import('../../core/totp.ts');
  const largerQrHint = 'To scan it from a file, run the command again with --qr file:code.png.';
  const setup = await context.directory.startMFASetup({ UserName });
  const { user, Base32StringSeed } = setup;
  const findStep = async (code: string, firstStep?: number) =>
    findNewDeviceStep(Base32StringSeed, code, context.system.now(), firstStep);
  let text = '';
  const bind = (accepted: AcceptedCodes) =>
    setup.bind(accepted, async (operations) => {
      text = context.output.format(mfaView, await readMfaStatus(operations, user.UserName));
    });
  try {
    const key = await buildMfaKey(user, Base32StringSeed);
    image?.write(key.OtpAuthUri);
    await verifyNewDevice(context, prompter, { ...key, qr, largerQrHint }, findStep, bind);
  } catch (error) {
    throw await cancelSetup(setup, error);
  }
  await context.output.printCommitted(text);
  if (typeof qr === 'object') {
    context.output.remark(
      `remark: ${qr.path} contains the key of the device. Delete the file after the key is scanned.`,
    );
  }
}

/** Deletes the device of a setup that did not succeed, if it exists already. Returns the error to report. */
async function cancelSetup(setup: MFASetup, cause: unknown): Promise<unknown> {
  const { SerialNumber } = setup;
  if (SerialNumber === undefined) return cause;
  const isCancelled = cause instanceof Cancelled;
  try {
    await setup.cancel();
  } catch (problem) {
    if (!(problem instanceof Failure)) return problem;
    const reason = isCancelled ? 'cancelled' : (cause as Error).message;
    const message = `${reason}; the device ${SerialNumber} was created and could not be deleted: ${problem.message}`;
    return new Failure('later', 'PartlyDone', message, { Hint: shellCommand`ramctl mfa delete ${SerialNumber}` });
  }
  return isCancelled ? new Cancelled('cancelled; the new MFA device was deleted again') : cause;
}

async function addUnboundDevice(
  context: CommandContext,
  options: SinkOptions,
  { UserName: name, image }: NewDevice,
): Promise<void> {
  // Load the TOTP library before the lock is taken.
  await import('../../core/totp.ts');
  await deliverSecrets<MfaSeed>(context, options, (prepare) =>
    context.directory.atomically(async (operations) => {
      const { user, SerialNumber, Base32StringSeed } = await createUnboundDevice(operations, name);
      const { UserName, Account, OtpAuthUri } = await buildMfaKey(user, Base32StringSeed);
      prepare({
        view: seedView,
        result: { UserName, SerialNumber, Base32StringSeed, OtpAuthUri },
        credentials: [{ UserPrincipalName: Account }],
        undelivered: {
          name: `an unbound MFA device of ${UserName}`,
          command: shellCommand`ramctl mfa delete ${SerialNumber}`,
        },
      });
      image?.write(OtpAuthUri);
    }),
  );
}
