import inquirer from 'inquirer';
import { Cancelled, type Prompter } from './prompter.ts';

/** Questions at a real terminal. inquirer draws on stdout unless told otherwise, and stdout is for results. */
export function inquirerPrompter(streams: { input: NodeJS.ReadStream; output: NodeJS.WriteStream }): Prompter {
  const prompt = inquirer.createPromptModule(streams);
  return {
    confirm: async (message) => {
      const { answer } = await answered(
        prompt<{ answer: boolean }>({ type: 'confirm', name: 'answer', message, default: false }),
      );
      return answer;
    },
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
