#!/usr/bin/env node
// Hands the process to main and sets the exit code. What escapes main, or keeps it from loading, is a bug.
const { mkdirSync, readFileSync, statSync } = require('node:fs');
const { createRequire, enableCompileCache, wrap } = require('node:module');
const { Script } = require('node:vm');

function bug(error) {
  process.stderr.write(`error: this is a bug in ramctl, please report it: ${error?.stack ?? error}\n`);
  process.exit(70);
}

/** What the build left, compiled already if this is the Node that built it: compiling is most of a short command. */
function load() {
  const filename = require.resolve('../dist/main.cjs');
  const cachedData = compiled(`${filename}.${process.versions.v8}-${process.platform}-${process.arch}`);
  if (!cachedData) {
    cacheCompiled();
    return require(filename);
  }
  const script = new Script(wrap(readFileSync(filename, 'latin1')), { filename, cachedData });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, createRequire(filename), loaded);
  return loaded.exports;
}

/** The code is there twice: V8 would run a damaged one as it is, and comparing takes less time than a checksum. */
function compiled(path) {
  try {
    const bytes = readFileSync(path);
    const code = bytes.subarray(0, bytes.length / 2);
    return code.equals(bytes.subarray(code.length)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Node's own cache, from 22 on; only where nobody else writes, since whoever does has us run their code. */
function cacheCompiled() {
  try {
    const home = require('node:os').homedir();
    const folders = [home, `${home}/.cache`, `${home}/.cache/ramctl`];
    const isOurs = (path) => {
      const { uid, mode } = statSync(path);
      return uid === process.getuid?.() && (mode & 0o022) === 0;
    };
    if (!enableCompileCache || !isOurs(home)) return;
    mkdirSync(folders[2], { recursive: true, mode: 0o700 });
    if (folders.every(isOurs)) enableCompileCache(folders[2]);
  } catch {
    // No home: compiled each time.
  }
}

process.once('uncaughtException', bug);
load()
  .main(process)
  .then((code) => {
    process.exitCode = code;
  }, bug);
