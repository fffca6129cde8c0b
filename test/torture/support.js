// What the tortures share: the built program in processes of its own, moments to kill it at, and the verdict.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RAMCTL = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));
/** How many violations are printed; the others are counted. */
const MOST_SHOWN = 20;

/** What went wrong so far, in words. */
export const violations = [];

/** A whole number from 0 up to, but not, `count`. */
export const chance = (count) => Math.floor(Math.random() * count);

export const oneOf = (things) => things[chance(things.length)];

/**
 * Runs `work` in a temporary folder, prints the summary that it returns and what went wrong. Exit code 1 when
 * anything did.
 */
export async function torture(work) {
  const top = mkdtempSync(join(tmpdir(), 'ramctl-torture-'));
  const started = performance.now();
  try {
    console.log(await work(top));
  } catch (error) {
    violations.push(error.stack);
  } finally {
    rmSync(top, { recursive: true, maxRetries: 10 });
  }
  for (const violation of violations.slice(0, MOST_SHOWN)) console.log(`VIOLATION: ${violation}`);
  const verdict = violations.length === 0 ? 'nothing was lost' : `${violations.length} violations`;
  console.log(`${verdict}, ${Math.round((performance.now() - started) / 1000)} s`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/**
 * One command line in a home of its own. `before` is code that runs in the process first; `killAfter` is in
 * milliseconds. The code is null when it was killed.
 */
export function ramctl(home, words, { before, killAfter, input = '' } = {}) {
  const first = before ? ['--import', `data:text/javascript,${encodeURIComponent(before)}`] : [];
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home };
  const started = performance.now();
  const child = spawn(process.execPath, [...first, RAMCTL, ...words], { cwd: home, env });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  child.stdin.on('error', () => {}).end(input);
  const killer = killAfter && setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((done, fail) => {
    child.on('error', fail).on('close', (code) => {
      clearTimeout(killer);
      done({ code, out, err, milliseconds: performance.now() - started });
    });
  });
}

/** A command that has to work, whatever else is found; gives its result. */
export async function works(home, line, input) {
  const { code, out, err } = await ramctl(home, [...line.split(' '), '--output', 'json', '--quiet'], { input });
  if (code !== 0) throw new Error(`ramctl ${line} ended with ${code}: ${err}`);
  return out === '' ? undefined : JSON.parse(out);
}
