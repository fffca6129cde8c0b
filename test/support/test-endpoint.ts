import { onTestFinished } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { listen, type RunningServer, type ServerTimeouts } from '../../src/server/http.ts';
import { Service } from '../../src/server/service.ts';
import { Connection, type HttpResponse, send } from './http-client.ts';
import { type KeyPair, type SignedRequest, signV1, signV3, type UnsignedRequest } from './signer.ts';
import { TestWorld } from './test-world.ts';

interface EndpointOptions {
  timeouts?: Partial<ServerTimeouts>;
  /** The world's directory as this endpoint has it. */
  directory?: (real: Directory) => Directory;
}

/** RAM served from memory: the user admin may do everything, bob has an AccessKey alone. Ends with its test. */
export class TestEndpoint {
  readonly world = new TestWorld();
  readonly log: string[] = [];
  server = {} as RunningServer;
  admin = {} as KeyPair;
  bob = {} as KeyPair;

  static async open({ timeouts = {}, directory = (real) => real }: EndpointOptions = {}): Promise<TestEndpoint> {
    const endpoint = new TestEndpoint();
    const { world, log } = endpoint;
    for (const UserName of ['admin', 'bob']) await world.directory.createUser({ UserName });
    const policy = { PolicyName: 'AdministratorAccess', PolicyType: 'System' } as const;
    await world.directory.attachPolicyToUser({ UserName: 'admin', ...policy });
    endpoint.admin = await world.directory.createAccessKey({ UserName: 'admin' });
    endpoint.bob = await world.directory.createAccessKey({ UserName: 'bob' });
    const service = new Service(directory(world.directory), world.clock);
    const unhurried: ServerTimeouts = { requestTimeoutMs: 15_000, usageFlushIntervalMs: 60_000, ...timeouts };
    const where = { host: '127.0.0.1', port: 0 };
    endpoint.server = await listen(service, world.clock, where, (line) => log.push(line), unhurried);
    onTestFinished(() => endpoint.close());
    return endpoint;
  }

  async close(): Promise<void> {
    this.server.stop();
    await this.server.stopped;
  }

  get port(): number {
    return Number(new URL(this.server.Address).port);
  }

  /** A wish that names this endpoint at the present moment, or so many seconds from it. */
  unsignedRequest(action: string, parameters: Record<string, string> = {}, seconds = 0): UnsignedRequest {
    const moment = new Date(this.world.clock.now().getTime() + seconds * 1000);
    return { action, parameters, timestamp: formatRamDate(moment), host: `127.0.0.1:${this.port}` };
  }

  /** Asks as the administrator, by V3. */
  callAsAdmin(action: string, parameters: Record<string, string> = {}): Promise<HttpResponse> {
    return this.send(signV3(this.unsignedRequest(action, parameters), this.admin));
  }

  send(message: SignedRequest): Promise<HttpResponse> {
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
export const SIGNING_METHODS: [
  way: string,
  sign: (wish: UnsignedRequest, pair: KeyPair, more?: Record<string, string>) => SignedRequest,
][] = [
  ['V1 by GET', (wish, pair, more) => signV1(wish, pair, more)],
  ['V1 as a form', (wish, pair, more) => signV1({ ...wish, asForm: true }, pair, more)],
  ['V3 with a query', (wish, pair, more) => signV3(wish, pair, more)],
  ['V3 as a form', (wish, pair, more) => signV3({ ...wish, asForm: true }, pair, more)],
];
