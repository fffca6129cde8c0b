import { isIP, isIPv4 } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { createFirstAdmin } from '../core/workflows/provision.ts';
import type { Formatter } from '../view/format.ts';
import { type ServerAddress, serverAddressView } from '../view/serve.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { deliverSecrets } from './deliver-secrets.ts';
import { collect, wholeNumberParser } from './option-parsers.ts';
import { addSinkOptions, type SinkOptions, sinkError } from './secret-sinks.ts';
import { addTlsOptions, openCertificate, type TlsOptions } from './serve-tls.ts';
import { usageError } from './usage-error.ts';
import { buildSecretResult } from './user/create-users.ts';

type Options = SinkOptions & TlsOptions & { host: string; port: number; allowHost?: string[]; bootstrap?: boolean };

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', {
    'Serve the directory on a free port, which is printed': 'ramctl serve --port 0',
    'Create an administrator in an empty directory and store its AccessKey in a profile of the aliyun CLI':
      'ramctl serve --bootstrap --secret-to aliyun:local',
    'Serve programs that only use https://ram.aliyuncs.com, after an entry for this name in the hosts file':
      'ramctl serve --port 443 --tls self-signed --allow-host ram.aliyuncs.com',
  });
  verb.describe(`Serves the APIs of RAM, IMS and STS for this directory until Ctrl-C. Without TLS, the server listens only on a loopback
    address. Prints one line with the address when it is ready. Requests must be signed with an AccessKey of a user, and
    the name in their Host header must be a loopback name, the one of --host or one of --allow-host. --tls self-signed
    creates a certificate for all these names next to the directory. Clients must trust it.`);
  verb.option('--port <number>', 'port to listen on; 0 is any free port', wholeNumberParser(0, 65535), 8640);
  verb.option(
    '--host <address>',
    'address to listen on; needs TLS unless it is a loopback address',
    parseHost,
    '127.0.0.1',
  );
  verb.option('--allow-host <name>', 'name that clients may use for this server; can be repeated', collectHosts);
  addTlsOptions(verb);
  verb.option('--bootstrap', 'first create an administrator with an AccessKey; the directory must have no users');
  addSinkOptions(verb);
  verb.createsDirectory<Options>(({ bootstrap }) => bootstrap === true);
  verb.setLocalAction<Options>(
    'clients can use the API of the account or the server directly',
    async (context, options) => {
      const { port, host, allowHost = [], bootstrap: isBootstrap = false } = options;
      if (!isBootstrap && options.secretTo !== undefined) throw sinkError('--secret-to needs --bootstrap');
      const isUnspecified = host === '0.0.0.0' || host === '::';
      const hosts = isUnspecified || isLoopback(host) ? allowHost : [host, ...allowHost];
      const hasTls = options.tls !== undefined || options.tlsCert !== undefined;
      if (!hasTls && !isLoopback(host)) {
        const message = `--host ${host} needs TLS, because it is not a loopback address (localhost, ::1, 127.x.x.x)`;
        throw usageError(message, '--host', `ramctl serve --host ${host} --tls self-signed`);
      }
      const { directory, file, system } = context;
      // Fails if the directory must be repaired.
      await directory.getCallerIdentity();
      const { certificate, remarks } = await openCertificate(context, options, hosts);
      const output = { ...context.output, format: formatOnOneLine(context.output.format) };
      const endpoint = { port, host, allowedHosts: hosts, tls: certificate };
      const { Address, stop, stopped } = await system.serve(directory, endpoint, output.log);
      try {
        if (isBootstrap) await bootstrapAndDeliver({ ...context, output }, options, Address);
        else await output.print(output.format(serverAddressView, { Address }));
        for (const remark of remarks) output.log(remark);
        output.log(`Serving ${file.Path}. Press Ctrl-C to stop.`);
      } catch (error) {
        stop();
        throw error;
      } finally {
        await stopped;
      }
    },
  );
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

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

const HOST_NAME = /^(?!.*\.\d+$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i;

/** An IP address without a zone, or a host name (RFC 1123, section 2.1) whose last label is not a number. */
function parseHost(text: string): string {
  if ((isIP(text) && !text.includes('%')) || (HOST_NAME.test(text) && text.length <= 253 && !/^\d+$/.test(text)))
    return text;
  throw new InvalidArgumentError('It must be an IP address or a host name, such as ram.example.com.');
}

function collectHosts(text: string, earlier?: string[]): string[] {
  return collect(parseHost(text), earlier);
}
