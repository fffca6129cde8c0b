// Shared by the torture scripts: running the built program, random choices, and the summary with the exit code.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const RAMCTL = fileURLToPath(new URL('../../bin/ramctl.js', import.meta.url));
/** The number of violations that are printed. */
const MAX_SHOWN = 20;

/** The violations found so far, as text. */
export const violations = [];

/** A random integer from 0 to `count` - 1. */
export const randomInt = (count) => Math.floor(Math.random() * count);

export const randomElement = (values) => values[randomInt(values.length)];

/**
 * Runs `work` in a temporary folder. Prints the summary that it returns and the violations. The exit code is 1 if there
 * are any.
 */
export async function torture(work) {
  const folder = mkdtempSync(join(tmpdir(), 'ramctl-torture-'));
  const startedAt = performance.now();
  try {
    console.log(await work(folder));
  } catch (error) {
    violations.push(error.stack);
  } finally {
    rmSync(folder, { recursive: true, maxRetries: 10 });
  }
  for (const violation of violations.slice(0, MAX_SHOWN)) console.log(`VIOLATION: ${violation}`);
  const summary = violations.length === 0 ? 'nothing was lost' : `${violations.length} violations`;
  console.log(`${summary}, ${Math.round((performance.now() - startedAt) / 1000)} s`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/**
 * Runs a command line with `home` as the home directory and the variables `env`. `before` is JavaScript that the process runs first; `killAfter`
 * is in milliseconds. The exit code in the result is null if the process was killed.
 */
export function ramctl(home, args, { before, killAfter, input = '', env: variables } = {}) {
  const preload = before ? ['--import', `data:text/javascript,${encodeURIComponent(before)}`] : [];
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, ...variables };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...preload, RAMCTL, ...args], { cwd: home, env });
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
      done({ code, out, err, milliseconds: performance.now() - startedAt });
    });
  });
}

/** Runs a command and returns its result. @throws if the command fails */
export async function runOrThrow(home, line, input) {
  const { code, out, err } = await ramctl(home, [...line.split(' '), '--output', 'json', '--quiet'], { input });
  if (code !== 0) throw new Error(`ramctl ${line} ended with ${code}: ${err}`);
  return out === '' ? undefined : JSON.parse(out);
}
