import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type SignedRequest, urlOf } from './signer.ts';

/** A response of the endpoint. */
export interface HttpResponse {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  /** The JSON body; empty if the response has none. */
  body: Record<string, unknown>;
}

/** The options of a connection with TLS, such as the trusted certificate `ca`, or of one without. */
type ClientOptions = ConnectionOptions & { localAddress?: string };

/** Sends a request on a new connection, with TLS if the options have a trusted certificate `ca`. */
export function send(port: number, message: SignedRequest, client: ClientOptions = {}): Promise<HttpResponse> {
  const { method, body } = message;
  const headers = { ...message.headers, 'content-length': String(Buffer.byteLength(body)) };
  const options = { host: '127.0.0.1', port, method, path: urlOf(message), headers, agent: false, setHost: false };
  const open = client.ca === undefined ? request : requestTls;
  return new Promise((done, fail) => {
    const sent = open({ ...options, ...client }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers: responseHeaders } = response;
        done({ status, headers: responseHeaders, body: text === '' ? {} : JSON.parse(text) });
      });
    });
    sent.on('error', fail).end(body);
  });
}

/** A request in the format of HTTP/1.1. */
export function serializeRequest(message: SignedRequest): string {
  const { method, headers, body } = message;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${urlOf(message)} HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A client connection that sends arbitrary bytes. Only the server or the end of the test closes it. */
export class Connection {
  readonly socket: Socket;
  received = '';
  /** Resolves when the server has closed the connection or it failed. */
  readonly ended: Promise<void>;

  /** Uses TLS with the trusted certificate `ca`, if there is one. */
  constructor(port: number, ca?: string) {
    const options = { port, host: '127.0.0.1', allowHalfOpen: true };
    this.socket = ca === undefined ? connect(options) : connectTls({ ...options, ca });
    this.socket.setEncoding('latin1').on('data', (text) => (this.received += text));
    this.ended = new Promise((done) =>
      this.socket
        .on('error', () => {})
        .on('end', done)
        .on('close', () => done()),
    );
    onTestFinished(() => void this.socket.destroy());
  }

  write(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Waits for the status lines of `count` responses. @throws if the connection ends before that */
  async waitForResponses(count: number): Promise<string[]> {
    while (this.statuses().length < count) {
      await Promise.race([
        new Promise((done) => this.socket.once('data', done)),
        this.ended.then(() => {
          if (this.statuses().length < count) throw new Error(`only ${this.statuses().length} responses`);
        }),
      ]);
    }
    return this.statuses();
  }

  /** The status codes of the responses received so far. */
  statuses(): string[] {
    return Array.from(this.received.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status = '']) => status);
  }
}
