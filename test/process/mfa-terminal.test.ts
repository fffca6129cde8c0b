import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/mfa.ts';
import { Home } from '../support/process.ts';
import { decodePng, decodeScreen, SCHEMES } from '../support/qr-reader.ts';
import { ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const SIZE = { rows: 24, columns: 80 };
const LONGEST_FITTING = 'abcdefghijkl';
const FIRST = 'The code that the app shows now';
const NEXT = 'The next code';
const sampleHome = new Home();
let accountId = '';

const readDirectory = (home: Home) => readFileSync(home.directory, 'utf8');
/** The seed on the screen, which is shown in groups of four characters. */
const readSeed = (session: TerminalSession) => (session.text.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');

async function startEnable(home: Home, user: string, options: string[] = [], environment = {}) {
  const session = new TerminalSession(home, ['mfa', 'enable', user, ...options], environment, '', SIZE);
  await session.waitFor(FIRST);
  return session;
}

describe.skipIf(!SUPPORTS_TERMINALS)('mfa enable at a terminal', () => {
  beforeAll(async () => {
    await sampleHome.json('user', 'create', 'alice');
    await sampleHome.json('user', 'create', LONGEST_FITTING);
    accountId = (await sampleHome.json<{ AccountId: string }>('overview')).AccountId;
  });

  it('shows the QR code, the text and the question together, also without colours', async () => {
    const session = await startEnable(sampleHome, LONGEST_FITTING, ['--color', 'never'], { NO_COLOR: '1' });
    const { screen } = session;
    const uri = `otpauth://totp/Aliyun:${LONGEST_FITTING}@${accountId}?secret=${readSeed(session)}&issuer=Aliyun`;
    for (const [, scheme] of SCHEMES) expect(decodeScreen(screen, scheme)).toBe(uri);
    const lines = screen.lines.join('\n');
    for (const part of [`${LONGEST_FITTING}@${accountId}`, 'Aliyun']) expect(lines).toContain(part);
    expect(screen.lines.at(-1)).toContain(FIRST);
    for (const line of screen.lines) expect(line.length).toBeLessThanOrEqual(80);
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

  it('that is killed after the first code leaves no device', async () => {
    const home = sampleHome.copy();
    const session = await startEnable(home, 'alice');
    session.press(`${codeAt(readSeed(session), new Date())}${ENTER}`);
    await session.waitFor(NEXT);
    session.kill();
    await session.waitForExit();
    expect(readDirectory(home)).toBe(readDirectory(sampleHome));
    expect(await home.json('mfa', 'list')).toEqual([]);
  });

  it('with --qr file: writes a private image and removes it after SIGTERM', async () => {
    const home = sampleHome.copy();
    const image = join(home.folder, 'alice.png');
    const session = await startEnable(home, 'alice', ['--qr', 'file:alice.png']);
    expect(statSync(image).mode & 0o777).toBe(0o600);
    expect(decodePng(readFileSync(image))).toContain(`secret=${readSeed(session)}&`);
    session.terminate();
    expect(await session.waitForExit()).toBe(143);
    expect(existsSync(image)).toBe(false);
    expect(readDirectory(home)).toBe(readDirectory(sampleHome));
  });
});
