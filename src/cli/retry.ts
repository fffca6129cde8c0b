import { isFailure } from '../core/failure.ts';
import type { CommandContext } from './command-context.ts';

/** How often a person can enter a wrong code or a used password. */
const MAX_ATTEMPTS = 3;

/** Runs `attempt` again after a failure with this code, which is shown to the person. */
export async function retry<T>(context: CommandContext, code: string, attempt: () => Promise<T>): Promise<T> {
  for (let attemptsLeft = MAX_ATTEMPTS; ; attemptsLeft -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (attemptsLeft === 1 || !isFailure(error, code)) throw error;
      const message = [error.message, error.details.Hint ?? []].flat().join('; ');
      await context.output.showPrompt((text) => text, message);
    }
  }
}
