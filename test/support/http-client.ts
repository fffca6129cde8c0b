import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type SignedRequest, urlOf } from './signer.ts';

/** An answer of the endpoint. */
export interface HttpResponse {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  /** What it says, where it says anything. */
  body: Record<string, unknown>;
}

/** Sends a request over a connection of its own. */
export function send(port: number, message: SignedRequest): Promise<HttpResponse> {
  const { method, body } = message;
  const headers = { ...message.headers, 'content-length': String(Buffer.byteLength(body)) };
  const options = { host: '127.0.0.1', port, method, path: urlOf(message), headers, agent: false, setHost: false };
  return new Promise((done, fail) => {
    const sent = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers: given } = response;
        done({ status, headers: given, body: text === '' ? {} : JSON.parse(text) });
      });
    });
    sent.on('error', fail).end(body);
  });
}

/** A request as bytes. */
export function serializeRequest(message: SignedRequest): string {
  const { method, headers, body } = message;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${urlOf(message)} HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A connection as a client has it that does what it likes. It never closes by itself. */
export class Connection {
  readonly socket: Socket;
  received = '';
  /** Resolves when the server has ended it, however that was. */
  readonly ended: Promise<void>;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
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

  /** Resolves when so many answers have begun. @throws when the connection ends before that */
  async waitForResponses(count: number): Promise<string[]> {
    while (this.statuses().length < count) {
      await Promise.race([
        new Promise((done) => this.socket.once('data', done)),
        this.ended.then(() => {
          if (this.statuses().length < count) throw new Error(`only ${this.statuses().length} answers`);
        }),
      ]);
    }
    return this.statuses();
  }

  /** The statuses of the answers so far. */
  statuses(): string[] {
    return Array.from(this.received.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status = '']) => status);
  }
}
