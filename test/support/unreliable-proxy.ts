import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { seededRandom } from './process.ts';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Passes the request on to the endpoint, and returns the answer. */
  handle(): Promise<{ status: number; type: string; body: Buffer }>;
}

/** Some milliseconds, in which the client can send other requests. */
const pause = () => new Promise((next) => setTimeout(next, 5));

/**
 * The faults, each by what the client and the endpoint see. None makes the client wait for a timeout, so that the results do not
 * depend on the load of the machine.
 */
const FAULTS = {
  'dropped before it was handled': async ({ request: { socket } }: Exchange) => {
    socket.destroy();
  },
  'handled, then dropped': async ({ request: { socket }, handle }: Exchange) => {
    await handle();
    socket.destroy();
  },
  'handled, answer dropped in the middle': async ({ response, handle }: Exchange) => {
    const { status, body } = await handle();
    response.writeHead(status, { 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  },
  'handled, answer cut': async ({ response, handle }: Exchange) => {
    const { status, type, body } = await handle();
    response.writeHead(status, { 'content-type': type }).end(body.subarray(0, body.length - 2));
  },
  'dropped, then handled': async ({ request: { socket }, handle }: Exchange) => {
    socket.destroy();
    await pause();
    await handle();
  },
  delayed: async ({ response, handle }: Exchange) => {
    await pause();
    answer(response, await handle());
  },
  'internal error': async ({ response }: Exchange) => answerError(response, 500, 'InternalError'),
  'handled, then internal error': async ({ response, handle }: Exchange) => {
    await handle();
    answerError(response, 500, 'InternalError');
  },
  unavailable: async ({ response }: Exchange) => answerError(response, 503, 'ServiceUnavailable'),
  'page of a gateway': async ({ response }: Exchange) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>');
  },
  throttled: async ({ response }: Exchange) => answerError(response, 429, 'Throttling.User'),
};

type Fault = keyof typeof FAULTS;

const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

export interface ProxyOptions {
  seed: number;
  /** The part of the requests that get a fault, from 0 to 1. */
  rate: number;
  /** The requests that are all dropped, counted from 0: from the first one up to the second one. */
  outage?: [from: number, to: number];
}

/**
 * An HTTP proxy in front of an endpoint, with faults. The seed chooses the fault of the nth request for an action, so that
 * concurrent requests do not change the choice.
 */
export class UnreliableProxy {
  readonly endpoint: string;
  readonly options: ProxyOptions;
  /** What happened to each request. */
  readonly log: string[] = [];
  /** Whether requests get no faults for now. */
  isReliable = false;
  readonly #server = createServer((message, response) => {
    const exchange: Promise<unknown> = this.#answer(message, response)
      .catch(() => message.socket.destroy())
      .finally(() => this.#exchanges.delete(exchange));
    this.#exchanges.add(exchange);
  });
  readonly #exchanges = new Set<Promise<unknown>>();
  readonly #counts = new Map<string, number>();

  static async open(endpoint: string, options: ProxyOptions): Promise<UnreliableProxy> {
    const proxy = new UnreliableProxy(endpoint, options);
    await new Promise<void>((listening) => proxy.#server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  private constructor(endpoint: string, options: ProxyOptions) {
    this.endpoint = endpoint;
    this.options = options;
  }

  /** Resolves when the endpoint has handled the requests that have arrived. */
  async handled(): Promise<void> {
    await Promise.all(this.#exchanges);
  }

  /** Resolves when the endpoint has handled all requests, also those whose client has given up. */
  async settled(): Promise<void> {
    this.#server.closeAllConnections();
    await Promise.all(this.#exchanges);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    await this.settled();
    await closed;
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(message);
    const action = String(message.headers['x-acs-action']);
    const fault = this.#chooseFault(action);
    this.log.push(fault ? `${action}: ${fault}` : action);
    const handle = () => forward(this.endpoint, message, body);
    if (fault) await FAULTS[fault]({ request: message, response, handle });
    else answer(response, await handle());
  }

  #chooseFault(action: string): Fault | undefined {
    if (this.isReliable) return undefined;
    const { seed, rate, outage } = this.options;
    if (outage && this.log.length >= outage[0] && this.log.length < outage[1]) return 'dropped before it was handled';
    const count = this.#counts.get(action) ?? 0;
    this.#counts.set(action, count + 1);
    const random = seededRandom([...`${seed} ${action} ${count}`].reduce(addToHash, 0));
    return random() < rate ? FAULT_NAMES[Math.floor(random() * FAULT_NAMES.length)] : undefined;
  }
}

function addToHash(hash: number, character: string): number {
  return (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
}

/** Sends a request to the endpoint and returns its answer. The signature contains the headers, so they stay as they are. */
function forward(endpoint: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; type: string; body: Buffer }>((resolve, reject) => {
    const outgoing = request(new URL(url ?? '/', endpoint), { method, headers, agent: false }, async (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      resolve({ status, type: headers['content-type'] ?? '', body: await buffer(incoming) });
    });
    outgoing.on('error', reject).end(body);
  });
}

function answer(response: ServerResponse, { status, type, body }: Awaited<ReturnType<Exchange['handle']>>): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function answerError(response: ServerResponse, status: number, Code: string): void {
  const body = { Code, Message: `${Code} of the proxy`, RequestId: 'F0000000-0000-4000-8000-000000000000' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
