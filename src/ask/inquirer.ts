import inquirer from 'inquirer';
import { Failure } from '../core/failure.ts';
import { plain } from '../core/plain.ts';
import { Cancelled, type Choice, type Prompter, type TextOptions } from './prompter.ts';

export interface Surroundings {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Ends the question that is open, from outside. */
  signal: AbortSignal;
  /** Told when a question opens and closes. */
  asking: (isOpen: boolean) => void;
}

/** Questions at a real terminal. inquirer draws on stdout unless told otherwise, and stdout is for results. */
export function inquirerPrompter({ input, output, signal, asking }: Surroundings): Prompter {
  const ask = async <T>(question: object): Promise<T> => {
    // By itself, inquirer takes the end of input for an answer that never comes.
    const left = new AbortController();
    const leave = () => left.abort();
    const leaveOnControlD = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
      if (key?.ctrl && key.name === 'd') leave();
    };
    input.once('end', leave).once('close', leave).on('keypress', leaveOnControlD);
    const prompt = inquirer.createPromptModule({ input, output, signal: AbortSignal.any([signal, left.signal]) });
    asking(true);
    try {
      const answers: { answer: unknown } = await prompt({ ...question, name: 'answer' } as never);
      return answers.answer as T;
    } catch (error) {
      throw /^(Exit|Abort)PromptError$/.test((error as Error).name) ? new Cancelled() : error;
    } finally {
      asking(false);
      input.off('end', leave).off('close', leave).off('keypress', leaveOnControlD);
    }
  };
  const prompter: Prompter = {
    async text(message, { initial: present = '', check } = {}) {
      const valid = validator(check);
      const initial = plain(present);
      if (!initial) return ask({ type: 'input', message, validate: valid });
      // An emptied line is an answer; inquirer would take it for the text that was there at first.
      let line = initial;
      let isEntered = false;
      const transformer = (value: string) => {
        if (!isEntered) line = value;
        return line;
      };
      const validate = () => {
        const verdict = valid(line);
        isEntered = verdict === true;
        return verdict;
      };
      const theme = { style: { defaultAnswer: () => '' } };
      await ask({ type: 'input', message, validate, default: initial, prefill: 'editable', transformer, theme });
      return line;
    },
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
        const heading = chosen.length === 0 ? message : `${message} (${plain(chosen.join(', '))})`;
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
  const shown = choices.map(({ value, name, description = '' }) => ({
    value,
    name: plain(name),
    description: plain(description),
  }));
  return (term = '') => {
    const wanted = term.toLowerCase();
    const found = shown.filter(({ name }) => name.toLowerCase().includes(wanted));
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
