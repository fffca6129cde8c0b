#!/usr/bin/env node
// Calls main with the process and ends with its exit code. An error that main does not catch is a bug.
const { existsSync, mkdirSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const DIST = join(__dirname, '../dist');
/** The folder with the code that compile.js compiled for this version of Node. */
const COMPILED = `${DIST}/compiled-${process.versions.v8}-${process.platform}-${process.arch}`;
/** The only file of dist that has no compiled code, because compiled code must not be used for a file of another build. */
const MAIN = './main.cjs';
const loadedFiles = new Map();

function reportBug(error) {
  process.stderr.write(`error: this is a bug in ramctl, please report it: ${error?.stack ?? error}\n`);
  process.exit(70);
}

/** Loads main, precompiled if this version of Node built it. Compiling takes most of the time of a short command. */
function loadMain() {
  if (existsSync(COMPILED)) return loadFile(MAIN);
  enableCache();
  return require(`${DIST}/${MAIN}`);
}

/** Returns the exports of a file of dist, which is loaded once. This is the `require` function of these files. */
function loadFile(path) {
  if (!path.startsWith('./')) return require(path);
  const loaded = loadedFiles.get(path);
  if (loaded) return loaded.exports;
  const file = { exports: {} };
  loadedFiles.set(path, file);
  const name = path.slice(2);
  const filename = `${DIST}/${name}`;
  const cachedData = path === MAIN ? undefined : readCompiledCode(`${COMPILED}/${name}`);
  // node:module has this function too, but takes 0.2 ms to load.
  const { wrap } = module.constructor;
  const script = new Script(wrap(readFileSync(filename, 'utf8')), { filename, cachedData });
  script.runInThisContext()(file.exports, loadFile, file);
  return file.exports;
}

/** The file has the code twice, because V8 would run damaged code. Comparing takes less time than a checksum. */
function readCompiledCode(path) {
  try {
    const bytes = readFileSync(path);
    const code = bytes.subarray(0, bytes.length / 2);
    return code.equals(bytes.subarray(code.length)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Uses the compile cache of Node 22 and later, in a folder that only this user can write: others could make ramctl run code. */
function enableCache() {
  try {
    const { enableCompileCache } = require('node:module');
    const home = require('node:os').homedir();
    const folders = [home, `${home}/.cache`, `${home}/.cache/ramctl`];
    const isPrivate = (path) => {
      const { uid, mode } = statSync(path);
      return uid === process.getuid?.() && (mode & 0o022) === 0;
    };
    if (!enableCompileCache || !isPrivate(home)) return;
    // With the option `recursive`, Node never returns if the home is /proc.
    for (const folder of folders) if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    if (folders.every(isPrivate)) enableCompileCache(folders[2]);
  } catch {
    // Without a home folder in which folders can be created, there is no cache.
  }
}

process.once('uncaughtException', reportBug);
loadMain()
  .main(process)
  // All output was written. Without `process.exit`, Node would free its memory, which takes a millisecond.
  .then((code) => process.exit(code), reportBug);
