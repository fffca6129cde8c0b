/** How a person is asked. Questions are drawn on stderr. Every method throws Cancelled when the person leaves. */
export interface Prompter {
  text(question: string, options?: TextOptions): Promise<string>;
  /** What is typed is never shown, by no key. */
  secret(question: string, options?: Pick<TextOptions, 'validate'>): Promise<string>;
  confirm(question: string, initial?: boolean): Promise<boolean>;
  choose<T>(question: string, choices: Choice<T>[], initial?: T): Promise<T>;
  /** One of many choices, found by typing a part of it. */
  search(question: string, choices: Choice<string>[]): Promise<string>;
  /** Any number of choices, found by typing a part of them. */
  chooseMany(question: string, choices: Choice<string>[]): Promise<string[]>;
  /** Waits for Enter. Leaving here leaves nothing undone, so it is the same as Enter. */
  pause(message: string): Promise<void>;
}

export interface TextOptions {
  /** What stands there already, to be kept or changed. */
  initial?: string | undefined;
  /** Looks at an answer when it is entered. @throws Failure with what is wrong about it */
  validate?: (answer: string) => void;
}

export interface Choice<T> {
  value: T;
  name: string;
  description?: string | undefined;
}

/** The person left at a question (Ctrl-C, end of input, or a no): nothing was done. */
export class Cancelled extends Error {}
