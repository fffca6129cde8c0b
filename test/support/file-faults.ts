import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** A file system call that fails. */
export interface FileFault {
  /** The number of the call, counted from 1. */
  step: number;
  /** The error code, such as `EIO`. */
  code: string;
  /** Whether all later calls fail too. */
  lasting: boolean;
  /** Whether only calls that change files count and fail. */
  isWriteOnly?: boolean;
}

/** Calls on the content of files. */
const CONTENT_CALLS = [
  'openSync',
  'readSync',
  'readFileSync',
  'readdirSync',
  'statSync',
  'writeSync',
  'fsyncSync',
  'ftruncateSync',
  'closeSync',
];
/** Calls on the names of files. */
const NAME_CALLS = ['linkSync', 'renameSync', 'unlinkSync', 'rmSync', 'mkdirSync', 'rmdirSync', 'utimesSync'];

/** Calls that change files, or open them. */
const WRITING_CALLS = [
  'mkdirSync',
  'openSync',
  'writeSync',
  'fsyncSync',
  'ftruncateSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'rmSync',
  'rmdirSync',
];

type FileCall = (target: unknown, ...rest: unknown[]) => unknown;

let fault: FileFault | undefined;
/** Only calls on files below this folder can fail. */
let folderPath = '';
let steps = 0;
/** The name of the call that failed. */
let failedCall: string | undefined;
/** The descriptors of the open files below the folder. */
const descriptors = new Set<unknown>();

for (const name of [...CONTENT_CALLS, ...NAME_CALLS]) {
  const calls = fs as unknown as Record<string, FileCall>;
  const original = calls[name] as FileCall;
  // fsync is slow, and no test of faults can observe its effect.
  const real: FileCall = (...args) => (name === 'fsyncSync' && fault ? undefined : original(...args));
  calls[name] = (target, ...rest) => {
    const isBelow = fault !== undefined && (descriptors.has(target) || String(target).startsWith(folderPath));
    if (!isBelow || !mustFail(name)) return track(name, target, real(target, ...rest));
    // A close that fails closes the descriptor nevertheless.
    if (name === 'closeSync') track(name, target, real(target));
    const error = Object.assign(new Error(`${fault?.code}: ${name}`), { code: fault?.code });
    const callback = rest.at(-1);
    if (typeof callback !== 'function') throw error;
    process.nextTick(() => callback(error));
  };
}
syncBuiltinESMExports();

function mustFail(name: string): boolean {
  if (fault?.isWriteOnly && !WRITING_CALLS.includes(name)) return false;
  steps += 1;
  if (!fault || steps < fault.step || (steps > fault.step && !fault.lasting)) return false;
  failedCall ??= name;
  return true;
}

/** Updates `descriptors` after a call. Returns the result of the call. */
function track(name: string, target: unknown, result: unknown): unknown {
  if (name === 'openSync' && String(target).startsWith(folderPath)) descriptors.add(result);
  if (name === 'closeSync') descriptors.delete(target);
  return result;
}

/**
 * Runs `work` while a call on a file below `folder` fails. Returns the result of `work` and the name of the call that
 * failed, undefined if `work` made fewer calls.
 */
export async function withFileFault<T>(
  folder: string,
  plannedFault: FileFault,
  work: () => Promise<T>,
): Promise<[T, string | undefined]> {
  [fault, folderPath, steps, failedCall] = [plannedFault, folder, 0, undefined];
  try {
    return [await work(), failedCall];
  } finally {
    fault = undefined;
    descriptors.clear();
  }
}
