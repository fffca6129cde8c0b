import { parseCode } from '../core/totp.ts';
import type { Prompter } from './prompter.ts';

/** The code of a device that is bound. */
export function askCode(prompter: Prompter): Promise<string> {
  return prompter.text('MFA code', { validate: assertCodeFormat });
}

/** Two codes that an authenticator app shows one after the other. */
export async function askCodePair(prompter: Prompter): Promise<[string, string]> {
  const first = await prompter.text('The code that the app shows now', { validate: assertCodeFormat });
  return [first, await prompter.text('The next code, as soon as it changes', { validate: assertCodeFormat })];
}

function assertCodeFormat(answer: string): void {
  parseCode(answer);
}
