import inquirer from 'inquirer';
import { Failure } from '../core/failure.ts';
import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import { Cancelled, type Choice, type Prompter, type TextOptions } from './prompter.ts';

interface PrompterOptions {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Cancels the open question. */
  signal: AbortSignal;
  /** Called when a question opens and when it closes. */
  onPromptChange: (isOpen: boolean) => void;
}

/** The number of lines of a search that are shown at once. */
const PAGE_SIZE = 9;
/** The number of lines of a menu: all of them fit a terminal of 24 rows. */
const MENU_SIZE = 16;
const SEARCH_KEYS = { style: { keysHelpTip: () => 'type to search • ↑↓ navigate • ⏎ select' } };
/** The value of the choice that ends `chooseMany`. */
const DONE = '';

/** Returns a prompter that writes to `output`. By default, inquirer writes to stdout, but stdout is for results. */
export function createInquirerPrompter({ input, output, signal, onPromptChange }: PrompterOptions): Prompter {
  const ask = async <T>(question: object): Promise<T> => {
    // inquirer ignores the end of input and Ctrl-D, and would wait for an answer forever.
    const closed = new AbortController();
    const cancel = () => closed.abort();
    const cancelOnControlD = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
      if (key?.ctrl && key.name === 'd') cancel();
    };
    input.once('end', cancel).once('close', cancel).on('keypress', cancelOnControlD);
    const prompt = inquirer.createPromptModule({ input, output, signal: AbortSignal.any([signal, closed.signal]) });
    onPromptChange(true);
    try {
      const { answer } = await prompt({ ...question, name: 'answer' } as never);
      return answer;
    } catch (error) {
      throw /^(Exit|Abort)PromptError$/.test((error as Error).name) ? new Cancelled() : error;
    } finally {
      onPromptChange(false);
      input.off('end', cancel).off('close', cancel).off('keypress', cancelOnControlD);
    }
  };
  const search = async (message: string, choices: Choice<string>[], other: Choice<string>[] = []) => {
    const findMatches = buildSearchSource(choices, other);
    // If a character and Enter arrive together, inquirer shows the new matches but returns one of the earlier matches.
    let newMatches: Choice<string>[] | undefined;
    let shownAnswer: string | undefined;
    const source = (typed?: string) => {
      const matches = findMatches(typed);
      newMatches = matches;
      queueMicrotask(() => {
        newMatches = undefined;
      });
      return matches;
    };
    const validate = () => {
      shownAnswer = newMatches?.[0]?.value;
      return newMatches?.length !== 0;
    };
    const question = { type: 'search', message, pageSize: PAGE_SIZE, theme: SEARCH_KEYS };
    const answer = await ask<string>({ ...question, source, validate });
    return shownAnswer ?? answer;
  };
  return {
    async text(message, { initial = '', validate } = {}) {
      const check = buildValidator(validate);
      const prefill = stripUnsafeCharacters(initial);
      if (!prefill) return ask({ type: 'input', message, validate: check });
      // inquirer replaces an empty answer by the default. The transformer keeps the line that the user really entered.
      let line = prefill;
      let isAccepted = false;
      const transformer = (value: string) => {
        if (!isAccepted) line = value;
        return line;
      };
      const checkLine = () => {
        const verdict = check(line);
        isAccepted = verdict === true;
        return verdict;
      };
      const theme = { style: { defaultAnswer: () => '' } };
      const options = { default: prefill, prefill: 'editable', transformer, theme };
      await ask({ type: 'input', message, validate: checkLine, ...options });
      return line;
    },
    // With toggleMask, Ctrl-T would show the answer.
    secret: (message, { validate } = {}) =>
      ask({ type: 'password', message, mask: false, toggleMask: false, validate: buildValidator(validate) }),
    confirm: (message, initial = false) => ask({ type: 'confirm', message, default: initial }),
    choose: (message, choices, initial) =>
      ask({
        type: 'select',
        message,
        choices: choices.map(stripChoice),
        default: initial,
        loop: false,
        pageSize: MENU_SIZE,
      }),
    search,
    async chooseMany(message, choices, initial = []) {
      let chosen = initial;
      for (;;) {
        const rest = choices.filter(({ value }) => !chosen.includes(value));
        const removable = chosen.map((value) => ({ value, name: `remove ${value}` }));
        const isFirst = chosen.length === 0;
        const heading = isFirst ? message : `${message} (${stripUnsafeCharacters(chosen.join(', '))})`;
        const done = { value: DONE, name: isFirst ? 'none' : 'done' };
        const next = await search(heading, rest, [done, ...removable]);
        if (next === DONE) return chosen;
        chosen = chosen.includes(next) ? chosen.filter((value) => value !== next) : [...chosen, next];
      }
    },
    async pause(message) {
      await ask({ type: 'input', message, theme: { prefix: '' } }).catch((error: unknown) => {
        if (!(error instanceof Cancelled)) throw error;
      });
    },
  };
}

/**
 * Returns a function that lists the choices whose name contains what the user typed. The `other` choices come first while
 * nothing is typed, and last otherwise, so that Enter never selects one of them instead of a match.
 */
function buildSearchSource(choices: Choice<string>[], other: Choice<string>[]) {
  const [shown, shownOther] = [choices.map(stripChoice), other.map(stripChoice)];
  return (typed = '') => {
    const matches = shown.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
    return typed === '' ? [...shownOther, ...matches] : [...matches, ...shownOther];
  };
}

function stripChoice<T>({ value, name, description = '' }: Choice<T>) {
  return { value, name: stripUnsafeCharacters(name), description: stripUnsafeCharacters(description) };
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
