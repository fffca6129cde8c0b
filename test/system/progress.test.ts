import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformSync } from 'rolldown/utils';
import { expect, it } from 'vitest';
import { createProgressBar } from '../../src/system/progress.ts';

/** A terminal that records its output, with one entry for each time the line is drawn. */
function fakeTerminal(columns: number, isTTY = true) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns, isTTY });
  const drawn = () => (stream.read() ?? '').split('\u001b[1G');
  return { stream: stream as unknown as NodeJS.WriteStream, drawn };
}

/** A line without the sequences that move the cursor and clear. */
const visible = (line: string) => line.replace(/\u001b(\[[0-9]*[A-Z]|[78])/g, '');

it('the bar shows label and counts, and is removed at the end', async () => {
  const { stream, drawn } = fakeTerminal(80);
  const bar = await createProgressBar(stream, 'making users', 20);
  expect(visible(drawn().at(-1))).toBe(`making users [${'-'.repeat(40)}] 0/20`);
  for (let count = 0; count < 10; count += 1) bar.step();
  await sleep(150);
  expect(visible(drawn().at(-1))).toBe(`making users [${'='.repeat(20)}${'-'.repeat(20)}] 10/20`);
  bar.done();
  const lines = drawn();
  expect(lines.at(-1)).toBe('\u001b[2K');
  expect(lines.join('')).not.toMatch(/\n|\u001b\[\?|\u001b\[[0-9;]*m/);
  bar.step();
  bar.done();
  await sleep(150);
  expect(drawn()).toEqual(['']);
});

it.each([
  [40, 'hashing passwords', 5000],
  [40, 'making users', 3],
  [20, 'hashing passwords', 5000],
  [1, 'hashing passwords', 5000],
])('the bar fits into %i columns', async (columns, label, total) => {
  const { stream, drawn } = fakeTerminal(columns);
  const bar = await createProgressBar(stream, label, total);
  for (let count = 0; count < total; count += 1) bar.step();
  bar.done();
  const lengths = drawn().map((line: string) => visible(line).length);
  expect(lengths.length).toBeGreaterThan(2);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(columns);
  if (columns === 40) expect(Math.max(...lengths)).toBeLessThan(40);
});

it('the bar is drawn about ten times a second, also when the steps are faster', async () => {
  const { stream, drawn } = fakeTerminal(80);
  const bar = await createProgressBar(stream, 'making users', 1e6);
  for (const end = performance.now() + 500; performance.now() < end; await sleep(1)) bar.step();
  expect(drawn().length).toBeLessThan(10);
  bar.done();
});

it('the bar writes nothing to a stream that is not a terminal', async () => {
  const { stream, drawn } = fakeTerminal(80, false);
  const bar = await createProgressBar(stream, 'making users', 2);
  bar.step();
  bar.done();
  expect(drawn()).toEqual(['']);
});

it.each(['bar.done()', 'bar.step()'])('a process with a bar can exit after %s', (last) => {
  const { code } = transformSync('progress.ts', readFileSync('src/system/progress.ts', 'utf8'));
  const work = `const stream = Object.assign(process.stderr, { isTTY: true });
    const bar = await createProgressBar(stream, 'making users', 2); ${last};`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `${code}${work}`], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect([status, visible(stderr)]).toEqual([0, expect.stringContaining('making users')]);
});
