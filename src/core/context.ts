import type { Clock } from './clock.ts';
import type { RandomSource } from './random.ts';
import type { State } from './state.ts';
import type { Vault } from './vault.ts';

/** What every operation of the local directory works on. Operations change only the state. */
export interface OperationContext {
  state: State;
  clock: Clock;
  random: RandomSource;
  vault: Pick<Vault, 'encrypt' | 'decrypt'>;
}

/** The functions that implement the operations of an interface on a context. */
export type Implementation<T> = {
  [Name in keyof T]: T[Name] extends (...input: infer Input) => Promise<infer Result>
    ? (context: OperationContext, ...input: Input) => Result | Promise<Result>
    : never;
};
