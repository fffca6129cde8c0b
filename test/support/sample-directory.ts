import { createInitialState } from '../../src/core/account.ts';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { localDirectory } from '../../src/core/local.ts';
import { copyState, type State } from '../../src/core/state.ts';
import type { Store } from '../../src/core/store.ts';
import { listen } from '../../src/server/http.ts';
import { Service } from '../../src/server/service.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { systemRandom as random } from '../../src/system/random.ts';
import { codeAt } from './mfa.ts';
import type { KeyPair } from './sdk-clients.ts';
import { createPlainVault, SteppingClock } from './test-world.ts';

/*
 * acme, served: a directory in which everything is there for one reason, so that an action meets one obstacle at a
 * time. Clients sign by the clock of the machine, so acme's stands still close to that.
 */

export const ACCOUNT = '1000000000000001';
export const PASSWORD = 'Correct-Horse-1';
export const DOCUMENT = buildDocument('oss:GetObject');
export const DOCUMENT_2 = buildDocument('oss:PutObject');

const clock = new SteppingClock(new Date().toISOString());
/** When everything in acme was made. */
export const CREATED_AT = formatRamDate(clock.now());

class ResettableStore implements Store {
  #store: Store;
  readonly #made: State;

  constructor(created: State) {
    this.#made = created;
    this.#store = new MemoryStore(created);
  }

  /** Everything as it was in the beginning, but for what `change` does to it. */
  resetDirectory(change: (state: State) => void = () => {}): void {
    const state = copyState(this.#made);
    change(state);
    this.#store = new MemoryStore(state);
  }

  read: Store['read'] = (work) => this.#store.read(work);
  change: Store['change'] = (work) => this.#store.change(work);
}

const state = createInitialState(clock, random);
state.Account.AccountId = ACCOUNT;
const initialStore = new MemoryStore(state);
const made = await createSampleData(openDirectory(initialStore));
await initialStore.change(async ({ Users }) => {
  const alice = Users.get('alice');
  if (alice) alice.LastLoginDate = CREATED_AT;
});
const store = new ResettableStore(await initialStore.read(async (whole) => whole));
clock.step(60);
/** When requests are answered. */
export const requestTime = clock.now();
export const REQUESTED_AT = formatRamDate(requestTime);

/** The pair of `admin`, who may do everything. */
export const ADMIN_KEY_PAIR: KeyPair = made.admin;
/** The id of kim's AccessKey. */
export const KIM_KEY_ID = made.kim.AccessKeyId;
/** Codes of the spare device, by their distance from the present one. */
export const spareDeviceCode = (steps: number) => codeAt(made.spare.Base32StringSeed, requestTime, steps);

function openDirectory(of: Store): Directory {
  return localDirectory({ store: of, clock, random, vault: createPlainVault() });
}

function buildDocument(Action: string): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}

async function createSampleData(directory: Directory) {
  const Password = await directory.hashPassword(PASSWORD);
  const { value } = await directory.atomically(async (acme) => {
    for (const UserName of ['admin', 'bob', 'colin', 'grace', 'kim', 'max', 'mia']) await acme.createUser({ UserName });
    const profile = {
      DisplayName: 'Alice A.',
      Comments: 'buys',
      Email: 'alice@example.com',
      MobilePhone: '86-13800000000',
    };
    await acme.createUser({ UserName: 'alice', ...profile });
    for (const UserName of ['admin', 'colin']) await acme.createLoginProfile({ UserName, Password });

    await acme.createGroup({ GroupName: 'developers', Comments: 'build' });
    await acme.createGroup({ GroupName: 'auditors' });
    await acme.createGroup({ GroupName: 'guests' });
    await acme.addUserToGroup({ UserName: 'bob', GroupName: 'developers' });

    await acme.createPolicy({ PolicyName: 'ReadOrders', Description: 'reads', PolicyDocument: DOCUMENT });
    for (const PolicyName of ['AuditOrders', 'ShipOrders', 'SpareOrders']) {
      await acme.createPolicy({ PolicyName, PolicyDocument: DOCUMENT });
    }
    await acme.createPolicyVersion({ PolicyName: 'ShipOrders', PolicyDocument: DOCUMENT_2 });
    const custom = { PolicyType: 'Custom' } as const;
    await acme.attachPolicyToUser({ UserName: 'admin', PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    await acme.attachPolicyToUser({ UserName: 'grace', PolicyName: 'ReadOrders', ...custom });
    await acme.attachPolicyToGroup({ GroupName: 'auditors', PolicyName: 'AuditOrders', ...custom });

    const mia = await acme.createVirtualMFADevice({ VirtualMFADeviceName: 'mia' });
    const [AuthenticationCode1, AuthenticationCode2] = [0, 1].map((n) =>
      codeAt(mia.Base32StringSeed, clock.now(), n),
    ) as [string, string];
    await acme.bindMFADevice({
      UserName: 'mia',
      SerialNumber: mia.SerialNumber,
      AuthenticationCode1,
      AuthenticationCode2,
    });

    const admin = await acme.createAccessKey({ UserName: 'admin' });
    const kim = await acme.createAccessKey({ UserName: 'kim' });
    await acme.verifyAccessKey(kim);
    for (const UserName of ['max', 'max']) await acme.createAccessKey({ UserName });
    return { admin, kim, spare: await acme.createVirtualMFADevice({ VirtualMFADeviceName: 'spare' }) };
  });
  return value;
}

export const directory: Directory = openDirectory(store);
export const service = new Service(directory, clock);
export const rewind = store.resetDirectory.bind(store);

/** acme on a port of its own. */
export function serveSampleDirectory() {
  return listen(service, clock, { host: '127.0.0.1', port: 0 }, () => {});
}
