import { normaliseCode } from '../core/totp.ts';
import type { Prompter } from './prompter.ts';

/** Two codes that an authenticator app shows one after the other. */
export async function askCodes(prompter: Prompter): Promise<[string, string]> {
  const check = (answer: string) => {
    normaliseCode(answer);
  };
  const first = await prompter.text('The code that the app shows now', { check });
  return [first, await prompter.text('The next code, as soon as it changes', { check })];
}
