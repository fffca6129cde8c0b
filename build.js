// Bundles src/main.ts into several files in dist/, so that a command loads only what it needs. The files are CommonJS, which
// starts some milliseconds faster than ES modules, and run a module only when it is first imported. Each module is in one file
// only, because classes and state must exist once.
import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { relative } from 'node:path';
import { build } from 'esbuild';

/**
 * The files of ramctl's own modules. A module is in the first file with an entry that imports it, directly or through other
 * modules. `import()` does not count. The modules that are left over are in more.cjs. A file that is loaded costs 0.6 ms for each
 * 100 kB.
 */
const CHUNKS = {
  main: ['src/main.ts'],
  directory: ['src/directory-file.ts', 'src/store/conf.ts'],
  keys: ['src/cli/user/index.ts', 'src/cli/access-key/index.ts'],
  verbs: ['login', 'mfa', 'group', 'role', 'policy'].map((noun) => `src/cli/${noun}/index.ts`),
  completion: ['src/cli/completion/complete.ts'],
  help: ['src/cli/help/json.ts', 'src/cli/correction/index.ts'],
  files: ['export', 'apply', 'directory/index', 'history/index', 'undo'].map((verb) => `src/cli/${verb}.ts`),
  serve: ['src/cli/serve.ts', 'src/server/service.ts', 'src/server/http.ts'],
  remote: ['src/remote-directory.ts'],
  sdk: ['src/remote/sdk.ts'],
  'description-schema': ['src/parse/description-schema.ts'],
};

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
  },
};

/**
 * Makes the modules of a chunk read the modules of other chunks from their files: `require('./main.cjs#src/core/failure.ts')`.
 * REQUIRE_MODULE understands such paths.
 */
const importOtherChunks = (chunk, chunkOf) => ({
  name: 'import-other-chunks',
  setup(bundler) {
    bundler.onResolve({ filter: /^/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData?.isResolved) return undefined;
      const resolved = await bundler.resolve(path, { ...options, pluginData: { isResolved: true } });
      const module = relative('.', resolved.path);
      const owner = resolved.namespace === 'file' ? (chunkOf.get(module) ?? chunk) : chunk;
      // Otherwise esbuild resolves again, because it takes `type` of package.json into account only then.
      return owner === chunk ? undefined : { path: `./${owner}.cjs#${module}`, external: true };
    });
  },
});

const REQUIRE_MODULE = `var requireFile = require;
require = (path) => { const [file, module] = path.split('#'); return module ? requireFile(file)[module] : requireFile(file); };`;

// Code compiled from earlier files must not be used with the new ones.
const compiledCode = `.${process.versions.v8}-${process.platform}-${process.arch}`;
for (const path of listDist()) if (path.endsWith(compiledCode)) rmSync(path);

/** Modules that take a millisecond or more to load, with code that loads them at the first use. */
const LAZY_IMPORTS = {
  'node:crypto': loadAtFirstUse('node:crypto', crypto),
  'node:net': loadAtFirstUse('node:net', net),
  'fast-string-width': "module.exports = (text) => require('fast-string-width').default(text);",
};

function loadAtFirstUse(path, members) {
  const getters = Object.keys(members).map((name) => `get ${name}() { return require('${path}').${name}; }`);
  return `module.exports = { ${getters.join(', ')} };`;
}

const importLater = {
  name: 'import-later',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^.]/ }, ({ path, kind, importer }) =>
      Object.hasOwn(LAZY_IMPORTS, path) && kind === 'import-statement' && !importer.includes('node_modules')
        ? { path, namespace: 'lazy' }
        : undefined,
    );
    bundler.onLoad({ filter: /^/, namespace: 'lazy' }, ({ path }) => ({
      contents: LAZY_IMPORTS[path],
      resolveDir: '.',
    }));
  },
};

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

const plugins = [keepPackagesSeparate, omitUnusedImports, importLater];
const { metafile } = await build({ ...common, entryPoints: ['src/main.ts'], outdir: 'dist', write: false, plugins });
const chunkOf = assignChunks(metafile.inputs);

const results = await Promise.all([
  ...[...Object.keys(CHUNKS), 'more'].map((chunk) =>
    build({
      ...common,
      stdin: { contents: exportModules(chunk), resolveDir: '.', sourcefile: `${chunk}.cjs` },
      outfile: `dist/${chunk}.cjs`,
      banner: { js: REQUIRE_MODULE },
      plugins: [importOtherChunks(chunk, chunkOf), ...plugins],
    }),
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
const built = results.flatMap(({ metafile }) => Object.keys(metafile.outputs));

// Not 'ignore' for stdout: ramctl does not print a secret to the null device.
spawnSync(process.execPath, ['compile.js'], { stdio: ['ignore', 'pipe', 'inherit'] });

// Files of an earlier build are removed last, so that a ramctl process that is running finds its files.
for (const path of listDist()) {
  if (!built.includes(path) && !path.endsWith(compiledCode)) rmSync(path, { recursive: true });
}

/** Returns the chunk of each module. */
function assignChunks(inputs) {
  const chunkOf = new Map();
  const assign = (path, chunk) => {
    if (chunkOf.has(path) || !inputs[path]) return;
    chunkOf.set(path, chunk);
    for (const { path: imported, kind } of inputs[path].imports) if (kind !== 'dynamic-import') assign(imported, chunk);
  };
  for (const [chunk, entries] of Object.entries(CHUNKS)) for (const path of entries) assign(path, chunk);
  for (const path of Object.keys(inputs)) assign(path, 'more');
  return chunkOf;
}

/** Returns the code of a chunk, which exports the modules that other chunks import. Plugins add modules that are not files. */
function exportModules(chunk) {
  const importers = Object.entries(metafile.inputs).filter(([path]) => chunkOf.get(path) !== chunk);
  const imported = new Set(importers.flatMap(([, { imports }]) => imports.map(({ path }) => path)));
  const paths = [...chunkOf.keys()].filter(
    (path) => chunkOf.get(path) === chunk && existsSync(path) && (imported.has(path) || path === 'src/main.ts'),
  );
  return `module.exports = {${paths.map((path) => `get '${path}'() { return require('./${path}'); }`).join(',\n')}};`;
}

function listDist() {
  return existsSync('dist') ? readdirSync('dist').map((name) => `dist/${name}`) : [];
}

function fileNameOf(name) {
  return `${name.replace(/^@/, '').replaceAll('/', '-')}.cjs`;
}
