import { isIPv4 } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { createFirstAdmin } from '../core/workflows/provision.ts';
import type { Formatter } from '../view/format.ts';
import { type ServerAddress, serverAddressView } from '../view/serve.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { deliverSecrets } from './deliver-secrets.ts';
import { wholeNumberParser } from './option-parsers.ts';
import { addSinkOptions, type SinkOptions, sinkError } from './secret-sinks.ts';
import type { Endpoint } from './system.ts';
import { buildSecretResult } from './user/create-users.ts';

type Options = SinkOptions & Endpoint & { bootstrap?: boolean };

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', {
    'Serve the directory on a free port, which is printed': 'ramctl serve --port 0',
    'Create an administrator in an empty directory and store its AccessKey in a profile of the aliyun CLI':
      'ramctl serve --bootstrap --secret-to aliyun:local',
  });
  verb.describe(`Serves the RAM API for this directory until Ctrl-C. The server listens on a loopback address, because it does
    not encrypt. Prints one line with the address when it is ready. Requests must be signed with an AccessKey of a
    user.`);
  verb.option('--port <number>', 'port to listen on; 0 is any free port', wholeNumberParser(0, 65535), 8640);
  verb.option('--host <address>', 'loopback address to listen on', parseLoopbackHost, '127.0.0.1');
  verb.option('--bootstrap', 'first create an administrator with an AccessKey; the directory must have no users');
  addSinkOptions(verb);
  verb.createsDirectory<Options>(({ bootstrap }) => bootstrap === true);
  verb.setAction<Options>(async (context, { port, host, bootstrap: isBootstrap = false, ...sink }) => {
    if (!isBootstrap && sink.secretTo !== undefined) throw sinkError('--secret-to needs --bootstrap');
    const { directory, file, system } = context;
    // Fails if the directory must be repaired.
    await directory.getCallerIdentity();
    const output = { ...context.output, format: formatOnOneLine(context.output.format) };
    const { Address, stop, stopped } = await system.serve(directory, { port, host }, output.log);
    try {
      if (isBootstrap) await bootstrapAndDeliver({ ...context, output }, sink, Address);
      else await output.print(output.format(serverAddressView, { Address }));
      output.log(`Serving ${file.Path}. Press Ctrl-C to stop.`);
    } catch (error) {
      stop();
      throw error;
    } finally {
      await stopped;
    }
  });
}

async function bootstrapAndDeliver(context: CommandContext, sink: SinkOptions, Address: string): Promise<void> {
  await deliverSecrets<ServerAddress>(context, sink, (prepare) =>
    createFirstAdmin(context.directory, (administrator) => {
      const { UserName, AccessKey } = administrator;
      const result = { Address, UserName, ...(AccessKey && { AccessKey }) };
      prepare({ ...buildSecretResult([administrator]), view: serverAddressView, result, withoutSecrets: { Address } });
    }),
  );
}

/** Returns a formatter with JSON on one line, because scripts read one line to learn that the server is ready. */
function formatOnOneLine(format: Formatter): Formatter {
  return (view, value) => {
    const text = format(view, value);
    return text.startsWith('{') ? `${JSON.stringify(JSON.parse(text))}\n` : text;
  };
}

/** Only loopback addresses are allowed, because the server does not encrypt. */
function parseLoopbackHost(text: string): string {
  if (text === 'localhost' || text === '::1' || (isIPv4(text) && text.startsWith('127.'))) return text;
  throw new InvalidArgumentError('It must be a loopback address: localhost, ::1 or 127.x.x.x.');
}
