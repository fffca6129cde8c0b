import { onTestFinished } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { type Endpoint, listen, type RunningServer, type ServerTimeouts } from '../../src/server/http.ts';
import { Service } from '../../src/server/service.ts';
import { Connection, type HttpResponse, send } from './http-client.ts';
import { type KeyPair, type SignedRequest, signV1, signV3, type UnsignedRequest } from './signer.ts';
import { TestWorld } from './test-world.ts';

interface EndpointOptions extends Pick<Partial<Endpoint>, 'host' | 'allowedHosts' | 'tls'> {
  timeouts?: Partial<ServerTimeouts>;
  /** Wraps the directory of the world for the endpoint. */
  directory?: (real: Directory) => Directory;
}

/**
 * An HTTP endpoint for a directory in memory. The user admin has all permissions; bob has none. Each has an AccessKey.
 * The endpoint is closed at the end of its test.
 */
export class TestEndpoint {
  readonly world = new TestWorld();
  readonly log: string[] = [];
  server = {} as RunningServer;
  admin = {} as KeyPair;
  bob = {} as KeyPair;
  /** The certificate that clients trust, if the endpoint uses TLS. */
  ca: string | undefined;

  static async open({
    timeouts = {},
    directory = (real) => real,
    ...options
  }: EndpointOptions = {}): Promise<TestEndpoint> {
    const endpoint = new TestEndpoint();
    const { world, log } = endpoint;
    for (const UserName of ['admin', 'bob']) await world.directory.createUser({ UserName });
    const policy = { PolicyName: 'AdministratorAccess', PolicyType: 'System' } as const;
    await world.directory.attachPolicyToUser({ UserName: 'admin', ...policy });
    endpoint.admin = await world.directory.createAccessKey({ UserName: 'admin' });
    endpoint.bob = await world.directory.createAccessKey({ UserName: 'bob' });
    const service = new Service(directory(world.directory), world.clock);
    const allTimeouts: ServerTimeouts = { requestTimeoutMs: 15_000, usageFlushIntervalMs: 60_000, ...timeouts };
    const address = { host: '127.0.0.1', port: 0, ...options };
    endpoint.ca = options.tls?.cert;
    endpoint.server = await listen(service, world.clock, address, (line) => log.push(line), allTimeouts);
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

  /** A request to this endpoint with the current time of the world, or the given number of seconds later. */
  unsignedRequest(action: string, parameters: Record<string, string> = {}, seconds = 0): UnsignedRequest {
    const time = new Date(this.world.clock.now().getTime() + seconds * 1000);
    return { action, parameters, timestamp: formatRamDate(time), host: `127.0.0.1:${this.port}` };
  }

  /** Calls an action as admin, with signature V3. */
  callAsAdmin(action: string, parameters: Record<string, string> = {}): Promise<HttpResponse> {
    return this.send(signV3(this.unsignedRequest(action, parameters), this.admin));
  }

  send(message: SignedRequest): Promise<HttpResponse> {
    return send(this.port, message, this.ca === undefined ? {} : { ca: this.ca });
  }

  /** Opens a connection that sends arbitrary bytes. */
  connect(): Connection {
    return new Connection(this.port, this.ca);
  }

  /** The names of all users. */
  async users(): Promise<string[]> {
    return (await this.world.directory.listUsers()).map(({ UserName }) => UserName);
  }
}

/** Both signature versions, each with its parameters in the query and in a form. */
export const SIGNING_METHODS: [
  name: string,
  sign: (request: UnsignedRequest, pair: KeyPair, extra?: Record<string, string>) => SignedRequest,
][] = [
  ['V1 by GET', (request, pair, extra) => signV1(request, pair, extra)],
  ['V1 as a form', (request, pair, extra) => signV1({ ...request, asForm: true }, pair, extra)],
  ['V3 with a query', (request, pair, extra) => signV3(request, pair, extra)],
  ['V3 as a form', (request, pair, extra) => signV3({ ...request, asForm: true }, pair, extra)],
];
