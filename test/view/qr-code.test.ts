import { describe, expect, it } from 'vitest';
import { buildOtpAuthUri, generateSeed } from '../../src/core/totp.ts';
import { renderQrCode } from '../../src/view/qr-code.ts';
import { createTestRandom, TestWorld } from '../support/test-world.ts';

const SEED = generateSeed(createTestRandom());
const buildUri = (user: string, alias: string) =>
  buildOtpAuthUri('Alibaba Cloud', `${user}@${alias}.onaliyun.com`, SEED);
const LONGEST = buildUri('u'.repeat(64), 'a'.repeat(64));
const QUIET = 4;

/** Returns for each row which modules are dark. */
function readModules(lines: string[]): boolean[][] {
  return lines.flatMap((line) => {
    const cells = [...line.replace(/\u001b\[[\d;]*m/g, '')];
    return [cells.map((cell) => '█▀'.includes(cell)), cells.map((cell) => '█▄'.includes(cell))];
  });
}

describe.each([
  ['a short text', 'otpauth://totp/x?secret=A'],
  ['a common URI', buildUri('alice', 'acme')],
  ['the longest URI', LONGEST],
])('the code of %s', (_, text) => {
  const { lines, width } = renderQrCode(text);
  const rows = readModules(lines);
  const count = width - 2 * QUIET;

  it('fits 80 columns, and every line has the returned width', () => {
    expect(width).toBeLessThanOrEqual(80);
    for (const row of rows) expect(row).toHaveLength(width);
    expect([0, 1]).toContain(rows.length - width);
  });

  it('sets a dark and a light colour on every line and resets them', () => {
    for (const line of lines) expect(line).toMatch(/^\u001b\[38;5;16;48;5;231m[ █▀▄]+\u001b\[0m$/);
  });

  it('has a border of four light modules', () => {
    for (const [at, row] of rows.entries()) {
      const isQuiet = at < QUIET || at >= QUIET + count;
      const inner = row.slice(QUIET, QUIET + count);
      expect([...row.slice(0, QUIET), ...row.slice(-QUIET)]).not.toContain(true);
      expect(inner.includes(true)).toBe(!isQuiet);
    }
  });

  it('has three finder patterns', () => {
    const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
    const corner = (top: number, left: number) =>
      rows
        .slice(QUIET + top, QUIET + top + 7)
        .map((row) => Array.from(row.slice(QUIET + left, QUIET + left + 7), (dark) => (dark ? '#' : '.')).join(''));
    for (const [top, left] of [
      [0, 0],
      [0, count - 7],
      [count - 7, 0],
    ] as const) {
      expect(corner(top, left)).toEqual(finder);
    }
  });
});

describe('mfa enable', () => {
  const enableMfa = async (width: number, user = 'alice') => {
    const world = new TestWorld();
    await world.ramctl(['user', 'create', user]);
    const { err } = await world.ramctl(['mfa', 'enable', user], { width, answers: [['code', '^C']] });
    return err;
  };

  it('shows the QR code on a terminal that is wide enough, also for the longest name', async () => {
    for (const user of ['alice', 'u'.repeat(64)]) {
      const codeLines = (await enableMfa(80, user)).split('\n').filter((line) => line.includes('\u001b[38;5;16'));
      expect(codeLines.length).toBeGreaterThan(20);
      for (const line of codeLines) expect(line).toMatch(/^\u001b\[38;5;16;48;5;231m[ █▀▄]{1,80}\u001b\[0m$/);
    }
  });

  it.each([24, 40, 50])('shows only the text on a terminal of %i columns', async (width) => {
    const err = await enableMfa(width);
    expect(err).not.toMatch(/[█▀▄\u001b]/);
    expect(err).toContain('Alibaba Cloud');
    expect(err).toMatch(/alice@\d{16}/);
    expect(err.match(/\b[A-Z2-7]{4}\b/g)).toHaveLength(16);
    for (const line of err.split('\n').filter((line) => /\b[A-Z2-7]{4}\b/.test(line))) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
