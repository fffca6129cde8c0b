import type { Prompter } from '../ask/prompter.ts';
import type { MfaSetup } from '../view/mfa-setup.ts';
import type { CommandContext } from './command-context.ts';
import { retry } from './retry.ts';

/**
 * Shows the key of a new device and asks for two consecutive codes. `findStep` checks each code as soon as it is
 * entered, and returns its time step; for the second code it gets the time step of the first one. After a wrong code
 * the first question is asked again. Returns the time step of the second code.
 */
export async function verifyNewDevice(
  context: CommandContext,
  prompter: Prompter,
  setup: MfaSetup,
  findStep: (code: string, firstStep?: number) => Promise<number>,
): Promise<number> {
  const { askFirstCode, askNextCode } = await import('../ask/mfa.ts');
  const { mfaSetupView } = await import('../view/mfa-setup.ts');
  await context.output.showPrompt(mfaSetupView, setup);
  return retry(context, 'CheckAuthenticationCodeFail', async () => {
    const first = await askFirstCode(prompter);
    const firstStep = await findStep(first);
    return findStep(await askNextCode(prompter, first), firstStep);
  });
}
