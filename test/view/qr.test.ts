import { describe, expect, it } from 'vitest';
import { buildOtpAuthUri, generateSeed } from '../../src/core/totp.ts';
import { renderQrCode } from '../../src/view/qr-code.ts';
import { createTestRandom, TestWorld } from '../support/test-world.ts';

const SEED = generateSeed(createTestRandom());
const uriOf = (user: string, alias: string) => buildOtpAuthUri('Alibaba Cloud', `${user}@${alias}.onaliyun.com`, SEED);
const LONGEST = uriOf('u'.repeat(64), 'a'.repeat(64));
const QUIET = 4;

/** Which modules are dark, row by row, as a camera sees them. */
function modules(lines: string[]): boolean[][] {
  return lines.flatMap((line) => {
    const cells = [...line.replace(/\u001b\[[\d;]*m/g, '')];
    return [cells.map((cell) => '█▀'.includes(cell)), cells.map((cell) => '█▄'.includes(cell))];
  });
}

describe.each([
  ['a short text', 'otpauth://totp/x?secret=A'],
  ['a common URI', uriOf('alice', 'acme')],
  ['the longest URI', LONGEST],
])('the code of %s', (_, text) => {
  const { lines, width } = renderQrCode(text);
  const seen = modules(lines);
  const count = width - 2 * QUIET;

  it('fits 80 columns, every line as wide as it says', () => {
    expect(width).toBeLessThanOrEqual(80);
    for (const row of seen) expect(row).toHaveLength(width);
    expect([0, 1]).toContain(seen.length - width);
  });

  it('sets both colours, dark on light, on every line and resets them', () => {
    for (const line of lines) expect(line).toMatch(/^\u001b\[38;5;16;48;5;231m[ █▀▄]+\u001b\[0m$/);
  });

  it('is surrounded by four light modules', () => {
    for (const [at, row] of seen.entries()) {
      const isQuiet = at < QUIET || at >= QUIET + count;
      const inner = row.slice(QUIET, QUIET + count);
      expect([...row.slice(0, QUIET), ...row.slice(-QUIET)]).not.toContain(true);
      expect(inner.includes(true)).toBe(!isQuiet);
    }
  });

  it('has its three finder patterns', () => {
    const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
    const corner = (top: number, left: number) =>
      seen
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
  const shownAt = async (width: number, user = 'alice') => {
    const world = new TestWorld();
    await world.ramctl(['user', 'create', user]);
    const { err } = await world.ramctl(['mfa', 'enable', user], { width, answers: [['code', '^C']] });
    return err;
  };

  it('draws the code where it fits, also for the longest name', async () => {
    for (const user of ['alice', 'u'.repeat(64)]) {
      const picture = (await shownAt(80, user)).split('\n').filter((line) => line.includes('\u001b[38;5;16'));
      expect(picture.length).toBeGreaterThan(20);
      for (const line of picture) expect(line).toMatch(/^\u001b\[38;5;16;48;5;231m[ █▀▄]{1,80}\u001b\[0m$/);
    }
  });

  it.each([24, 40, 50])('gives the text alone on %i columns', async (width) => {
    const err = await shownAt(width);
    expect(err).not.toMatch(/[█▀▄\u001b]/);
    expect(err).toContain('Alibaba Cloud');
    expect(err).toMatch(/alice@\d{16}/);
    expect(err.match(/\b[A-Z2-7]{4}\b/g)).toHaveLength(16);
    for (const line of err.split('\n').filter((line) => /\b[A-Z2-7]{4}\b/.test(line))) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
