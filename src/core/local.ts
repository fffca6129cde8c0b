import { accessKeyOperations, gatewayOperations } from './access-key.ts';
import { accountOperations } from './account.ts';
import { attachmentOperations } from './attachment.ts';
import { computeOnce, isUnchanging, markUnchanging } from './computed.ts';
import type { Directory, Operations } from './directory.ts';
import { groupOperations } from './group.ts';
import type { Author } from './history.ts';
import { loginProfileOperations } from './login-profile.ts';
import { changePassword, logOn } from './logon.ts';
import { mfaDeviceOperations } from './mfa.ts';
import { startMFASetup } from './mfa-setup.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { generatePassword, type HashCost, hashPassword } from './password.ts';
import { policyOperations } from './policy.ts';
import { revertChange } from './revert.ts';
import { roleOperations } from './role.ts';
import { rotationOperations } from './rotation.ts';
import { separateOperations } from './separate-operations.ts';
import { copyState, type State } from './state.ts';
import type { Store } from './store.ts';
import { stsOperations } from './sts.ts';
import { systemPolicyOperations } from './system-policy.ts';
import { tagOperations } from './tag.ts';
import { userOperations } from './user.ts';
import type { Vault } from './vault.ts';

const OPERATIONS: Implementation<Operations> = {
  ...accountOperations,
  ...userOperations,
  ...loginProfileOperations,
  ...accessKeyOperations,
  ...gatewayOperations,
  ...rotationOperations,
  ...mfaDeviceOperations,
  ...groupOperations,
  ...policyOperations,
  ...attachmentOperations,
  ...systemPolicyOperations,
  ...roleOperations,
  ...stsOperations,
  ...tagOperations,
};

interface Dependencies extends Omit<OperationContext, 'state' | 'vault'> {
  store: Store;
  vault: Vault;
  /** Tests set a low cost, because hashing takes most of their time. */
  hashCost?: HashCost;
}

/** Returns a Directory that applies RAM's rules to a store. */
export function localDirectory(dependencies: Dependencies): Directory {
  const { store, vault } = dependencies;
  const runChange =
    (isBackground: boolean, author?: Author) =>
    async <T>(work: (context: OperationContext) => T | Promise<T>) =>
      (await store.change(async (state) => work(openContext(dependencies, state)), { isBackground, author })).value;
  const commit = async <T>(work: (context: OperationContext) => T | Promise<T>, author?: Author) => {
    const apply = async (state: State) => {
      const result = await work(openContext(dependencies, state));
      state.Account.KeyFingerprint ??= vault.ensureKey();
      return result;
    };
    const { value, records, entry } = await store.change(apply, { author });
    const revert = async () => {
      await store.change(async (state) => revertChange(state, records), { author });
    };
    return { value, revert, changeId: entry?.ChangeId };
  };
  const hash = (password: string) => hashPassword(password, dependencies.hashCost);
  const transactions = (author?: Author) => ({ background: runChange(true), change: runChange(false, author), hash });
  return buildDirectory(dependencies, {
    hashPassword: async (plaintext) => ({ plaintext, hash: await hash(plaintext) }),
    reading: (work) => store.read((state) => work(openOperations(dependencies, state))),
    atomically: (work, author) => commit((context) => work(bindOperations(context)), author),
    startMFASetup: (input) =>
      startMFASetup(input, {
        random: dependencies.random,
        tryOut: (work) => store.read(async (state) => work(openDryRunContext(dependencies, state))),
        change: async (bind, work) =>
          (
            await commit((context) => {
              bind(context);
              return work(bindOperations(context));
            })
          ).value,
      }),
    changePassword: (input, author) => changePassword(transactions(author), input),
    logOn: (logonName, password) => logOn(transactions(), logonName, password),
  });
}

/** Returns a Directory whose changes are made on a copy and discarded. It does not hash or encrypt. */
function createDryRun(dependencies: Dependencies): Directory {
  const reading: Directory['reading'] = (work) =>
    dependencies.store.read((state) => work(bindOperations(openDryRunContext(dependencies, state))));
  const reject = () => Promise.reject(new Error('a dry run supports no logon, MFA setup or change of a password'));
  return buildDirectory(dependencies, {
    hashPassword: async (plaintext) => ({ plaintext, hash: '' }),
    reading,
    atomically: async (work) => ({ value: await reading(work), revert: async () => {} }),
    startMFASetup: reject,
    changePassword: reject,
    logOn: reject,
  });
}

/** What `buildDirectory` cannot derive. */
type BaseMethods = Omit<Directory, keyof Operations | 'dryRun' | 'generatePassword'>;
type AnyFunction = (...input: unknown[]) => Promise<unknown>;

/** `beginDelivery` only reads in a directory that stores rotations. */
const READ = /^(get|list|beginDelivery$)/;

/** Adds the operations to the base methods. */
function buildDirectory(dependencies: Dependencies, base: BaseMethods): Directory {
  return {
    ...separateOperations(Object.keys(OPERATIONS), base, READ),
    ...base,
    dryRun: () => createDryRun(dependencies),
    generatePassword: (policy) => generatePassword(dependencies.random, policy),
  };
}

/** Checks that the vault has the key of the directory. */
function openContext({ clock, random, vault }: Dependencies, state: State): OperationContext {
  const { KeyFingerprint } = state.Account;
  if (KeyFingerprint !== undefined) vault.verifyKey(KeyFingerprint);
  return { state, clock, random, vault };
}

/** Returns a context for a copy of the state. It does not encrypt. */
function openDryRunContext(dependencies: Dependencies, state: State): OperationContext {
  const { vault } = dependencies;
  const decrypt: Vault['decrypt'] = (sealed, label) => vault.decrypt(sealed, label);
  return { ...openContext(dependencies, copyState(state)), vault: { encrypt: () => '', decrypt } };
}

/** Returns the operations for reads. All readers of a shared state get the same operations. */
function openOperations(dependencies: Dependencies, state: State): Operations {
  return computeOnce(state, 'operations', () => {
    const operations = bindOperations(openContext(dependencies, state));
    if (isUnchanging(state)) markUnchanging(operations);
    return operations;
  });
}

function bindOperations(context: OperationContext): Operations {
  const bind =
    (operation: unknown) =>
    async (...input: unknown[]) =>
      (operation as AnyFunction)(context, ...input);
  const operations = Object.entries(OPERATIONS).map(([name, operation]) => [name, bind(operation)]);
  return Object.fromEntries(operations);
}
