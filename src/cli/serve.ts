import { isIPv4 } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { bootstrap } from '../core/journeys/bootstrap.ts';
import type { Formatter } from '../view/format.ts';
import { type Served, servedView } from '../view/serve.ts';
import { type App, usage } from './app.ts';
import type { RamctlCommand } from './command.ts';
import { deliver } from './deliver.ts';
import { addSinkOptions, type SinkOptions } from './sinks.ts';
import { parcelOf } from './user/make.ts';

interface Options extends SinkOptions {
  port: number;
  host: string;
  bootstrap?: boolean;
}

const PORT = 8640;

export function declare(noun: RamctlCommand): void {
  const verb = noun.alone('', ['ramctl serve --port 0', 'ramctl serve --bootstrap --secret-to aliyun:local']);
  verb.option('--port <number>', 'the port; 0 is any that is free', portNumber, PORT);
  verb.option('--host <address>', 'a loopback address', loopback, '127.0.0.1');
  verb.option('--bootstrap', 'in an empty directory: make an administrator with an AccessKey first');
  addSinkOptions(verb);
  verb.does<Options>(async (app, { port, host, bootstrap: isFirst = false, ...sink }) => {
    if (!isFirst && sink.secretTo !== undefined) throw usage('--secret-to goes with --bootstrap', '--secret-to');
    // One that needs a person is not served.
    await app.directory.getCallerIdentity();
    const { Address, stop, stopped, ready } = await app.serve({ port, host });
    const line: App = { ...app, format: inOneLine(app.format) };
    try {
      if (isFirst) await deliverFirst(line, sink, Address);
      else await app.print(line.format(servedView, { Address }));
      ready();
    } catch (error) {
      stop();
      await stopped;
      throw error;
    }
    await stopped;
  });
}

async function deliverFirst(app: App, sink: SinkOptions, Address: string): Promise<void> {
  await deliver<Served>(app, sink, (pack) =>
    bootstrap(app.directory, (made) => {
      const { UserName, AccessKey } = made;
      const result = { Address, UserName, ...(AccessKey ? { AccessKey } : {}) };
      pack({ ...parcelOf([made]), view: servedView, result, bare: { Address } });
    }),
  );
}

/** Whoever waits for us to be ready reads one line. */
function inOneLine(format: Formatter): Formatter {
  return (view, value) => {
    const text = format(view, value);
    return text.startsWith('{') ? `${JSON.stringify(JSON.parse(text))}\n` : text;
  };
}

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

/** The endpoint speaks HTTP in the clear, so it stays on this machine. */
function loopback(text: string): string {
  if (text === 'localhost' || text === '::1' || (isIPv4(text) && text.startsWith('127.'))) return text;
  throw new InvalidArgumentError('It must be a loopback address: 127.0.0.1, ::1 or localhost.');
}
