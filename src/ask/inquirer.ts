import inquirer from 'inquirer';
import { stripControlCharacters } from '../core/control-characters.ts';
import { Failure } from '../core/failure.ts';
import { Cancelled, type Choice, type Prompter, type TextOptions } from './prompter.ts';

export interface PrompterOptions {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Ends the question that is open, from outside. */
  signal: AbortSignal;
  /** Told when a question opens and closes. */
  onPromptChange: (isOpen: boolean) => void;
}

/** Questions at a real terminal. inquirer draws on stdout unless told otherwise, and stdout is for results. */
export function createInquirerPrompter({ input, output, signal, onPromptChange }: PrompterOptions): Prompter {
  const ask = async <T>(question: object): Promise<T> => {
    // By itself, inquirer takes the end of input for an answer that never comes.
    const left = new AbortController();
    const leave = () => left.abort();
    const leaveOnControlD = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
      if (key?.ctrl && key.name === 'd') leave();
    };
    input.once('end', leave).once('close', leave).on('keypress', leaveOnControlD);
    const prompt = inquirer.createPromptModule({ input, output, signal: AbortSignal.any([signal, left.signal]) });
    onPromptChange(true);
    try {
      const answers: { answer: unknown } = await prompt({ ...question, name: 'answer' } as never);
      return answers.answer as T;
    } catch (error) {
      throw /^(Exit|Abort)PromptError$/.test((error as Error).name) ? new Cancelled() : error;
    } finally {
      onPromptChange(false);
      input.off('end', leave).off('close', leave).off('keypress', leaveOnControlD);
    }
  };
  const prompter: Prompter = {
    async text(message, { initial: present = '', validate } = {}) {
      const valid = buildValidator(validate);
      const initial = stripControlCharacters(present);
      if (!initial) return ask({ type: 'input', message, validate: valid });
      // An emptied line is an answer; inquirer would take it for the text that was there at first.
      let line = initial;
      let isEntered = false;
      const transformer = (value: string) => {
        if (!isEntered) line = value;
        return line;
      };
      const validateLine = () => {
        const verdict = valid(line);
        isEntered = verdict === true;
        return verdict;
      };
      const theme = { style: { defaultAnswer: () => '' } };
      await ask({
        type: 'input',
        message,
        validate: validateLine,
        default: initial,
        prefill: 'editable',
        transformer,
        theme,
      });
      return line;
    },
    // inquirer's Ctrl+T would show what was typed.
    secret: (message, { validate } = {}) =>
      ask({ type: 'password', message, mask: false, toggleMask: false, validate: buildValidator(validate) }),
    confirm: (message, initial = false) => ask({ type: 'confirm', message, default: initial }),
    choose: (message, choices, initial) =>
      ask({ type: 'select', message, choices, default: initial, loop: false, pageSize: 12 }),
    search: (message, choices) => ask({ type: 'search', message, pageSize: 9, source: buildSearchSource(choices, []) }),
    chooseMany: async (message, choices) => {
      const chosen: string[] = [];
      for (;;) {
        const rest = choices.filter(({ value }) => !chosen.includes(value));
        const heading = chosen.length === 0 ? message : `${message} (${stripControlCharacters(chosen.join(', '))})`;
        const next = await ask<string>({
          type: 'search',
          message: heading,
          pageSize: 9,
          source: buildSearchSource(rest, [buildDoneChoice(chosen)]),
        });
        if (next === DONE_VALUE) return chosen;
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

const DONE_VALUE = '';

function buildDoneChoice(chosen: string[]): Choice<string> {
  return { value: DONE_VALUE, name: chosen.length === 0 ? 'none' : 'that is all' };
}

/** What is left of the choices after typing; the extra ones come first, but never before something that was found. */
function buildSearchSource(choices: Choice<string>[], extra: Choice<string>[]) {
  const shown = choices.map(({ value, name, description = '' }) => ({
    value,
    name: stripControlCharacters(name),
    description: stripControlCharacters(description),
  }));
  return (term = '') => {
    const wanted = term.toLowerCase();
    const found = shown.filter(({ name }) => name.toLowerCase().includes(wanted));
    return wanted === '' ? [...extra, ...found] : [...found, ...extra];
  };
}

function buildValidator(validate: TextOptions['validate']) {
  return (answer: string) => {
    try {
      validate?.(answer);
      return true;
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  };
}
