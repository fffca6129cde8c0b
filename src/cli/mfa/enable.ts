import type { Prompter } from '../../ask/prompter.ts';
import { bindNewDevice, generateMfaKey, type MfaKey, mfaSetupHint, readMfaStatus } from '../../core/workflows/mfa.ts';
import { type MfaSeed, mfaView, seedView } from '../../view/mfa.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { BrokenPipe, changeAndShow } from '../output.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';
import { verifyNewDevice } from '../verify-device.ts';
import { openQrImage, parseQrTarget, type QrTarget } from './qr-image.ts';

type Options = SinkOptions & { atNextLogon?: boolean; bind?: boolean; qr?: QrTarget };

export function declareEnable(noun: RamctlCommand): void {
  const verb = noun.verb('enable [user]', 'Set up an authenticator app for a user (virtual MFA device, TOTP)', {
    'Require that alice binds a device at the next logon': 'ramctl mfa enable alice --at-next-logon',
    'Store the key of a new device in a file': 'ramctl mfa enable alice --no-bind --secret-to file:alice.json',
    'Store it as an image of the QR code as well':
      'ramctl mfa enable bob --no-bind --secret-to file:bob.json --qr file:bob.png',
  });
  verb.describe(`Shows the QR code and the key of a new virtual MFA device, asks for two consecutive codes, then creates
    and binds the device. Nothing is stored before both codes are right. An unbound device of the user is replaced.
    Fails if the user has a bound device. Prints the MFA status of the user.`);
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
      const key = await generateMfaKey(context.directory, UserName);
      await image?.write(key.OtpAuthUri);
      if (prompter) await setUpMfa(context, prompter, key, qr);
      else await createUnboundDevice(context, options, key);
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

/** Asks for codes of the key, then creates and binds the device. */
async function setUpMfa(context: CommandContext, prompter: Prompter, key: MfaKey, qr: QrTarget): Promise<void> {
  const largerQrHint = 'To scan it from a file, run the command again with --qr file:code.png.';
  const { findNewDeviceStep } = await import('../../core/totp.ts');
  const lastTimeStep = await verifyNewDevice(context, prompter, { ...key, qr, largerQrHint }, async (code, firstStep) =>
    findNewDeviceStep(key.Base32StringSeed, code, context.system.now(), firstStep),
  );
  await changeAndShow(context, mfaView, (operations) => bindNewDevice(operations, key, lastTimeStep));
  if (typeof qr === 'object') {
    context.output.remark(
      `remark: ${qr.path} contains the key of the device. Delete the file after the key is scanned.`,
    );
  }
}

async function createUnboundDevice(context: CommandContext, options: SinkOptions, key: MfaKey): Promise<void> {
  const { UserName, Account, Base32StringSeed, OtpAuthUri } = key;
  await deliverSecrets<MfaSeed>(context, options, (prepare) =>
    context.directory.atomically(async (operations) => {
      const { SerialNumber } = await operations.setUpMFADevice({ UserName, Base32StringSeed });
      prepare({
        view: seedView,
        result: { UserName, SerialNumber, Base32StringSeed, OtpAuthUri },
        credentials: [{ UserPrincipalName: Account }],
        undelivered: { name: `an unbound MFA device of ${UserName}`, command: `ramctl mfa delete ${SerialNumber}` },
      });
    }),
  );
}
