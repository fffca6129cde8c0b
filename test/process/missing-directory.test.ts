import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import { send } from '../support/http-client.ts';
import { Home, parseError } from '../support/process.ts';
import { ServerProcess, startServer } from '../support/server-process.ts';
import { splitWords } from '../support/shell.ts';
import { signV3 } from '../support/signer.ts';
import { CTRL_C, SUPPORTS_TERMINALS, TerminalSession } from '../support/terminal-session.ts';

const NOT_FOUND = 'DirectoryNotFound';
const DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*"}]}';

function createHome(): Home {
  const home = new Home();
  home.write('policy.json', DOCUMENT);
  home.write('users.csv', 'UserName\nerin\n');
  return home;
}

const run = (home: Home, line: string, environment = {}) => home.run(splitWords(line), { environment });

describe('init', () => {
  it('creates the directory and its key, with the given account', async () => {
    const home = new Home();
    const created = await home.json(...splitWords('init --account-id 1000000000000001 --alias acme'));
    expect(created).toEqual({
      Directory: home.directory,
      KeyFile: home.key,
      AccountId: '1000000000000001',
      AccountAlias: 'acme',
      DefaultDomain: 'acme.onaliyun.com',
    });
    expect(await home.json('overview')).toMatchObject({
      AccountId: '1000000000000001',
      AccountAlias: 'acme',
      Users: 0,
    });
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
    expect([home.directory, home.key].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('creates the named directory, its folder and a random account', async () => {
    const home = new Home();
    const environment = { RAMCTL_DIRECTORY: 'a b/d.json' };
    expect((await run(home, 'init', environment)).out).toMatch(/^Account ID +\d{16}\nAlias +-\n/m);
    expect(readdirSync(join(home.folder, 'a b'))).toEqual(['d.history.jsonl', 'd.json', 'd.key']);
    expect((await run(home, 'user create alice', environment)).code).toBe(0);
    expect((await run(home, "user get alice -d 'a b/d.json'")).code).toBe(0);
  });

  it('refuses a directory that exists, and does not change it', async () => {
    const home = new Home();
    await home.json('init');
    const before = home.files().map((name) => home.read(`ramctl/${name}`));
    const failed = await run(home, 'init --alias acme -o json');
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([1, '', 'DirectoryAlreadyExists']);
    home.write('ramctl/directory.json', 'damaged');
    expect((await run(home, 'init')).code).toBe(1);
    expect(home.files().map((name) => home.read(`ramctl/${name}`))).toEqual([before[0], 'damaged', before[2]]);
  });

  it.each([
    ['--account-id 123', 'InvalidParameter.AccountId.Format'],
    ['--account-id 123456789012345x', 'InvalidParameter.AccountId.Format'],
    ['--alias A_', 'InvalidParameter.AccountAlias.Length'],
    ['--alias ACME', 'InvalidParameter.AccountAlias.Format'],
  ])('refuses %s and creates nothing', async (options, code) => {
    const home = new Home();
    const failed = await run(home, `init ${options} -d new/d.json -o json`);
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([1, '', code]);
    expect(readdirSync(home.folder)).toEqual([]);
  });

  it.each([
    ['policy.json/d.json', 'a part of the path is not a folder'],
    ['folder', 'it is not a regular file'],
  ])('does not say that %s is a directory', async (path, reason) => {
    const home = createHome();
    mkdirSync(join(home.folder, 'folder'));
    const failed = await run(home, `init -d ${path} -o json`);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'DirectoryUnusable']);
    expect(parseError(failed).Message).toContain(reason);
  });

  it.each([
    ['init -d aliyun:prod', {}, 1, /^error: init needs a local directory/],
    ['init -d https://example.com', {}, 1, /^error: init needs a local directory/],
    ['init -d own.json', { RAMCTL_KEY_FILE: './own.json' }, 2, /^error: RAMCTL_KEY_FILE/],
  ])('refuses a target that cannot be a new directory: %s', async (line, environment, exit, error) => {
    const home = new Home();
    const { code, err } = await run(home, line, environment);
    expect([code, err]).toEqual([exit, expect.stringMatching(error)]);
    expect(readdirSync(home.folder)).toEqual([]);
  });

  it('creates the key file that RAMCTL_KEY_FILE names, or keeps it', async () => {
    const home = new Home();
    const environment = { RAMCTL_KEY_FILE: 'keys/own.key' };
    const key = join(home.folder, 'keys/own.key');
    expect(JSON.parse((await run(home, 'init -d a.json -o json', environment)).out).KeyFile).toBe(key);
    const content = home.read('keys/own.key');
    expect((await run(home, 'init -d b.json', environment)).code).toBe(0);
    expect(home.read('keys/own.key')).toBe(content);
    expect(readdirSync(home.folder).sort()).toEqual(['a.history.jsonl', 'a.json', 'b.history.jsonl', 'b.json', 'keys']);
  });

  it('of several processes at once, exactly one creates the directory', async () => {
    const home = new Home();
    const started = Array.from({ length: 4 }, () => home.ramctl(['init', '-o', 'json', '-q']));
    const results = await Promise.all(started);
    expect(results.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1]);
    const created = JSON.parse(results.find(({ code }) => code === 0)?.out ?? '');
    expect(await home.json('overview', '--query', 'AccountId')).toBe(created.AccountId);
    for (const failed of results.filter(({ code }) => code === 1))
      expect(parseError(failed).Code).toBe('DirectoryAlreadyExists');
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
  });
});

describe('a named directory that does not exist', () => {
  it.each(['-d', 'RAMCTL_DIRECTORY'])('is an error with the command that creates it: %s', async (how) => {
    const home = createHome();
    const environment = how === '-d' ? {} : { RAMCTL_DIRECTORY: 'a b/d.json' };
    const option = how === '-d' ? "-d 'a b/d.json' " : '';
    for (const line of ['user create bob', 'serve --bootstrap --port 0', 'user import users.csv --dry-run']) {
      const { code, out, err } = await run(home, option + line, environment);
      expect([line, code, out, err]).toEqual([
        line,
        3,
        '',
        `error: the directory ${join(home.folder, 'a b/d.json')} does not exist\nhint: ramctl -d 'a b/d.json' init\n`,
      ]);
    }
    expect(readdirSync(home.folder).sort()).toEqual(['policy.json', 'users.csv']);
  });

  it('is no error for directory path, directory restore, help and completion', async () => {
    const home = new Home();
    await home.json('init');
    await home.json('directory', 'backup', 'backup.json', '--with-key');
    expect((await run(home, 'directory path -d new/d.json')).out).toBe(`${join(home.folder, 'new/d.json')}\n`);
    expect((await run(home, 'user list --help -d new/d.json')).code).toBe(0);
    expect((await run(home, 'completion bash -d new/d.json')).code).toBe(0);
    expect(await run(home, 'complete -- -d new/d.json user get a')).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(home.folder, 'new'))).toBe(false);
    expect((await run(home, 'directory restore backup.json -d new/d.json --yes')).code).toBe(0);
    expect((await run(home, 'user list -d new/d.json')).code).toBe(0);
  });

  it('is reported after an invalid command line', async () => {
    const home = new Home();
    for (const line of ['user list --limit x', 'user delete alice', 'user create', 'user create bob --mfa required'])
      expect([line, (await run(home, `${line} -d none.json`)).code]).toEqual([line, 2]);
  });

  it.runIf(SUPPORTS_TERMINALS).each(['user create', 'logon alice@acme'])(
    'is reported before the first question: %s',
    async (line) => {
      const screen = new TerminalSession(new Home(), [...line.split(' '), '-d', 'none.json']);
      expect(await screen.waitForExit()).toBe(3);
      expect(screen.lines[0]).toMatch(/^error: the directory .*none\.json does not exist$/);
      expect(screen.text).not.toContain('?');
    },
  );
});

describe('the default directory that does not exist', () => {
  it.each([
    'user create bob',
    'user import users.csv',
    'group create ops',
    'policy create Own --document policy.json',
    'account alias acme',
    'account settings set --max-login-attemps 4',
  ])('is created by %s with one remark', async (line) => {
    const home = createHome();
    const { code, err } = await run(home, line);
    const remark = `remark: Created the directory ${home.directory}. Its users exist on this machine only, not in Alibaba Cloud.`;
    expect([code, err.split('\n').filter((text) => text.includes('Created'))]).toEqual([0, [remark]]);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
    expect((await run(home, 'user create second')).err).toBe('');
  });

  it('is created silently with --quiet, and the result has the account ID of the new directory', async () => {
    const home = new Home();
    const { out, err } = await run(home, 'user create bob -q --query UserPrincipalName');
    const DefaultDomain = await home.json('overview', '--query', 'DefaultDomain');
    expect([out, err]).toEqual([`bob@${DefaultDomain}\n`, '']);
  });

  it.each([
    'user list',
    'mfa list',
    'overview',
    'report',
    'account alias',
    'account alias --clear',
    'account settings get',
    'directory check',
    'directory backup copy.json',
    'ak rotation finish',
    'policy validate policy.json',
    'serve --port 0',
    'user edit bob --comments x',
  ])('is an error in %s, which creates nothing', async (line) => {
    const home = createHome();
    const failed = await run(home, `${line} -o json`);
    expect([failed.code, failed.out, parseError(failed).Code, parseError(failed).Hint]).toEqual([
      3,
      '',
      NOT_FOUND,
      'ramctl init',
    ]);
    expect(readdirSync(home.folder).sort()).toEqual(['policy.json', 'users.csv']);
  });

  it.each([
    ['user create bob --console --access-key --dry-run', 0],
    ['user import users.csv --dry-run', 0],
    ['group create ops --dry-run', 0],
    ['user create "not a name"', 1],
    // The key is created with the directory, although these commands encrypt a secret before they are refused.
    ['user create bob --access-key --policy Unknown', 3],
    ['user create bob --access-key --query UserName', 2],
    ['user create bob --access-key --console --secret-to file:bob.ini', 2],
  ])('is not created by %s', async (line, exit) => {
    const home = createHome();
    const { code, err } = await run(home, line);
    expect(code).toBe(exit);
    if (exit === 0) expect(err).toContain(`${home.directory} does not exist yet`);
    expect(readdirSync(home.folder).sort()).toEqual(['policy.json', 'users.csv']);
  });

  it('remains without users if the secret of the first user cannot be delivered, which the error says', async () => {
    const home = new Home();
    const failed = await home.ramctl(['user', 'create', 'bob', '--access-key', '-o', 'json'], { stdout: 'gone' });
    expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
    expect(parseError(failed).Message).toMatch(`; only the empty directory ${home.directory} was created`);
    expect(await home.json('user', 'list')).toEqual([]);
  });

  it('is created by serve --bootstrap with the account that the server shows', async () => {
    const home = new Home();
    const { server, port, admin } = await startServer(home);
    const call = () => {
      const timestamp = formatRamDate(new Date());
      return send(
        port,
        signV3({ action: 'GetUser', parameters: { UserName: 'admin' }, timestamp, host: `127.0.0.1:${port}` }, admin),
      );
    };
    expect((await call()).status).toBe(200);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
    // The server does not create another account after a person has removed the file.
    for (const name of home.files()) rmSync(join(home.config, name));
    expect(await call()).toMatchObject({ status: 500, body: { Code: 'InternalError' } });
    const { code, err } = await server.stop();
    expect([code, home.files()]).toEqual([0, []]);
    expect(err).toContain(NOT_FOUND);
  });

  it.runIf(SUPPORTS_TERMINALS)('is not created by a wizard that is cancelled', async () => {
    const home = new Home();
    const screen = new TerminalSession(home, ['group', 'create']);
    await screen.answer(['?', CTRL_C]);
    expect(await screen.waitForExit()).toBe(130);
    expect(home.files()).toEqual([]);
  });

  it('is completed with the names of system policies, and not created', async () => {
    const home = new Home();
    const { code, out, err } = await run(home, 'complete -- user create bob --policy AliyunIOTR');
    expect([code, out, err]).toEqual([0, expect.stringContaining('AliyunIOTReadOnlyAccess'), '']);
    expect(home.files()).toEqual([]);
  });
});

it('serve ends with exit code 3 without a directory', async () => {
  const server = new ServerProcess(new Home(), ['serve', '--port', '0']);
  expect(await server.ended).toMatchObject({ code: 3, out: '' });
});
