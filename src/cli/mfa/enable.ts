import type { Prompter } from '../../ask/prompter.ts';
import { isFailure } from '../../core/failure.ts';
import { completeMfaSetup, readMfaStatus, startMfaSetup } from '../../core/workflows/mfa.ts';
import { type MfaSeed, mfaView, seedView } from '../../view/mfa.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { changeAndShow } from '../output.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';

interface Options extends SinkOptions {
  atNextLogon?: boolean;
  bind?: boolean;
}

/** How often wrong codes are explained and asked again. */
const MAX_ATTEMPTS = 3;

export function declareEnable(noun: RamctlCommand): void {
  const verb = noun.verb('enable [user]', 'add an authenticator app (virtual MFA device, TOTP)', [
    'ramctl mfa enable alice --at-next-logon',
    'ramctl mfa enable alice --no-bind --secret-to file:alice.json',
  ]);
  verb.option('--at-next-logon', 'only require that the user binds one at the next logon');
  verb.option('--no-bind', 'make the device, print its key, and leave binding to mfa bind');
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    if (options.atNextLogon && options.bind === false) {
      throw usageError('--at-next-logon and --no-bind exclude each other', '--no-bind');
    }
    if (options.bind !== false && (options.secretTo !== undefined || options.overwrite)) {
      throw usageError('--secret-to is about --no-bind; a person is shown the key', '--secret-to');
    }
    if (options.atNextLogon) return requireAtNextLogon(context, await chooseUserForMfa(context, name));
    if (options.bind === false) return createUnboundDevice(context, options, await chooseUserForMfa(context, name));
    const prompter = await context.prompts.require({
      what: 'codes from the authenticator app are needed and nobody is there to ask',
      field: '--no-bind',
      hint: `ramctl mfa enable ${name ?? '<user>'} --no-bind, then ramctl mfa bind`,
    });
    return setUpMfa(context, prompter, await chooseUserForMfa(context, name));
  });
}

function chooseUserForMfa(context: CommandContext, name: string | undefined): Promise<string> {
  return chooseUser(context, name, 'ramctl mfa enable <user>');
}

async function requireAtNextLogon(context: CommandContext, UserName: string): Promise<undefined> {
  await changeAndShow(context, mfaView, async (operations) => {
    await operations.updateLoginProfile({ UserName, MFABindRequired: true });
    return readMfaStatus(operations, UserName);
  });
  return undefined;
}

async function createUnboundDevice(context: CommandContext, options: SinkOptions, name: string): Promise<undefined> {
  await deliverSecrets<MfaSeed>(context, options, (pack) =>
    startMfaSetup(context.directory, name, ({ UserName, Account, SerialNumber, Base32StringSeed, OtpAuthUri }) =>
      pack({
        view: seedView,
        result: { UserName, SerialNumber, Base32StringSeed, OtpAuthUri },
        withoutSecrets: { UserName, SerialNumber },
        secrets: [{ kind: 'MFA seed', text: Base32StringSeed }],
        credentials: [{ UserPrincipalName: Account }],
        undelivered: { name: `an unbound MFA device of ${UserName}`, command: `ramctl mfa enable ${UserName}` },
      }),
    ),
  );
  return undefined;
}

/** Makes the device, shows it, asks for codes, binds it. Whatever ends this early takes the device away again. */
async function setUpMfa(context: CommandContext, prompter: Prompter, name: string): Promise<undefined> {
  const enrolment = await startMfaSetup(context.directory, name);
  try {
    const { mfaSetupView: enrolmentView } = await import('../../view/mfa-setup.ts');
    await context.output.showPrompt(enrolmentView, enrolment.value);
    await askAndBind(context, prompter, enrolment.value.UserName);
  } catch (error) {
    await enrolment.revert().catch((failure: unknown) => {
      // Then it is somebody else's device by now.
      if (!isFailure(failure, 'ChangedMeanwhile')) throw failure;
    });
    throw error;
  }
  return undefined;
}

async function askAndBind(context: CommandContext, prompter: Prompter, name: string): Promise<void> {
  const { askCodePair: askCodes } = await import('../../ask/mfa.ts');
  for (let left = MAX_ATTEMPTS; ; left -= 1) {
    const codes = await askCodes(prompter);
    try {
      await changeAndShow(context, mfaView, (operations) => completeMfaSetup(operations, name, codes));
      return;
    } catch (error) {
      if (left === 1 || !isFailure(error, 'CheckAuthenticationCodeFail')) throw error;
      await context.output.showPrompt(
        (text) => text,
        `${error.message}; ${error.details.Hint}, or two fresh codes in a row`,
      );
    }
  }
}
