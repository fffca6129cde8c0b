import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { readHashingRecord, recordHashing } from '../support/hashing-record.ts';
import {
  Home,
  killAtFileStep,
  type ProcessResult,
  parseError,
  seededRandom,
  signalBeforeHashing,
} from '../support/process.ts';
import { CTRL_C, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const MANY = 1_000;
/** Hashing takes most of the time. `npm run bench` hashes 1,000. */
const HASHED = 100;
const FEW = 24;
const MEGABYTES = 300;
const LATER = { aheadMs: 120_000 };

interface Summary {
  UserName: string;
  Console: boolean;
  AccessKeys: number;
}

/** Numbers that no alphabet would put in this order. */
const nameOf = (index: number) => `user-${(index * 7) % MANY}`;
const names = (count: number) => Array.from({ length: count }, (_, index) => nameOf(index));
const csv = (header: string, rows: string[]) => `${[header, ...rows].join('\n')}\n`;
/** Users with console logon and an AccessKey. */
const both = (count: number) =>
  csv(
    'UserName,Console,AccessKey',
    names(count).map((name) => `${name},yes,yes`),
  );
const keysOnly = (count: number) =>
  csv(
    'UserName,AccessKey',
    names(count).map((name) => `${name},yes`),
  );

/** A directory with one user, who is nobody's row. */
async function furnished(): Promise<Home> {
  const home = new Home();
  await home.json('user', 'create', 'alice', '--console', '--access-key');
  return home;
}

const textOf = (home: Home) => readFileSync(home.directory, 'utf8');
const recordsOf = (home: Home): { UserName: string; AccessKeys: unknown[] }[] => JSON.parse(textOf(home)).Users;
const revisionOf = (home: Home): number => JSON.parse(textOf(home)).Revision;
const sinkOf = (home: Home): Record<string, string>[] => parse(home.read('users.csv'), { columns: true });

describe('hundreds of users', () => {
  it('with console logon and AccessKey come in the order of the rows, at once and in little memory', {
    timeout: 120_000,
  }, async () => {
    const home = await furnished();
    const before = revisionOf(home);
    const words = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-o', 'csv', '--query', '[].UserName'];
    const { code, out, err } = await home.ramctl(words, {
      input: both(HASHED),
      before: recordHashing(home),
      limit: 110_000,
    });
    expect([code, out.trim().split(/\r?\n/).slice(-HASHED)]).toEqual([0, names(HASHED)]);
    expect(err.match(/hashing passwords.*\n/g)).toEqual([`hashing passwords: ${HASHED}\n`]);
    expect(err).not.toContain('\u001b');
    const { hashed, megabytes } = readHashingRecord(home);
    expect([hashed, megabytes < MEGABYTES]).toEqual([HASHED, true]);
    expect(revisionOf(home)).toBe(before + 1);

    expect(statSync(join(home.folder, 'users.csv')).mode & 0o777).toBe(0o600);
    const credentials = sinkOf(home);
    expect(credentials.map(({ UserPrincipalName }) => UserPrincipalName?.split('@')[0])).toEqual(names(HASHED));
    for (const member of ['Password', 'AccessKeyId', 'AccessKeySecret']) {
      expect(new Set(credentials.map((each) => each[member])).size).toBe(HASHED);
    }
    const users = await home.json<Summary[]>('user', 'list');
    expect(users.filter(({ Console, AccessKeys }) => Console && AccessKeys === 1)).toHaveLength(HASHED + 1);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });

    // Any of the passwords opens a session.
    const { UserPrincipalName = '', Password = '' } = credentials[HASHED / 2] ?? {};
    home.write('new', 'Correct-Horse-9');
    const logon = ['logon', UserPrincipalName, '--password-stdin', '--new-password-file', 'new'];
    expect((await home.run(logon, { input: Password })).code).toBe(0);
  });

  it('with AccessKeys come from a file, and leave the passwords alone', async () => {
    const home = await furnished();
    const before = revisionOf(home);
    home.write('users.csv', keysOnly(MANY));
    const { code, out, err } = await home.ramctl(['user', 'import', 'users.csv', '-o', 'json'], {
      before: recordHashing(home),
    });
    const made: { UserName: string; AccessKey: { AccessKeySecret: string } }[] = JSON.parse(out);
    expect([code, err, made.map(({ UserName }) => UserName)]).toEqual([0, '', names(MANY)]);
    expect(new Set(made.map(({ AccessKey }) => AccessKey.AccessKeySecret)).size).toBe(MANY);
    expect([readHashingRecord(home).hashed, revisionOf(home)]).toEqual([0, before + 1]);
  });

  it('of whom three are wrong change nothing, hash nothing, and name the three', async () => {
    const home = await furnished();
    await home.json('group', 'create', 'staff');
    const before = textOf(home);
    const rows = names(MANY).map((name) => `${name},yes,yes,`);
    rows[99] = 'alice,yes,yes,';
    rows[499] = `${nameOf(3).toUpperCase()},yes,yes,`;
    rows[999] = `${nameOf(999)},yes,yes,staff;nobody`;
    const words = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-o', 'json'];
    const failed = await home.ramctl(words, {
      input: csv('UserName,Console,AccessKey,Groups', rows),
      before: recordHashing(home),
    });
    expect([failed.code, failed.out]).toEqual([1, '']);
    const { Code, Errors } = parseError(failed) as { Code: string; Errors?: object[] };
    expect([Code, Errors]).toMatchObject([
      'InvalidRows',
      [
        { Row: 101, Code: 'EntityAlreadyExists.User', Field: 'UserName' },
        { Row: 501, Code: 'EntityAlreadyExists.User', Field: 'UserName' },
        { Row: 1001, Code: 'EntityNotExist.Group', Field: 'Groups' },
      ],
    ]);
    expect([readHashingRecord(home).hashed, Errors?.length]).toEqual([0, 3]);
    expect(textOf(home) === before).toBe(true);
    expect(readdirSync(home.folder).sort()).toEqual(['hashing.json', 'ramctl']);
  });
});

it('for those who exist already and are skipped, no password is hashed', async () => {
  const home = await furnished();
  await home.run(['user', 'import', '-', '-q'], { input: keysOnly(FEW) });
  const words = ['user', 'import', '-', '--skip-existing', '-o', 'json'];
  const input = `${both(FEW)}newcomer,yes,yes\n`;
  const { code, out } = await home.ramctl(words, { input, before: recordHashing(home) });
  expect([code, JSON.parse(out)]).toMatchObject([0, [{ UserName: 'newcomer' }]]);
  expect(readHashingRecord(home).hashed).toBe(1);
});

it('a signal ends the hashing, and does not wait for the rest of it', async () => {
  const words = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-q'];
  const input = both(5 * FEW);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const home = new Home();
    const before = `${recordHashing(home)} { ${signalBeforeHashing(signal)} }`;
    const ended = await home.ramctl(words, { input, before });
    expect([ended.code, ended.err]).toEqual([code, 'error: interrupted; nothing was written\n']);
    expect(readdirSync(home.folder)).toEqual(['hashing.json']);
    expect(readHashingRecord(home).hashed).toBeLessThan(2 * FEW);
  }
});

describe('killed', () => {
  const IMPORT = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-q'];

  /** Whether the import was made; all of it was, or nothing. */
  async function isMade(home: Home, count: number, ended: ProcessResult): Promise<boolean> {
    expect((await home.run(['directory', 'check'], LATER)).code).toBe(0);
    expect(home.files()).toEqual(['directory.json', 'directory.key']);
    const users = recordsOf(home).filter(({ UserName }) => UserName !== 'alice');
    expect(users.map(({ UserName }) => UserName).sort()).toEqual(users.length > 0 ? names(count).sort() : []);
    expect(users.filter(({ AccessKeys }) => AccessKeys.length !== 1)).toEqual([]);
    if (ended.code === 0) expect(users).toHaveLength(count);
    // Whatever stands under the name of the sink is complete, and never about users who were not made.
    const sink = readdirSync(home.folder).includes('users.csv') ? sinkOf(home) : [];
    if (sink.length > 0 || ended.code === 0) {
      expect([users.length, sink.length]).toEqual([count, count]);
      expect(sink.filter(({ AccessKeySecret }) => AccessKeySecret?.length !== 30)).toEqual([]);
    }
    return users.length > 0;
  }

  it('at any moment, all exist or none', { timeout: 120_000 }, async () => {
    const first = await furnished();
    const whole = await first.copy().ramctl(IMPORT, { input: both(FEW) });
    const chance = seededRandom(20190815);
    const shell = async () => {
      for (let turn = 0; turn < 4; turn++) {
        const home = first.copy();
        const killAfter = whole.milliseconds * (0.2 + 1.3 * chance());
        await isMade(home, FEW, await home.ramctl(IMPORT, { input: both(FEW), killAfter }));
      }
    };
    await Promise.all([shell(), shell()]);
  });

  it('at each of its steps, all exist or none', { timeout: 120_000 }, async () => {
    const first = await furnished();
    const at = async (step: number) => {
      const home = first.copy();
      const ended = await home.ramctl(IMPORT, { input: keysOnly(FEW), before: killAtFileStep(step, home.folder) });
      return { made: await isMade(home, FEW, ended), killed: ended.code === null };
    };
    const seen: { made: boolean; killed: boolean }[] = [];
    while (!seen.some(({ killed }) => !killed)) {
      const steps = Array.from({ length: 10 }, (_, ahead) => seen.length + 1 + ahead);
      seen.push(...(await Promise.all(steps.map(at))));
    }
    // It begins with nothing and ends with everything, and there is no way back in between.
    const made = seen.map((each) => each.made);
    expect(made).toEqual(made.toSorted((left, right) => Number(left) - Number(right)));
    expect([made[0], seen.findIndex(({ killed }) => !killed) > 8]).toEqual([false, true]);
  });
});

describe('progress', () => {
  const IMPORT = ['user', 'import', 'users.csv', '--secret-to', 'file:secrets.csv'];
  const ready = (content = both(FEW)) => {
    const home = new Home();
    home.write('users.csv', content);
    return home;
  };

  it('is one line where nobody watches, and none when it is told to be quiet', async () => {
    const { code, err } = await ready().run(IMPORT);
    expect([code, err]).toEqual([0, expect.stringMatching(/^hashing passwords: 24\nremark: [^\n]*\n$/)]);
    expect(await ready().run([...IMPORT, '--quiet'])).toMatchObject({ code: 0, err: '' });
    const { err: none } = await ready(keysOnly(FEW)).run(IMPORT);
    expect(none).not.toContain('hashing');
  });

  it('of an import that fails is not there: -o json writes one object', async () => {
    for (const [content, words, exit] of [
      [both(FEW), ['--secret-to', 'file:nowhere/users.csv'], 5],
      [both(FEW), ['--query', '[].UserName'], 2],
      [`${both(FEW)}${nameOf(0)},yes,yes\n`, [], 1],
    ] as const) {
      const failed = await ready(content).run(['user', 'import', 'users.csv', ...words, '-o', 'json']);
      expect([failed.code, failed.out, parseError(failed).Code]).toEqual([exit, '', expect.any(String)]);
    }
    const gone = await ready().ramctl(['user', 'import', 'users.csv', '-o', 'json'], { stdout: 'gone' });
    expect([gone.code, parseError(gone).Code]).toEqual([5, 'DeliveryFailed']);
  });

  describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
    it('is a bar that is gone at the end', async () => {
      const screen = new TerminalSession(
        ready(),
        [...IMPORT, '-o', 'csv', '--query', '[].UserName'],
        {},
        '>result.csv',
      );
      expect(await screen.waitForExit()).toBe(0);
      expect(screen.text).toMatch(/hashing passwords \[-+\] 0\/24/);
      expect(screen.lines.filter((line) => line !== '')).toEqual([expect.stringMatching(/^remark: RAM recommends/)]);
      // A setting of the terminal that is changed would outlast a kill.
      expect(screen.shown).not.toMatch(/\u001b\[\?7[hl]/);
    });

    it('leaves the result as it is', async () => {
      const screen = new TerminalSession(ready(), [...IMPORT, '-o', 'csv', '--query', '[].UserName']);
      expect(await screen.waitForExit()).toBe(0);
      expect(screen.lines.filter((line) => !line.startsWith('remark:')).slice(0, FEW + 1)).toEqual([
        'Value',
        ...names(FEW),
      ]);
      expect(screen.lines.join()).not.toContain('hashing');
    });

    it.skipIf(!existsSync('/dev/full'))('is gone as well when the delivery fails', async () => {
      const screen = new TerminalSession(ready(), ['user', 'import', 'users.csv'], {}, '>/dev/full');
      expect(await screen.waitForExit()).toBe(5);
      expect(screen.text).toContain('0/24');
      expect(screen.lines.filter((line) => line !== '')).toEqual([
        expect.stringMatching(/^error: .*nothing was changed$/),
      ]);
    });

    it('is gone as well after Ctrl-C, which makes nothing', async () => {
      const home = ready(both(8 * FEW));
      const screen = new TerminalSession(home, IMPORT);
      await screen.answer(['0/192', CTRL_C]);
      expect(await screen.waitForExit()).toBe(130);
      expect(screen.lines.join('\n')).not.toContain('hashing');
      expect(screen.lines).toContain('error: interrupted; nothing was written');
      expect([home.files(), readdirSync(home.folder)]).toEqual([[], ['users.csv']]);
    });

    it('is not drawn for -o json, which may end in an error object', async () => {
      const screen = new TerminalSession(ready(), [...IMPORT, '-o', 'json', '--query', '[0].UserName']);
      expect(await screen.waitForExit()).toBe(0);
      expect(screen.text).not.toContain('[=');
    });
  });
});
