import { onTestFinished } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { listen, type RunningServer, type ServerTimeouts } from '../../src/server/http.ts';
import { Service } from '../../src/server/service.ts';
import { type Answer, Connection, send } from './client.ts';
import { type Message, type Pair, signedV1, signedV3, type Wish } from './signer.ts';
import { World } from './world.ts';

interface Setting {
  pace?: Partial<ServerTimeouts>;
  /** The world's directory as this endpoint has it. */
  directory?: (real: Directory) => Directory;
}

/** RAM served from memory: the user admin may do everything, bob has an AccessKey alone. Ends with its test. */
export class Endpoint {
  readonly world = new World();
  readonly log: string[] = [];
  listening = {} as RunningServer;
  admin = {} as Pair;
  bob = {} as Pair;

  static async open({ pace = {}, directory = (real) => real }: Setting = {}): Promise<Endpoint> {
    const endpoint = new Endpoint();
    const { world, log } = endpoint;
    for (const UserName of ['admin', 'bob']) await world.directory.createUser({ UserName });
    const policy = { PolicyName: 'AdministratorAccess', PolicyType: 'System' } as const;
    await world.directory.attachPolicyToUser({ UserName: 'admin', ...policy });
    endpoint.admin = await world.directory.createAccessKey({ UserName: 'admin' });
    endpoint.bob = await world.directory.createAccessKey({ UserName: 'bob' });
    const service = new Service(directory(world.directory), world.clock);
    const unhurried: ServerTimeouts = { requestTimeoutMs: 15_000, usageFlushIntervalMs: 60_000, ...pace };
    const where = { host: '127.0.0.1', port: 0 };
    endpoint.listening = await listen(service, world.clock, where, (line) => log.push(line), unhurried);
    onTestFinished(() => endpoint.close());
    return endpoint;
  }

  async close(): Promise<void> {
    this.listening.stop();
    await this.listening.stopped;
  }

  get port(): number {
    return Number(new URL(this.listening.Address).port);
  }

  /** A wish that names this endpoint at the present moment, or so many seconds from it. */
  wish(action: string, parameters: Record<string, string> = {}, seconds = 0): Wish {
    const moment = new Date(this.world.clock.now().getTime() + seconds * 1000);
    return { action, parameters, timestamp: formatRamDate(moment), host: `127.0.0.1:${this.port}` };
  }

  /** Asks as the administrator, by V3. */
  ask(action: string, parameters: Record<string, string> = {}): Promise<Answer> {
    return this.send(signedV3(this.wish(action, parameters), this.admin));
  }

  send(message: Message): Promise<Answer> {
    return send(this.port, message);
  }

  /** A connection for bytes of any kind. */
  connect(): Connection {
    return new Connection(this.port);
  }

  async users(): Promise<string[]> {
    return (await this.world.directory.listUsers()).map(({ UserName }) => UserName);
  }
}

/** Both signatures, each with its parameters in the query and in a form. */
export const WAYS: [way: string, sign: (wish: Wish, pair: Pair, more?: Record<string, string>) => Message][] = [
  ['V1 by GET', (wish, pair, more) => signedV1(wish, pair, more)],
  ['V1 as a form', (wish, pair, more) => signedV1({ ...wish, asForm: true }, pair, more)],
  ['V3 with a query', (wish, pair, more) => signedV3(wish, pair, more)],
  ['V3 as a form', (wish, pair, more) => signedV3({ ...wish, asForm: true }, pair, more)],
];
