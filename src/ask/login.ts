import type { LoginProfile } from '../core/directory.ts';
import { assertPasswordMeetsPolicy } from '../core/password.ts';
import type { PasswordPolicy } from '../core/state.ts';
import type { LogonSettingsChange } from '../core/workflows/login.ts';
import type { Prompter } from './prompter.ts';

/** Asks for the settings that are undefined in `settings`. `current` is the login profile of the user, if there is one. */
export async function askLogonSettings(
  prompter: Prompter,
  settings: LogonSettingsChange,
  policy: PasswordPolicy,
  current?: LoginProfile,
): Promise<LogonSettingsChange> {
  const logon = { ...settings };
  const { PasswordResetRequired: resetByDefault = true, MFABindRequired: bindByDefault = false } = current ?? {};
  if (logon.password === undefined && logon.generatePassword === undefined) {
    Object.assign(logon, await choosePassword(prompter, policy, current !== undefined));
  }
  logon.PasswordResetRequired ??= await prompter.confirm('Require a new password at the next logon?', resetByDefault);
  logon.MFABindRequired ??= await prompter.confirm('Require an MFA device at the next logon?', bindByDefault);
  return logon;
}

async function choosePassword(prompter: Prompter, policy: PasswordPolicy, canKeep: boolean) {
  const choices = [
    { value: 'generate', name: 'generate one', description: 'shown once, at the end' },
    { value: 'own', name: 'type one', description: 'not shown while you type' },
  ];
  if (canKeep) choices.unshift({ value: 'keep', name: 'keep the current one', description: '' });
  const source = await prompter.choose('Password', choices);
  if (source === 'own') return { password: await askNewPassword(prompter, policy) };
  return { generatePassword: source === 'generate' };
}

/** Asks for a password that the policy allows. The user must type it twice. */
export async function askNewPassword(prompter: Prompter, policy: PasswordPolicy): Promise<string> {
  const validate = (answer: string) => assertPasswordMeetsPolicy(answer, policy);
  for (let question = 'New password'; ; question = 'The passwords differ. New password') {
    const password = await prompter.secret(question, { validate });
    if ((await prompter.secret('New password again')) === password) return password;
  }
}
