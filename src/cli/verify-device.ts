import type { Prompter } from '../ask/prompter.ts';
import type { MfaSetup } from '../core/workflows/mfa.ts';
import type { CommandContext } from './command-context.ts';
import { retry } from './retry.ts';

/** Shows a new MFA device, asks for two codes and calls `verify` with them, again after wrong codes. */
export async function verifyNewDevice(
  context: CommandContext,
  prompter: Prompter,
  setup: MfaSetup,
  verify: (codes: [string, string]) => Promise<unknown>,
): Promise<void> {
  const { askCodePair } = await import('../ask/mfa.ts');
  const { mfaSetupView } = await import('../view/mfa-setup.ts');
  await context.output.showPrompt(mfaSetupView, setup);
  await retry(context, 'CheckAuthenticationCodeFail', async () => verify(await askCodePair(prompter)));
}
