import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Home } from '../support/process.ts';
import { ENTER, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const DOWN = '\u001b[B';
const CTRL_U = '\u0015';
const down = (count: number) => DOWN.repeat(count) + ENTER;

type Script = [question: string, keys: string][];

/** The questions about bob, who gets two policies, and the keys that answer them. */
const BOB: Script = [
  ['User name', `bob${ENTER}`],
  ['Display name', ENTER],
  ['Comments', `night shift${ENTER}`],
  ['console logon', ENTER],
  ['generate one', ENTER],
  ['next logon?', ENTER],
  ['Require an MFA device', ENTER],
  ['none', 'AliyunOSSReadOnly'],
  ['❯ AliyunOSSReadOnlyAccess', ENTER],
  ['❯ done', 'AliyunIOTReadOnly'],
  ['❯ AliyunIOTReadOnlyAccess', ENTER],
  ['❯ done', ENTER],
  ['Add another user?', ENTER],
];
const CHANGE: Script = [['cancel', down(1)]];

describe.skipIf(!SUPPORTS_TERMINALS)('the review of user create at a terminal', () => {
  it('changes answers, with the present ones as defaults, and creates the user', async () => {
    const home = new Home();
    const screen = new TerminalSession(home, ['user', 'create']);
    await screen.answer(
      ...BOB,
      ...CHANGE,
      ['back to the review', down(2)],
      ['Comments night shift', `${CTRL_U}day shift${ENTER}`],
      ...CHANGE,
      ['back to the review', down(9)],
      ['❯ done', DOWN],
      ['❯ remove AliyunOSSReadOnlyAccess', ENTER],
      ['❯ done', ENTER],
      ['cancel', ENTER],
      ['Press Enter', ENTER],
    );
    expect(await screen.waitForExit()).toBe(0);
    expect(await home.json('user', 'get', 'bob')).toMatchObject({
      DisplayName: null,
      Comments: 'day shift',
      Policies: [{ PolicyName: 'AliyunIOTReadOnlyAccess' }],
    });
  });

  it('saves the users in a private file that can be imported, and never replaces a file', async () => {
    const home = new Home();
    home.write('users.csv', 'mine');
    const screen = new TerminalSession(home, ['user', 'create']);
    await screen.answer(
      ...BOB,
      ['cancel', down(3)],
      ['users.csv', ENTER],
      ['already exists', `${CTRL_U}new.yaml${ENTER}`],
      ['No user was created', ''],
    );
    expect([await screen.waitForExit(), screen.text]).toEqual([0, expect.stringContaining('user import new.yaml')]);
    expect([home.read('users.csv'), statSync(join(home.folder, 'new.yaml')).mode & 0o777]).toEqual(['mine', 0o600]);
    const [created] = await home.json<object[]>('user', 'import', join(home.folder, 'new.yaml'));
    const Policies = [{ PolicyName: 'AliyunOSSReadOnlyAccess' }, { PolicyName: 'AliyunIOTReadOnlyAccess' }];
    expect(created).toMatchObject({ UserName: 'bob', Comments: 'night shift', Policies });
  });
});
