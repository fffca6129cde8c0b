import type { Clock } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import type { State } from '../../src/core/state.ts';
import { createApi } from '../../src/remote/create-api.ts';
import { remoteDirectory } from '../../src/remote/directory.ts';
import { remoteOperations } from '../../src/remote/operations.ts';
import { remoteRotations } from '../../src/remote/rotation.ts';
import { bindDevice } from './mfa.ts';
import { seededRandom } from './process.ts';
import { testApiOptions } from './test-api.ts';
import { TestEndpoint } from './test-endpoint.ts';
import { type CommandResult, TestWorld } from './test-world.ts';
import { type ProxyOptions, UnreliableProxy } from './unreliable-proxy.ts';

/** What exists at the endpoint: one line for each user, AccessKey, attachment and so on. */
type Facts = Set<string>;

interface Command {
  line: string;
  input?: string;
  /** The facts that the command adds and removes, as patterns for the whole lines. */
  adds: RegExp[];
  removes?: RegExp[];
}

const userRows = ['u1', 'u2', 'u3', 'u4', 'u5'].map((UserName) => ({ UserName, Console: true, AccessKey: true }));

const COMMANDS: Command[] = [
  {
    line: 'user create alice --console --access-key --policy AliyunOSSReadOnlyAccess --group staff --tag team=iot',
    adds: [
      /^user alice$/,
      /^logon of alice$/,
      /^AccessKey \S+ of alice Active$/,
      /^policy AliyunOSSReadOnlyAccess of alice$/,
      /^alice in staff$/,
      /^tag team=iot of alice$/,
    ],
  },
  { line: 'ak create bob', adds: [/^AccessKey \S+ of bob Active$/] },
  {
    line: 'user import -',
    input: JSON.stringify(userRows),
    adds: userRows.flatMap(({ UserName }) => [
      new RegExp(`^user ${UserName}$`),
      new RegExp(`^logon of ${UserName}$`),
      new RegExp(`^AccessKey \\S+ of ${UserName} Active$`),
    ]),
  },
  {
    line: 'user delete carol --cascade --yes',
    adds: [],
    removes: [
      /^user carol$/,
      /^logon of carol$/,
      /^AccessKey \S+ of carol Active$/,
      /^policy AliyunOSSReadOnlyAccess of carol$/,
      /^carol in staff$/,
      /^MFA device \S+ of carol$/,
    ],
  },
  {
    line: 'policy attach AliyunECSFullAccess AliyunRDSFullAccess --user bob --user dave',
    adds: ['bob', 'dave'].flatMap((name) => [
      new RegExp(`^policy AliyunECSFullAccess of ${name}$`),
      new RegExp(`^policy AliyunRDSFullAccess of ${name}$`),
    ]),
  },
  { line: 'group add staff bob dave', adds: [/^bob in staff$/, /^dave in staff$/] },
  {
    line: 'ak disable dave DAVE',
    adds: [/^AccessKey \S+ of dave Inactive$/],
    removes: [/^AccessKey \S+ of dave Active$/],
  },
  {
    line: 'ak rotate robot',
    adds: [
      /^AccessKey \S+ of robot Active$/,
      /^AccessKey \S+ of robot Inactive$/,
      /^tag ramctl:rotation=Done .* of robot$/,
      /^tag ramctl:rotation-run=\S+ of robot$/,
    ],
    removes: [/^AccessKey \S+ of robot Active$/],
  },
];

/** The faults of a seed: few or many, and for some seeds an outage that ends late or never. */
function chooseFaults(seed: number): ProxyOptions {
  const random = seededRandom(seed);
  const rate = [0, 0.05, 0.15, 0.3][Math.floor(random() * 4)] ?? 0;
  const from = Math.floor(random() * 120);
  const length = [20, 40, Number.POSITIVE_INFINITY][Math.floor(random() * 3)] ?? 0;
  return { seed, rate, ...(rate === 0 || random() < 0.3 ? { outage: [from, from + length] } : {}) };
}

/** Runs commands on an endpoint behind an unreliable proxy. Returns what is wrong, each with what the proxy did. */
export async function runUnreliably(seed: number): Promise<string[]> {
  const endpoint = await TestEndpoint.open();
  const { world: server } = endpoint;
  setPresentTime(server);
  await prepare(server);
  const proxy = await UnreliableProxy.open(endpoint.server.Address, chooseFaults(seed));
  const client = await openClient(proxy, endpoint);
  const random = seededRandom(seed + 1);
  const commands = COMMANDS.map((command) => ({ command, order: random() })).sort((a, b) => a.order - b.order);
  const problems: string[] = [];
  try {
    for (const { command } of commands) {
      const before = readFacts(await server.state());
      const [daveKey = ''] = (await server.state()).Users.get('dave')?.AccessKeys.map((key) => key.AccessKeyId) ?? [];
      const line = `-d ${proxy.url} ${command.line.replace('DAVE', daveKey)} -o json`;
      const logStart = proxy.log.length;
      const run = () => client.ramctl(line, { input: command.input ?? '' });
      let result = await run();
      if (result.code === 5 && result.error.Code === 'ImportInterrupted') {
        // The same command must finish the import and deliver all secrets, also those that the first one created.
        proxy.isReliable = true;
        result = await run();
        proxy.isReliable = false;
      }
      await proxy.settled();
      const after = readFacts(await server.state());
      const found = [
        ...findProblems(command, result, before, after),
        ...(result.code === 0 ? await findLostSecrets(server, result, difference(after, before)) : []),
      ];
      if (found.length === 0) continue;
      const output = `${command.line}\nexit code ${result.code}\n${result.err}`;
      problems.push([output, ...found, ...proxy.log.slice(logStart)].join('\n'));
    }
  } finally {
    await proxy.close();
  }
  return problems;
}

/** Creates what the commands change. */
async function prepare(server: TestWorld): Promise<void> {
  await server.ramctl('group create staff');
  await server.ramctl('user create bob');
  await server.ramctl(
    'user create carol --console --access-key --policy AliyunOSSReadOnlyAccess --group staff --password-reset not-required',
  );
  await server.ramctl('user create dave --access-key');
  await server.ramctl('user create robot --access-key');
  await bindDevice(server, 'carol');
}

/** A clock that only sleeping advances. Those who sleep at the same time advance it once. */
class ConcurrentClock implements Clock {
  readonly #proxy: UnreliableProxy;
  #time = Date.now();

  constructor(proxy: UnreliableProxy) {
    this.#proxy = proxy;
  }

  now(): Date {
    return new Date(this.#time);
  }

  async sleep(milliseconds: number): Promise<void> {
    const end = this.#time + milliseconds;
    // In a second, the endpoint handles the requests that it has received.
    if (milliseconds >= 1000) await this.#proxy.handled();
    await new Promise((next) => setImmediate(next));
    this.#time = Math.max(this.#time, end);
  }
}

/** Sets the clock of a world, because the SDK signs requests with the time of the machine. */
function setPresentTime({ clock }: TestWorld): void {
  clock.step((Date.now() - clock.now().getTime()) / 1000);
}

/** A world whose commands use the endpoint through the proxy. */
async function openClient(proxy: UnreliableProxy, endpoint: TestEndpoint): Promise<TestWorld> {
  const client = new TestWorld();
  setPresentTime(client);
  const clock = new ConcurrentClock(proxy);
  const { random } = client;
  const sleep = (milliseconds: number) => clock.sleep(milliseconds);
  const api = await createApi({ ...testApiOptions(proxy.url), clock, random, sleep, accessKey: endpoint.admin });
  const directory = remoteDirectory(remoteOperations(api, sleep), {
    clock,
    random,
    target: { kind: 'endpoint', name: proxy.url },
    rotations: (operations) => remoteRotations(operations, clock, random),
    onChange: () => {},
  });
  return Object.assign(client, { directory: directory satisfies Directory });
}

function readFacts({ Users, Groups, MFADevices }: State): Facts {
  const users = [...Users.values()];
  const nameOf = (id = '') => users.find(({ UserId }) => UserId === id)?.UserName ?? id;
  const groupNames = new Map(Array.from(Groups.values(), ({ GroupId, GroupName }) => [GroupId, GroupName]));
  return new Set([
    ...users.flatMap(({ UserName, LoginProfile, AccessKeys, Policies, Groups, Tags = {} }) => [
      `user ${UserName}`,
      ...(LoginProfile ? [`logon of ${UserName}`] : []),
      ...AccessKeys.map(({ AccessKeyId, Status }) => `AccessKey ${AccessKeyId} of ${UserName} ${Status}`),
      ...Groups.map(({ GroupId }) => `${UserName} in ${groupNames.get(GroupId)}`),
      ...Policies.map(({ PolicyName }) => `policy ${PolicyName} of ${UserName}`),
      ...Object.entries(Tags).map(([key, value]) => `tag ${key}=${value} of ${UserName}`),
    ]),
    ...[...MFADevices.values()].map(
      ({ VirtualMFADeviceName, Binding }) => `MFA device ${VirtualMFADeviceName} of ${nameOf(Binding?.UserId)}`,
    ),
  ]);
}

/** Each new active AccessKey was delivered, and each delivered secret and password works. */
async function findLostSecrets({ directory }: TestWorld, result: CommandResult, added: string[]): Promise<string[]> {
  const delivered = findSecrets(result.json);
  const lost = added.filter((fact) => {
    const [kind, id, , , status] = fact.split(' ');
    return kind === 'AccessKey' && status === 'Active' && !delivered.some(({ AccessKeyId }) => AccessKeyId === id);
  });
  const broken = await Promise.all(
    delivered.map(async ({ AccessKeyId = '', AccessKeySecret, UserPrincipalName = '', Password = '' }) => {
      const check = AccessKeySecret
        ? directory.verifyAccessKey({ AccessKeyId, AccessKeySecret })
        : directory.logOn(UserPrincipalName, Password);
      return check.then(
        () => [],
        (error: Error) => [`the secret of ${AccessKeyId || UserPrincipalName} does not work: ${error.message}`],
      );
    }),
  );
  return [...lost.map((fact) => `its secret was not delivered: ${fact}`), ...broken.flat()];
}

/** The objects that have a secret, in a result and its members. */
function findSecrets(result: unknown): Record<string, string>[] {
  if (typeof result !== 'object' || result === null) return [];
  const own = 'AccessKeySecret' in result || 'Password' in result ? [result as Record<string, string>] : [];
  return [...own, ...Object.values(result).flatMap(findSecrets)];
}

const difference = (left: Facts, right: Facts) => [...left].filter((fact) => !right.has(fact));

/**
 * A successful command changes exactly what it should. A failed one ends with exit code 5, and what it changed is named in its
 * error: an AccessKey by its id or by the command for its rotation, everything else by the name of its user.
 */
function findProblems({ adds, removes = [] }: Command, result: CommandResult, before: Facts, after: Facts): string[] {
  const added = difference(after, before);
  const removed = difference(before, after);
  const { code, err } = result;
  if (code === 0) return [...compare('added', added, adds), ...compare('removed', removed, removes)];
  if (code !== 5) return [`ended with exit code ${code}`];
  const { Blockers = [], Errors = [] } = result.error;
  const listed = JSON.stringify([Blockers, Errors]);
  const problems = [...added, ...removed]
    .filter((fact) => !nameInError(fact).test(err))
    .map((fact) => `its error does not name what it changed: ${fact}`);
  const isChanged = added.length + removed.length > 0;
  if (isChanged && /nothing was (changed|written)/.test(err)) problems.push('it says that nothing was changed');
  if (!isChanged && listed !== '[[],[]]' && !listed.includes('possibly')) problems.push('it lists what does not exist');
  return problems;
}

/** What an error must contain if the fact was changed. */
function nameInError(fact: string): RegExp {
  const [, id, user] = /^AccessKey (\S+) of (\S+)/.exec(fact) ?? [];
  if (id) return new RegExp(`${id}|ak rotation (rollback|list) ${user}`);
  const [, name] = /^(?:user|.* of) (\S+)$|^(\S+) in/.exec(fact)?.filter(Boolean) ?? [];
  return new RegExp(`\\b${name}\\b`);
}

function compare(verb: string, facts: string[], patterns: RegExp[]): string[] {
  const unexpected = facts.filter((fact) => !patterns.some((pattern) => pattern.test(fact)));
  const missing = patterns.filter((pattern) => facts.filter((fact) => pattern.test(fact)).length !== 1);
  return [
    ...unexpected.map((fact) => `${verb} unexpectedly: ${fact}`),
    ...missing.map((pattern) => `not ${verb} exactly once: ${pattern}`),
  ];
}
