import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server does with a request. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface ScriptedServer {
  url: string;
  /** The actions of the requests so far, in order. */
  actions: string[];
  /** The headers and bodies of the requests so far. */
  texts: string[];
}

/** Starts a server that gives these answers in order, and the last one to all further requests. */
export async function startScriptedServer(...answers: [Answer, ...Answer[]]): Promise<ScriptedServer> {
  const actions: string[] = [];
  const texts: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') return response.end();
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      actions.push(String(request.headers['x-acs-action']));
      texts.push(`${JSON.stringify(request.headers)}\n${body}`);
      const [first] = answers;
      (answers.length > 1 ? answers.shift() : first)?.(response, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, actions, texts };
}

export const json =
  (status: number, body: unknown): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export const ok = (body: object = {}): Answer => json(200, { RequestId: 'R1', ...body });

export const error = (status: number, Code: string, Message = `${Code}.`): Answer =>
  json(status, { RequestId: 'R1', HostId: 'ram.example.com', Code, Message });

export const html: Answer = (response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log on to the guest network</html>');

export const drop: Answer = (_, request) => request.socket.destroy();

export const truncate: Answer = (response, request) => {
  response.writeHead(200, { 'content-length': '100' }).write('{"RequestId":');
  setImmediate(() => request.socket.destroy());
};

/** Sends the start of an answer and closes the connection as if the answer was complete. */
export const shorten: Answer = (response) => response.writeHead(200, { connection: 'close' }).end('{"RequestId":"R');

export const neverAnswer: Answer = () => {};

/** Sends the start of an answer, and the rest never. */
export const stall: Answer = (response) => void response.writeHead(200, { 'content-length': '100' }).write('{"Requ');
