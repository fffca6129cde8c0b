import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { Option } from 'commander';
import { Failure } from '../core/failure.ts';
import type { RamctlCommand } from './command.ts';
import type { LocalContext } from './command-context.ts';
import type { Certificate } from './system.ts';
import { usageError } from './usage-error.ts';

export type TlsOptions = { tls?: 'self-signed'; tlsCert?: string; tlsKey?: string };

export function addTlsOptions(verb: RamctlCommand): RamctlCommand {
  return verb
    .addOption(
      new Option('--tls <certificate>', 'use TLS with a certificate that ramctl creates').choices(['self-signed']),
    )
    .option('--tls-cert <file>', 'use TLS with this certificate chain (PEM)')
    .option('--tls-key <file>', 'private key of --tls-cert (PEM)');
}

/**
 * Returns the certificate that the options name, undefined if they name none. `hosts` are the names and IP addresses that
 * clients use. `remarks` are to be printed when the server is ready.
 * @throws Failure `usage`, `missing`, `refused`, `later`
 */
export async function openCertificate(
  context: LocalContext,
  { tls, tlsCert, tlsKey }: TlsOptions,
  hosts: string[],
): Promise<{ certificate?: Certificate; remarks: string[] }> {
  if (tls !== undefined && (tlsCert ?? tlsKey) !== undefined) {
    throw usageError('--tls and --tls-cert cannot be used together', '--tls');
  }
  if (tls === 'self-signed') return openSelfSigned(context, hosts);
  if (tlsCert === undefined && tlsKey === undefined) return { remarks: [] };
  if (tlsCert === undefined) throw usageError('--tls-key needs --tls-cert', '--tls-key');
  if (tlsKey === undefined) throw usageError('--tls-cert needs --tls-key', '--tls-cert');
  const { text: cert } = await context.readInput(tlsCert);
  const { text: key, isReadableByOthers } = await context.readInput(tlsKey);
  const parsed = await checkCertificate({ cert, key }, tlsCert, tlsKey);
  const isExpired = Date.parse(parsed.validTo) < context.startedAt.getTime();
  const unnamed = hosts.filter((host) => !(isIP(host) ? parsed.checkIP(host) : parsed.checkHost(host)));
  return {
    certificate: { cert, key },
    remarks: [
      ...(isReadableByOthers ? [`remark: others can read ${tlsKey}; chmod 600 ${tlsKey}`] : []),
      ...(isExpired ? [`remark: ${tlsCert} expired on ${parsed.validTo}. Clients will refuse it.`] : []),
      ...unnamed.map((host) => `remark: ${tlsCert} does not name ${host}. Clients will refuse it for this name.`),
    ],
  };
}

async function openSelfSigned({ system, file }: LocalContext, hosts: string[]) {
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])];
  const { path, isNew, ...certificate } = await system.openSelfSignedCertificate(file.Path, names);
  const remark = isNew
    ? `remark: Created the certificate ${path}. Clients must trust it.`
    : `remark: Using the certificate ${path}. Clients must trust it.`;
  return { certificate, remarks: [remark] };
}

/** Returns the first certificate of a chain, which belongs to the key. @throws Failure `refused` */
async function checkCertificate(pair: Certificate, certPath: string, keyPath: string): Promise<X509Certificate> {
  const refuse = (message: string, Field: string, Hint?: string) =>
    new Failure('refused', 'InvalidCertificate', message, { Field, Hint });
  const attempt = <T>(work: () => T, failure: (code: string | undefined) => Failure): T => {
    try {
      return work();
    } catch (error) {
      throw failure((error as NodeJS.ErrnoException).code);
    }
  };
  const certificate = attempt(
    () => new X509Certificate(pair.cert),
    () => refuse(`${certPath} does not contain a certificate in PEM format`, '--tls-cert'),
  );
  const key = attempt(
    () => createPrivateKey(pair.key),
    (code) =>
      code === 'ERR_MISSING_PASSPHRASE' || pair.key.includes('ENCRYPTED')
        ? refuse(
            `the private key in ${keyPath} is encrypted`,
            '--tls-key',
            `openssl pkey -in ${keyPath} -out plain.key`,
          )
        : refuse(`${keyPath} does not contain a private key in PEM format`, '--tls-key'),
  );
  if (!certificate.checkPrivateKey(key)) {
    throw refuse(`the private key in ${keyPath} does not belong to the certificate in ${certPath}`, '--tls-key');
  }
  const { createSecureContext } = await import('node:tls');
  attempt(
    () => createSecureContext(pair),
    (code) => refuse(`TLS cannot use the certificate in ${certPath}: ${code}`, '--tls-cert'),
  );
  return certificate;
}
