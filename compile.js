// Compiles dist/main.cjs for the current version of Node and writes the code to a file, which bin/ramctl.js loads. It runs
// common commands first, because V8 stores only the functions that have been compiled. Run by build.js: `node compile.js <file>`.
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

const filename = resolve('dist/main.cjs');
const folder = mkdtempSync(join(tmpdir(), 'ramctl-build-'));
try {
  for (const name of Object.keys(process.env)) if (name.startsWith('RAMCTL_')) delete process.env[name];
  process.env.RAMCTL_DIRECTORY = join(folder, 'directory.json');
  const script = new Script(Module.wrap(readFileSync(filename, 'latin1')), { filename });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, Module.createRequire(filename), loaded);
  for (const line of COMMANDS) {
    const code = await loaded.exports.main({
      ...process,
      argv: [process.execPath, 'ramctl', ...line.split(' ')],
      on() {},
    });
    if (code !== 0) throw new Error(`ramctl ${line} ended with ${code}`);
  }
  const code = script.createCachedData();
  writeFileSync(process.argv[2], Buffer.concat([code, code]));
} finally {
  rmSync(folder, { recursive: true });
}
