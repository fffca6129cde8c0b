// Runs commands on an endpoint behind a proxy that drops, delays, cuts and throttles requests and answers.
// Usage: `node test/torture/remote.js [seeds]`. The exit code is 1 if a user or an AccessKey was doubled, a secret was lost, or an
// error does not say what was changed.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { torture, violations } from './support.js';

const SEEDS = Number(process.argv[2] ?? 500);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

await torture(async () => {
  const size = Math.ceil(SEEDS / availableParallelism());
  const firstSeeds = Array.from({ length: Math.ceil(SEEDS / size) }, (_, index) => index * size);
  await Promise.all(firstSeeds.map((first) => runSeeds(first, Math.min(first + size, SEEDS) - 1)));
  return `${SEEDS} seeds`;
});

/** Runs the test with a range of seeds. */
async function runSeeds(first, last) {
  const args = [VITEST, 'run', 'test/remote/unreliable.test.ts', '--reporter=dot'];
  const env = { ...process.env, UNRELIABLE_SEEDS: `${first}-${last}` };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.on('close', done));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) violations.push(`seeds ${first} to ${last}: ${out}${err}`);
}
