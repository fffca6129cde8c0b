import { Failure } from '../core/failure.ts';
import { foldCase } from '../core/state.ts';
import { assertValidGroupName, assertValidText, assertValidUserName } from '../core/validation.ts';
import type { Prompter } from './prompter.ts';

const NAME_CHECKS = { User: assertValidUserName, Group: assertValidGroupName };

/** Asks for the name of a user or a group. Refuses `takenNames`, except another spelling of the current name. */
export function askName(
  prompter: Prompter,
  noun: keyof typeof NAME_CHECKS,
  currentName: string,
  takenNames: string[],
  question = `${noun} name`,
) {
  const refusedNames = new Set(takenNames.map(foldCase));
  refusedNames.delete(foldCase(currentName));
  const validate = (name: string) => {
    NAME_CHECKS[noun](name);
    if (!refusedNames.has(foldCase(name))) return;
    throw new Failure('refused', `EntityAlreadyExists.${noun}`, `the ${noun.toLowerCase()} ${name} already exists`);
  };
  return prompter.text(question, { initial: currentName, validate });
}

/** Asks for a text that may be empty. Without a current text, the question shows what an empty answer means. */
export function askOptionalText(
  prompter: Prompter,
  question: string,
  parameter: string,
  current: string | null = null,
  assertValid: (text: string, parameter: string) => void = assertValidText,
) {
  return prompter.text(current ? question : `${question} [none]`, {
    initial: current ?? '',
    validate: (answer) => answer === '' || assertValid(answer, parameter),
  });
}
