import { Option } from 'commander';
import { characterKinds } from '../core/password.ts';
import { type App, usage } from './app.ts';
import type { RamctlCommand } from './command.ts';

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
export async function readPassword(app: App, options: PasswordOptions): Promise<string | undefined> {
  const { passwordStdin, passwordFile } = options;
  if (passwordStdin && passwordFile !== undefined) {
    throw usage('--password-stdin and --password-file exclude each other', '--password-file');
  }
  if (!passwordStdin && passwordFile === undefined) return undefined;
  const { text, exposed } = await app.read(passwordFile ?? '-');
  if (exposed) app.note(`remark: others can read ${passwordFile}; chmod 600 ${passwordFile}`);
  return text.replace(/\r?\n$/, '');
}

/** The same for a password that is to be set. */
export async function readNewPassword(app: App, options: PasswordOptions): Promise<string | undefined> {
  const password = await readPassword(app, options);
  remarkOnKinds(app, password);
  return password;
}

/** RAM's recommendation for passwords, which its fresh password policy does not enforce. */
export function remarkOnKinds(app: App, password: string | undefined): void {
  if (password === undefined || characterKinds(password) >= 3) return;
  app.note('remark: RAM recommends at least three of: upper case, lower case, digits, symbols');
}

/** `required` as RAM's boolean; undefined stays. */
export function isRequired(requirement: Requirement | undefined): boolean | undefined {
  return requirement === undefined ? undefined : requirement === 'required';
}
