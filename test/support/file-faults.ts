import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** A call on files that fails: the nth one of some work, and with `lasting` each one after it. */
export interface FileFault {
  step: number;
  code: string;
  lasting: boolean;
}

const CALLS = [
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
const NAMING = ['linkSync', 'renameSync', 'unlinkSync', 'rmSync', 'mkdirSync', 'mkdir', 'rmdir', 'stat', 'utimes'];

type Call = (target: unknown, ...rest: unknown[]) => unknown;

let fault: FileFault | undefined;
let below = '';
let steps = 0;
let failed: string | undefined;
const opened = new Set<unknown>();

for (const name of [...CALLS, ...NAMING]) {
  const calls = fs as unknown as Record<string, Call>;
  // Nobody here can tell whether a disk was synced, which takes long.
  const real = name === 'fsyncSync' ? () => {} : (calls[name] as Call);
  calls[name] = (target, ...rest) => {
    const isOurs = fault !== undefined && (opened.has(target) || String(target).startsWith(below));
    if (!isOurs || !fails(name)) return noted(name, target, real(target, ...rest));
    // Whatever it says, a file that was closed is closed.
    if (name === 'closeSync') noted(name, target, real(target));
    const error = Object.assign(new Error(`${fault?.code}: ${name}`), { code: fault?.code });
    const callback = rest.at(-1);
    if (typeof callback !== 'function') throw error;
    process.nextTick(() => callback(error));
  };
}
syncBuiltinESMExports();

function fails(name: string): boolean {
  steps += 1;
  if (!fault || steps < fault.step || (steps > fault.step && !fault.lasting)) return false;
  failed ??= name;
  return true;
}

function noted(name: string, target: unknown, result: unknown): unknown {
  if (name === 'openSync' && String(target).startsWith(below)) opened.add(result);
  if (name === 'closeSync') opened.delete(target);
  return result;
}

/** Does some work during which a call on something below `folder` fails; tells which, undefined when it took fewer. */
export async function withFileFault<T>(
  folder: string,
  planned: FileFault,
  work: () => Promise<T>,
): Promise<[T, string | undefined]> {
  [fault, below, steps, failed] = [planned, folder, 0, undefined];
  try {
    return [await work(), failed];
  } finally {
    fault = undefined;
    opened.clear();
  }
}
