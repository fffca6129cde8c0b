import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
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

export interface Endpoint {
  host: string;
  /** 0 is any free port. */
  port: number;
  /** The names and IP addresses that the Host header may have, next to the loopback names. */
  allowedHosts?: string[];
  /** The certificate chain and the private key in PEM. Without them, the server uses HTTP. */
  tls?: { cert: string; key: string } | undefined;
}

/**
 * Listens on an address. `log` receives one line for each request, without its parameters. In the result, `stop` finishes
 * the requests in progress and may be called again; `stopped` resolves when they are finished.
 * @throws Failure `later` (`AddressInUse`), `refused` (`AddressUnusable`)
 */
export async function listen(
  service: Service,
  clock: Clock,
  { host, port, allowedHosts = [], tls }: Endpoint,
  log: (line: string) => void,
  { requestTimeoutMs, usageFlushIntervalMs }: ServerTimeouts = DEFAULT_TIMEOUTS,
) {
  /** The connections by the address and port of the client, each with its latest response. */
  const connections = new Map<string, { socket: Socket; response?: ServerResponse }>();
  const isBusy = (response?: ServerResponse) => response && !(response.writableFinished && response.req.complete);
  const acceptsHost = hostMatcher(allowedHosts);
  let isStopping = false;
  const connectionsCheckingInterval = Math.ceil(requestTimeoutMs / 15);
  const options = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: requestTimeoutMs, connectionsCheckingInterval };
  const respond = (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(clientOf(request.socket));
    if (connection) connection.response = response;
    void serve(request, response);
  };
  const server = tls
    ? createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: requestTimeoutMs }, respond)
    : createServer(options, respond);
  server.maxConnections = MAX_CONNECTIONS;
  // For clients that do not read the response. A change can wait for the lock longer than a request takes to arrive.
  server.timeout = 4 * requestTimeoutMs;
  // With TLS, this is the connection below the encrypted one, and destroying it ends both.
  server.on('connection', (socket: Socket) => {
    const client = clientOf(socket);
    connections.set(client, { socket });
    socket.on('close', () => connections.delete(client));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // When a request is in progress, a response sent now would be read as its response, or as a second response to it.
    const isInProgress = isBusy(connections.get(clientOf(socket))?.response);
    if (isInProgress) socket.destroy();
    else if (/^ERR_(SSL|TLS)_/.test(error.code ?? '')) rejectHandshake(error, socket, log);
    else if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else rejectMalformedRequest(error, socket, log);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { address, port: actualPort } = server.address() as AddressInfo;
  // A client cannot connect to the address that means all addresses of the machine.
  const reachable = address === '::' ? '::1' : address === '0.0.0.0' ? '127.0.0.1' : address;
  const numericHost = formatHost(reachable);
  // With a name in --host, the Host header and the certificate have the name, not its address.
  const Address = `${tls ? 'https' : 'http'}://${acceptsHost(numericHost) ? numericHost : host}:${actualPort}`;

  const recordUses = () =>
    service.recordUses().catch((error: unknown) => log(`cannot record uses of AccessKeys: ${describeError(error)}`));
  const timer = setInterval(recordUses, usageFlushIntervalMs);
  const stopped = new Promise<void>((resolve) => server.on('close', resolve)).then(recordUses);
  const stop = () => {
    isStopping = true;
    clearInterval(timer);
    server.close();
    // Node would wait for connections that have not sent a request yet.
    for (const { socket, response } of connections.values()) if (!isBusy(response)) socket.destroy();
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
      rejectForeignHost(request, acceptsHost);
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

/** Returns a text that differs for each connection that is open. */
function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Returns a function that tells whether a Host header has a loopback name or one of these names, and any port. */
function hostMatcher(allowedHosts: string[]): (header: string) => boolean {
  const names = new Set(allowedHosts.map(formatHost));
  return (header) => {
    const name = header.replace(/:\d{1,5}$/, '').toLowerCase();
    return LOOPBACK_HOST.test(name) || names.has(name);
  };
}

/** Returns a name or an IP address as clients write it in the Host header: an IPv6 address has its shortest form. */
function formatHost(host: string): string {
  return isIPv6(host) ? new URL(`http://[${host}]`).hostname : host.toLowerCase();
}

/** Refuses web pages: they have an origin, and DNS rebinding gives the server a name that is not allowed. */
function rejectForeignHost({ headers }: IncomingMessage, acceptsHost: (header: string) => boolean): void {
  if (acceptsHost(headers.host ?? '') && headers.origin === undefined) return;
  const message = 'The Host header must be a loopback name or a name of --allow-host, and web pages are refused.';
  throw new Failure('denied', 'Forbidden.Host', message);
}

/** @throws Failure InvalidMethod, InvalidRequest.Length, IncompleteBody */
async function readRequest(request: IncomingMessage): Promise<HttpRequest> {
  const { method = '', url = '' } = request;
  if (method !== 'GET' && method !== 'POST') {
    throw new Failure('refused', 'InvalidMethod', 'Specified method is not supported: use GET or POST.');
  }
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const { socket } = request;
  const connection = { sourceIp: sourceIpOf(socket), isEncrypted: socket instanceof TLSSocket };
  return { method, url, headers, body: await readBody(request), connection };
}

/** Returns the address of the client as policies write it: IPv4 also on an IPv6 socket, and without a zone. */
function sourceIpOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
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

/** Closes a connection whose TLS handshake failed, for example because the client does not trust the certificate. */
function rejectHandshake({ code }: NodeJS.ErrnoException, socket: Socket, log: (line: string) => void): void {
  log(`TLS handshake failed: ${code}`);
  socket.destroy();
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
