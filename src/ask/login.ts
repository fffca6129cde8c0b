import type { LoginProfile } from '../core/directory.ts';
import { assertPasswordMeetsPolicy } from '../core/password.ts';
import type { PasswordPolicy } from '../core/state.ts';
import type { LogonSettingsChange } from '../core/workflows/login.ts';
import type { Prompter } from './prompter.ts';

/** The logon settings known so far. The wizard asks for those that are undefined. */
export type LogonAnswers = Omit<LogonSettingsChange, 'UserName'>;

/** Completes logon settings. `current` holds the settings of a user with console logon. */
export async function askLogon(
  prompter: Prompter,
  known: LogonAnswers,
  policy: PasswordPolicy,
  current?: Pick<LoginProfile, 'PasswordResetRequired' | 'MFABindRequired'>,
): Promise<LogonAnswers> {
  const logon = { ...known };
  if (logon.password === undefined && logon.generatePassword === undefined) {
    Object.assign(logon, await askPassword(prompter, policy, current !== undefined));
  }
  logon.PasswordResetRequired ??= await prompter.confirm(
    'Require a new password at the next logon?',
    current?.PasswordResetRequired ?? true,
  );
  logon.MFABindRequired ??= await prompter.confirm(
    'Require an MFA device at the next logon?',
    current?.MFABindRequired ?? false,
  );
  return logon;
}

async function askPassword(prompter: Prompter, policy: PasswordPolicy, canKeep: boolean): Promise<LogonAnswers> {
  const choices = [
    { value: 'generate', name: 'generate one', description: 'shown once, at the end' },
    { value: 'own', name: 'type one', description: 'not shown while you type' },
  ];
  if (canKeep) choices.unshift({ value: 'keep', name: 'keep the current one', description: '' });
  const choice = await prompter.choose('Password', choices);
  return choice === 'own'
    ? { password: await askNewPassword(prompter, policy) }
    : { generatePassword: choice === 'generate' };
}

/** Asks for a password that the policy allows. The user must type it twice. */
export async function askNewPassword(prompter: Prompter, policy: PasswordPolicy): Promise<string> {
  const validate = (answer: string) => assertPasswordMeetsPolicy(answer, policy);
  for (let question = 'New password'; ; question = 'The passwords differ. New password') {
    const password = await prompter.secret(question, { validate });
    if ((await prompter.secret('New password again')) === password) return password;
  }
}
