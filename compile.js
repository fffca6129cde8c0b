// Compiles the files of dist for the current version of Node and writes the code of each to a file, which bin/ramctl.js loads.
// It runs common commands first, because V8 stores only the functions that have been compiled. Run by build.js.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const chunks = new Map();

/** Loads a file of dist as bin/ramctl.js does. */
function loadChunk(path) {
  if (!path.startsWith('./')) return require(path);
  const loaded = chunks.get(path);
  if (loaded) return loaded.exports;
  const filename = resolve('dist', path);
  const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename });
  const chunk = { exports: {}, filename, script };
  chunks.set(path, chunk);
  script.runInThisContext()(chunk.exports, loadChunk, chunk);
  return chunk.exports;
}

const folder = mkdtempSync(join(tmpdir(), 'ramctl-build-'));
try {
  for (const name of Object.keys(process.env)) if (name.startsWith('RAMCTL_')) delete process.env[name];
  process.env.RAMCTL_DIRECTORY = join(folder, 'directory.json');
  const { main } = loadChunk('./main.cjs')['src/main.ts'];
  for (const line of COMMANDS) {
    const code = await main({ ...process, argv: [process.execPath, 'ramctl', ...line.split(' ')], on() {} });
    if (code !== 0) throw new Error(`ramctl ${line} ended with ${code}`);
  }
  for (const { filename, script } of chunks.values()) {
    const code = script.createCachedData();
    const version = `${process.versions.v8}-${process.platform}-${process.arch}`;
    writeFileSync(`${filename}.${version}`, Buffer.concat([code, code]));
  }
} finally {
  rmSync(folder, { recursive: true });
}
