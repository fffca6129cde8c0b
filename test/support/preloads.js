// JavaScript code that a process runs before ramctl starts: for tests and for `npm run torture`.

/**
 * Sets the clock of the process ahead.
 * @param {number} milliseconds
 */
export function clockAheadBy(milliseconds) {
  return `const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...args) { super(...(args.length > 0 ? args : [RealDate.now() + ${milliseconds}])); }
      static now() { return RealDate.now() + ${milliseconds}; }
    };`;
}

/**
 * Kills the process instead of the nth call that creates, writes, renames or removes a file below a folder.
 * @param {number} step
 * @param {string} folder
 * @param {'SIGKILL' | 'SIGINT'} signal
 */
export function killAtFileStep(step, folder, signal = 'SIGKILL') {
  return runAtFileStep(step, folder, `process.kill(process.pid, '${signal}')`);
}

/**
 * Pauses the process before the nth such call.
 * @param {number} step
 * @param {string} folder
 * @param {number} milliseconds
 */
export function pauseAtFileStep(step, folder, milliseconds) {
  return runAtFileStep(step, folder, `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds})`);
}

/** Makes every hard link fail, as on a file system without hard links such as exFAT. */
export function withoutHardLinks() {
  return `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.linkSync = () => { throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'link' }); };
    syncBuiltinESMExports();`;
}

/** Runs `action` before the nth call that changes a file below a folder. */
function runAtFileStep(/** @type {number} */ step, /** @type {string} */ folder, /** @type {string} */ action) {
  return `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let steps = 0;
    const calls = ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync', 'rmdirSync'];
    for (const name of calls) {
      const real = fs[name];
      fs[name] = (target, ...rest) => {
        const isBelow = typeof target === 'number' ? target > 2 : String(target).startsWith(${JSON.stringify(folder)});
        if (isBelow && ++steps === ${step}) ${action};
        return real(target, ...rest);
      };
    }
    syncBuiltinESMExports();`;
}

/**
 * Appends a line to the file `log` for each call that writes, syncs, links or renames a file: the call and the file name.
 * @param {string} log
 */
export function logFileCalls(log) {
  return `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { basename } from 'node:path';
    const { appendFileSync, openSync } = fs;
    const names = new Map([[1, 'stdout']]);
    fs.openSync = (path, ...rest) => {
      const file = openSync(path, ...rest);
      names.set(file, basename(String(path)).replace(/[0-9a-f]{16}/, '*'));
      return file;
    };
    for (const name of ['writeSync', 'fsyncSync', 'linkSync', 'renameSync']) {
      const real = fs[name];
      fs[name] = (target, ...rest) => {
        const file = names.get(target) ?? basename(String(target)).replace(/[0-9a-f]{16}/, '*');
        if (target !== 2) appendFileSync(${JSON.stringify(log)}, name.replace('Sync', ' ') + file + '\\n');
        return real(target, ...rest);
      };
    }
    syncBuiltinESMExports();`;
}
