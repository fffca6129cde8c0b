import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, formatRamDate } from '../core/clock.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { toWireError } from '../rpc/error.ts';
import { NoPermission } from './authorize.ts';
import type { HttpRequest } from './request.ts';
import { RequestFailure, type Service } from './service.ts';

/** Room for a policy document of RAM's largest size in the query, each character escaped. */
const MAX_HEADER_BYTES = 128 * 1024;
/** More than any action takes. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_CONNECTIONS = 256;

/** Times, in milliseconds. */
export interface ServerTimeouts {
  /** How long a request may take to arrive, and how long those under way have when the server stops. */
  requestTimeoutMs: number;
  /** How often it is written when AccessKeys were used. */
  usageFlushIntervalMs: number;
}

const DEFAULT_TIMEOUTS: ServerTimeouts = { requestTimeoutMs: 15_000, usageFlushIntervalMs: 60_000 };

export interface RunningServer {
  Address: string;
  /** Finishes what is under way; may be called again. */
  stop(): void;
  /** Resolves when everything has come to its end. */
  stopped: Promise<void>;
}

/** Where to listen; port 0 is any that is free. */
export interface Endpoint {
  host: string;
  port: number;
}

/**
 * Listens on a loopback address. `log` is given a line for each request, without what it asked for.
 * @throws Failure `later` (`AddressInUse`), `refused` (`AddressUnusable`)
 */
export async function listen(
  service: Service,
  clock: Clock,
  { host, port }: Endpoint,
  log: (line: string) => void,
  { requestTimeoutMs, usageFlushIntervalMs }: ServerTimeouts = DEFAULT_TIMEOUTS,
): Promise<RunningServer> {
  /** Each connection with the answer to its latest request. */
  const latest = new Map<Socket, ServerResponse | undefined>();
  const isBusy = (answer?: ServerResponse) => answer && !(answer.writableFinished && answer.req.complete);
  let isStopping = false;
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 15),
    },
    (request, response) => {
      latest.set(request.socket, response);
      void serve(request, response);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  // Of a client that reads no answer. A change that waits for its turn is longer silent than a request takes to arrive.
  server.timeout = 4 * requestTimeoutMs;
  server.on('connection', (socket) => {
    latest.set(socket, undefined);
    socket.on('close', () => latest.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Ours would be taken for the answer of the request before, or for a second one.
    if (isBusy(latest.get(socket))) socket.destroy();
    else rejectMalformedRequest(error, socket, log);
  });
  await startListening(server, host, port);
  const { address, port: taken, family } = server.address() as AddressInfo;
  const Address = `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;

  const record = () =>
    service.recordUses().catch((error: unknown) => log(`uses of AccessKeys: ${listenErrorReason(error)}`));
  const timer = setInterval(record, usageFlushIntervalMs);
  const stopped = new Promise<void>((done) => server.on('close', done)).then(record);
  const stop = () => {
    isStopping = true;
    clearInterval(timer);
    server.close();
    // Node would wait for those that have not asked for anything yet.
    for (const [socket, answer] of latest) if (!isBusy(answer)) socket.destroy();
    setTimeout(() => server.closeAllConnections(), requestTimeoutMs).unref();
  };
  return { Address, stop, stopped };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begin = clock.now();
    const RequestId = randomUUID().toUpperCase();
    let status = 200;
    let told = '';
    let about: { action?: string | undefined; userName?: string | undefined } = {};
    let body: object;
    try {
      rejectForeignHost(request);
      const answered = await service.answer(await readRequest(request));
      about = answered;
      body = answered.body;
    } catch (error) {
      if (error instanceof RequestFailure) about = error;
      const cause = error instanceof RequestFailure ? error.cause : error;
      const { status: refusal, ...words } = toWireError(toFailure(cause));
      const detail = cause instanceof NoPermission ? { AccessDeniedDetail: cause.AccessDeniedDetail } : {};
      status = refusal;
      told = ` ${status < 500 ? words.Code : listenErrorReason(cause)}`;
      body = { ...words, HostId: request.headers.host, ...detail };
    }
    if (isStopping) response.setHeader('Connection', 'close');
    const text = JSON.stringify({ RequestId, ...body });
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'x-acs-request-id': RequestId,
    });
    response.end(text);
    const { action = '-', userName = '-' } = about;
    const took = clock.now().getTime() - begin.getTime();
    log(`${formatRamDate(begin)} ${RequestId} ${userName} ${action} ${status}${told} ${took}ms`);
  }
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const isTaken = code === 'EADDRINUSE';
      const why = isTaken ? 'something else listens there' : (code ?? message);
      fail(
        new Failure(
          isTaken ? 'later' : 'refused',
          isTaken ? 'AddressInUse' : 'AddressUnusable',
          `cannot listen on ${host}, port ${port}: ${why}`,
          { Field: '--port', Hint: 'ramctl serve --port 0   # any port that is free' },
        ),
      );
    });
    server.listen(port, host, done);
  });
}

/** Names of this machine for itself: a page of the web that is led here by DNS comes under another, or has an origin. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

function rejectForeignHost({ headers }: IncomingMessage): void {
  if (LOOPBACK_HOST.test(headers.host ?? '') && headers.origin === undefined) return;
  throw new Failure(
    'denied',
    'Forbidden.Host',
    'This endpoint serves programs of its own machine, under a loopback name.',
  );
}

/** The whole of a request. @throws Failure InvalidMethod, InvalidRequest.Length, IncompleteBody */
async function readRequest(request: IncomingMessage): Promise<HttpRequest> {
  const { method = '', url = '' } = request;
  if (method !== 'GET' && method !== 'POST') {
    throw new Failure('refused', 'InvalidMethod', 'Specified method is not supported: use GET or POST.');
  }
  return { method, url, headers: readHeaders(request), body: await readBody(request) };
}

/** What was sent and nothing else: requests name headers, and `constructor` is none. */
function readHeaders({ headers }: IncomingMessage): HttpRequest['headers'] {
  const sent: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) sent[name] = String(value);
  return sent;
}

/** What is too large is read all the same, as long as it comes in time, for most clients listen when they have spoken. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else fail(new Failure('refused', 'InvalidRequest.Length', `A request holds at most ${MAX_BODY_BYTES} bytes.`));
    });
    request.on('end', () => done(Buffer.concat(chunks)));
    request.on('error', () => fail(new Failure('refused', 'IncompleteBody', 'The request ended before its body did.')));
  });
}

/** What is not even HTTP, or never comes to its end. */
function rejectMalformedRequest({ code }: NodeJS.ErrnoException, socket: Socket, log: (line: string) => void): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  log(`malformed request: ${status}`);
  socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // Not only our half of it, or whoever never closes theirs would keep it.
  socket.destroySoon();
}

function toFailure(cause: unknown): Failure {
  return isFailure(cause) ? cause : new Failure('broken', 'Bug', listenErrorReason(cause));
}

/** For the owner of the directory, who sees the log: one line of it. */
function listenErrorReason(cause: unknown): string {
  if (isFailure(cause)) return `${cause.code}: ${cause.message}`;
  return `bug: ${cause instanceof Error ? cause.stack : cause}`.replace(/\s+/g, ' ');
}
