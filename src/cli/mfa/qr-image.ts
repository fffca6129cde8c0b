import { Failure, isFailure } from '../../core/failure.ts';
import type { CommandContext } from '../command-context.ts';
import { usageError } from '../usage-error.ts';

/** The value of `--qr`. */
export type QrTarget = 'terminal' | 'none' | { path: string };

/** @throws Failure `usage` */
export function parseQrTarget(value: string): QrTarget {
  if (value === 'terminal' || value === 'none') return value;
  const [, path] = /^file:(.+\.png)$/is.exec(value) ?? [];
  if (path === undefined) {
    throw usageError('--qr must be terminal, none or file:PATH.png', '--qr', 'ramctl help mfa enable');
  }
  return { path };
}

/** The image file of a QR code. It contains the key, so it is removed unless the command succeeds. */
export interface QrImage {
  /** @throws Failure `refused`, `later` */
  write(text: string): void;
  remove(): void;
}

/**
 * Opens the image file of `--qr`, or returns undefined if there is none.
 * @throws Failure `usage`, `refused` (`FileExists`), `later`
 */
export async function openQrImage(context: CommandContext, target: QrTarget): Promise<QrImage | undefined> {
  if (typeof target === 'string') return undefined;
  if (context.file?.isOwnFile(target.path)) throw usageError('--qr names a file of the directory', '--qr');
  const files = await context.system.openSecretFiles(false, true);
  try {
    files.test([target.path]);
  } catch (error) {
    if (!isFailure(error, 'FileExists')) throw error;
    throw new Failure('refused', error.code, error.message, { Field: '--qr', Hint: 'name a new file' });
  }
  const { renderQrPng } = await import('../../qr/png.ts');
  return {
    write(text) {
      files.deliver([[target.path, renderQrPng(text)]]);
    },
    remove: files.discard,
  };
}
