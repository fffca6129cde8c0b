import type { Clock } from '../core/clock.ts';
import type { Directory, Operations, RotationOperations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { logonUrl } from '../core/logon-names.ts';
import { generatePassword } from '../core/password.ts';
import type { RandomSource } from '../core/random.ts';
import { rememberReads } from '../core/remember-reads.ts';
import { separateOperations } from '../core/separate-operations.ts';
import type { Target } from '../core/target.ts';
import { runDry } from './dry-run.ts';
import { startMFASetup } from './mfa-setup.ts';
import type { RemoteOperations } from './operations.ts';
import { runTransaction } from './transaction.ts';

export interface Dependencies {
  clock: Clock;
  random: RandomSource;
  target: Target;
  /** Returns the rotations, which consist of the given operations. */
  rotations: (operations: RemoteOperations) => RotationOperations;
  /** Is called before the first change of a transaction, so that an interrupted command can say whether it changed something. */
  onChange: () => void;
}

/** Returns a Directory whose data is in an Alibaba Cloud account or on a server of RAM's API. */
export function remoteDirectory(remote: RemoteOperations, dependencies: Dependencies): Directory {
  const { onChange } = dependencies;
  return buildDirectory(remote, dependencies, {
    reading: (work) => work(complete(rememberReads(remote), dependencies)),
    atomically: (work) => runTransaction(remote, (operations) => work(complete(operations, dependencies)), onChange),
    dryRun: () => remoteDryRun(remote, dependencies),
  });
}

/** Returns a Directory with the same results and errors. Its changes are made on a copy of what they need. */
function remoteDryRun(remote: RemoteOperations, dependencies: Dependencies): Directory {
  const run = <T>(work: (operations: Operations) => Promise<T>) =>
    runDry(remote, dependencies, (copy) => work(complete(copy, dependencies)));
  return buildDirectory(remote, dependencies, {
    reading: run,
    atomically: async (work) => ({ value: await run(work), revert: async () => {} }),
    dryRun: () => remoteDryRun(remote, dependencies),
  });
}

type Runners = Pick<Directory, 'reading' | 'atomically' | 'dryRun'>;

/** Adds the operations, one transaction each, and what RAM's API has no operations for. */
function buildDirectory(remote: RemoteOperations, dependencies: Dependencies, runners: Runners): Directory {
  const operations = separateOperations(Object.keys(complete(remote, dependencies)), runners);
  const { random, target } = dependencies;
  return {
    ...operations,
    ...runners,
    // The account or the server hashes passwords.
    hashPassword: async (plaintext) => ({ plaintext, hash: '' }),
    generatePassword: (policy) => generatePassword(random, policy),
    startMFASetup: (input) => startMFASetup({ ...operations, ...runners }, input),
    logOn: async (logonName) => {
      throw notSupported(target, 'a logon', logonHint(target, logonUrl(logonName)));
    },
    changePassword: async () => {
      const alternative = 'ramctl login set <user> --generate-password   # or the user changes it in the console';
      throw notSupported(target, 'the change of a password by its user', alternative);
    },
  };
}

/** Adds the operations that consist of others. */
function complete(operations: RemoteOperations, { rotations }: Dependencies): Operations {
  return { ...operations, ...rotations(operations) };
}

function notSupported({ name }: Target, task: string, Hint?: string): Failure {
  return new Failure('refused', 'NotSupported', `${name} does not support ${task}`, { Hint });
}

function logonHint({ kind }: Target, url: string): string {
  return kind === 'cloud' ? `open ${url} in a browser` : 'run ramctl logon on the machine that has the directory';
}
