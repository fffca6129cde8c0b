import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, formatRamDate } from '../core/clock.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { toWireError } from '../rpc/error.ts';
import type { HttpRequest } from './request.ts';
import type { RequestInfo, Service } from './service.ts';

/** Enough for a policy document of RAM's largest size in the query, with every character escaped. */
const MAX_HEADER_BYTES = 128 * 1024;
/** More than any action needs. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_CONNECTIONS = 256;

const DEFAULT_TIMEOUTS = {
  /** The time that a request may take to arrive, and that requests in progress have when the server stops. */
  requestTimeoutMs: 15_000,
  /** The interval at which the last uses of AccessKeys are written. */
  usageFlushIntervalMs: 60_000,
};

export type ServerTimeouts = typeof DEFAULT_TIMEOUTS;

export type RunningServer = Awaited<ReturnType<typeof listen>>;

/**
 * Listens on a loopback address; port 0 is any free port. `log` receives one line for each request, without its
 * parameters. In the result, `stop` finishes the requests in progress and may be called again; `stopped` resolves when
 * they are finished.
 * @throws Failure `later` (`AddressInUse`), `refused` (`AddressUnusable`)
 */
export async function listen(
  service: Service,
  clock: Clock,
  { host, port }: { host: string; port: number },
  log: (line: string) => void,
  { requestTimeoutMs, usageFlushIntervalMs }: ServerTimeouts = DEFAULT_TIMEOUTS,
) {
  /** The latest response on each connection. */
  const connections = new Map<Socket, ServerResponse | undefined>();
  const isBusy = (response?: ServerResponse) => response && !(response.writableFinished && response.req.complete);
  let isStopping = false;
  const connectionsCheckingInterval = Math.ceil(requestTimeoutMs / 15);
  const options = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: requestTimeoutMs, connectionsCheckingInterval };
  const server = createServer(options, (request, response) => {
    connections.set(request.socket, response);
    void serve(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  // For clients that do not read the response. A change can wait for the lock longer than a request takes to arrive.
  server.timeout = 4 * requestTimeoutMs;
  server.on('connection', (socket) => {
    connections.set(socket, undefined);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // When a request is in progress, a response sent now would be read as its response, or as a second response to it.
    if (isBusy(connections.get(socket)) || error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else rejectMalformedRequest(error, socket, log);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { address, port: actualPort, family } = server.address() as AddressInfo;
  const Address = `http://${family === 'IPv6' ? `[${address}]` : address}:${actualPort}`;

  const recordUses = () =>
    service.recordUses().catch((error: unknown) => log(`cannot record uses of AccessKeys: ${describeError(error)}`));
  const timer = setInterval(recordUses, usageFlushIntervalMs);
  const stopped = new Promise<void>((resolve) => server.on('close', resolve)).then(recordUses);
  const stop = () => {
    isStopping = true;
    clearInterval(timer);
    server.close();
    // Node would wait for connections that have not sent a request yet.
    for (const [socket, response] of connections) if (!isBusy(response)) socket.destroy();
    setTimeout(() => server.closeAllConnections(), requestTimeoutMs).unref();
  };
  return { Address, stop, stopped };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = clock.now();
    const RequestId = randomUUID().toUpperCase();
    const info: RequestInfo = {};
    let status = 200;
    let logDetail = '';
    let body: object;
    try {
      rejectForeignHost(request);
      body = await service.answer(await readRequest(request), info);
    } catch (error) {
      const { status: errorStatus, ...wireError } = toWireError(error);
      const AccessDeniedDetail = isFailure(error) ? error.details.AccessDeniedDetail : undefined;
      status = errorStatus;
      logDetail = ` ${status < 500 ? wireError.Code : describeError(error)}`;
      body = { ...wireError, HostId: request.headers.host, AccessDeniedDetail };
    }
    if (isStopping) response.setHeader('Connection', 'close');
    const text = JSON.stringify({ RequestId, ...body });
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'x-acs-request-id': RequestId,
    });
    response.end(text);
    const { action = '-', caller = '-' } = info;
    const durationMs = clock.now().getTime() - startedAt.getTime();
    log(`${formatRamDate(startedAt)} ${RequestId} ${caller} ${action} ${status}${logDetail} ${durationMs}ms`);
  }
}

function listenFailure({ code, message }: NodeJS.ErrnoException, host: string, port: number): Failure {
  const details = { Field: '--port', Hint: 'ramctl serve --port 0   # any free port' };
  const prefix = `cannot listen on ${host}, port ${port}:`;
  return code === 'EADDRINUSE'
    ? new Failure('later', 'AddressInUse', `${prefix} another program uses this port`, details)
    : new Failure('refused', 'AddressUnusable', `${prefix} ${code ?? message}`, details);
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Refuses web pages: they have an origin, and DNS rebinding gives the server a name that is not a loopback name. */
function rejectForeignHost({ headers }: IncomingMessage): void {
  if (LOOPBACK_HOST.test(headers.host ?? '') && headers.origin === undefined) return;
  const message = 'This endpoint serves only programs on its own machine, under a loopback name.';
  throw new Failure('denied', 'Forbidden.Host', message);
}

/** @throws Failure InvalidMethod, InvalidRequest.Length, IncompleteBody */
async function readRequest(request: IncomingMessage): Promise<HttpRequest> {
  const { method = '', url = '' } = request;
  if (method !== 'GET' && method !== 'POST') {
    throw new Failure('refused', 'InvalidMethod', 'Specified method is not supported: use GET or POST.');
  }
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method, url, headers, body: await readBody(request) };
}

/** Continues to read a body that is too large, because most clients read the response only after the last byte. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(new Failure('refused', 'InvalidRequest.Length', `A request has at most ${MAX_BODY_BYTES} bytes.`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () =>
      reject(new Failure('refused', 'IncompleteBody', 'The request ended before its body did.')),
    );
  });
}

const MALFORMED_REQUEST_STATUSES = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);

/** Refuses a request that is not HTTP or does not arrive in time. */
function rejectMalformedRequest(error: NodeJS.ErrnoException, socket: Socket, log: (line: string) => void): void {
  const status = MALFORMED_REQUEST_STATUSES.get(error.code ?? '') ?? '400 Bad Request';
  log(`malformed request: ${status}`);
  socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // Close both directions: a client that never closes its own would keep the connection.
  socket.destroySoon();
}

/** Returns one line for the log, which only the owner of the directory reads. */
function describeError(error: unknown): string {
  if (isFailure(error)) return `${error.code}: ${error.message}`;
  return `bug: ${error instanceof Error ? error.stack : error}`.replace(/\s+/g, ' ');
}
