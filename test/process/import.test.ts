import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { readHashingRecord, recordHashing } from '../support/hashing-record.ts';
import { Home, type Outcome, parseError, signalBeforeHashing } from '../support/process.ts';
import { killAtEachStep } from '../support/rotation.ts';
import { CTRL_C, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

/** The number of rows without passwords. */
const KEY_ROWS = 300;
/** The number of rows with passwords. Hashing is slow; `npm run bench` imports 1,000 such rows. */
const PASSWORD_ROWS = 6;
/** The number of rows where the number does not matter. */
const FEW_ROWS = 4;
const MAX_MEGABYTES = 300;
const LATER = { aheadMs: 120_000 };

interface Summary {
  UserName: string;
  Console: boolean;
  AccessKeys: number;
}

/** The name of the user in a row. The names are not in alphabetical order. */
const nameOf = (index: number) => `user-${(index * 7) % KEY_ROWS}`;
const names = (count: number) => Array.from({ length: count }, (_, index) => nameOf(index));
const csv = (header: string, rows: string[]) => `${[header, ...rows].join('\n')}\n`;
/** A CSV file of users with console logon and an AccessKey. */
const consoleAndKeyCsv = (count: number) =>
  csv(
    'UserName,Console,AccessKey',
    names(count).map((name) => `${name},yes,yes`),
  );
/** A CSV file of users with an AccessKey. */
const keyCsv = (count: number) =>
  csv(
    'UserName,AccessKey',
    names(count).map((name) => `${name},yes`),
  );

/** A home whose directory has one user, alice, who is in none of the files. */
async function createSampleHome(): Promise<Home> {
  const home = new Home();
  await home.json('user', 'create', 'alice', '--console', '--access-key');
  return home;
}

const readDirectory = (home: Home) => readFileSync(home.directory, 'utf8');
const readUsers = (home: Home): { UserName: string; AccessKeys: unknown[] }[] => JSON.parse(readDirectory(home)).Users;
const readRevision = (home: Home): number => JSON.parse(readDirectory(home)).Revision;
const readSecrets = (home: Home): Record<string, string>[] => parse(home.read('users.csv'), { columns: true });

describe('an import of hundreds of users', () => {
  it('with passwords and AccessKeys is one change, prints the users in the order of the rows and needs little memory', {
    timeout: 120_000,
  }, async () => {
    const home = await createSampleHome();
    const before = readRevision(home);
    const args = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-o', 'csv', '--query', '[].UserName'];
    const { code, out, err } = await home.ramctl(args, {
      input: consoleAndKeyCsv(PASSWORD_ROWS),
      before: recordHashing(home),
      limit: 110_000,
    });
    expect([code, out.trim().split(/\r?\n/).slice(-PASSWORD_ROWS)]).toEqual([0, names(PASSWORD_ROWS)]);
    expect(err.match(/hashing passwords.*\n/g)).toEqual([`hashing passwords: ${PASSWORD_ROWS}\n`]);
    expect(err).not.toContain('\u001b');
    const { hashed, megabytes } = readHashingRecord(home);
    expect([hashed, megabytes < MAX_MEGABYTES]).toEqual([PASSWORD_ROWS, true]);
    expect(readRevision(home)).toBe(before + 1);

    expect(statSync(join(home.folder, 'users.csv')).mode & 0o777).toBe(0o600);
    const credentials = readSecrets(home);
    expect(credentials.map(({ UserPrincipalName }) => UserPrincipalName?.split('@')[0])).toEqual(names(PASSWORD_ROWS));
    for (const member of ['Password', 'AccessKeyId', 'AccessKeySecret']) {
      expect(new Set(credentials.map((row) => row[member])).size).toBe(PASSWORD_ROWS);
    }
    const users = await home.json<Summary[]>('user', 'list');
    expect(users.filter(({ Console, AccessKeys }) => Console && AccessKeys === 1)).toHaveLength(PASSWORD_ROWS + 1);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });

    // The users can log on with the passwords in the file.
    const { UserPrincipalName = '', Password = '' } = credentials[PASSWORD_ROWS / 2] ?? {};
    home.write('new', 'Correct-Horse-9');
    const logon = ['logon', UserPrincipalName, '--password-stdin', '--new-password-file', 'new'];
    expect((await home.run(logon, { input: Password })).code).toBe(0);
  });

  it('with AccessKeys from a file hashes no passwords', async () => {
    const home = await createSampleHome();
    const before = readRevision(home);
    home.write('users.csv', keyCsv(KEY_ROWS));
    const { code, out, err } = await home.ramctl(['user', 'import', 'users.csv', '-o', 'json'], {
      before: recordHashing(home),
    });
    const created: { UserName: string; AccessKey: { AccessKeySecret: string } }[] = JSON.parse(out);
    expect([code, err, created.map(({ UserName }) => UserName)]).toEqual([0, '', names(KEY_ROWS)]);
    expect(new Set(created.map(({ AccessKey }) => AccessKey.AccessKeySecret)).size).toBe(KEY_ROWS);
    expect([readHashingRecord(home).hashed, readRevision(home)]).toEqual([0, before + 1]);
  });

  it('with three invalid rows changes nothing, hashes no passwords and reports the three rows', async () => {
    const home = await createSampleHome();
    await home.json('group', 'create', 'staff');
    const before = readDirectory(home);
    const rows = names(KEY_ROWS).map((name) => `${name},yes,yes,`);
    rows[99] = 'alice,yes,yes,';
    rows[199] = `${nameOf(3).toUpperCase()},yes,yes,`;
    rows[299] = `${nameOf(299)},yes,yes,staff;nobody`;
    const args = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-o', 'json'];
    const failed = await home.ramctl(args, {
      input: csv('UserName,Console,AccessKey,Groups', rows),
      before: recordHashing(home),
    });
    expect([failed.code, failed.out]).toEqual([1, '']);
    const { Code, Errors } = parseError(failed) as { Code: string; Errors?: object[] };
    expect([Code, Errors]).toMatchObject([
      'InvalidRows',
      [
        { Row: 101, Code: 'EntityAlreadyExists.User', Field: 'UserName' },
        { Row: 201, Code: 'DuplicateRow', Field: 'UserName' },
        { Row: 301, Code: 'EntityNotExist.Group', Field: 'Groups' },
      ],
    ]);
    expect([readHashingRecord(home).hashed, Errors?.length]).toEqual([0, 3]);
    expect(readDirectory(home) === before).toBe(true);
    expect(readdirSync(home.folder).sort()).toEqual(['hashing.json', 'ramctl']);
  });
});

it('an import with --skip-existing hashes no passwords for the users that it skips', async () => {
  const home = await createSampleHome();
  await home.run(['user', 'import', '-', '-q'], { input: keyCsv(FEW_ROWS) });
  const args = ['user', 'import', '-', '--skip-existing', '-o', 'json'];
  const input = `${consoleAndKeyCsv(FEW_ROWS)}newcomer,yes,yes\n`;
  const { code, out } = await home.ramctl(args, { input, before: recordHashing(home) });
  expect([code, JSON.parse(out)]).toMatchObject([0, [{ UserName: 'newcomer' }]]);
  expect(readHashingRecord(home).hashed).toBe(1);
});

it('a signal ends an import during password hashing', async () => {
  const args = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-q'];
  const input = consoleAndKeyCsv(120);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const home = new Home();
    const before = `${recordHashing(home)} { ${signalBeforeHashing(signal)} }`;
    const result = await home.ramctl(args, { input, before });
    expect([result.code, result.err]).toEqual([code, 'error: interrupted; nothing was written\n']);
    expect(readdirSync(home.folder)).toEqual(['hashing.json']);
    expect(readHashingRecord(home).hashed).toBeLessThan(48);
  }
});

describe('an import that is killed', () => {
  const IMPORT = ['user', 'import', '-', '--secret-to', 'file:users.csv', '-q'];

  /** Expects that all users were imported or none, and that the secret file matches. Returns whether they were. */
  async function expectAllOrNone(home: Home, count: number, result: Outcome): Promise<boolean> {
    expect((await home.run(['directory', 'check'], LATER)).code).toBe(0);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
    const users = readUsers(home).filter(({ UserName }) => UserName !== 'alice');
    expect(users.map(({ UserName }) => UserName).sort()).toEqual(users.length > 0 ? names(count).sort() : []);
    expect(users.filter(({ AccessKeys }) => AccessKeys.length !== 1)).toEqual([]);
    if (result.code === 0) expect(users).toHaveLength(count);
    // The secret file is missing or complete, and contains no users who were not imported.
    const secrets = readdirSync(home.folder).includes('users.csv') ? readSecrets(home) : [];
    if (secrets.length > 0 || result.code === 0) {
      expect([users.length, secrets.length]).toEqual([count, count]);
      expect(secrets.filter(({ AccessKeySecret }) => AccessKeySecret?.length !== 30)).toEqual([]);
    }
    return users.length > 0;
  }

  it('at each file step creates all users or none', { timeout: 120_000 }, async () => {
    const sampleHome = await createSampleHome();
    /** Whether the users exist after a kill at each step. The last ones are not killed. */
    const created: boolean[] = [];
    const killAt = async (step: number): Promise<boolean> => {
      const home = sampleHome.copy();
      const stopAt = { step, folder: home.folder };
      const result = await home.run(IMPORT, { input: keyCsv(FEW_ROWS), stopAt });
      created[step - 1] = await expectAllOrNone(home, FEW_ROWS, result);
      return result.wasStopped === true;
    };
    const kills = await killAtEachStep(killAt);
    // After a kill at an early step no user exists; after a kill at a late step all users exist.
    expect(created).toEqual(created.toSorted((left, right) => Number(left) - Number(right)));
    expect([created[0], created.at(-1), kills > 8]).toEqual([false, true, true]);
  });
});

describe('the progress of password hashing', () => {
  const IMPORT = ['user', 'import', 'users.csv', '--secret-to', 'file:secrets.csv'];
  const createHomeWithRows = (content = consoleAndKeyCsv(FEW_ROWS)) => {
    const home = new Home();
    home.write('users.csv', content);
    return home;
  };
  const CREATED = expect.stringMatching(/^remark: Created the directory /);

  it('is one line without a terminal, and no line with --quiet or without passwords', async () => {
    const { code, err } = await createHomeWithRows().run(IMPORT);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^hashing passwords: 4\nremark: Created .*\nremark: RAM [^\n]*\n$/),
    ]);
    expect(await createHomeWithRows().run([...IMPORT, '--quiet'])).toMatchObject({ code: 0, err: '' });
    const { err: errWithoutPasswords } = await createHomeWithRows(keyCsv(FEW_ROWS)).run(IMPORT);
    expect(errWithoutPasswords).not.toContain('hashing');
  });

  it('is not shown if an import with -o json fails, so that stderr is one error object', async () => {
    for (const [content, args, exit] of [
      [consoleAndKeyCsv(FEW_ROWS), ['--secret-to', 'file:nowhere/users.csv'], 5],
      [consoleAndKeyCsv(FEW_ROWS), ['--query', '[].UserName'], 2],
      [`${consoleAndKeyCsv(FEW_ROWS)}${nameOf(0)},yes,yes\n`, [], 1],
    ] as const) {
      const failed = await createHomeWithRows(content).run(['user', 'import', 'users.csv', ...args, '-o', 'json']);
      expect([failed.code, failed.out, parseError(failed).Code]).toEqual([exit, '', expect.any(String)]);
    }
    const undelivered = await createHomeWithRows().ramctl(['user', 'import', 'users.csv', '-o', 'json'], {
      stdout: 'gone',
    });
    expect([undelivered.code, parseError(undelivered).Code]).toEqual([5, 'DeliveryFailed']);
  });

  describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
    it('is a bar that is erased at the end', async () => {
      const screen = new TerminalSession(
        createHomeWithRows(),
        [...IMPORT, '-o', 'csv', '--query', '[].UserName'],
        {},
        '>result.csv',
      );
      expect(await screen.waitForExit()).toBe(0);
      expect(screen.text).toMatch(/hashing passwords \[-+\] 0\/4/);
      expect(screen.lines.filter((line) => line !== '')).toEqual([
        CREATED,
        expect.stringMatching(/^remark: RAM recommends/),
      ]);
      // The line wrap setting is not changed, because it would stay changed after a kill.
      expect(screen.shown).not.toMatch(/\u001b\[\?7[hl]/);
    });

    it('does not change the result', async () => {
      const screen = new TerminalSession(createHomeWithRows(), [...IMPORT, '-o', 'csv', '--query', '[].UserName']);
      expect(await screen.waitForExit()).toBe(0);
      expect(screen.lines.filter((line) => !line.startsWith('remark:')).slice(0, FEW_ROWS + 1)).toEqual([
        'Value',
        ...names(FEW_ROWS),
      ]);
      expect(screen.lines.join()).not.toContain('hashing');
    });

    it.skipIf(!existsSync('/dev/full'))('is erased if the delivery fails', async () => {
      const screen = new TerminalSession(createHomeWithRows(), ['user', 'import', 'users.csv'], {}, '>/dev/full');
      expect(await screen.waitForExit()).toBe(5);
      expect(screen.text).toContain('0/4');
      expect(screen.lines.filter((line) => line !== '')).toEqual([
        CREATED,
        expect.stringMatching(/^error: .*only the empty directory .* was created$/),
      ]);
    });

    it('is erased after Ctrl-C, which creates no users', async () => {
      const home = createHomeWithRows(consoleAndKeyCsv(192));
      const screen = new TerminalSession(home, IMPORT);
      await screen.answer(['0/192', CTRL_C]);
      expect(await screen.waitForExit()).toBe(130);
      expect(screen.lines.join('\n')).not.toContain('hashing');
      expect(screen.lines).toContain('error: interrupted; nothing was written');
      expect([home.files(), readdirSync(home.folder)]).toEqual([[], ['users.csv']]);
    });

    it('is not shown with -o json, because the command can fail with an error object', async () => {
      const screen = new TerminalSession(createHomeWithRows(), [...IMPORT, '-o', 'json', '--query', '[0].UserName']);
      expect(await screen.waitForExit()).toBe(0);
      expect(screen.text).not.toContain('[=');
    });
  });
});
