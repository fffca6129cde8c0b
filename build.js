// Bundles src/main.ts into dist/, split so that a command loads only what it uses.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

// conf brings a schema validator and a migrator that ramctl does not use. Loading them would cost a script
// about as much as everything else in `user get`, so the bundle leaves them out; calling one would throw.
const unusedByUs = /^(ajv\/dist\/2020\.js|ajv-formats|semver|atomically|debounce-fn)$/;
const leaveOut = {
  name: 'leave-out',
  setup(bundler) {
    bundler.onResolve({ filter: unusedByUs }, ({ path }) => ({ path, namespace: 'left-out' }));
    bundler.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: 'const absent = undefined; export { absent as default, absent as Ajv2020, absent as writeFileSync };',
    }));
  },
};

const { metafile } = await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  external: ['@node-rs/argon2'],
  plugins: [leaveOut],
  // CommonJS packages inside the bundle still call require for Node's own modules.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});

// What an earlier build left goes last, so that a ramctl at work always finds its parts.
const made = new Set(Object.keys(metafile.outputs));
for (const name of readdirSync('dist')) {
  if (!made.has(`dist/${name}`)) rmSync(`dist/${name}`, { recursive: true });
}
