import { askLogon, type LogonAnswers } from '../../ask/login.ts';
import { type LogonSettings, setLogonSettings } from '../../core/workflows/login.ts';
import { findLoginProfile } from '../../core/workflows/user.ts';
import { loginView } from '../../view/login.ts';
import { flagWithValue } from '../args.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import {
  addLogonOptions,
  addPasswordOptions,
  isRequired,
  type LogonOptions,
  type PasswordOptions,
  readNewPassword,
  remarkOnWeakPassword,
} from '../password.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';

type Options = SinkOptions & PasswordOptions & LogonOptions & { generatePassword?: boolean };

export function declareSet(noun: RamctlCommand): void {
  const verb = noun.verb('set [user]', 'Set the password and the logon settings of a user', [
    '# Generate a new password and store it in a file',
    'ramctl login set alice --generate-password --secret-to file:alice.csv',
    '# Require a new password and an MFA device at the next logon',
    'ramctl login set alice --password-reset required --mfa required',
  ]);
  verb.description(
    'Changes the given settings and keeps the others. A user without console logon gets it, with a generated password ' +
      'unless one is given. Without options, asks for each setting at a terminal. Fails if the password ' +
      'policy does not allow the password. Prints the settings; a generated password is shown only once.',
  );
  verb.option('--generate-password', 'generate a new password and show it once');
  addSinkOptions(addLogonOptions(addPasswordOptions(verb), ''));
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    const { generatePassword, passwordStdin, passwordFile, passwordReset, mfa } = options;
    if (generatePassword && (passwordStdin || passwordFile !== undefined)) {
      const message = '--generate-password cannot be used together with --password-stdin or --password-file';
      throw usageError(message, '--generate-password');
    }
    const given = [generatePassword, passwordStdin, passwordFile, passwordReset, mfa];
    const isAsked = given.every((value) => value === undefined);
    const UserName = await chooseUser(context, name, 'ramctl login set <user> --generate-password');
    const settings: LogonAnswers = isAsked
      ? await askSettings(context, UserName)
      : {
          password: await readNewPassword(context, options),
          generatePassword,
          PasswordResetRequired: isRequired(passwordReset),
          MFABindRequired: isRequired(mfa),
        };
    await deliverSecrets<LogonSettings>(context, options, (prepareOutput) =>
      setLogonSettings(context.directory, { UserName, ...settings }, (result) =>
        prepareOutput(buildSecretResult(result)),
      ),
    );
    if (isAsked)
      context.output.remark(
        `The same from a shell:\n  ${context.output.commandLine(buildEquivalentArgs(UserName, settings, options))}`,
      );
  });
}

/** Asks for all settings; the answers are preset to the current ones. */
async function askSettings(context: CommandContext, name: string): Promise<LogonAnswers> {
  const prompter = await context.prompts.require({
    what: 'no settings are given',
    field: '--generate-password',
    hint: `ramctl login set ${name} --generate-password   # or --password-stdin --password-file --password-reset --mfa`,
  });
  const [current, policy] = await context.directory.reading(async (operations) => {
    await operations.getUser({ UserName: name });
    return [await findLoginProfile(operations, name), await operations.getPasswordPolicy()];
  });
  const settings = await askLogon(prompter, {}, policy, current ?? undefined);
  remarkOnWeakPassword(context, settings.password);
  return settings;
}

function buildEquivalentArgs(
  name: string,
  { password, generatePassword, PasswordResetRequired, MFABindRequired }: LogonAnswers,
  { secretTo, overwrite }: SinkOptions,
): string[] {
  const args = ['login', 'set', name];
  if (password !== undefined) args.push('--password-stdin');
  else if (generatePassword) args.push('--generate-password');
  args.push('--password-reset', PasswordResetRequired ? 'required' : 'not-required');
  args.push('--mfa', MFABindRequired ? 'required' : 'not-required');
  if (secretTo !== undefined) args.push(...flagWithValue('secret-to', secretTo));
  if (overwrite) args.push('--overwrite');
  return args;
}

function buildSecretResult(result: LogonSettings) {
  const { UserName, UserPrincipalName, LogonUrl, Password } = result;
  return {
    view: loginView,
    result,
    credentials: [{ UserPrincipalName, LogonUrl, Password }],
    undelivered: { name: `a new password of ${UserName}`, command: `ramctl login set ${UserName} --generate-password` },
  };
}
