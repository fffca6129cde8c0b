import type { Clock } from './clock.ts';
import type { RandomSource } from './random.ts';
import type { State } from './state.ts';
import type { Vault } from './vault.ts';

/** What every operation of the local directory works on. Operations change only the state; `encrypt` may create the key. */
export interface OperationContext {
  state: State;
  clock: Clock;
  random: RandomSource;
  vault: Pick<Vault, 'encrypt' | 'decrypt'>;
}

/** For each operation, a function that takes the context first and may return without a promise. */
export type Implementation<T> = {
  [Name in keyof T]: T[Name] extends (...input: infer Input) => Promise<infer Result>
    ? (context: OperationContext, ...input: Input) => Result | Promise<Result>
    : never;
};
