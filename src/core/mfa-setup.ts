import type { MFASetup, Operations, UserRef } from './directory.ts';
import { notFoundFailure } from './entity-checks.ts';
import { addBoundDevice } from './mfa.ts';
import type { OperationContext } from './operation-context.ts';
import type { RandomSource } from './random.ts';
import { findUser, userOperations } from './user.ts';

interface Transactions {
  random: RandomSource;
  /** Runs a change on a copy of the state. */
  tryOut<T>(work: (context: OperationContext) => T): Promise<T>;
  /** Runs a change and `work` in one transaction. */
  change<T>(bind: (context: OperationContext) => void, work: (operations: Operations) => Promise<T>): Promise<T>;
}

/** Implements `Directory.startMFASetup`. Nothing is stored before `bind`. */
export async function startMFASetup({ UserName }: UserRef, transactions: Transactions): Promise<MFASetup> {
  const { generateSeed } = await import('./totp.ts');
  const Base32StringSeed = generateSeed(transactions.random);
  // The errors of the binding are thrown here already, before a person scans the key.
  const user = await transactions.tryOut((context) => {
    addBoundDevice(context, findUser(context.state, UserName), { Base32StringSeed, LastTimeStep: 0 });
    return userOperations.getUser(context, { UserName });
  });
  return {
    user,
    Base32StringSeed,
    bind({ LastTimeStep }, work) {
      const bind = (context: OperationContext) => {
        const record = findUser(context.state, user.UserName);
        if (record.UserId !== user.UserId) throw notFoundFailure('User', user.UserName);
        addBoundDevice(context, record, { Base32StringSeed, LastTimeStep });
      };
      return transactions.change(bind, work);
    },
    cancel: async () => {},
  };
}
