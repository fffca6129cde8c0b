import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/mfa.ts';
import { Home } from '../support/process.ts';
import { decodePng, decodeScreen, SCHEMES } from '../support/qr-reader.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const SIZE = { rows: 24, columns: 80 };
const LONGEST_FITTING = 'abcdefghijkl';
const FIRST = 'The code that the app shows now';
const NEXT = 'The next code';
const sampleHome = new Home();
let accountId = '';

const readDirectory = (home: Home) => readFileSync(home.directory, 'utf8');
/** The seed on the screen, which is shown in groups of four characters. */
const readSeed = (session: TerminalSession) => (session.text.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');

async function startEnable(home: Home, user: string, options: string[] = [], size = SIZE, environment = {}) {
  const session = new TerminalSession(home, ['mfa', 'enable', user, ...options], environment, '', size);
  await session.waitFor(FIRST);
  return session;
}

describe.skipIf(!SUPPORTS_TERMINALS)('mfa enable at a terminal', () => {
  beforeAll(async () => {
    await sampleHome.json('user', 'create', 'alice');
    await sampleHome.json('user', 'create', LONGEST_FITTING);
    accountId = (await sampleHome.json<{ AccountId: string }>('overview')).AccountId;
  });

  describe.each(['alice', LONGEST_FITTING])('for %s, with 80 columns and 24 rows', (user) => {
    it.each([[[]], [['--color', 'never']], [['--color', 'always']]])(
      'with the options %j shows the QR code, the text and the question together',
      async (options) => {
        const session = await startEnable(sampleHome, user, options, SIZE, { NO_COLOR: '1' });
        const { screen } = session;
        const seed = readSeed(session);
        expect(seed).toMatch(/^[A-Z2-7]{32}$/);
        const uri = `otpauth://totp/Aliyun:${user}@${accountId}?secret=${seed}&issuer=Aliyun`;
        for (const [, scheme] of SCHEMES) expect(decodeScreen(screen, scheme)).toBe(uri);
        const lines = screen.lines.join('\n');
        for (const part of [`${user}@${accountId}`, 'Aliyun', seed.slice(0, 4), seed.slice(-4), FIRST]) {
          expect(lines).toContain(part);
        }
        expect(screen.lines.at(-1)).toContain(FIRST);
        for (const line of screen.lines) expect(line.length).toBeLessThanOrEqual(80);
      },
    );
  });

  it.each([
    [{ columns: 60, rows: 40 }, true],
    [{ columns: 45, rows: 36 }, true],
    [{ columns: 44, rows: 60 }, false],
    [{ columns: 80, rows: 23 }, false],
    [{ columns: 33, rows: 12 }, false],
  ])('on a terminal of %j shows a QR code: %s', async (size, isShown) => {
    const session = await startEnable(sampleHome, 'alice', [], size);
    const found = SCHEMES.map(([, scheme]) => decodeScreen(session.screen, scheme)?.includes(readSeed(session)));
    expect(found).toEqual(isShown ? [true, true] : [undefined, undefined]);
    expect(session.text.includes('The QR code needs')).toBe(!isShown);
    expect(readSeed(session)).toHaveLength(32);
  });

  it('checks the first code before it asks for the second one, then binds', async () => {
    const home = sampleHome.copy();
    const before = readDirectory(home);
    const session = await startEnable(home, 'alice');
    const seed = readSeed(session);
    session.press(`${codeAt(seed, new Date(), 40)}${ENTER}`);
    await session.waitFor('the first MFA code is wrong');
    await session.waitFor(FIRST);
    session.press(`${codeAt(seed, new Date(), -5)}${ENTER}`);
    await session.waitFor('about 150 seconds ago: a clock is wrong');
    await session.waitFor(FIRST);
    expect(session.text).not.toContain(NEXT);
    const now = new Date();
    session.press(`${codeAt(seed, now)}${ENTER}`);
    await session.waitFor(NEXT);
    expect(readDirectory(home)).toBe(before);
    session.press(`${codeAt(seed, now)}${ENTER}`);
    await session.waitFor('this is the first code again');
    session.press(`${'\u007f'.repeat(6)}${codeAt(seed, now, 1)}${ENTER}`);
    expect([await session.waitForExit(), session.text]).toEqual([0, expect.stringContaining('bound')]);
    expect(await home.json('mfa', 'get', 'alice')).toMatchObject({ MFA: 'bound' });
    expect(readDirectory(home)).not.toContain(seed);
  });

  it.each([FIRST, NEXT])('that is killed at the question "%s" leaves no device', async (question) => {
    const home = sampleHome.copy();
    const session = await startEnable(home, 'alice');
    if (question === NEXT) {
      session.press(`${codeAt(readSeed(session), new Date())}${ENTER}`);
      await session.waitFor(NEXT);
    }
    session.kill();
    await session.waitForExit();
    expect(readDirectory(home)).toBe(readDirectory(sampleHome));
    expect(await home.json('mfa', 'list')).toEqual([]);
  });

  describe('with --qr file:alice.png', () => {
    const options = ['--qr', 'file:alice.png'];
    const image = (home: Home) => join(home.folder, 'alice.png');

    it('writes a private image and keeps it after success', async () => {
      const home = sampleHome.copy();
      const session = await startEnable(home, 'alice', options);
      const seed = readSeed(session);
      expect(statSync(image(home)).mode & 0o777).toBe(0o600);
      expect(decodePng(readFileSync(image(home)))).toContain(`secret=${seed}&`);
      expect(session.text).not.toMatch(/[█▀▄]/);
      const now = new Date();
      session.press(`${codeAt(seed, now)}${ENTER}`);
      await session.waitFor(NEXT);
      session.press(`${codeAt(seed, now, 1)}${ENTER}`);
      expect(await session.waitForExit()).toBe(0);
      expect(session.text).toContain('alice.png contains the key');
      expect(existsSync(image(home))).toBe(true);
    });

    it.each([
      ['Ctrl-C', 130, (session: TerminalSession) => session.press(CTRL_C)],
      ['SIGTERM', 143, (session: TerminalSession) => session.terminate()],
      ['Ctrl-D', 130, (session: TerminalSession) => session.press('\u0004')],
    ])('removes the image after %s', async (_, exitCode, end) => {
      const home = sampleHome.copy();
      const session = await startEnable(home, 'alice', options);
      end(session);
      expect(await session.waitForExit()).toBe(exitCode);
      expect(existsSync(image(home))).toBe(false);
      expect(readDirectory(home)).toBe(readDirectory(sampleHome));
    });
  });
});
