import { beforeAll, describe, expect, it } from 'vitest';
import { decodePng, decodeScreen, SCHEMES } from '../../support/qr-reader.ts';
import { Screen } from '../../support/screen.ts';
import { TestWorld } from '../../support/test-world.ts';

const QUESTION = 'The code that the app shows now';
const LONGEST_FITTING = 'abcdefghijkl';
const LONG = 'abcdefghijklmn';
const world = new TestWorld();
let accountId = '';

/** Runs `mfa enable` until its first question. Returns the screen, the key on it, and the text of the QR code on it. */
async function showSetup(user: string, columns: number, rows: number, options = '') {
  const screen = new Screen({ columns, rows });
  let image: string | undefined;
  const recordScreen = (shown: string) => {
    screen.write(`${shown}? ${QUESTION}`.replaceAll('\n', '\r\n'));
    image = world.images.has('x.png') ? decodePng(world.images.get('x.png') ?? Buffer.of()) : undefined;
    return '^C';
  };
  const answers: [string, unknown][] = [[QUESTION, recordScreen]];
  await world.ramctl(`mfa enable ${user} ${options}`, { answers, width: columns, height: rows });
  const text = screen.lines.join('\n');
  const seed = (text.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');
  return { screen, text, seed, image, uri: `otpauth://totp/Aliyun:${user}@${accountId}?secret=${seed}&issuer=Aliyun` };
}

beforeAll(async () => {
  for (const user of ['alice', LONGEST_FITTING, LONG]) await world.ramctl(`user create ${user}`);
  accountId = (await world.state()).Account.AccountId;
});

describe('mfa enable', () => {
  it.each(['alice', LONGEST_FITTING])(
    'for %s shows QR code, text and question on 80 columns and 24 rows',
    async (user) => {
      const { screen, text, seed, uri } = await showSetup(user, 80, 24);
      expect(seed).toMatch(/^[A-Z2-7]{32}$/);
      for (const [, scheme] of SCHEMES) expect(decodeScreen(screen, scheme)).toBe(uri);
      for (const part of [`${user}@${accountId}`, 'Aliyun', QUESTION]) expect(text).toContain(part);
    },
  );

  it.each([
    ['alice', 60, 40],
    ['alice', 45, 36],
    [LONG, 80, 30],
  ])('for %s on %i columns and %i rows shows a QR code', async (user, columns, rows) => {
    const { screen, uri } = await showSetup(user, columns, rows);
    for (const [, scheme] of SCHEMES) expect(decodeScreen(screen, scheme)).toBe(uri);
  });

  it.each([
    ['alice', 44, 60],
    ['alice', 80, 23],
    ['alice', 33, 30],
    [LONG, 80, 24],
  ])('for %s on %i columns and %i rows shows only the key, and how to get a QR code', async (user, columns, rows) => {
    const { text, seed } = await showSetup(user, columns, rows);
    expect(text).not.toMatch(/[█▀▄]/);
    expect(seed).toHaveLength(32);
    expect(text.replace(/\s+/g, ' ')).toMatch(/The QR code needs a terminal of .* --qr file:/);
  });

  it('with --qr none shows only the key', async () => {
    const { text, seed } = await showSetup('alice', 80, 24, '--qr none');
    expect([seed.length, text]).toEqual([32, expect.not.stringMatching(/[█▀▄]|needs a terminal/)]);
  });

  it('with --qr file: writes an image before the first code, and removes it when the command is cancelled', async () => {
    const { text, image, uri } = await showSetup('alice', 80, 24, '--qr file:x.png');
    expect([image, text]).toEqual([uri, expect.not.stringMatching(/[█▀▄]/)]);
    expect([...world.images]).toEqual([]);
  });
});
