import * as accessKey from './access-key.ts';
import * as account from './account.ts';
import * as attachment from './attachment.ts';
import type { Clock } from './clock.ts';
import type { OperationContext } from './context.ts';
import { getCredentialReport } from './credential-report.ts';
import type { CommittedChange, Directory, Operations } from './directory.ts';
import * as group from './group.ts';
import * as login from './login.ts';
import { changePassword, logOn } from './logon-flow.ts';
import * as mfa from './mfa.ts';
import { generatePassword, hashPassword } from './password.ts';
import * as policy from './policy.ts';
import type { RandomSource } from './random.ts';
import { revertChange } from './revert.ts';
import * as rotation from './rotation.ts';
import { copyState, type State } from './state.ts';
import type { Store } from './store.ts';
import * as user from './user.ts';
import type { Vault } from './vault.ts';

/** An operation as a rule: everything it needs is in the context. */
type OperationImplementations = {
  [Name in keyof Operations]: (
    context: OperationContext,
    ...input: Parameters<Operations[Name]>
  ) => Awaited<ReturnType<Operations[Name]>> | ReturnType<Operations[Name]>;
};

/** What each operation means. RAM's names tell reads (`get…`, `list…`) from changes. */
const OPERATIONS: OperationImplementations = {
  getCallerIdentity: account.getCallerIdentity,
  getAccountSummary: account.getAccountSummary,
  getAccountAlias: account.getAccountAlias,
  setAccountAlias: account.setAccountAlias,
  clearAccountAlias: account.clearAccountAlias,
  getPasswordPolicy: account.getPasswordPolicy,
  setPasswordPolicy: account.setPasswordPolicy,
  getSecurityPreference: account.getSecurityPreference,
  setSecurityPreference: account.setSecurityPreference,
  getCredentialReport,
  createUser: user.createUser,
  getUser: user.getUser,
  updateUser: user.updateUser,
  deleteUser: user.deleteUser,
  listUsers: user.listUsers,
  createLoginProfile: login.createLoginProfile,
  getLoginProfile: login.getLoginProfile,
  updateLoginProfile: login.updateLoginProfile,
  deleteLoginProfile: login.deleteLoginProfile,
  createAccessKey: accessKey.createAccessKey,
  listAccessKeys: accessKey.listAccessKeys,
  updateAccessKey: accessKey.updateAccessKey,
  deleteAccessKey: accessKey.deleteAccessKey,
  getAccessKeyLastUsed: accessKey.getAccessKeyLastUsed,
  createVirtualMFADevice: mfa.createVirtualMFADevice,
  listVirtualMFADevices: mfa.listVirtualMFADevices,
  deleteVirtualMFADevice: mfa.deleteVirtualMFADevice,
  bindMFADevice: mfa.bindMFADevice,
  unbindMFADevice: mfa.unbindMFADevice,
  getUserMFAInfo: mfa.getUserMFAInfo,
  createGroup: group.createGroup,
  getGroup: group.getGroup,
  updateGroup: group.updateGroup,
  deleteGroup: group.deleteGroup,
  listGroups: group.listGroups,
  addUserToGroup: group.addUserToGroup,
  removeUserFromGroup: group.removeUserFromGroup,
  listGroupsForUser: group.listGroupsForUser,
  listUsersForGroup: group.listUsersForGroup,
  createPolicy: policy.createPolicy,
  updatePolicyDescription: policy.updatePolicyDescription,
  deletePolicy: policy.deletePolicy,
  createPolicyVersion: policy.createPolicyVersion,
  listPolicyVersions: policy.listPolicyVersions,
  setDefaultPolicyVersion: policy.setDefaultPolicyVersion,
  deletePolicyVersion: policy.deletePolicyVersion,
  getPolicy: policy.getPolicy,
  getPolicyVersion: policy.getPolicyVersion,
  listPolicies: policy.listPolicies,
  listEntitiesForPolicy: attachment.listEntitiesForPolicy,
  attachPolicyToUser: attachment.attachPolicyToUser,
  detachPolicyFromUser: attachment.detachPolicyFromUser,
  listPoliciesForUser: attachment.listPoliciesForUser,
  attachPolicyToGroup: attachment.attachPolicyToGroup,
  detachPolicyFromGroup: attachment.detachPolicyFromGroup,
  listPoliciesForGroup: attachment.listPoliciesForGroup,
  verifyAccessKey: accessKey.verifyAccessKey,
  getCaller: accessKey.getCaller,
  recordAccessKeyUse: accessKey.recordAccessKeyUse,
  startRotation: rotation.startRotation,
  cancelRotation: rotation.cancelRotation,
  completeRotation: rotation.completeRotation,
  finishRotations: rotation.finishRotations,
  rollBackRotation: rotation.rollBackRotation,
  listRotations: rotation.listRotations,
};

export interface Dependencies {
  store: Store;
  clock: Clock;
  random: RandomSource;
  vault: Vault;
}

/** A Directory on this machine: the rules of RAM over a store. */
export function localDirectory(seams: Dependencies): Directory {
  const { store, vault } = seams;
  const changing =
    (isAside: boolean) =>
    async <T>(work: (context: OperationContext) => T | Promise<T>) =>
      (await store.change(async (state) => work(buildContext(seams, state)), isAside)).value;
  return buildDirectory(seams, {
    hashPassword: async (plaintext) => ({ plaintext, hash: await hashPassword(plaintext) }),
    reading: (work) => store.read((state) => work(bindOperations(seams, state))),
    async atomically(work) {
      const { value, copyBefore, after } = await store.change(async (state) => {
        const result = await work(bindOperations(seams, state));
        state.Account.KeyFingerprint ??= vault.ensureKey();
        return result;
      });
      return {
        value,
        revert: async () => {
          await store.change(async (state) => revertChange(state, copyBefore(), after));
        },
      };
    },
    dryRun: () => createDryRun(seams),
    changePassword: (input) => changePassword(changing(true), changing(false), input),
    logOn: (logonName, password) => logOn(changing(true), changing(false), logonName, password),
  });
}

/** The same rules on a copy that nobody keeps; hashes and seals nothing, since nothing is stored. */
function createDryRun(seams: Dependencies): Directory {
  const { store, vault } = seams;
  const blunt: Vault = {
    ensureKey: () => vault.ensureKey(),
    verifyKey: (fingerprint) => vault.verifyKey(fingerprint),
    decrypt: (sealed, label) => vault.decrypt(sealed, label),
    encrypt: () => '',
    removeTempFiles: () => {},
  };
  const reading: Directory['reading'] = (work) =>
    store.read((state) => work(bindOperations({ ...seams, vault: blunt }, copyState(state))));
  const dryRun: Directory = buildDirectory(seams, {
    hashPassword: async (plaintext) => ({ plaintext, hash: '' }),
    reading,
    atomically: async (work) => ({ value: await reading(work), revert: async () => {} }),
    dryRun: () => dryRun,
    changePassword: () => Promise.reject(new Error('nobody changes a password in a dryRun')),
    logOn: () => Promise.reject(new Error('nobody logs on to a dryRun')),
  });
  return dryRun;
}

type Transactions = Pick<Directory, 'hashPassword' | 'reading' | 'atomically' | 'dryRun' | 'changePassword' | 'logOn'>;

/** A Directory from its transactions: a single operation is a transaction of its own. */
function buildDirectory(seams: Dependencies, transactions: Transactions): Directory {
  const singly = mapOperations((name, input) => {
    const once = (operations: Operations) => callOperation(operations, name, input);
    return /^(get|list)/.test(name)
      ? transactions.reading(once)
      : transactions.atomically(once).then(({ value }: CommittedChange<unknown>) => value);
  });
  return { ...singly, ...transactions, generatePassword: (policy) => generatePassword(seams.random, policy) };
}

function buildContext({ clock, random, vault }: Dependencies, state: State): OperationContext {
  const { KeyFingerprint } = state.Account;
  if (KeyFingerprint !== undefined) vault.verifyKey(KeyFingerprint);
  return { state, clock, random, vault };
}

function bindOperations(seams: Dependencies, state: State): Operations {
  const context = buildContext(seams, state);
  return mapOperations(async (name, input) =>
    (OPERATIONS[name] as (context: OperationContext, ...input: unknown[]) => unknown)(context, ...input),
  );
}

function mapOperations(answer: (name: keyof Operations, input: unknown[]) => Promise<unknown>): Operations {
  const names = Object.keys(OPERATIONS) as (keyof Operations)[];
  return Object.fromEntries(
    names.map((name) => [name, (...input: unknown[]) => answer(name, input)]),
  ) as unknown as Operations;
}

function callOperation(operations: Operations, name: keyof Operations, input: unknown[]): Promise<unknown> {
  return (operations[name] as (...input: unknown[]) => Promise<unknown>)(...input);
}
