import { constants, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../core/failure.ts';
import { createCloser, syncParentFolder, writeAll } from '../disk/durable.ts';
import { errorCodeOf, errorReason, ignoreErrors, systemError } from '../disk/errors.ts';
import { acquireLock } from '../disk/lock.ts';
import { createFolder, resolveLinks } from '../disk/paths.ts';
import { readUpTo, withFile } from '../disk/read.ts';
import { decodeText } from './decode-text.ts';
import { openTempFile, removeStaleTempFiles, translateErrors } from './temporary-file.ts';

/** Returns the new content of a file. `current` is its content now, undefined when it does not exist. */
type ContentBuilder = (current: string | undefined) => string;

/** How often the content is built at most, because another program keeps changing the file. */
const MAX_ATTEMPTS = 20;
const LOCK_TIMEOUT_MS = 10_000;
/** Much more than the configuration of the aliyun CLI needs. Editing JSON takes many times the memory of the text. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Opens a file that other programs also write, such as the configuration of another command. `deliver` replaces the
 * whole file, with mode 0600. It follows links, locks out other ramctl processes, and keeps the changes that other
 * programs make in the meantime. @throws Failure `later` (`SinkUnavailable`, `SinkUnusable`)
 */
export function openSharedFile(path: string) {
  const { target, removeCreatedFolders, temporaryFile } = translateErrors(path, () => {
    const target = resolveLinks(path);
    const removeCreatedFolders = createFolder(dirname(target));
    removeStaleTempFiles(target);
    return { target, removeCreatedFolders, temporaryFile: openTempFile(target) };
  });
  const discard = () => {
    temporaryFile.discard();
    // Does nothing after a delivery, because the folder is not empty then.
    removeCreatedFolders();
  };
  const replace = (buildContent: ContentBuilder) => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = readContent(target);
      temporaryFile.write(buildContent(before));
      if (readContent(target) !== before) continue;
      temporaryFile.rename(true);
      // The file already has its name: an error here must not report it as missing.
      return ignoreErrors(() => syncParentFolder(target));
    }
    throw sinkFailure('SinkUnavailable', `another program keeps changing ${path}`);
  };
  return {
    read: () => translateErrors(path, () => readContent(target)),
    discard,
    async deliver(buildContent: ContentBuilder): Promise<void> {
      try {
        const release = await acquireLock(target, LOCK_TIMEOUT_MS).catch((error) => {
          throw sinkFailure('SinkUnavailable', `${path} cannot be locked: ${errorReason(error)}`);
        });
        try {
          translateErrors(path, () => replace(buildContent));
        } finally {
          release();
        }
      } finally {
        discard();
      }
    },
  };
}

/** Opens a file for appending, such as GITHUB_OUTPUT. `deliver` appends the whole text or nothing. */
export function openAppendFile(path: string) {
  const descriptor = translateErrors(path, () => openSync(path, constants.O_WRONLY | constants.O_APPEND));
  const close = createCloser(descriptor);
  return {
    discard: close,
    async deliver(buildContent: ContentBuilder): Promise<void> {
      const current = translateErrors(path, () => readFileSync(path));
      try {
        translateErrors(path, () => {
          writeAll(descriptor, buildContent(current.toString('utf8')));
          fsyncSync(descriptor);
        });
      } catch (error) {
        ignoreErrors(() => ftruncateSync(descriptor, current.length));
        throw error;
      } finally {
        close();
      }
    },
  };
}

function readContent(path: string): string | undefined {
  try {
    return withFile(path, (file, status) => {
      // A device or a pipe must not be replaced by a file.
      if (!status.isFile()) throw systemError('EISDIR');
      const bytes = readUpTo(file, MAX_FILE_BYTES);
      if (bytes) return decodeText(bytes, path);
      throw sinkFailure('SinkUnusable', `${path} is larger than 1 MiB`);
    });
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error instanceof Failure ? sinkFailure('SinkUnusable', error.message) : error;
  }
}

function sinkFailure(code: string, message: string): Failure {
  return new Failure('later', code, message, { Field: '--secret-to' });
}
