// Measures the duration of whole ramctl processes, as multiples of `node -e 0`. The commands alternate, so that other load
// on the machine affects all of them equally. Usage: `node test/bench/startup.js [runs]`, after `npm run build`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, makeDirectory, makeSeed, nameOf, RAMCTL, run } from './directory.js';

const MIN_RUNS = 15;

const runs = Math.max(MIN_RUNS, Number(process.argv[2] ?? 25) || 0);
const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
try {
  print(measure(defineCommands(), runs));
} finally {
  rmSync(folder, { recursive: true });
}

/** The commands. `args` returns the arguments of a run, given its number: a user can have only two AccessKeys. */
function defineCommands() {
  const seed = makeSeed(folder);
  const directory1000 = makeDirectory(folder, seed, 1_000);
  const directory5000 = makeDirectory(folder, seed, 5_000);
  return [
    { name: 'node -e 0', args: () => ['-e', '0'] },
    { name: '--version', maxRatio: 1.25, args: () => [RAMCTL, '--version'] },
    { name: '--help', maxRatio: 1.4, args: () => [RAMCTL, '--help'] },
    {
      name: 'user get, 1,000 users',
      maxRatio: 1.7,
      args: () => [RAMCTL, '-d', directory1000, 'user', 'get', nameOf(700)],
    },
    {
      name: 'user get, 5,000 users',
      maxRatio: 2.1,
      args: () => [RAMCTL, '-d', directory5000, 'user', 'get', nameOf(3_500)],
    },
    {
      name: 'completion, 1,000 users',
      maxRatio: 1.8,
      args: () => [RAMCTL, 'complete', '--', '-d', directory1000, 'user', 'get', 'user-07'],
    },
    {
      name: 'ak create, 1,000 users',
      maxRatio: 2.0,
      args: (run) => [RAMCTL, '-d', directory1000, 'ak', 'create', nameOf(run)],
    },
    {
      name: 'ak create, 5,000 users',
      maxRatio: 2.9,
      args: (run) => [RAMCTL, '-d', directory5000, 'ak', 'create', nameOf(run)],
    },
    ...(isInstalled('aws') ? [{ name: 'aws --version', program: 'aws', args: () => ['--version'] }] : []),
  ];
}

/** Adds the median duration to each row. Each round starts with the next command. Round 0 warms up. */
function measure(rows, rounds) {
  const times = new Map(rows.map((row) => [row, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < rows.length; turn++) {
      const row = rows[(round + turn) % rows.length];
      const elapsed = measureMs(row.args(round), row.program);
      if (round > 0) times.get(row).push(elapsed);
    }
  }
  return rows.map((row) => ({ ...row, median: median(times.get(row)) }));
}

/** Whether a program is installed, to compare ramctl with it. */
function isInstalled(program) {
  return spawnSync(program, ['--version'], { env: environment(folder) }).status === 0;
}

/** The duration of a program in milliseconds. */
function measureMs(args, program) {
  const startedAt = process.hrtime.bigint();
  run(folder, args, program);
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print(rows) {
  const baseline = rows[0].median;
  const line = (cells) => cells.map((cell, at) => (at ? cell.padStart(10) : cell.padEnd(24))).join('');
  console.log(`medians of ${runs} runs, Node ${process.versions.node}\n`);
  console.log(line(['command', 'median ms', 'ratio', 'aim']));
  for (const { name, median, maxRatio } of rows) {
    console.log(line([name, median.toFixed(1), (median / baseline).toFixed(2), maxRatio?.toFixed(2) ?? '']));
  }
}
