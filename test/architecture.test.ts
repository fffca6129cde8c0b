import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The folders that each folder may import from, next to itself. */
const ALLOWED_IMPORTS: Record<string, string[]> = {
  core: [],
  disk: [],
  // Encodes QR codes: view draws them in the terminal, cli writes them to files, server sends them as images.
  qr: [],
  store: ['core', 'disk'],
  ask: ['core'],
  view: ['core', 'qr'],
  system: ['core', 'disk'],
  parse: ['core'],
  rpc: ['core'],
  server: ['core', 'rpc', 'qr'],
  remote: ['core', 'rpc'],
  cli: ['core', 'ask', 'view', 'parse', 'qr'],
};

/** Packages that only the files named here may import. */
const PACKAGE_IMPORTERS: Record<string, string | string[]> = {
  conf: 'store/conf.ts',
  'proper-lockfile': 'disk/lock.ts',
  '@noble/hashes/sha2.js': 'system/vault.ts',
  inquirer: 'ask/inquirer.ts',
  '@node-rs/argon2': 'core/password.ts',
  'cli-table3': 'view/terminal-table.ts',
  otplib: 'core/totp.ts',
  'fast-string-width': 'view/plain-table.ts',
  'jsonc-parser': 'core/json.ts',
  'csv-parse/sync': 'parse/user-rows.ts',
  'ajv/dist/2020.js': ['parse/description-schema.ts', 'parse/schema-problems.ts'],
  'csv-stringify/sync': 'view/csv.ts',
  'cli-progress': 'system/progress.ts',
  pngjs: 'qr/png.ts',
  '@peculiar/x509': 'system/self-signed-certificate.ts',
  '@alicloud/credentials': 'remote/sdk.ts',
  '@alicloud/ims20190815': 'remote/sdk.ts',
  '@alicloud/openapi-core': 'remote/sdk.ts',
  '@alicloud/ram20150501': 'remote/sdk.ts',
  '@alicloud/sts20150401': 'remote/sdk.ts',
  'qrcode-terminal/vendor/QRCode/index.js': 'qr/symbol.ts',
};

/** The files at the top of `src`, which may import from every folder. */
const ROOTS = ['directory-file.ts', 'main.ts', 'remote-directory.ts', 'signals.ts'];

const source = resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

interface Import {
  from: string;
  target: string;
}

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), 'utf8');
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g), ([, target = '']) => ({
    from: file,
    target: target.startsWith('.') ? relative(source, resolve(source, dirname(file), target)) : target,
  }));
});

const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);
const isSourceFile = (target: string) => files.includes(target);

describe('the import table', () => {
  it('finds imports', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('lets each folder import only what the table allows', () => {
    const wrong = imports.filter(
      ({ from, target }) =>
        !ROOTS.includes(folderOf(from)) &&
        isSourceFile(target) &&
        folderOf(target) !== folderOf(from) &&
        !ALLOWED_IMPORTS[folderOf(from)]?.includes(folderOf(target)),
    );
    expect(wrong).toEqual([]);
  });

  it('lists every folder', () => {
    expect([...new Set(files.map(folderOf))].sort()).toEqual([...Object.keys(ALLOWED_IMPORTS), ...ROOTS].sort());
  });

  it('allows no folder to import the files at the top', () => {
    expect(imports.filter(({ from, target }) => ROOTS.includes(target) && !ROOTS.includes(from))).toEqual([]);
  });

  it('has no circles between files', () => {
    expect(findCircles()).toEqual([]);
  });

  it('keeps the rules of RAM away from files, network and process', () => {
    const allowed = ['@node-rs/argon2', 'otplib', 'jsonc-parser', 'node:crypto', 'node:net'];
    const wrong = imports.filter(
      ({ from, target }) => folderOf(from) === 'core' && !isSourceFile(target) && !allowed.includes(target),
    );
    expect(wrong).toEqual([]);
  });

  it('allows only the named files to import a guarded package', () => {
    for (const [name, importers] of Object.entries(PACKAGE_IMPORTERS)) {
      expect(imports.filter(({ target }) => target === name).map(({ from }) => from)).toEqual([importers].flat());
    }
  });

  it('allows only system, the proxies and the files at the top to use process, console, the clock and Math.random', () => {
    const wrong = files
      .filter((file) => !/^(system\/|main\.ts|signals\.ts|remote\/proxy\.ts)/.test(file))
      .filter((file) => /\bprocess\.|\bconsole\.|Date\.now|Math\.random|new Date\(\)/.test(code(file)));
    expect(wrong).toEqual([]);
  });

  it('keeps files short enough to read', () => {
    const long = files.filter((file) => code(file).split('\n').length > 300);
    expect(long).toEqual([]);
  });
});

/** The circles that imports form, types included, each as the files on it. */
function findCircles(): string[][] {
  const circles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (finished.has(file) || path.includes(file)) return;
    for (const { target } of imports.filter(({ from }) => from === file)) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
  return circles;
}

/** A file without its comments. */
function code(file: string): string {
  return readFileSync(join(source, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
