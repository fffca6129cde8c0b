/** How a person is asked. Questions are drawn on stderr. */
export interface Prompter {
  /** A yes or no; no unless the person says otherwise. @throws Cancelled */
  confirm(question: string): Promise<boolean>;
}

/** The person left at a question (Ctrl-C, end of input, or a no): nothing was done. */
export class Cancelled extends Error {}
