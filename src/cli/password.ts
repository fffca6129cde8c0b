import { Option } from 'commander';
import { countCharacterClasses } from '../core/password.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { usageError } from './usage-error.ts';

export interface PasswordOptions {
  passwordStdin?: boolean | undefined;
  passwordFile?: string | undefined;
}

export interface LogonOptions {
  passwordReset?: Requirement;
  mfa?: Requirement;
}

type Requirement = 'required' | 'not-required';

export function addPasswordOptions(verb: RamctlCommand): RamctlCommand {
  verb.option('--password-stdin', 'read the password from stdin');
  verb.option('--password-file <path>', 'read the password from a file');
  return verb;
}

export function addLogonOptions(verb: RamctlCommand, resetDefault: string): RamctlCommand {
  const requirement = ['required', 'not-required'];
  verb.addOption(
    new Option('--password-reset <when>', `a new password at the next logon${resetDefault}`).choices(requirement),
  );
  verb.addOption(new Option('--mfa <when>', 'an MFA device at the next logon').choices(requirement));
  return verb;
}

/** Reads the password that the options point to; undefined when they point to none. One trailing line end goes. */
export async function readPassword(context: CommandContext, options: PasswordOptions): Promise<string | undefined> {
  const { passwordStdin, passwordFile } = options;
  if (passwordStdin && passwordFile !== undefined) {
    throw usageError('--password-stdin and --password-file exclude each other', '--password-file');
  }
  if (!passwordStdin && passwordFile === undefined) return undefined;
  const { text, isReadableByOthers } = await context.readInput(passwordFile ?? '-');
  if (isReadableByOthers) context.output.remark(`remark: others can read ${passwordFile}; chmod 600 ${passwordFile}`);
  return text.replace(/\r?\n$/, '');
}

/** The same for a password that is to be set. */
export async function readNewPassword(context: CommandContext, options: PasswordOptions): Promise<string | undefined> {
  const password = await readPassword(context, options);
  remarkOnWeakPassword(context, password);
  return password;
}

/** RAM's recommendation for passwords, which its fresh password policy does not enforce. */
export function remarkOnWeakPassword(context: CommandContext, password: string | undefined): void {
  if (password === undefined || countCharacterClasses(password) >= 3) return;
  context.output.remark('remark: RAM recommends at least three of: upper case, lower case, digits, symbols');
}

/** `required` as RAM's boolean; undefined stays. */
export function isRequired(requirement: Requirement | undefined): boolean | undefined {
  return requirement === undefined ? undefined : requirement === 'required';
}
