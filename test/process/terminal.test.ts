import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Home } from '../support/process.ts';
import { CTRL_C, ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const DOWN = '\u001b[B';
const CTRL_D = '\u0004';
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

    it('stays on the screen until a key, also Ctrl-C', async () => {
      const home = sampleHome.copy();
      const screen = new TerminalSession(home, args);
      await screen.answer(...script, ['Press Enter', CTRL_C]);
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
    ['Ctrl-C at a password', CTRL_C, 5],
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
