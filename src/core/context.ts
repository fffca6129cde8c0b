import type { Clock } from './clock.ts';
import type { RandomSource } from './random.ts';
import type { State } from './state.ts';
import type { Vault } from './vault.ts';

/** What every rule of the local directory works on. The state is the rule's to change; everything else is given. */
export interface OperationContext {
  state: State;
  clock: Clock;
  random: RandomSource;
  vault: Vault;
}
