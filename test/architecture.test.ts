import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms a room may import from, beside itself. */
const ROOMS: Record<string, string[]> = {
  core: [],
  disk: [],
  store: ['core', 'disk'],
  ask: ['core'],
  view: ['core'],
  system: ['core', 'disk'],
  parse: ['core'],
  rpc: ['core'],
  server: ['core', 'rpc'],
  cli: ['core', 'ask', 'view', 'parse'],
};

/** Packages with few ways in, and the files that have them. */
const DOORS: Record<string, string | string[]> = {
  conf: 'store/conf.ts',
  'proper-lockfile': ['store/lock.ts', 'system/shared-file.ts'],
  inquirer: 'ask/inquirer.ts',
  '@node-rs/argon2': 'core/password.ts',
  'cli-table3': 'view/table.ts',
  otplib: 'core/totp.ts',
  'fast-string-width': 'view/columns.ts',
  'jsonc-parser': 'core/json.ts',
  'csv-parse/sync': 'parse/rows.ts',
  'cli-progress': 'system/progress.ts',
  pngjs: 'server/qr-code.ts',
};

/** The files that put the rooms together. */
const ROOTS = ['backend.ts', 'directory-file.ts', 'main.ts', 'signals.ts'];

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

const room = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);
const isOurs = (target: string) => files.includes(target);

describe('the import table', () => {
  it('finds imports at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('lets each room import only what the table allows', () => {
    const wrong = imports.filter(
      ({ from, target }) =>
        !ROOTS.includes(room(from)) &&
        isOurs(target) &&
        room(target) !== room(from) &&
        !ROOMS[room(from)]?.includes(room(target)),
    );
    expect(wrong).toEqual([]);
  });

  it('knows every room', () => {
    expect([...new Set(files.map(room))].sort()).toEqual([...Object.keys(ROOMS), ...ROOTS].sort());
  });

  it('lets nobody import the roots', () => {
    expect(imports.filter(({ from, target }) => ROOTS.includes(target) && !ROOTS.includes(from))).toEqual([]);
  });

  it('has no circles between files', () => {
    expect(findCircles()).toEqual([]);
  });

  it('keeps the rules of RAM away from files, network and process', () => {
    const allowed = ['@node-rs/argon2', 'otplib', 'jsonc-parser', 'node:crypto', 'node:net'];
    const wrong = imports.filter(
      ({ from, target }) => room(from) === 'core' && !isOurs(target) && !allowed.includes(target),
    );
    expect(wrong).toEqual([]);
  });

  it('gives each guarded package one door', () => {
    for (const [name, door] of Object.entries(DOORS)) {
      expect(imports.filter(({ target }) => target === name).map(({ from }) => from)).toEqual([door].flat());
    }
  });

  it('keeps process, console, the clock and chance in the rooms that own them', () => {
    const wrong = files
      .filter((file) => !/^(system\/|main\.ts|signals\.ts)/.test(file))
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
