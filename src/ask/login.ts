import type { LoginProfile } from '../core/directory.ts';
import { assertPasswordMeetsPolicy } from '../core/password.ts';
import type { PasswordPolicy } from '../core/state.ts';
import type { LogonSettingsChange } from '../core/workflows/login.ts';
import type { Prompter } from './prompter.ts';

/** Asks for all logon settings. `current` is the login profile of the user, if there is one. */
export async function askLogonSettings(
  prompter: Prompter,
  policy: PasswordPolicy,
  current?: LoginProfile,
): Promise<LogonSettingsChange> {
  return {
    ...(await askPasswordSource(prompter, policy, current !== undefined)),
    PasswordResetRequired: await askPasswordReset(prompter, current?.PasswordResetRequired),
    MFABindRequired: await askMFARequirement(prompter, current?.MFABindRequired),
  };
}

export function askPasswordReset(prompter: Prompter, current = true): Promise<boolean> {
  return prompter.confirm('Require a new password at the next logon?', current);
}

export function askMFARequirement(prompter: Prompter, current = false): Promise<boolean> {
  return prompter.confirm('Require an MFA device at the next logon?', current);
}

/** Asks for a password that is typed or generated. `canKeep`: offers to keep the present one, and then returns neither. */
export async function askPasswordSource(
  prompter: Prompter,
  policy: PasswordPolicy,
  canKeep: boolean,
): Promise<{ password?: string; generatePassword?: boolean }> {
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
