// Bundles src/main.ts into files in dist, so that a command loads only the code that it needs. The bundler writes a file for each
// module that `import()` loads, and files for modules that several of these share. GROUPS joins the modules of common commands.
//
// 1. The files are CommonJS, which starts some milliseconds faster than ES modules.
// 2. The name of a file contains a hash of its content, so that a process never loads files of two builds.
// 3. Only main.cjs has a fixed name. It is written last, so that a build that is interrupted changes nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Files that contain these modules and all modules that they import, except modules that are in an earlier group. `user get`
 * then loads 5 files instead of 57, and `user create` 8 instead of 77. Each file takes 0.2 ms or more.
 */
const GROUPS = {
  start: ['src/main.ts'],
  directory: ['src/directory-file.ts', 'src/store/conf.ts'],
  reads: ['src/view/format.ts', 'src/cli/user/get.ts', 'src/cli/user/list.ts', 'src/cli/access-key/list.ts'],
  reports: ['src/cli/overview.ts', 'src/cli/credential-report.ts', 'src/cli/policy/validate.ts'],
  changes: ['src/store/file-writer.ts', 'node_modules/proper-lockfile/index.js', 'src/cli/access-key/create.ts'],
  users: ['src/cli/user/create.ts', 'src/cli/user/edit.ts', 'src/cli/user/delete.ts', 'src/cli/login/set.ts'],
};

// Imports of packages that load other code. Most of them load nothing, because ramctl never uses these parts and they would slow
// down each start: the schema validation, migrations, writing, encryption and default values of conf; subprocesses of commander;
// colour detection of chalk and cli-table3; retries on EMFILE and signal handlers of proper-lockfile; the request classes,
// WebSockets, XML and dates of the SDK; Kerberos at a proxy. The SDK logs requests with their signatures when DEBUG is set, so it
// gets no logger.
const PACKAGE_IMPORTS = [
  { importer: 'conf', path: /^(ajv\/dist\/2020\.js|ajv-formats|semver|atomically|debounce-fn|uint8array-extras)$/ },
  { importer: 'conf', path: /^node:crypto$/ },
  { importer: 'conf', path: /^node:assert$/, contents: 'export default { deepEqual() {} };' },
  // A default import of a built-in module would otherwise copy all its members.
  ...['fs', 'os', 'path', 'process'].map((name) => ({
    importer: '(conf|env-paths)',
    path: new RegExp(`^node:${name}$`),
    contents: `export default require('node:${name}');`,
  })),
  { importer: 'commander', path: /^node:child_process$/ },
  {
    importer: 'chalk',
    path: /^#supports-color$/,
    contents: 'export default {}; export const supportsColorStderr = {};',
  },
  { importer: 'proper-lockfile', path: /^graceful-fs$/, contents: "module.exports = require('node:fs');" },
  {
    importer: 'proper-lockfile',
    path: /^signal-exit$/,
    contents: "module.exports = (removeLocks) => process.once('exit', removeLocks);",
  },
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

/** Modules that take a millisecond or more to load. ramctl loads them when it first calls one of their functions. */
const LATE_IMPORTS = {
  'node:crypto': loadAtFirstCall('node:crypto'),
  'node:net': loadAtFirstCall('node:net'),
  'fast-string-width': "export default (text) => require('fast-string-width').default(text);",
};
/** Files that need more than functions of these modules, such as classes. Common commands do not load these files. */
const EARLY_IMPORTERS = /(certificate|serve-tls)[^/]*\.ts$/;

/** Returns the code of a module with the functions of a built-in module. */
function loadAtFirstCall(path) {
  const names = Object.entries(process.getBuiltinModule(path)).flatMap(([name, value]) =>
    typeof value === 'function' && /^[a-z]/.test(name) ? [name] : [],
  );
  return names.map((name) => `export const ${name} = (...args) => require('${path}').${name}(...args);`).join('\n');
}

const SOURCE_FOLDER = resolve('src/');
const REPLACED = '\0replaced/';

/** Makes imports load other code: PACKAGE_IMPORTS for packages, LATE_IMPORTS for ramctl's own modules. */
const replaceImports = {
  name: 'replace-imports',
  resolveId(path, importer = '', { kind }) {
    const replaced = PACKAGE_IMPORTS.findIndex(
      (item) => item.path.test(path) && new RegExp(`/node_modules/${item.importer}/`).test(importer),
    );
    if (replaced >= 0) return `${REPLACED}package/${replaced}`;
    const isOwnImport = kind === 'import-statement' && importer.startsWith(SOURCE_FOLDER);
    const isLate = isOwnImport && !EARLY_IMPORTERS.test(importer) && Object.hasOwn(LATE_IMPORTS, path);
    return isLate ? `${REPLACED}late/${path}` : undefined;
  },
  load(id) {
    if (!id.startsWith(REPLACED)) return undefined;
    const [kind, key] = id.slice(REPLACED.length).split('/');
    return kind === 'late' ? LATE_IMPORTS[key] : (PACKAGE_IMPORTS[key].contents ?? 'module.exports = {};');
  },
};

const bundle = await rolldown({
  input: 'src/main.ts',
  platform: 'node',
  external: ['@node-rs/argon2'],
  // A bundler cannot follow the imports in the CommonJS form of jsonc-parser.
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node20.19' },
  plugins: [replaceImports],
  // The bundler only warns about a package that is not installed.
  onLog(level, { message }) {
    if (level === 'warn') throw new Error(message);
  },
});
const { output } = await bundle.generate({
  format: 'cjs',
  entryFileNames: 'main.cjs',
  chunkFileNames: '[name]-[hash].cjs',
  hashCharacters: 'hex',
  // Write require() for import(), also for packages that are not bundled. Code that node:vm runs cannot call import().
  dynamicImportInCjs: false,
  codeSplitting: {
    groups: Object.entries(GROUPS).map(([name, paths]) => ({
      name,
      test: (id) => paths.some((path) => id === resolve(path)),
    })),
  },
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
  // V8 stores ASCII text in half of the memory of other text.
  charset: 'ascii',
  // Licences of packages stay.
  comments: { legal: true, annotation: false, jsdoc: false },
});

mkdirSync('dist', { recursive: true });
const mainIsLast = output.toSorted((left, right) => Number(left.isEntry) - Number(right.isEntry));
for (const { fileName, code } of mainIsLast) {
  writeFileSync(`dist/${fileName}.${process.pid}`, code);
  renameSync(`dist/${fileName}.${process.pid}`, `dist/${fileName}`);
}

// The tests find out here which modules a command loads.
const modules = output.map(({ fileName, moduleIds }) => [fileName, moduleIds.map((id) => relative('', id))]);
writeFileSync('dist/modules.json', JSON.stringify(Object.fromEntries(modules)));

// Not 'ignore' for stdout: ramctl does not print a secret to the null device.
const { status } = spawnSync(process.execPath, ['compile.js'], { stdio: ['ignore', 'pipe', 'inherit'] });
if (status !== 0) process.exitCode = 1;

// Files of earlier builds stay for a minute, because a ramctl process or another build may still need them.
const names = new Set(['modules.json', ...output.map(({ fileName }) => fileName)]);
for (const { parentPath, name } of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(parentPath, name);
  const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (!names.has(name) && changedAt < Date.now() - 60_000) rmSync(path, { recursive: true, force: true });
}
