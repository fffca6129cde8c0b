import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startShellCommand } from '../../src/system/shell.ts';

let folder = '';
const start = (command: string, variables: Record<string, string> = {}) =>
  startShellCommand(command, { FOLDER: folder, ...variables });
const run = (command: string, variables?: Record<string, string>) => start(command, variables).outcome;
const content = () => readFileSync(join(folder, 'out'), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ramctl-shell-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['true', '0'],
  ['exit 7', '7'],
  ['false || exit 3', '3'],
  ['kill -9 $$', 'SIGKILL'],
  ['no-such-command 2>/dev/null', '127'],
  ['eval if 2>/dev/null', '2'],
])('%s has the outcome %s', async (command, code) => {
  expect(await run(command)).toBe(code);
});

it('a command gets its variables and the environment of ramctl, and no secret as an argument', async () => {
  const secret = 'a b\'"$HOME\n*';
  expect(await run('printf "%s|%s|%s" "$SECRET" "$PATH" "$#" > "$FOLDER/out"', { SECRET: secret })).toBe('0');
  expect(content()).toBe(`${secret}|${process.env.PATH}|0`);
  expect(process.env.SECRET).toBeUndefined();
});

it('a command has an empty stdin, and its stdout is stderr', async () => {
  expect(await run('cat > "$FOLDER/out" && test /dev/fd/1 -ef /dev/fd/2')).toBe('0');
  expect(content()).toBe('');
});

it('the outcome waits until all output of the command is complete', async () => {
  expect(await run('printf one > "$FOLDER/out"; (printf two >> "$FOLDER/out"); wait')).toBe('0');
  expect(content()).toBe('onetwo');
});

it('a security token of the environment is removed, and one of the variables is passed', async () => {
  vi.stubEnv('ALIBABA_CLOUD_SECURITY_TOKEN', 'other');
  expect(await run('test -z "$ALIBABA_CLOUD_SECURITY_TOKEN"')).toBe('0');
  expect(await run('test "$ALIBABA_CLOUD_SECURITY_TOKEN" = own', { ALIBABA_CLOUD_SECURITY_TOKEN: 'own' })).toBe('0');
  vi.unstubAllEnvs();
});

it('stop ends the command and the processes that it started', async () => {
  execFileSync('mkfifo', [join(folder, 'gate')]);
  const { outcome, stop } = start('(echo ready > "$FOLDER/gate"; exec sleep 60) & wait');
  expect(await readFile(join(folder, 'gate'), 'utf8')).toBe('ready\n');
  stop('SIGTERM');
  expect(await outcome).toBe('SIGTERM');
  stop('SIGTERM');
});

it('a command that cannot start has the reason as its outcome', async () => {
  expect(await run(`: ${'x'.repeat(4_000_000)}`)).toMatch(/E2BIG/);
});
