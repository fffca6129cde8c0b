// What it takes to import 1,000 users with console logon and AccessKeys, held against the hashing alone: 1,000 hashes
// with ramctl's parameters, one after the other in this process; the fastest of a few rounds, since on a machine that
// has other work both only get slower. `node test/bench/import.js`, after `npm run build`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from '@node-rs/argon2';

const RAMCTL = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));
const USERS = 1_000;
const ROUNDS = 3;
/** Half as much again as the hashing on all cores, and the seconds that everything else may take. */
const FACTOR = 1.5;
const REST = 2;
const MEGABYTES = 300;

const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
try {
  const parameters = parametersOf(makeDirectory('probe'));
  const rounds = [];
  // They take turns, so that whatever else the machine does hits both alike.
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ hashes: await hashInTurn(parameters), ...importUsers(`round-${round}`) });
  }
  print(parameters, rounds);
} finally {
  rmSync(folder, { recursive: true });
}

/** Seconds for the hashes, each begun when the one before is done: one core's work. */
async function hashInTurn(parameters) {
  const begin = performance.now();
  for (let index = 0; index < USERS; index++) await hash(`Password-${index}`, parameters);
  return (performance.now() - begin) / 1000;
}

/** Seconds and peak megabytes of `user import`, start of the process included. */
function importUsers(name) {
  const rows = Array.from({ length: USERS }, (_, index) => `user-${index},yes,yes`);
  const input = ['UserName,Console,AccessKey', ...rows, ''].join('\n');
  const begin = performance.now();
  const words = ['user', 'import', '-', '--secret-to', `file:${join(folder, `${name}.csv`)}`];
  const path = join(folder, `${name}.peak`);
  start(['--import', reporting(path), RAMCTL, '-d', join(folder, `${name}.json`), ...words], input);
  return { import: (performance.now() - begin) / 1000, megabytes: Number(readFileSync(path, 'utf8')) };
}

/** A directory with one user; its text. */
function makeDirectory(name) {
  const path = join(folder, `${name}.json`);
  start([RAMCTL, '-d', path, 'user', 'create', 'alice', '--console']);
  return readFileSync(path, 'utf8');
}

/** How the passwords of a directory are hashed, as their hashes tell. */
function parametersOf(directory) {
  const [, memoryCost, timeCost, parallelism] = /\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(directory) ?? [];
  if (memoryCost === undefined) throw new Error('ramctl hashes otherwise than this bench knows');
  return { memoryCost: Number(memoryCost), timeCost: Number(timeCost), parallelism: Number(parallelism) };
}

/** A module that writes down how much memory its process took at most, in megabytes. */
function reporting(path) {
  const code = `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(${JSON.stringify(path)}, String(process.resourceUsage().maxRSS / 1024)));`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Runs `node` to its end, without settings of ours. */
function start(words, input = '') {
  const inherited = Object.entries(process.env).filter(([name]) => !/^RAMCTL_/.test(name));
  const env = { ...Object.fromEntries(inherited), RAMCTL_KEY_FILE: join(folder, 'bench.key') };
  const { status, stderr, error } = spawnSync(process.execPath, words, { input, env, maxBuffer: Infinity });
  if (status !== 0) throw error ?? new Error(`node ${words.join(' ')} ended with ${status}: ${stderr}`);
}

function print({ memoryCost, timeCost, parallelism }, rounds) {
  const cores = availableParallelism();
  const hashes = Math.min(...rounds.map((round) => round.hashes));
  const whole = Math.min(...rounds.map((round) => round.import));
  const peak = Math.max(...rounds.map(({ megabytes }) => megabytes));
  const bound = (FACTOR * hashes) / cores + REST;
  const verdict = (isFine) => (isFine ? 'kept' : 'MISSED');
  const users = USERS.toLocaleString('en');
  const row = (what, value) => console.log(`${what.padEnd(36)}${value}`);
  console.log(`the fastest of ${ROUNDS} rounds, ${cores} cores, Node ${process.versions.node}`);
  console.log(`argon2id m=${memoryCost} t=${timeCost} p=${parallelism}\n`);
  row(`${users} hashes in turn, one core`, `${hashes.toFixed(1)} s`);
  row(`user import of ${users} users`, `${whole.toFixed(1)} s`);
  row(`bound: ${FACTOR} × hashes ÷ cores + ${REST} s`, `${bound.toFixed(1)} s (${verdict(whole <= bound)})`);
  row('peak memory of the import', `${peak.toFixed(0)} MB (aim ${MEGABYTES}: ${verdict(peak <= MEGABYTES)})`);
}
