import { parseCode } from '../core/totp.ts';
import type { Prompter } from './prompter.ts';

const CODE_OPTIONS = { validate: (answer: string) => void parseCode(answer) };

/** Asks for the code of a bound device. */
export function askCode(prompter: Prompter): Promise<string> {
  return prompter.text('MFA code', CODE_OPTIONS);
}

/** Asks for two consecutive codes, so that a device can be bound. */
export async function askCodePair(prompter: Prompter): Promise<[string, string]> {
  const first = await prompter.text('The code that the app shows now', CODE_OPTIONS);
  return [first, await prompter.text('The next code, as soon as the app shows it', CODE_OPTIONS)];
}
