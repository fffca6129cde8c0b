import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHashingRecord, recordHashing } from '../support/hashing-record.ts';
import { codeAt } from '../support/mfa.ts';
import { clockAheadBy, Home, type ProcessResult, parseError, signalBeforeHashing } from '../support/process.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const PASSWORD = 'Correct-Horse-9';
const NEW = 'Battery-Staple-7';
const LOGON = ['logon', 'alice@acme', '--password-stdin'];

/** The account acme, whose alice has a password. */
const furnished = new Home();
beforeAll(async () => {
  await furnished.json('account', 'alias', 'acme');
  await enrol(furnished, 'alice');
});

async function enrol(home: Home, name: string): Promise<void> {
  const words = ['user', 'create', name, '--console', '--password-stdin', '--password-reset', 'not-required'];
  expect((await home.ramctl(words, { input: PASSWORD })).code).toBe(0);
}

const limit = (home: Home, count: number) =>
  home.json('account', 'settings', 'set', '--max-login-attemps', String(count));
const lockedUntil = async (home: Home) =>
  (await home.json<{ LockedUntil?: string }>('login', 'get', 'alice')).LockedUntil;
const hashOf = (home: Home, name: string): string =>
  JSON.parse(readFileSync(home.directory, 'utf8')).Users.find(({ UserName = '' }) => UserName === name).LoginProfile
    .PasswordHash;

it('every refusal is the same, and costs one look at a hash like the user’s own', async () => {
  const home = furnished.copy();
  for (const name of ['carol', 'dave']) await enrol(home, name);
  await home.json('user', 'create', 'bob');
  await home.json('login', 'disable', 'carol');
  await limit(home, 1);
  const enter = (name: string, password: string) =>
    home.ramctl(['logon', name, '--password-stdin', '-o', 'json'], { input: password, before: recordHashing(home) });
  const [cost] = /^(\$[^$]+){3}/.exec(hashOf(home, 'alice')) ?? [];
  expect(cost).toBe('$argon2id$v=19$m=19456,t=2,p=1');
  const refusals: ProcessResult[] = [];
  for (const [name, password = PASSWORD] of [
    ['dave@acme', 'wrong'],
    ['dave@acme'],
    ['carol@acme'],
    ['bob@acme'],
    ['nobody@acme'],
    ['alice@initech'],
    ['alice'],
    ['alice@acme', 'wrong'],
  ] as [string, string?][]) {
    refusals.push(await enter(name, password));
    const { hashed, verified } = readHashingRecord(home);
    expect([name, hashed, verified]).toEqual([name, 0, [expect.stringContaining(`${cost}$`)]]);
  }
  for (const { code, out, err } of refusals) expect([code, out, err]).toEqual([4, '', refusals[0]?.err]);
});

describe('guesses at the same time', () => {
  it('count one by one', async () => {
    const home = furnished.copy();
    await limit(home, 9);
    const guesses = await Promise.all(Array.from({ length: 8 }, () => home.ramctl(LOGON, { input: 'wrong' })));
    expect(guesses.map(({ code }) => code)).toEqual(Array(8).fill(4));
    expect(await lockedUntil(home)).toBeUndefined();
    expect((await home.ramctl(LOGON, { input: 'wrong' })).code).toBe(4);
    expect(await lockedUntil(home)).toBeDefined();
    expect((await home.ramctl(LOGON, { input: PASSWORD })).code).toBe(4);
  });

  it('are never held against the password more often than MaxLoginAttemps allows', async () => {
    const home = furnished.copy();
    const mine = hashOf(home, 'alice');
    const inputs = Array.from({ length: 12 }, (_, at) => (at % 6 === 3 ? PASSWORD : 'wrong'));
    const ended = await Promise.all(
      inputs.map((input, at) => home.ramctl(LOGON, { input, before: recordHashing(home, `${at}.json`) })),
    );
    const looked = inputs.filter(
      (input, at) => input === 'wrong' && readHashingRecord(home, `${at}.json`).verified.includes(mine),
    );
    expect(looked.length).toBeLessThanOrEqual(5);
    expect((await lockedUntil(home)) !== undefined).toBe(looked.length === 5);
    for (const [at, { code }] of ended.entries()) if (inputs[at] === 'wrong') expect(code).toBe(4);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s while the password is looked at', (signal) => {
  it.each([PASSWORD, 'wrong'])('opens no session and says one thing: %s', async (input) => {
    const home = furnished.copy();
    const ended = await home.ramctl([...LOGON, '-o', 'json'], { input, before: signalBeforeHashing(signal) });
    expect([ended.code, ended.out]).toEqual([signal === 'SIGINT' ? 130 : 143, '']);
    expect(parseError(ended).Code).toBe('Interrupted');
    expect(await home.json('user', 'get', 'alice')).toMatchObject({ LastLoginDate: null });
  });
});

describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
  it('password, code and new password are typed, and only the code is to be seen', async () => {
    const home = furnished.copy();
    const { Base32StringSeed: seed } = await home.json<{ Base32StringSeed: string }>(
      ...['mfa', 'enable', 'alice', '--no-bind'],
    );
    // Bound by codes of a while ago, so that those of now are not used yet.
    const then = new Date(Date.now() - 300_000);
    const codes = [codeAt(seed, then), codeAt(seed, then, 1)].flatMap((code) => ['--code', code]);
    expect((await home.ramctl(['mfa', 'bind', 'alice', ...codes], { before: clockAheadBy(-300_000) })).code).toBe(0);
    await home.json('login', 'set', 'alice', '--password-reset', 'required');
    const screen = new TerminalSession(home, ['logon', 'alice@acme']);
    await screen.answer(['Password', `${PASSWORD}${ENTER}`], ['MFA code', `000${ENTER}`]);
    await screen.waitFor('six digits');
    const code = codeAt(seed, new Date());
    screen.press(`${'\u007f'.repeat(3)}${code}${ENTER}`);
    await screen.answer(
      ['New password', `${NEW}${ENTER}`],
      ['New password again', `${NEW.slice(1)}${ENTER}`],
      ['differ', `${NEW}${ENTER}`],
      ['again', `${NEW}${ENTER}`],
    );
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining('acs:ram::')]);
    expect(screen.text).toContain(code);
    expect(screen.text).not.toMatch(/Correct|Horse|Battery|Staple/);
    const words = [...LOGON, '--code', codeAt(seed, new Date(), 2), '-o', 'json'];
    const next = await home.ramctl(words, { input: NEW, before: clockAheadBy(60_000) });
    expect([next.code, JSON.parse(next.out)]).toMatchObject([0, { MFAPresent: true }]);
  });

  it('a device that is required is bound by the key on the screen', async () => {
    const home = furnished.copy();
    await home.json('login', 'set', 'alice', '--mfa', 'required');
    const screen = new TerminalSession(home, ['logon', 'alice@acme']);
    await screen.answer(['Password', `${PASSWORD}${ENTER}`]);
    await screen.waitFor('app shows now');
    const seed = (screen.text.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');
    const now = new Date();
    screen.press(`${codeAt(seed, now)}${ENTER}`);
    await screen.answer(['The next code', `${codeAt(seed, now, 1)}${ENTER}`]);
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining('verified')]);
    expect(await home.json('mfa', 'get', 'alice')).toMatchObject({ MFA: 'bound' });
  });

  it('Ctrl-C at the password is no guess', async () => {
    const home = furnished.copy();
    const screen = new TerminalSession(home, ['logon', 'alice@acme']);
    await screen.answer(['Password', `${PASSWORD}${CTRL_C}`]);
    expect([await screen.waitForExit(), screen.text]).toEqual([130, expect.stringContaining('nothing was written')]);
    expect(screen.text).not.toContain('Correct');
    expect(readFileSync(home.directory, 'utf8')).toBe(readFileSync(furnished.directory, 'utf8'));
  });
});
