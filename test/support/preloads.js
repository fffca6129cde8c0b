// Code that runs in a process before the program does: for tests and for `npm run torture`.

/**
 * The clock is so many milliseconds ahead.
 * @param {number} milliseconds
 */
export function clockAheadBy(milliseconds) {
  return `const Present = Date;
    globalThis.Date = class extends Present {
      constructor(...when) { super(...(when.length > 0 ? when : [Present.now() + ${milliseconds}])); }
      static now() { return Present.now() + ${milliseconds}; }
    };`;
}

/**
 * SIGKILL in place of the nth call that makes, writes, renames or removes something below a folder.
 * @param {number} step
 * @param {string} folder
 */
export function killAtFileStep(step, folder) {
  return runAtFileStep(step, folder, "process.kill(process.pid, 'SIGKILL')");
}

/**
 * The process stands still for so many milliseconds before the nth such call.
 * @param {number} step
 * @param {string} folder
 * @param {number} milliseconds
 */
export function pauseAtFileStep(step, folder, milliseconds) {
  return runAtFileStep(step, folder, `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds})`);
}

function runAtFileStep(/** @type {number} */ step, /** @type {string} */ folder, /** @type {string} */ action) {
  return `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let steps = 0;
    const calls = ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync', 'rmdir'];
    for (const name of calls) {
      const real = fs[name];
      fs[name] = (target, ...rest) => {
        const isOurs = typeof target === 'number' ? target > 2 : String(target).startsWith(${JSON.stringify(folder)});
        if (isOurs && ++steps === ${step}) ${action};
        return real(target, ...rest);
      };
    }
    syncBuiltinESMExports();`;
}

/**
 * Leaves in `log`, line by line, what was written, synced and named, in its order: calls with the names of their files.
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
