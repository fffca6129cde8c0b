import { Failure } from '../core/failure.ts';
import { foldCase } from '../core/state.ts';
import { assertValidGroupName, assertValidText, assertValidUserName } from '../core/validation.ts';
import type { Prompter } from './prompter.ts';

const NAMES = {
  User: { question: 'Logon name', assertValid: assertValidUserName },
  Group: { question: 'Group name', assertValid: assertValidGroupName },
};

/** Asks for the name of a user or a group. `taken` holds the names in use, case-folded. `initial` may stay. */
export function askName(
  prompter: Prompter,
  noun: keyof typeof NAMES,
  initial: string,
  taken: Set<string>,
): Promise<string> {
  const { question, assertValid } = NAMES[noun];
  const validate = (answer: string) => {
    assertValid(answer);
    if (!taken.has(foldCase(answer)) || foldCase(answer) === foldCase(initial)) return;
    throw new Failure('refused', `EntityAlreadyExists.${noun}`, `the ${noun.toLowerCase()} ${answer} already exists`);
  };
  return prompter.text(question, { initial, validate });
}

/** Asks for a text that may be empty. `emptyMeans` is shown as the default. */
export function askOptionalText(
  prompter: Prompter,
  question: string,
  parameter: string,
  initial: string | null = null,
  { validate = assertValidText as (text: string, parameter: string) => void, emptyMeans = 'none' } = {},
): Promise<string> {
  return prompter.text(initial ? question : `${question} [${emptyMeans}]`, {
    initial: initial ?? '',
    validate: (answer) => answer === '' || validate(answer, parameter),
  });
}
