// Compares the import of 1,000 users with console logon and AccessKeys with the time for 1,000 password hashes in this process:
// one after the other, and on all cores. Two cores that share one physical core hash less than twice as fast as one.
// Uses the fastest of a few rounds, because other load on the machine only slows them down.
// Usage: `node test/bench/import.js`, after `npm run build`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from '@node-rs/argon2';

const RAMCTL = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));
const USERS = 1_000;
const ROUNDS = 3;
/** The import may take the hashing time on all cores, and OTHER_SECONDS more. */
const OTHER_SECONDS = 1;
const MAX_MEGABYTES = 300;

const cores = availableParallelism();
// Node reads this when it hashes for the first time.
process.env.UV_THREADPOOL_SIZE = String(cores);
const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
try {
  const parameters = readHashParameters(createDirectory('probe'));
  const rounds = [];
  // Alternate the two measurements, so that other load on the machine affects both equally.
  for (let round = 0; round < ROUNDS; round++) {
    const hashes = await measureHashing(parameters, 1);
    const parallelHashes = await measureHashing(parameters, cores);
    rounds.push({ hashes, parallelHashes, ...measureImport(`round-${round}`) });
  }
  print(parameters, rounds);
} finally {
  rmSync(folder, { recursive: true });
}

/** Seconds for all hashes, of which `count` are computed at a time. */
async function measureHashing(parameters, count) {
  const startedAt = performance.now();
  let left = USERS;
  const computeHashes = async () => {
    while (left-- > 0) await hash(`Password-${left}`, parameters);
  };
  await Promise.all(Array.from({ length: count }, computeHashes));
  return (performance.now() - startedAt) / 1000;
}

/** Seconds and peak memory of a `user import` process. */
function measureImport(name) {
  const rows = Array.from({ length: USERS }, (_, index) => `user-${index},yes,yes`);
  const input = ['UserName,Console,AccessKey', ...rows, ''].join('\n');
  runNode([RAMCTL, '-d', join(folder, `${name}.json`), 'init']);
  const startedAt = performance.now();
  const args = ['user', 'import', '-', '--secret-to', `file:${join(folder, `${name}.csv`)}`];
  const path = join(folder, `${name}.peak`);
  runNode(['--import', memoryReport(path), RAMCTL, '-d', join(folder, `${name}.json`), ...args], input);
  return { import: (performance.now() - startedAt) / 1000, megabytes: Number(readFileSync(path, 'utf8')) };
}

/** Creates a directory with one user. Returns the content of its file. */
function createDirectory(name) {
  const path = join(folder, `${name}.json`);
  runNode([RAMCTL, '-d', path, 'init']);
  runNode([RAMCTL, '-d', path, 'user', 'create', 'alice', '--console']);
  return readFileSync(path, 'utf8');
}

/** The hashing parameters in the hashes of a directory file. */
function readHashParameters(directory) {
  const [, memoryCost, timeCost, parallelism] = /\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(directory) ?? [];
  if (memoryCost === undefined) throw new Error('the directory contains no argon2id hash in the expected format');
  return { memoryCost: Number(memoryCost), timeCost: Number(timeCost), parallelism: Number(parallelism) };
}

/** A module that writes the peak memory of its process to a file, in megabytes. */
function memoryReport(path) {
  const code = `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(${JSON.stringify(path)}, String(process.resourceUsage().maxRSS / 1024)));`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Runs node without settings of ramctl and waits for it. @throws if it fails */
function runNode(args, input = '') {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RAMCTL|UV)_/.test(name));
  const env = { ...Object.fromEntries(inherited), RAMCTL_KEY_FILE: join(folder, 'bench.key') };
  const { status, stderr, error } = spawnSync(process.execPath, args, { input, env, maxBuffer: Infinity });
  if (status !== 0) throw error ?? new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
}

function print({ memoryCost, timeCost, parallelism }, rounds) {
  const hashes = Math.min(...rounds.map((round) => round.hashes));
  const parallelHashes = Math.min(...rounds.map((round) => round.parallelHashes));
  const importSeconds = Math.min(...rounds.map((round) => round.import));
  const peak = Math.max(...rounds.map(({ megabytes }) => megabytes));
  const formatResult = (isWithin) => (isWithin ? 'met' : 'MISSED');
  const users = USERS.toLocaleString('en');
  const row = (what, value) => console.log(`${what.padEnd(44)}${value}`);
  console.log(`the fastest of ${ROUNDS} rounds, ${cores} cores, Node ${process.versions.node}`);
  console.log(`argon2id m=${memoryCost} t=${timeCost} p=${parallelism}\n`);
  const limitRow = (what, limit) =>
    row(`limit: ${what} + ${OTHER_SECONDS} s`, `${limit.toFixed(1)} s (${formatResult(importSeconds <= limit)})`);
  row(`${users} hashes on one core`, `${hashes.toFixed(1)} s`);
  row(`${users} hashes on all cores`, `${parallelHashes.toFixed(1)} s`);
  row(`user import of ${users} users`, `${importSeconds.toFixed(1)} s`);
  limitRow('hashes on one core ÷ cores', hashes / cores + OTHER_SECONDS);
  limitRow('hashes on all cores', parallelHashes + OTHER_SECONDS);
  row(
    'peak memory of the import',
    `${peak.toFixed(0)} MB (limit ${MAX_MEGABYTES}: ${formatResult(peak <= MAX_MEGABYTES)})`,
  );
}
