// What a script pays for each ramctl it starts: whole processes, as multiples of `node -e 0`. The commands take turns,
// so that whatever else the machine does hits all of them alike. `npm run bench [-- runs]`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory, makeSeed, nameOf, RAMCTL, run } from './directory.js';

const FEWEST_RUNS = 15;

const runs = Math.max(FEWEST_RUNS, Number(process.argv[2] ?? 25) || 0);
const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
try {
  print(measure(contenders(), runs));
} finally {
  rmSync(folder, { recursive: true });
}

/** `words` are the command line of one run, given its number: nobody may have more than two AccessKeys. */
function contenders() {
  const seed = makeSeed(folder);
  const of1000 = makeDirectory(folder, seed, 1_000);
  const of5000 = makeDirectory(folder, seed, 5_000);
  return [
    { name: 'node -e 0', words: () => ['-e', '0'] },
    { name: '--version', aim: 1.2, words: () => [RAMCTL, '--version'] },
    { name: '--help', aim: 1.3, words: () => [RAMCTL, '--help'] },
    { name: 'user get, 1,000 users', aim: 1.45, words: () => [RAMCTL, '-d', of1000, 'user', 'get', nameOf(700)] },
    { name: 'user get, 5,000 users', aim: 1.9, words: () => [RAMCTL, '-d', of5000, 'user', 'get', nameOf(3_500)] },
    {
      name: 'a Tab, 1,000 users',
      aim: 1.5,
      words: () => [RAMCTL, 'complete', '--', '-d', of1000, 'user', 'get', 'user-07'],
    },
    { name: 'ak create, 1,000 users', aim: 1.9, words: (run) => [RAMCTL, '-d', of1000, 'ak', 'create', nameOf(run)] },
    { name: 'ak create, 5,000 users', aim: 2.5, words: (run) => [RAMCTL, '-d', of5000, 'ak', 'create', nameOf(run)] },
    ...(isInstalled('aws') ? [{ name: 'aws --version', program: 'aws', words: () => ['--version'] }] : []),
  ];
}

/** Each row with the milliseconds of its runs. Whoever starts a round ends the next one; round 0 only warms up. */
function measure(rows, rounds) {
  const times = new Map(rows.map((row) => [row, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < rows.length; turn++) {
      const row = rows[(round + turn) % rows.length];
      const elapsed = timeOf(row.words(round), row.program);
      if (round > 0) times.get(row).push(elapsed);
    }
  }
  return rows.map((row) => ({ ...row, median: median(times.get(row)) }));
}

/** A peer, where there is one. */
function isInstalled(program) {
  return spawnSync(program, ['--version']).status === 0;
}

/** The milliseconds that a program takes. */
function timeOf(words, program) {
  const begin = process.hrtime.bigint();
  run(folder, words, program);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print(rows) {
  const bare = rows[0].median;
  const line = (cells) => cells.map((cell, at) => (at ? cell.padStart(10) : cell.padEnd(24))).join('');
  console.log(`medians of ${runs} runs, Node ${process.versions.node}\n`);
  console.log(line(['command', 'median ms', 'ratio', 'aim']));
  for (const { name, median, aim } of rows) {
    console.log(line([name, median.toFixed(1), (median / bare).toFixed(2), aim?.toFixed(2) ?? '']));
  }
}
