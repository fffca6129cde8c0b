// Bundles src/main.ts into dist/. The bundle is CommonJS, which starts some milliseconds faster than ES modules, and runs a
// module only when it is first imported. Packages that few commands use get separate files, so that other commands do not
// parse them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const SEPARATE_PACKAGES = [
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
  'reflect-metadata',
  '@peculiar/x509',
];

/** Modules of ramctl that get separate files with the packages that they use. The packages of the SDK share most of their code. */
const SEPARATE_MODULES = { sdk: 'src/remote/sdk.ts', 'description-schema': 'src/parse/description-schema.ts' };

// Parts of packages that ramctl never uses and that would slow down each start: the schema validation, migrations, writing,
// encryption and default values of conf; subprocesses of commander; colour detection of chalk and cli-table3; retries on
// EMFILE and the assertions of proper-lockfile; the request classes, WebSockets, XML and dates of the SDK; Kerberos at a
// proxy. The SDK logs requests with their signatures when DEBUG is set, so it gets no logger.
const UNUSED_IMPORTS = [
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
  { importer: '@alicloud/(ram|ims|sts)[0-9]+', path: /^\.\/models\/model$/ },
  { importer: '@darabonba/typescript', path: /^(ws|https?-proxy-agent|socks-proxy-agent|xml2js|moment|lodash)$/ },
  {
    importer: 'https-proxy-agent',
    path: /^proxy-agent-negotiate$/,
    contents: 'exports.createNegotiateAuth = undefined;',
  },
  {
    importer: '(httpx|@alicloud/credentials|https-proxy-agent)',
    path: /^debug$/,
    contents: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
  },
];

const omitUnusedImports = {
  name: 'omit-unused-imports',
  setup(bundler) {
    for (const { importer, path, contents = 'module.exports = {};' } of UNUSED_IMPORTS) {
      const namespace = `${importer} without ${path.source}`;
      const inside = new RegExp(`/node_modules/${importer}/`);
      bundler.onResolve({ filter: path }, (request) =>
        inside.test(request.importer) ? { path: request.path, namespace } : undefined,
      );
      bundler.onLoad({ filter: /.*/, namespace }, () => ({ contents }));
    }
  },
};

const keepPackagesSeparate = {
  name: 'keep-packages-separate',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^.]/ }, ({ path }) =>
      SEPARATE_PACKAGES.includes(path) ? { path: `./${fileNameOf(path)}`, external: true } : undefined,
    );
    bundler.onResolve({ filter: /^\.\/[^/]+\.ts$/ }, ({ path }) => {
      const name = path.slice(2, -3);
      return Object.hasOwn(SEPARATE_MODULES, name) ? { path: `./${name}.cjs`, external: true } : undefined;
    });
  },
};

// Code compiled from an earlier main.cjs must not be used with the new one.
const compiledCode = `dist/main.cjs.${process.versions.v8}-${process.platform}-${process.arch}`;
rmSync(compiledCode, { force: true });

const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // A bundler cannot follow the imports in the CommonJS form of jsonc-parser.
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  external: ['@node-rs/argon2'],
  metafile: true,
  logLevel: 'warning',
};

const results = await Promise.all([
  build({
    ...common,
    entryPoints: ['src/main.ts'],
    outfile: 'dist/main.cjs',
    plugins: [keepPackagesSeparate, omitUnusedImports],
  }),
  ...Object.entries(SEPARATE_MODULES).map(([name, path]) =>
    build({ ...common, entryPoints: [path], outfile: `dist/${name}.cjs`, plugins: [omitUnusedImports] }),
  ),
  ...SEPARATE_PACKAGES.map((name) =>
    build({
      ...common,
      stdin: { contents: `module.exports = require('${name}');`, resolveDir: '.', sourcefile: fileNameOf(name) },
      outfile: `dist/${fileNameOf(name)}`,
      plugins: [omitUnusedImports],
    }),
  ),
]);

// bin/ramctl.js reads the bundle as Latin-1. esbuild escapes other characters, except in regular expressions and tagged
// templates.
if (/[^\0-\x7f]/.test(readFileSync('dist/main.cjs', 'utf8')))
  throw new Error('dist/main.cjs has characters outside ASCII');

// Not 'ignore' for stdout: ramctl does not print a secret to the null device.
spawnSync(process.execPath, ['compile.js', compiledCode], { stdio: ['ignore', 'pipe', 'inherit'] });

// Files of an earlier build are removed last, so that a ramctl process that is running finds its files.
const built = new Set([compiledCode, ...results.flatMap(({ metafile }) => Object.keys(metafile.outputs))]);
for (const name of readdirSync('dist')) {
  if (!built.has(`dist/${name}`)) rmSync(`dist/${name}`, { recursive: true });
}

function fileNameOf(name) {
  return `${name.replace(/^@/, '').replaceAll('/', '-')}.cjs`;
}
