import { isIPv4 } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { bootstrap } from '../core/workflows/bootstrap.ts';
import type { Formatter } from '../view/format.ts';
import { type ServerAddress, serverAddressView } from '../view/serve.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { deliverSecrets } from './deliver-secrets.ts';
import { addSinkOptions, type SinkOptions } from './secret-sinks.ts';
import { usageError } from './usage-error.ts';
import { buildSecretResult } from './user/create-users.ts';

interface Options extends SinkOptions {
  port: number;
  host: string;
  bootstrap?: boolean;
}

const DEFAULT_PORT = 8640;

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', ['ramctl serve --port 0', 'ramctl serve --bootstrap --secret-to aliyun:local']);
  verb.option('--port <number>', 'the port; 0 is any that is free', parsePort, DEFAULT_PORT);
  verb.option('--host <address>', 'a loopback address', parseLoopbackHost, '127.0.0.1');
  verb.option('--bootstrap', 'in an empty directory: make an administrator with an AccessKey first');
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, { port, host, bootstrap: isFirst = false, ...sink }) => {
    if (!isFirst && sink.secretTo !== undefined) throw usageError('--secret-to goes with --bootstrap', '--secret-to');
    // One that needs a person is not served.
    await context.directory.getCallerIdentity();
    const { directory, file, system } = context;
    const output = { ...context.output, format: formatOnOneLine(context.output.format) };
    const { Address, stop, stopped } = await system.serve(directory, { port, host }, output.log);
    try {
      if (isFirst) await bootstrapAndDeliver({ ...context, output }, sink, Address);
      else await output.print(output.format(serverAddressView, { Address }));
      output.log(`serving ${file.Path}; Ctrl-C stops`);
    } catch (error) {
      stop();
      await stopped;
      throw error;
    }
    await stopped;
  });
}

async function bootstrapAndDeliver(context: CommandContext, sink: SinkOptions, Address: string): Promise<void> {
  await deliverSecrets<ServerAddress>(context, sink, (pack) =>
    bootstrap(context.directory, (made) => {
      const { UserName, AccessKey } = made;
      const result = { Address, UserName, ...(AccessKey ? { AccessKey } : {}) };
      pack({ ...buildSecretResult([made]), view: serverAddressView, result, withoutSecrets: { Address } });
    }),
  );
}

/** Whoever waits for us to be ready reads one line. */
function formatOnOneLine(format: Formatter): Formatter {
  return (view, value) => {
    const text = format(view, value);
    return text.startsWith('{') ? `${JSON.stringify(JSON.parse(text))}\n` : text;
  };
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

/** The endpoint speaks HTTP in the clear, so it stays on this machine. */
function parseLoopbackHost(text: string): string {
  if (text === 'localhost' || text === '::1' || (isIPv4(text) && text.startsWith('127.'))) return text;
  throw new InvalidArgumentError('It must be a loopback address: 127.0.0.1, ::1 or localsystem.');
}
