import { Failure } from '../core/failure.ts';
import { parseCode } from '../core/totp.ts';
import type { Prompter } from './prompter.ts';

const CODE_OPTIONS = { validate: (answer: string) => void parseCode(answer) };

/** Asks for the code of a bound device. */
export function askCode(prompter: Prompter): Promise<string> {
  return prompter.text('MFA code', CODE_OPTIONS);
}

/** Asks for the first of two consecutive codes of a new device. */
export async function askFirstCode(prompter: Prompter): Promise<string> {
  return parseCode(await prompter.text('The code that the app shows now', CODE_OPTIONS));
}

/** Asks for the code after `first`, until the answer is another code. */
export async function askNextCode(prompter: Prompter, first: string): Promise<string> {
  const validate = (answer: string) => {
    if (parseCode(answer) !== first) return;
    throw new Failure('refused', 'SameCode', 'this is the first code again; wait until the app shows the next one');
  };
  return parseCode(await prompter.text('The next code, as soon as the app shows it', { validate }));
}
