/** Asks the user questions. Every method except `pause` throws `Cancelled` when the user presses Ctrl-C or Ctrl-D. */
export interface Prompter {
  text(question: string, options?: TextOptions): Promise<string>;
  /** Never shows the answer. No key makes it visible. */
  secret(question: string, options?: Pick<TextOptions, 'validate'>): Promise<string>;
  confirm(question: string, initial?: boolean): Promise<boolean>;
  /** `initial` is the choice that is selected at first. */
  choose<T>(question: string, choices: Choice<T>[], initial?: T): Promise<T>;
  /** The user types a part of a name to find the choice. */
  search(question: string, choices: Choice<string>[]): Promise<string>;
  /** The user types parts of names to find any number of choices. `initial` are chosen at first and can be removed. */
  chooseMany(question: string, choices: Choice<string>[], initial?: string[]): Promise<string[]>;
  /** Waits for Enter. Ctrl-C and Ctrl-D count as Enter, because nothing is left to cancel. */
  pause(message: string): Promise<void>;
}

export interface TextOptions {
  /** The text that the user can accept or edit. */
  initial?: string | undefined;
  /** Checks an answer. @throws Failure whose message is shown before the question is asked again */
  validate?: (answer: string) => void;
}

export interface Choice<T> {
  value: T;
  name: string;
  description?: string | undefined;
}

/** The user cancelled with Ctrl-C, with Ctrl-D or with the answer no. */
export class Cancelled extends Error {
  constructor(message = 'cancelled; nothing was written') {
    super(message);
  }
}
