import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { localDirectory } from '../../src/core/local.ts';
import { copyState, createInitialState, type State } from '../../src/core/state.ts';
import type { Store } from '../../src/core/store.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { listen } from '../../src/server/http.ts';
import { Service } from '../../src/server/service.ts';
import { systemRandom as random } from '../../src/system/random.ts';
import { MemoryStore } from './memory-store.ts';
import { codeAt } from './mfa.ts';
import type { KeyPair } from './sdk-clients.ts';
import { createPlainVault, SteppingClock, TEST_HASH_COST } from './test-world.ts';

/*
 * A directory with sample users, groups, roles, policies and devices. Each of them serves one purpose, so that an action fails
 * for one reason only. Clients sign requests with the clock of the machine, so the clock of the directory stays close to
 * it.
 */

export const ACCOUNT = '1000000000000001';
export const PASSWORD = 'Correct-Horse-1';
export const DOCUMENT = buildDocument('oss:GetObject');
export const DOCUMENT_2 = buildDocument('oss:PutObject');
export const TRUST_POLICY = buildTrustPolicy([ACCOUNT], []);

const clock = new SteppingClock(new Date().toISOString());
/** The date on which the sample data were created. */
export const CREATED_AT = formatRamDate(clock.now());

class ResettableStore implements Store {
  #store: Store;
  readonly #initial: State;

  constructor(initial: State) {
    this.#initial = initial;
    this.#store = new MemoryStore(initial);
  }

  /** Restores the initial state and applies `change` to it. */
  reset(change: (state: State) => void = () => {}): void {
    const state = copyState(this.#initial);
    change(state);
    this.#store = new MemoryStore(state);
  }

  read: Store['read'] = (work) => this.#store.read(work);
  change: Store['change'] = (work) => this.#store.change(work);
}

const state = createInitialState(clock, random);
state.Account.AccountId = ACCOUNT;
const initialStore = new MemoryStore(state);
const sample = await createSampleData(openDirectory(initialStore));
await initialStore.change(async ({ Users }) => {
  const alice = Users.get('alice');
  if (alice) alice.LastLoginDate = CREATED_AT;
});
const store = new ResettableStore(await initialStore.read(async (state) => state));
clock.step(60);
/** The time of the directory's clock while requests are processed. */
export const requestTime = clock.now();
export const REQUESTED_AT = formatRamDate(requestTime);

/** The key pair of admin. This user has all permissions. */
export const ADMIN_KEY_PAIR: KeyPair = sample.admin;
/** The ID of kim's AccessKey. */
export const KIM_KEY_ID = sample.kim.AccessKeyId;
/** The code of the unbound device `spare`, the given number of 30-second steps from `requestTime`. */
export const spareDeviceCode = (steps: number) => codeAt(sample.spare.Base32StringSeed, requestTime, steps);

function openDirectory(from: Store): Directory {
  return localDirectory({ store: from, clock, random, vault: createPlainVault(), hashCost: TEST_HASH_COST });
}

function buildDocument(Action: string): string {
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}

async function createSampleData(directory: Directory) {
  const Password = await directory.hashPassword(PASSWORD);
  const { value } = await directory.atomically(async (operations) => {
    for (const UserName of ['admin', 'bob', 'colin', 'grace', 'kim', 'max', 'mia'])
      await operations.createUser({ UserName });
    const profile = {
      DisplayName: 'Alice A.',
      Comments: 'buys',
      Email: 'alice@example.com',
      MobilePhone: '86-13800000000',
    };
    await operations.createUser({ UserName: 'alice', ...profile });
    for (const UserName of ['admin', 'colin']) await operations.createLoginProfile({ UserName, Password });

    await operations.createGroup({ GroupName: 'developers', Comments: 'build' });
    await operations.createGroup({ GroupName: 'auditors' });
    await operations.createGroup({ GroupName: 'guests' });
    await operations.addUserToGroup({ UserName: 'bob', GroupName: 'developers' });

    await operations.createPolicy({ PolicyName: 'ReadOrders', Description: 'reads', PolicyDocument: DOCUMENT });
    for (const PolicyName of ['AuditOrders', 'ShipOrders', 'SpareOrders']) {
      await operations.createPolicy({ PolicyName, PolicyDocument: DOCUMENT });
    }
    await operations.createPolicyVersion({ PolicyName: 'ShipOrders', PolicyDocument: DOCUMENT_2 });
    const custom = { PolicyType: 'Custom' } as const;
    await operations.attachPolicyToUser({ UserName: 'admin', PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    await operations.attachPolicyToUser({ UserName: 'grace', PolicyName: 'ReadOrders', ...custom });
    await operations.attachPolicyToGroup({ GroupName: 'auditors', PolicyName: 'AuditOrders', ...custom });

    const trusted = { AssumeRolePolicyDocument: TRUST_POLICY };
    await operations.createRole({ RoleName: 'buyer', Description: 'orders', MaxSessionDuration: 7200, ...trusted });
    await operations.createRole({ RoleName: 'reader', Description: 'looks', ...trusted });
    await operations.attachPolicyToRole({ RoleName: 'reader', PolicyName: 'ReadOrders', ...custom });

    const mia = await operations.createVirtualMFADevice({ VirtualMFADeviceName: 'mia' });
    const [AuthenticationCode1, AuthenticationCode2] = [0, 1].map((n) =>
      codeAt(mia.Base32StringSeed, clock.now(), n),
    ) as [string, string];
    await operations.bindMFADevice({
      UserName: 'mia',
      SerialNumber: mia.SerialNumber,
      AuthenticationCode1,
      AuthenticationCode2,
    });

    const admin = await operations.createAccessKey({ UserName: 'admin' });
    const kim = await operations.createAccessKey({ UserName: 'kim' });
    await operations.verifyAccessKey(kim);
    for (const UserName of ['max', 'max']) await operations.createAccessKey({ UserName });
    return { admin, kim, spare: await operations.createVirtualMFADevice({ VirtualMFADeviceName: 'spare' }) };
  });
  return value;
}

export const directory: Directory = openDirectory(store);
export const service = new Service(directory, clock);
export const resetDirectory = store.reset.bind(store);

/** Serves the directory on a free port. */
export function serveSampleDirectory() {
  return listen(service, clock, { host: '127.0.0.1', port: 0 }, () => {});
}
