import { askLogonSettings } from '../../ask/login.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { type LogonSettings, type LogonSettingsChange, setLogonSettings } from '../../core/workflows/login.ts';
import { findLoginProfile } from '../../core/workflows/user.ts';
import { loginView } from '../../view/login.ts';
import { buildArgs } from '../args.ts';
import { chooseUser } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { deliverSecrets } from '../deliver-secrets.ts';
import { addLogonOptions, type LogonOptions, readLogonSettings, remarkOnWeakPassword } from '../password.ts';
import { remarkEquivalent } from '../remarks.ts';
import { addSinkOptions, type SinkOptions, toSinkFlags } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';

type Options = SinkOptions & LogonOptions & { generatePassword?: boolean };

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('set [user]', 'Set the password and the logon settings of a user', {
    'Store a generated password in a file': 'ramctl login set alice --generate-password --secret-to file:alice.csv',
    'Require a password reset and an MFA device': 'ramctl login set alice --password-reset required --mfa required',
  });
  verb.describe(`Changes the given settings and keeps the others. A user without console logon gets it, with a
    generated password unless one is given. Refuses a password that the password policy does not allow. Prints the
    settings, and a generated password once. Without options, the command asks for each setting.`);
  verb.option('--generate-password', 'generate a new password and show it once');
  addSinkOptions(addLogonOptions(verb));
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    const { generatePassword, passwordStdin, passwordFile, passwordReset, mfa } = options;
    if (generatePassword && (passwordStdin || passwordFile !== undefined)) {
      const message = '--generate-password cannot be used together with --password-stdin or --password-file';
      throw usageError(message, '--generate-password');
    }
    const optionValues = [generatePassword, passwordStdin, passwordFile, passwordReset, mfa];
    const isAsked = optionValues.every((value) => value === undefined);
    const UserName = await chooseUser(context, name, 'ramctl login set <user> --generate-password');
    const settings: LogonSettingsChange = isAsked
      ? await askSettings(context, UserName)
      : { ...(await readLogonSettings(context, options)), generatePassword };
    await deliverSecrets<LogonSettings>(context, options, (prepare) =>
      setLogonSettings(context.directory, { UserName, ...settings }, (result) => prepare(buildSecretResult(result))),
    );
    if (isAsked) remarkEquivalent(context, buildEquivalentArgs(UserName, settings, options));
  });
}

/** Asks for all settings, with the current ones as defaults. */
async function askSettings(context: CommandContext, name: string): Promise<LogonSettingsChange> {
  const command = shellCommand`ramctl login set ${name} --generate-password`;
  const hint = `${command}   # or --password-stdin --password-file --password-reset --mfa`;
  const prompter = await context.prompts.requirePrompter('no settings are given', '--generate-password', hint);
  const [current, policy] = await context.directory.reading(async (operations) => {
    await operations.getUser({ UserName: name });
    return [await findLoginProfile(operations, name), await operations.getPasswordPolicy()];
  });
  const settings = await askLogonSettings(prompter, policy, current ?? undefined);
  remarkOnWeakPassword(context, settings.password);
  return settings;
}

/** The command line that sets the same settings. It reads a typed password from stdin. */
function buildEquivalentArgs(name: string, settings: LogonSettingsChange, options: SinkOptions): string[] {
  const { password, generatePassword, PasswordResetRequired, MFABindRequired } = settings;
  return buildArgs(['login', 'set', name], {
    'password-stdin': password !== undefined,
    'generate-password': generatePassword,
    'password-reset': PasswordResetRequired ? 'required' : 'not-required',
    mfa: MFABindRequired ? 'required' : 'not-required',
    ...toSinkFlags(options),
  });
}

function buildSecretResult(result: LogonSettings) {
  const { UserName, UserPrincipalName, LogonUrl, Password } = result;
  return {
    view: loginView,
    result,
    credentials: [{ UserPrincipalName, LogonUrl, Password }],
    undelivered: {
      name: `a new password of ${UserName}`,
      command: shellCommand`ramctl login set ${UserName} --generate-password`,
    },
  };
}
