import inquirer from 'inquirer';
import { Failure } from '../core/failure.ts';
import { Cancelled, type Choice, type Prompter, type TextOptions } from './prompter.ts';

/** Questions at a real terminal. inquirer draws on stdout unless told otherwise, and stdout is for results. */
export function inquirerPrompter(streams: { input: NodeJS.ReadStream; output: NodeJS.WriteStream }): Prompter {
  const prompt = inquirer.createPromptModule(streams);
  const ask = async <T>(question: object): Promise<T> => {
    const answers: { answer: unknown } = await answered(prompt({ ...question, name: 'answer' } as never));
    return answers.answer as T;
  };
  const prompter: Prompter = {
    text: (message, { initial, check } = {}) =>
      ask({ type: 'input', message, default: initial, prefill: 'editable', validate: validator(check) }),
    // inquirer's Ctrl+T would show what was typed.
    secret: (message, { check } = {}) =>
      ask({ type: 'password', message, mask: false, toggleMask: false, validate: validator(check) }),
    confirm: (message, initial = false) => ask({ type: 'confirm', message, default: initial }),
    choose: (message, choices, initial) =>
      ask({ type: 'select', message, choices, default: initial, loop: false, pageSize: 12 }),
    find: (message, choices) => ask({ type: 'search', message, pageSize: 9, source: finder(choices, []) }),
    chooseMany: async (message, choices) => {
      const chosen: string[] = [];
      for (;;) {
        const rest = choices.filter(({ value }) => !chosen.includes(value));
        const heading = chosen.length === 0 ? message : `${message} (${chosen.join(', ')})`;
        const next = await ask<string>({
          type: 'search',
          message: heading,
          pageSize: 9,
          source: finder(rest, [done(chosen)]),
        });
        if (next === DONE) return chosen;
        chosen.push(next);
      }
    },
    pause: async (message) => {
      await ask({ type: 'input', message, theme: { prefix: '' } }).catch((error: unknown) => {
        if (!(error instanceof Cancelled)) throw error;
      });
    },
  };
  return prompter;
}

const DONE = '';

function done(chosen: string[]): Choice<string> {
  return { value: DONE, name: chosen.length === 0 ? 'none' : 'that is all' };
}

/** What is left of the choices after typing; the extra ones come first, but never before something that was found. */
function finder(choices: Choice<string>[], extra: Choice<string>[]) {
  return (term = '') => {
    const wanted = term.toLowerCase();
    const found = choices.filter(({ name }) => name.toLowerCase().includes(wanted));
    return wanted === '' ? [...extra, ...found] : [...found, ...extra];
  };
}

function validator(check: TextOptions['check']) {
  return (answer: string) => {
    try {
      check?.(answer);
      return true;
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  };
}

/** Ctrl-C and the end of input are the same to inquirer, and to us. */
async function answered<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if ((error as Error).name === 'ExitPromptError') throw new Cancelled();
    throw error;
  }
}
