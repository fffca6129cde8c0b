import { Option } from 'commander';
import { countCharacterClasses } from '../core/password.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { usageError } from './usage-error.ts';

export type PasswordOptions = { passwordStdin?: boolean | undefined; passwordFile?: string | undefined };
export type LogonOptions = PasswordOptions & { passwordReset?: Requirement; mfa?: Requirement };

type Requirement = 'required' | 'not-required';

export function addPasswordOptions(verb: RamctlCommand): RamctlCommand {
  verb.option('--password-stdin', 'read the password from stdin');
  return verb.option('--password-file <path>', 'file that contains the password');
}

/** Declares the options of `readLogonSettings`. `hasDefaults`: the help shows the settings of a new console logon. */
export function addLogonOptions(verb: RamctlCommand, hasDefaults = false): RamctlCommand {
  addPasswordOptions(verb);
  const addOption = (flags: string, description: string, defaultValue: Requirement) => {
    const text = hasDefaults ? `${description} (default: ${defaultValue})` : description;
    return verb.addOption(new Option(flags, text).choices(['required', 'not-required']));
  };
  addOption('--password-reset <requirement>', 'new password at the next logon', 'required');
  return addOption('--mfa <requirement>', 'MFA device at the next logon', 'not-required');
}

/** Reads the password that the options name, without one trailing line end. Undefined if they name none. */
export async function readPassword(context: CommandContext, options: PasswordOptions): Promise<string | undefined> {
  const { passwordStdin, passwordFile } = options;
  if (passwordStdin && passwordFile !== undefined) {
    throw usageError('--password-stdin and --password-file cannot be used together', '--password-file');
  }
  if (!passwordStdin && passwordFile === undefined) return undefined;
  const { text, isReadableByOthers } = await context.readInput(passwordFile ?? '-');
  if (isReadableByOthers) context.output.remark(`remark: others can read ${passwordFile}; chmod 600 ${passwordFile}`);
  return text.replace(/\r?\n$/, '');
}

/** Reads a password that will be set, as `readPassword` does. Prints a remark if it is weak. */
export async function readNewPassword(context: CommandContext, options: PasswordOptions): Promise<string | undefined> {
  const password = await readPassword(context, options);
  remarkOnWeakPassword(context, password);
  return password;
}

/** Prints RAM's recommendation if a password is weak. RAM's default password policy does not enforce it. */
export function remarkOnWeakPassword(context: CommandContext, password: string | undefined): void {
  if (password === undefined || countCharacterClasses(password) >= 3) return;
  context.output.remark(
    'remark: The password is weak. RAM recommends at least three of: upper case, lower case, digits, symbols.',
  );
}

/** Returns the settings of console logon that the options set. Reads the password, see `readNewPassword`. */
export async function readLogonSettings(context: CommandContext, options: LogonOptions) {
  const { passwordReset, mfa } = options;
  return {
    password: await readNewPassword(context, options),
    PasswordResetRequired: passwordReset && passwordReset === 'required',
    MFABindRequired: mfa && mfa === 'required',
  };
}
