import type { Prompter } from '../ask/prompter.ts';
import type { AcceptedCodes } from '../core/directory.ts';
import type { MfaSetup } from '../view/mfa-setup.ts';
import type { CommandContext } from './command-context.ts';
import { retry } from './retry.ts';

/**
 * Shows the key of a new device and asks for two consecutive codes. `findStep` checks each code as soon as it is
 * entered, and returns its time step; for the second code it gets the time step of the first one. `bind` gets the codes.
 * After a wrong code the first question is asked again.
 */
export async function verifyNewDevice(
  context: CommandContext,
  prompter: Prompter,
  setup: MfaSetup,
  findStep: (code: string, firstStep?: number) => Promise<number>,
  bind: (accepted: AcceptedCodes) => Promise<void> = async () => {},
): Promise<void> {
  const { askFirstCode, askNextCode } = await import('../ask/mfa.ts');
  const { mfaSetupView } = await import('../view/mfa-setup.ts');
  await context.output.showPrompt(mfaSetupView, setup);
  await retry(context, 'CheckAuthenticationCodeFail', async () => {
    const first = await askFirstCode(prompter);
    const firstStep = await findStep(first);
    const second = await askNextCode(prompter, first);
    await bind({ codes: [first, second], LastTimeStep: await findStep(second, firstStep) });
  });
}
