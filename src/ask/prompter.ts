import { Failure } from '../core/failure.ts';

/** How a person is asked. Questions are drawn on stderr. */
export interface Prompter {
  /** A yes or no; no unless the person says otherwise. @throws Cancelled */
  confirm(question: string): Promise<boolean>;
}

/** The person left at a question (Ctrl-C, end of input, or a no): nothing was done. */
export class Cancelled extends Error {}

/** The prompter for when nobody is there to ask: every question names what would have answered it. */
export const nobody: Prompter = {
  confirm: async (question) => {
    throw new Failure('usage', 'Usage', `this needs a confirmation: ${question}`, {
      Field: '--yes',
      Hint: 'add --yes',
    });
  },
};
