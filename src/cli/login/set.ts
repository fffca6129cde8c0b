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

interface Options extends SinkOptions, PasswordOptions, LogonOptions {
  generatePassword?: boolean;
}

export function declareSet(noun: RamctlCommand): void {
  const verb = noun.verb('set [user]', 'set password and logon settings; what is not named stays', [
    'ramctl login set alice --generate-password --secret-to file:alice.csv',
    'ramctl login set alice --password-reset required --mfa required',
  ]);
  verb.option('--generate-password', 'a new password, shown once');
  addSinkOptions(addLogonOptions(addPasswordOptions(verb), ''));
  verb.setAction<Options>(async (context, options, word: string | undefined) => {
    assertNoContradictions(options);
    const UserName = await chooseUser(context, word, 'ramctl login set <user> --generate-password');
    const isAsked = !hasSettings(options);
    const settings = isAsked ? await askSettings(context, UserName) : await readSettings(context, options);
    await deliverSecrets<LogonSettings>(context, options, (pack) =>
      setLogonSettings(context.directory, { UserName, ...settings }, (outcome) => pack(buildSecretResult(outcome))),
    );
    if (isAsked)
      context.output.remark(
        `The same from a shell:\n  ${context.output.commandLine(buildEquivalentArgs(UserName, settings, options))}`,
      );
  });
}

function assertNoContradictions({ generatePassword, passwordStdin, passwordFile }: Options): void {
  if (generatePassword && (passwordStdin || passwordFile !== undefined)) {
    throw usageError('--generate-password and a password of your own exclude each other', '--generate-password');
  }
}

function hasSettings({ generatePassword, passwordStdin, passwordFile, passwordReset, mfa }: Options): boolean {
  return [generatePassword, passwordStdin, passwordFile, passwordReset, mfa].some((value) => value !== undefined);
}

async function readSettings(context: CommandContext, options: Options): Promise<LogonAnswers> {
  return {
    password: await readNewPassword(context, options),
    generatePassword: options.generatePassword,
    PasswordResetRequired: isRequired(options.passwordReset),
    MFABindRequired: isRequired(options.mfa),
  };
}

/** Shows the settings there are, to be changed. */
async function askSettings(context: CommandContext, name: string): Promise<LogonAnswers> {
  const prompter = await context.prompts.require({
    what: 'nothing to set',
    field: '--generate-password',
    hint: `ramctl login set ${name} --generate-password   # or --password-stdin --password-file --password-reset --mfa`,
  });
  const [present, policy] = await context.directory.reading(async (operations) => {
    await operations.getUser({ UserName: name });
    return [await findLoginProfile(operations, name), await operations.getPasswordPolicy()];
  });
  const settings = await askLogon(prompter, {}, policy, present ?? undefined);
  remarkOnWeakPassword(context, settings.password);
  return settings;
}

function buildEquivalentArgs(
  name: string,
  { password, generatePassword, PasswordResetRequired, MFABindRequired }: LogonAnswers,
  { secretTo, overwrite }: SinkOptions,
): string[] {
  const words = ['login', 'set', name];
  if (password !== undefined) words.push('--password-stdin');
  else if (generatePassword) words.push('--generate-password');
  words.push('--password-reset', PasswordResetRequired ? 'required' : 'not-required');
  words.push('--mfa', MFABindRequired ? 'required' : 'not-required');
  if (secretTo !== undefined) words.push(...flagWithValue('secret-to', secretTo));
  if (overwrite) words.push('--overwrite');
  return words;
}

function buildSecretResult(result: LogonSettings) {
  const { Password, ...bare } = result;
  const { UserName, UserPrincipalName, LogonUrl } = result;
  return {
    view: loginView,
    result,
    withoutSecrets: bare,
    secrets: Password === undefined ? [] : [{ kind: 'password' as const, text: Password }],
    credentials: [{ UserPrincipalName, LogonUrl, Password }],
    undelivered: { name: `a new password of ${UserName}`, command: `ramctl login set ${UserName} --generate-password` },
  };
}
