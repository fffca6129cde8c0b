import { beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/core/directory.ts';
import { createLogonWorld, HOUR, type LogonWorld, NEW_PASSWORD, PASSWORD } from './fixture.ts';

let world: LogonWorld;
beforeEach(async () => {
  world = await createLogonWorld();
});

describe('A logon', () => {
  it.each(['alice@acme', 'alice@acme.onaliyun.com', 'alice@ID', 'alice@ID.onaliyun.com', 'ALICE@Acme.OnAliyun.COM'])(
    'opens a session for %s',
    async (name) => {
      const { AccountId } = (await world.state()).Account;
      const { code, json, err } = await world.logOn(PASSWORD, '', name.replace('ID', AccountId));
      expect([code, err]).toEqual([0, '']);
      expect(json).toEqual({
        UserName: 'alice',
        UserPrincipalName: 'alice@acme.onaliyun.com',
        Arn: `acs:ram::${AccountId}:user/alice`,
        MFAPresent: false,
        SessionExpires: new Date(world.clock.now().getTime() + 6 * HOUR * 1000).toISOString().replace('.000', ''),
      });
    },
  );

  it('changes nothing if its result cannot be printed', async () => {
    const before = await world.state();
    expect((await world.logOn(PASSWORD, '--query length(MFAPresent)')).code).toBe(2);
    expect(await world.state()).toEqual(before);
  });

  it('sets the last logon date that user get and the report show', async () => {
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({ LastLoginDate: null });
    await world.logOn(PASSWORD);
    const LastLoginDate = world.timestamp();
    await world.logOn('wrong');
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({ LastLoginDate });
    expect((await world.ramctl('report -o json')).json).toMatchObject([{ user_last_logon: LastLoginDate }]);
  });

  it.each([1, 24])('opens a session of LoginSessionDuration: %i h', async (hours) => {
    await world.changeSettings(`--login-session-duration ${hours}`);
    const { SessionExpires } = (await world.logOn(PASSWORD)).json as Session;
    expect(Date.parse(SessionExpires) - world.clock.now().getTime()).toBe(hours * HOUR * 1000);
  });

  it('works with the account id after the alias has changed', async () => {
    const { AccountId } = (await world.state()).Account;
    await world.ramctl('account alias initech');
    expect((await world.logOn(PASSWORD)).code).toBe(4);
    expect((await world.logOn(PASSWORD, '', 'alice@initech')).code).toBe(0);
    expect((await world.logOn(PASSWORD, '', `alice@${AccountId}`)).code).toBe(0);
    await world.ramctl('account alias --clear');
    expect((await world.logOn(PASSWORD, '', 'alice@initech')).code).toBe(4);
    expect((await world.logOn(PASSWORD, '', `alice@${AccountId}`)).code).toBe(0);
  });

  it('works only under the new name after a user was renamed', async () => {
    await world.ramctl('user edit alice --name alicia');
    expect((await world.logOn(PASSWORD)).code).toBe(4);
    expect((await world.logOn(PASSWORD, '', 'alicia@acme')).json).toMatchObject({ UserName: 'alicia' });
  });

  it('reads the password from a file, or asks for it at a terminal', async () => {
    const { code } = await world.ramctl('logon alice@acme --password-file p', { files: { p: `${PASSWORD}\n` } });
    expect(code).toBe(0);
    expect(await world.logOnAtTerminal([['Password', PASSWORD]])).toMatchObject({ code: 0, questions: ['Password'] });
  });

  it.each([
    ['logon alice@acme', '--password-stdin'],
    ['logon alice@acme --password-stdin --password-file p', '--password-file'],
    ['logon alice@acme --password-stdin --new-password-file -', '-'],
  ])('refuses %s with a usage error for %s', async (line, Field) => {
    const before = await world.state();
    const { code, out, error } = await world.ramctl(`${line} -o json`, { input: PASSWORD });
    expect([code, out, error.Code, error.Field]).toEqual([2, '', 'Usage', Field]);
    expect(await world.state()).toEqual(before);
  });
});

describe('A refused logon', () => {
  const outputOf = ({ code, out, err }: { code: number; out: string; err: string }) => [code, out, err];

  it('prints the same message for every reason', async () => {
    await world.ramctl('user create bob');
    await world.ramctl('user create carol --console --password-stdin', { input: PASSWORD });
    await world.ramctl('login disable carol');
    await world.ramctl('user create dave --console --password-stdin', { input: PASSWORD });
    for (let attempt = 0; attempt < 5; attempt += 1) await world.logOn('wrong', '', 'dave@acme');
    const wrong = await world.logOn('wrong');
    expect(wrong).toMatchObject({ code: 4, out: '', error: { Code: 'LogonRefused' } });
    for (const [name, password = PASSWORD] of [
      ['nobody@acme'],
      ['bob@acme'],
      ['carol@acme'],
      ['carol@acme', 'wrong'],
      ['dave@acme'],
      ['dave@acme', 'wrong'],
      ['alice@initech'],
      ['alice@initech.onaliyun.com'],
      ['alice@acme', ''],
      ['alice@acme', `${PASSWORD} `],
      ['alice'],
      ['alice@'],
      ['@acme'],
      [''],
      ['alice@acme@acme'],
      ['alice@acme.example.com'],
      ['alice@acme.onaliyun.com.onaliyun.com'],
      [' alice@acme'],
      ['alice\u0000@acme'],
      ['__proto__@acme'],
    ] as [string, string?][]) {
      const outcome = await world.logOn(password, '--code 123456 --new-password-file new', name);
      expect([name, ...outputOf(outcome)]).toEqual([name, ...outputOf(wrong)]);
    }
  });

  it('does not reveal a correct password while the logon is locked or disabled', async () => {
    await world.enterWrongPasswords(5);
    const locked = [await world.logOn('wrong'), await world.logOn(PASSWORD)].map(outputOf);
    expect(locked[1]).toEqual(locked[0]);
    await world.ramctl('login disable alice');
    expect(outputOf(await world.logOn(PASSWORD))).toEqual(locked[0]);
  });

  it('changes only the list of failed attempts of the user', async () => {
    const { LoginProfile, ...before } = await world.alice();
    await world.logOn('wrong');
    const { LoginProfile: after, ...rest } = await world.alice();
    expect(rest).toEqual(before);
    expect(after).toEqual({ ...LoginProfile, Attempts: [world.timestamp()] });
  });
});

it('shows no secret and stores none in plain text', async () => {
  const seed = await world.bindDeviceAnHourAgo();
  await world.ramctl('login set alice --password-reset required');
  const wrong = 'Wrong-Guess-5';
  const secrets = [PASSWORD, NEW_PASSWORD, wrong, 'sh0rt'];
  const outputs: string[] = [];
  for (const format of ['json', 'yaml', 'csv', 'table']) {
    for (const [password, flags] of [
      [wrong, ''],
      [PASSWORD, `--code ${world.codeAt(seed, 40)}`],
      [PASSWORD, `--code ${world.codeAt(seed)} --new-password-file weak`],
    ] as const) {
      const outcome = await world.logOn(password, `${flags} --debug -o ${format}`);
      outputs.push(outcome.out, outcome.err);
    }
    world.clock.step(HOUR);
  }
  const done = await world.logOn(PASSWORD, `--code ${world.codeAt(seed)} --new-password-file new --debug`);
  const asked = await world.logOnAtTerminal([
    ['Password', NEW_PASSWORD],
    ['MFA code', () => world.codeAt(seed, 1)],
  ]);
  expect([done.code, asked.code]).toEqual([0, 0]);
  outputs.push(done.out, done.err, asked.out, asked.err, JSON.stringify([...(await world.state()).Users]));
  for (const secret of [...secrets, seed]) expect(outputs.join('')).not.toContain(secret);
});
