// Compiles the files of dist for the current version of Node and writes the code of each to a folder in dist, where bin/ramctl.js
// finds it. It runs common commands first, because V8 stores only the functions that have been compiled. Run by build.js.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Script } from 'node:vm';

const COMMANDS = [
  '--version',
  '--help',
  'init --quiet',
  'user create alice --access-key',
  'ak create alice',
  'user get alice',
  'user list',
  'complete -- user get al',
];

const require = Module.createRequire(import.meta.url);
const loadedFiles = new Map();

/** Loads a file of dist as bin/ramctl.js does. */
function loadFile(path) {
  if (!path.startsWith('./')) return require(path);
  const loaded = loadedFiles.get(path);
  if (loaded) return loaded.exports;
  const filename = resolve('dist', path);
  const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename });
  const file = { exports: {}, script };
  loadedFiles.set(path, file);
  script.runInThisContext()(file.exports, loadFile, file);
  return file.exports;
}

const folder = mkdtempSync(join(tmpdir(), 'ramctl-build-'));
try {
  for (const name of Object.keys(process.env)) if (name.startsWith('RAMCTL_')) delete process.env[name];
  process.env.RAMCTL_DIRECTORY = join(folder, 'directory.json');
  const { main } = loadFile('./main.cjs');
  for (const line of COMMANDS) {
    const code = await main({ ...process, argv: [process.execPath, 'ramctl', ...line.split(' ')], on() {} });
    if (code !== 0) throw new Error(`ramctl ${line} ended with ${code}`);
  }
  const compiled = `dist/compiled-${process.versions.v8}-${process.platform}-${process.arch}`;
  mkdirSync(compiled, { recursive: true });
  // Not for main.cjs: another build has different code with the same name, and V8 compares only the length of the code.
  loadedFiles.delete('./main.cjs');
  for (const [path, { script }] of loadedFiles) {
    const code = script.createCachedData();
    const target = join(compiled, path);
    writeFileSync(`${target}.${process.pid}`, Buffer.concat([code, code]));
    renameSync(`${target}.${process.pid}`, target);
  }
} finally {
  rmSync(folder, { recursive: true });
}
