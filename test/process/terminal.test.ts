import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/mfa.ts';
import { Home } from '../support/process.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const DOWN = '\u001b[B';
const CTRL_D = '\u0004';
const CTRL_T = '\u0014';
const CTRL_U = '\u0015';
const TAB = '\t';
const PASSWORD = 'Correct-Horse-9';
const sampleHome = new Home();
const readDirectory = (home: Home) => readFileSync(home.directory, 'utf8');

/** The questions of `user create` and the keys that answer them. */
const WIZARD: [string, string][] = [
  ['User name', `bob${ENTER}`],
  ['Display name', `Bob Wu${ENTER}`],
  ['Comments', ENTER],
  ['console logon', ENTER],
  ['type one', `${DOWN}${ENTER}`],
  ['New password', `${PASSWORD}${ENTER}`],
  ['New password again', `${PASSWORD}${ENTER}`],
  ['next logon?', `n${ENTER}`],
  ['Require an MFA device', ENTER],
  ['none', ENTER],
  ['Add another user?', ENTER],
  ['Create this user?', ENTER],
];

describe.skipIf(!SUPPORTS_TERMINALS)('at a terminal', () => {
  beforeAll(async () => {
    await sampleHome.json('user', 'create', 'alice');
  });

  it('user create creates the user that was typed, and does not show the typed password', async () => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['user', 'create']);
    await screen.answer(...WIZARD);
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining('ramctl user create bob')]);
    expect(screen.text).not.toContain('Correct');
    expect(await home.json('user', 'get', 'bob')).toMatchObject({
      DisplayName: 'Bob Wu',
      LoginProfile: { PasswordResetRequired: false, MFABindRequired: false },
    });
  });

  it('Ctrl-T does not show a typed password', async () => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['user', 'create']);
    const typed = `${PASSWORD.slice(0, 9)}${CTRL_T}${PASSWORD.slice(9)}${CTRL_T}`;
    const script: [string, string][] = WIZARD.map(([question, keys]) => [question, keys.replace(PASSWORD, typed)]);
    await screen.answer(...script);
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.not.stringContaining('Correct')]);
    expect(await home.json('user', 'get', 'bob')).toMatchObject({ LoginProfile: { Status: 'Active' } });
  });

  it('Tab and a password that is pasted twice do not show a typed password', async () => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['user', 'create']);
    await screen.answer(...WIZARD.slice(0, 5), ['New password', `${PASSWORD}${TAB}${ENTER}`]);
    await screen.waitFor('control characters');
    screen.press(`${'\u007f'.repeat(40)}${PASSWORD}${ENTER}${PASSWORD}${ENTER}`);
    await screen.waitFor('again');
    screen.press(`${PASSWORD}${TAB}`);
    screen.press(CTRL_C);
    expect([await screen.waitForExit(), screen.text]).toEqual([130, expect.not.stringContaining('Correct')]);
  });

  describe('a generated password', () => {
    const args = ['user', 'create', '--console', '--policy', 'ReadOnlyAccess'];
    const script = WIZARD.filter(([question]) => !/console|again|New|none/.test(question)).map(
      ([question, keys]): [string, string] => [
        question === 'type one' ? 'generate one' : question,
        keys.replace(DOWN, ''),
      ],
    );

    it.each([
      ['Enter', ENTER],
      ['Ctrl-C', CTRL_C],
      ['Ctrl-D', CTRL_D],
    ])('stays on the screen until %s', async (_, key) => {
      const home = sampleHome.copy();
      const screen = new TerminalSession(home, args);
      await screen.answer(...script, ['Press Enter', key]);
      expect([await screen.waitForExit(), screen.text]).toEqual([
        0,
        expect.stringMatching(/^Password\s+[A-Za-z]\S{19}\s*$/m),
      ]);
      expect(screen.text).toContain('ramctl user create bob');
      expect(await home.json('user', 'get', 'bob')).toMatchObject({ UserName: 'bob' });
    });

    it('is written to a redirected stdout, and the questions are not', async () => {
      const home = sampleHome.copy();
      const screen = new TerminalSession(home, [...args, '-o', 'json'], {}, '>result.json');
      await screen.answer(...script, ['Press Enter', ENTER]);
      expect(await screen.waitForExit()).toBe(0);
      const { UserName, Password } = JSON.parse(home.read('result.json'));
      expect([UserName, Password]).toEqual(['bob', expect.stringMatching(/^.{20}$/)]);
      expect(screen.text).not.toContain(Password);
    });
  });

  it.each(['2>errors', '<&-', '</dev/null'])(
    'with %s, user create asks nothing and ends with exit code 2',
    async (redirection) => {
      const screen = new TerminalSession(sampleHome, ['user', 'create'], {}, redirection);
      expect(await screen.waitForExit()).toBe(2);
      expect(screen.text).not.toContain('User name');
    },
  );

  it.each([
    ['Ctrl-C at the first question', CTRL_C, 0],
    ['Ctrl-D at the first question', CTRL_D, 0],
    ['Ctrl-C at a choice', CTRL_C, 3],
    ['Ctrl-D at a choice', CTRL_D, 4],
    ['Ctrl-C at a password', CTRL_C, 5],
    ['Ctrl-D at a password', CTRL_D, 6],
    ['Ctrl-D at a yes or no', CTRL_D, 7],
    ['Ctrl-C at a search', CTRL_C, 9],
    ['Ctrl-D at a search', CTRL_D, 9],
    ['Ctrl-C at the review', CTRL_C, 11],
    ['Ctrl-D at the review', CTRL_D, 11],
  ])('%s leaves the directory unchanged', async (_, key, index) => {
    const home = sampleHome.copy();
    const before = readDirectory(home);
    const screen = new TerminalSession(home, ['user', 'create']);
    await screen.answer(...WIZARD.slice(0, index), [WIZARD[index]?.[0] ?? '', key]);
    expect(await screen.waitForExit()).toBe(130);
    expect(screen.text).toContain('nothing was written');
    expect(screen.text).not.toContain('Correct');
    expect([readDirectory(home), home.files()]).toEqual([before, sampleHome.files()]);
  });

  it.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('%s after two different passwords cancels the command', async (_, key) => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['user', 'create']);
    await screen.answer(...WIZARD.slice(0, 6), ['New password again', `other${ENTER}`], ['differ', key]);
    await screen.waitFor('nothing was written');
    expect(await screen.waitForExit()).toBe(130);
  });

  it('user edit shows the current values, clears an emptied value and keeps the others', async () => {
    const home = sampleHome.copy();
    await home.json('user', 'create', 'bob', '--display-name', 'Bob Wu', '--comments', 'ops team');
    const screen = new TerminalSession(home, ['user', 'edit', 'bob']);
    await screen.answer(
      ['User name', ENTER],
      ['Bob Wu', ENTER],
      ['ops team', `${CTRL_U}${ENTER}`],
      ['Email', `bob@example.com${ENTER}`],
      ['Mobile phone', ENTER],
    );
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining("--comments ''")]);
    const bob = { UserName: 'bob', DisplayName: 'Bob Wu', Comments: null, Email: 'bob@example.com' };
    expect(await home.json('user', 'get', 'bob')).toMatchObject(bob);
  });

  it('mfa enable binds a device with codes of the key on the screen', async () => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['mfa', 'enable', 'alice']);
    await screen.waitFor('The code that the app shows now');
    const seed = readSeed(screen);
    expect(seed).toMatch(/^[A-Z2-7]{32}$/);
    for (const line of screen.text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(80);
    const now = new Date();
    screen.press(`${codeAt(seed, now)}${ENTER}`);
    await screen.answer(['The next code', `${codeAt(seed, now, 1)}${ENTER}`]);
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining('bound')]);
    expect(await home.json('mfa', 'get', 'alice')).toMatchObject({ MFA: 'bound', SerialNumber: expect.any(String) });
    expect(readDirectory(home)).not.toContain(seed);
  });

  it.each([
    ['Ctrl-C at the first code', CTRL_C, 0],
    ['Ctrl-D at the first code', CTRL_D, 0],
    ['Ctrl-C at the second code', CTRL_C, 1],
    ['Ctrl-D at the second code', CTRL_D, 1],
  ])('%s of mfa enable creates no device', async (_, key, index) => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['mfa', 'enable', 'alice']);
    if (index === 1) {
      await screen.waitFor('app shows now');
      screen.press(`${codeAt(readSeed(screen), new Date())}${ENTER}`);
    }
    await screen.answer([index === 0 ? 'app shows now' : 'The next code', key]);
    expect([await screen.waitForExit(), screen.text]).toEqual([130, expect.stringContaining('nothing was written')]);
    expect(await home.json('mfa', 'list')).toEqual([]);
    expect(JSON.parse(readDirectory(home)).MFADevices).toEqual(JSON.parse(readDirectory(sampleHome)).MFADevices);
  });

  it('SIGTERM at a question of mfa enable creates no device', async () => {
    const home = sampleHome.copy();
    const screen = new TerminalSession(home, ['mfa', 'enable', 'alice']);
    await screen.waitFor('app shows now');
    screen.terminate();
    expect(await screen.waitForExit()).toBe(143);
    expect(await home.json('mfa', 'list')).toEqual([]);
  });

  it('CI=true turns off questions, and RAMCTL_NO_INPUT=0 turns them on again', async () => {
    const withoutQuestions = new TerminalSession(sampleHome, ['user', 'create'], { CI: 'true' });
    expect([await withoutQuestions.waitForExit(), withoutQuestions.text]).toEqual([
      2,
      expect.stringContaining("'name'"),
    ]);
    expect(withoutQuestions.text).not.toContain('User name');
    const withQuestions = new TerminalSession(sampleHome, ['user', 'create'], { CI: 'true', RAMCTL_NO_INPUT: '0' });
    await withQuestions.answer(['User name', CTRL_C]);
    expect(await withQuestions.waitForExit()).toBe(130);
  });
});

/** The seed on the screen, which is shown in groups of four characters. */
function readSeed(screen: TerminalSession): string {
  return (screen.text.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');
}
