import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { Failure } from '../core/failure.ts';
import { errorReason, ignoreErrors } from '../disk/errors.ts';
import { acquireLock } from '../disk/lock.ts';
import { createFolder } from '../disk/paths.ts';
import { certificateFilePaths } from './certificate-paths.ts';
import { openTempFile, removeStaleTempFiles } from './temporary-file.ts';

const LOCK_TIMEOUT_MS = 10_000;
/** A certificate is replaced this long before it expires, so that a server that has just started does not outlive it. */
const RENEWAL_MS = 30 * 86_400_000;

/** See `System.openSelfSignedCertificate`. Two processes that start at the same time get the same certificate. */
export async function openSelfSignedCertificate(directoryPath: string, names: string[], now: Date) {
  const paths = certificateFilePaths(directoryPath);
  try {
    createFolder(dirname(paths.cert));
    const release = await acquireLock(paths.key, LOCK_TIMEOUT_MS);
    try {
      const stored = ignoreErrors(() => readCertificate(paths));
      if (stored && isUsable(stored, names, now)) return { ...stored, path: paths.cert, isNew: false };
      const { createSelfSignedCertificate } = await import('./self-signed-certificate.ts');
      const created = await createSelfSignedCertificate(names, now);
      // After a kill between the two, the files do not match and are replaced at the next start.
      replaceFile(paths.key, created.key, 0o600);
      replaceFile(paths.cert, created.cert, 0o644);
      return { ...created, path: paths.cert, isNew: true };
    } finally {
      release();
    }
  } catch (error) {
    const message = `the certificate ${paths.cert} cannot be written: ${errorReason(error)}`;
    throw new Failure('later', 'CertificateNotWritten', message, { Field: '--tls' });
  }
}

function readCertificate(paths: ReturnType<typeof certificateFilePaths>) {
  return { cert: readFileSync(paths.cert, 'utf8'), key: readFileSync(paths.key, 'utf8') };
}

function isUsable({ cert, key }: ReturnType<typeof readCertificate>, names: string[], now: Date): boolean {
  const check = () => {
    const certificate = new X509Certificate(cert);
    const hasName = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name));
    const isValid = Date.parse(certificate.validTo) - now.getTime() > RENEWAL_MS;
    return isValid && certificate.checkPrivateKey(createPrivateKey(key)) && names.every(hasName);
  };
  return ignoreErrors(check) ?? false;
}

/** @throws the system's error */
function replaceFile(path: string, content: string, mode: number): void {
  removeStaleTempFiles(path);
  const temporary = openTempFile(path);
  try {
    temporary.write(content);
    temporary.rename(true);
  } finally {
    temporary.discard();
  }
  chmodSync(path, mode);
}
