import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHashingRecord, recordHashing } from '../support/hashing-record.ts';
import { codeAt } from '../support/mfa.ts';
import { clockAheadBy, Home, type ProcessResult, parseError, signalBeforeHashing } from '../support/process.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const PASSWORD = 'Correct-Horse-9';
const NEW_PASSWORD = 'Battery-Staple-7';
const LOGON = ['logon', 'alice@acme', '--password-stdin'];

/** A home with the account acme and the user alice with a password. */
const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('account', 'alias', 'acme');
  await createUserWithPassword(sampleHome, 'alice');
});

async function createUserWithPassword(home: Home, name: string): Promise<void> {
  const args = ['user', 'create', name, '--console', '--password-stdin', '--password-reset', 'not-required'];
  expect((await home.run(args, { input: PASSWORD })).code).toBe(0);
}

const setMaxAttempts = (home: Home, count: number) =>
  home.json('account', 'settings', 'set', '--max-login-attemps', String(count));
const readLockedUntil = async (home: Home) =>
  (await home.json<{ LockedUntil?: string }>('login', 'get', 'alice')).LockedUntil;
const readHash = (home: Home, name: string): string =>
  JSON.parse(readFileSync(home.directory, 'utf8')).Users.find(({ UserName = '' }) => UserName === name).LoginProfile
    .PasswordHash;

it('all refusals are the same and verify one hash of the same cost', async () => {
  const home = sampleHome.copy();
  for (const name of ['carol', 'dave']) await createUserWithPassword(home, name);
  await home.json('user', 'create', 'bob');
  await home.json('login', 'disable', 'carol');
  await setMaxAttempts(home, 1);
  const logOn = (name: string, password: string) =>
    home.ramctl(['logon', name, '--password-stdin', '-o', 'json'], { input: password, before: recordHashing(home) });
  const [cost] = /^(\$[^$]+){3}/.exec(readHash(home, 'alice')) ?? [];
  expect(cost).toBe('$argon2id$v=19$m=19456,t=2,p=1');
  const refusals: ProcessResult[] = [];
  for (const [name, password = PASSWORD] of [
    ['dave@acme', 'wrong'],
    ['dave@acme'],
    ['carol@acme'],
    ['bob@acme'],
    ['unknown@acme'],
    ['alice@initech'],
    ['alice'],
    ['alice@acme', 'wrong'],
  ] as [string, string?][]) {
    refusals.push(await logOn(name, password));
    const { hashed, verified } = readHashingRecord(home);
    expect([name, hashed, verified]).toEqual([name, 0, [expect.stringContaining(`${cost}$`)]]);
  }
  for (const { code, out, err } of refusals) expect([code, out, err]).toEqual([4, '', refusals[0]?.err]);
});

describe('concurrent logons with a wrong password', () => {
  it('are all counted', async () => {
    const home = sampleHome.copy();
    await setMaxAttempts(home, 6);
    const results = await Promise.all(Array.from({ length: 5 }, () => home.ramctl(LOGON, { input: 'wrong' })));
    expect(results.map(({ code }) => code)).toEqual(Array(5).fill(4));
    expect(await readLockedUntil(home)).toBeUndefined();
    expect((await home.run(LOGON, { input: 'wrong' })).code).toBe(4);
    expect(await readLockedUntil(home)).toBeDefined();
    expect((await home.run(LOGON, { input: PASSWORD })).code).toBe(4);
  });

  it('are compared with the password at most MaxLoginAttemps times', async () => {
    const home = sampleHome.copy();
    const aliceHash = readHash(home, 'alice');
    const inputs = Array.from({ length: 8 }, (_, index) => (index % 6 === 3 ? PASSWORD : 'wrong'));
    const results = await Promise.all(
      inputs.map((input, index) => home.ramctl(LOGON, { input, before: recordHashing(home, `${index}.json`) })),
    );
    const comparedInputs = inputs.filter(
      (input, index) => input === 'wrong' && readHashingRecord(home, `${index}.json`).verified.includes(aliceHash),
    );
    expect(comparedInputs.length).toBeLessThanOrEqual(5);
    expect((await readLockedUntil(home)) !== undefined).toBe(comparedInputs.length === 5);
    for (const [index, { code }] of results.entries()) if (inputs[index] === 'wrong') expect(code).toBe(4);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  });
});

it.each([
  ['SIGINT', PASSWORD, 130],
  ['SIGTERM', 'wrong', 143],
] as const)(
  '%s during password verification starts no session and prints only the interruption: password %s',
  async (signal, input, code) => {
    const home = sampleHome.copy();
    const result = await home.ramctl([...LOGON, '-o', 'json'], { input, before: signalBeforeHashing(signal) });
    expect([result.code, result.out]).toEqual([code, '']);
    expect(parseError(result).Code).toBe('Interrupted');
    expect(await home.json('user', 'get', 'alice')).toMatchObject({ LastLoginDate: null });
  },
);

describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
  it('logon asks for password, code and new password, and shows only the code', async () => {
    const home = sampleHome.copy();
    const { Base32StringSeed: seed } = await home.json<{ Base32StringSeed: string }>(
      ...['mfa', 'enable', 'alice', '--no-bind'],
    );
    // The device is bound with earlier codes, so that the current codes are not used yet.
    const bindTime = new Date(Date.now() - 300_000);
    const codes = [codeAt(seed, bindTime), codeAt(seed, bindTime, 1)].flatMap((code) => ['--code', code]);
    expect((await home.ramctl(['mfa', 'bind', 'alice', ...codes], { before: clockAheadBy(-300_000) })).code).toBe(0);
    await home.json('login', 'set', 'alice', '--password-reset', 'required');
    const screen = new TerminalSession(home, ['logon', 'alice@acme']);
    await screen.answer(['Password', `${PASSWORD}${ENTER}`], ['MFA code', `000${ENTER}`]);
    await screen.waitFor('six digits');
    const code = codeAt(seed, new Date());
    screen.press(`${'\u007f'.repeat(3)}${code}${ENTER}`);
    await screen.answer(
      ['New password', `${NEW_PASSWORD}${ENTER}`],
      ['New password again', `${NEW_PASSWORD.slice(1)}${ENTER}`],
      ['differ', `${NEW_PASSWORD}${ENTER}`],
      ['again', `${NEW_PASSWORD}${ENTER}`],
    );
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining('acs:ram::')]);
    expect(screen.text).toContain(code);
    expect(screen.text).not.toMatch(/Correct|Horse|Battery|Staple/);
    const args = [...LOGON, '--code', codeAt(seed, new Date(), 2), '-o', 'json'];
    const next = await home.ramctl(args, { input: NEW_PASSWORD, before: clockAheadBy(60_000) });
    expect([next.code, JSON.parse(next.out)]).toMatchObject([0, { MFAPresent: true }]);
  });

  it('a logon that requires an MFA device binds one with the key on the screen', async () => {
    const home = sampleHome.copy();
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

  it('Ctrl-C at the password is not counted as a failed logon', async () => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['logon', 'alice@acme']);
    await screen.answer(['Password', `${PASSWORD}${CTRL_C}`]);
    expect([await screen.waitForExit(), screen.text]).toEqual([130, expect.stringContaining('nothing was written')]);
    expect(screen.text).not.toContain('Correct');
    expect(readFileSync(home.directory, 'utf8')).toBe(readFileSync(sampleHome.directory, 'utf8'));
  });
});
