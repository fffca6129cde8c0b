import { assertPasswordMeetsPolicy } from '../core/password.ts';
import type { PasswordPolicy } from '../core/state.ts';
import type { Prompter } from './prompter.ts';

/** What is known about logon settings before anybody is asked; what is undefined is asked. */
export interface LogonAnswers {
  password?: string | undefined;
  generatePassword?: boolean | undefined;
  PasswordResetRequired?: boolean | undefined;
  MFABindRequired?: boolean | undefined;
}

/** The present settings of a user who has console logon. */
export interface CurrentLogon {
  PasswordResetRequired: boolean;
  MFABindRequired: boolean;
}

/** Completes logon settings. With `present`, the password may stay as it is. */
export async function askLogon(
  prompter: Prompter,
  known: LogonAnswers,
  policy: PasswordPolicy,
  present?: CurrentLogon,
): Promise<LogonAnswers> {
  const logon = { ...known };
  if (logon.password === undefined && logon.generatePassword === undefined) {
    Object.assign(logon, await askPassword(prompter, policy, present !== undefined));
  }
  logon.PasswordResetRequired ??= await prompter.confirm(
    'Must the password be changed at the next logon?',
    present?.PasswordResetRequired ?? true,
  );
  logon.MFABindRequired ??= await prompter.confirm(
    'Must an MFA device be bound at the next logon?',
    present?.MFABindRequired ?? false,
  );
  return logon;
}

async function askPassword(prompter: Prompter, policy: PasswordPolicy, mayStay: boolean): Promise<LogonAnswers> {
  const choices = [
    { value: 'generate', name: 'generate one', description: 'shown once, when all is done' },
    { value: 'own', name: 'type one', description: 'not shown while it is typed' },
  ];
  if (mayStay) choices.unshift({ value: 'keep', name: 'keep the present one', description: '' });
  const choice = await prompter.choose('Password', choices);
  return choice === 'own'
    ? { password: await askNewPassword(prompter, policy) }
    : { generatePassword: choice === 'generate' };
}

/** A password that the policy allows, typed twice. */
export async function askNewPassword(prompter: Prompter, policy: PasswordPolicy): Promise<string> {
  const validate = (answer: string) => assertPasswordMeetsPolicy(answer, policy);
  for (let question = 'New password'; ; question = 'These two differ. New password') {
    const password = await prompter.secret(question, { validate });
    if ((await prompter.secret('New password again')) === password) return password;
  }
}
