import type { Prompter } from '../../ask/prompter.ts';
import { isFailure } from '../../core/failure.ts';
import { completeMfaSetup, readMfaStatus, startMfaSetup } from '../../core/workflows/mfa.ts';
import { type MfaSeed, mfaView, seedView } from '../../view/mfa.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { changeAndShow } from '../output.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';
import { verifyNewDevice } from '../verify-device.ts';

type Options = SinkOptions & { atNextLogon?: boolean; bind?: boolean };

export function declareEnable(noun: RamctlCommand): void {
  const verb = noun.verb('enable [user]', 'Set up an authenticator app for a user (virtual MFA device, TOTP)', {
    'Require that alice binds a device at the next logon': 'ramctl mfa enable alice --at-next-logon',
    'Store the key of a new device in a file': 'ramctl mfa enable alice --no-bind --secret-to file:alice.json',
  });
  verb.describe(`Creates a virtual MFA device, shows its QR code and its key, asks for two consecutive codes and binds
    the device. Deletes the device again if the codes are wrong or the command is cancelled. An unbound device of the
    user is replaced. Fails if the user has a bound device. Prints the MFA status of the user.`);
  verb.option('--at-next-logon', 'require that the user binds a device at the next logon; create no device');
  verb.option(
    '--no-bind',
    'create a device and show its key once, or deliver it with --secret-to; mfa bind binds it later',
  );
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    const { atNextLogon, bind, secretTo, overwrite } = options;
    if (atNextLogon && bind === false) {
      throw usageError('--at-next-logon and --no-bind cannot be used together', '--no-bind');
    }
    if (bind !== false && (secretTo !== undefined || overwrite)) {
      throw usageError('--secret-to and --overwrite require --no-bind', '--secret-to');
    }
    const prompter = atNextLogon || bind === false ? undefined : await requirePrompter(context, name);
    const UserName = await chooseUser(context, name, 'ramctl mfa enable <user>');
    if (prompter) {
      await setUpMfa(context, prompter, UserName);
    } else if (atNextLogon) {
      await changeAndShow(context, mfaView, async (operations) => {
        await operations.updateLoginProfile({ UserName, MFABindRequired: true });
        return readMfaStatus(operations, UserName);
      });
    } else {
      await createUnboundDevice(context, options, UserName);
    }
  });
}

function requirePrompter(context: CommandContext, name = '<user>'): Promise<Prompter> {
  const message = 'mfa enable needs a terminal, to ask for two codes of the authenticator app';
  const hint = `ramctl mfa enable ${name} --no-bind   # then: ramctl mfa bind ${name} --code <first> --code <second>`;
  return context.prompts.requirePrompter(message, '--no-bind', hint);
}

async function createUnboundDevice(context: CommandContext, options: SinkOptions, name: string): Promise<void> {
  await deliverSecrets<MfaSeed>(context, options, (prepare) =>
    startMfaSetup(context.directory, name, ({ UserName, Account, SerialNumber, Base32StringSeed, OtpAuthUri }) =>
      prepare({
        view: seedView,
        result: { UserName, SerialNumber, Base32StringSeed, OtpAuthUri },
        credentials: [{ UserPrincipalName: Account }],
        undelivered: { name: `an unbound MFA device of ${UserName}`, command: `ramctl mfa enable ${UserName}` },
      }),
    ),
  );
}

/** Creates a device, shows it, asks for codes and binds it. Deletes the device if any of this fails or is cancelled. */
async function setUpMfa(context: CommandContext, prompter: Prompter, name: string): Promise<void> {
  const setup = await startMfaSetup(context.directory, name);
  try {
    await verifyNewDevice(context, prompter, setup.value, (codes) =>
      changeAndShow(context, mfaView, (operations) => completeMfaSetup(operations, setup.value.UserName, codes)),
    );
  } catch (error) {
    await setup.revert().catch((failure: unknown) => {
      // Another process has replaced or deleted the device, so there is nothing left to delete.
      if (!isFailure(failure, 'ChangedMeanwhile')) throw failure;
    });
    throw error;
  }
}
