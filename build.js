// Bundles src/main.ts into dist/. CommonJS starts milliseconds sooner than ES modules do, and a bundled module runs when
// it is first imported, not before. What few commands use lies in files of its own, which the others do not even parse.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const APART = [
  'inquirer',
  'yaml',
  'csv-stringify/sync',
  '@jmespath-community/jmespath',
  'proper-lockfile',
  'otplib',
  'chalk',
  'cli-table3',
  'jsonc-parser',
  'csv-parse/sync',
  'cli-progress',
  'pngjs',
];

// Parts of packages that ramctl never calls, but that a script would pay for at every start: conf's schema validator,
// migrator, writer and encryption, its comparison of the defaults it is not given, commander's way of starting other
// programs, chalk's and cli-table3's own look at the terminal, the second try where files run out and the assertions
// that come with proper-lockfile.
const UNUSED = [
  { importer: 'conf', path: /^(ajv\/dist\/2020\.js|ajv-formats|semver|atomically|debounce-fn|uint8array-extras)$/ },
  { importer: 'conf', path: /^node:crypto$/ },
  { importer: 'conf', path: /^node:assert$/, contents: 'export default { deepEqual() {} };' },
  { importer: 'commander', path: /^node:child_process$/ },
  {
    importer: 'chalk',
    path: /^#supports-color$/,
    contents: 'export default {}; export const supportsColorStderr = {};',
  },
  { importer: 'proper-lockfile', path: /^graceful-fs$/, contents: "module.exports = require('node:fs');" },
  { importer: 'signal-exit', path: /^assert$/, contents: 'module.exports = { equal() {} };' },
  { importer: 'cli-table3', path: /^@colors\/colors\/safe$/ },
];

const leaveOut = {
  name: 'leave-out',
  setup(bundler) {
    for (const { importer, path, contents = 'module.exports = {};' } of UNUSED) {
      const namespace = `${importer} without ${path.source}`;
      const inside = new RegExp(`/node_modules/${importer}/`);
      bundler.onResolve({ filter: path }, (wanted) =>
        inside.test(wanted.importer) ? { path: wanted.path, namespace } : undefined,
      );
      bundler.onLoad({ filter: /.*/, namespace }, () => ({ contents }));
    }
  },
};

const leaveApart = {
  name: 'leave-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^.]/ }, ({ path }) =>
      APART.includes(path) ? { path: `./${fileOf(path)}`, external: true } : undefined,
    );
  },
};

// What was compiled from an earlier main.cjs must not be taken for this one.
const compiled = `dist/main.cjs.${process.versions.v8}-${process.platform}-${process.arch}`;
rmSync(compiled, { force: true });

const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // jsonc-parser's other form loads its parts in a way that no bundler follows.
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  external: ['@node-rs/argon2'],
  metafile: true,
  logLevel: 'warning',
};

const results = await Promise.all([
  build({ ...common, entryPoints: ['src/main.ts'], outfile: 'dist/main.cjs', plugins: [leaveApart, leaveOut] }),
  ...APART.map((name) =>
    build({
      ...common,
      stdin: { contents: `module.exports = require('${name}');`, resolveDir: '.', sourcefile: fileOf(name) },
      outfile: `dist/${fileOf(name)}`,
      plugins: [leaveOut],
    }),
  ),
]);

spawnSync(process.execPath, ['compile.js', compiled], { stdio: ['ignore', 'ignore', 'inherit'] });

// What an earlier build left goes last, so that a ramctl at work always finds its parts.
const made = new Set([compiled, ...results.flatMap(({ metafile }) => Object.keys(metafile.outputs))]);
for (const name of readdirSync('dist')) {
  if (!made.has(`dist/${name}`)) rmSync(`dist/${name}`, { recursive: true });
}

function fileOf(name) {
  return `${name.replace(/^@/, '').replaceAll('/', '-')}.cjs`;
}
