import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Home, parseError } from '../support/process.ts';

const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice', '--console', '--display-name', 'Alice Li');
});

describe('--secret-to file:PATH', () => {
  const ID = /LTAI[A-Za-z0-9]{20}/;
  const SECRET = '[A-Za-z0-9]{30}';
  const formats: Record<string, RegExp> = {
    json: new RegExp(`"Password": ".{20}"[^]*"AccessKeyId": "${ID.source}",\\s*"AccessKeySecret": "${SECRET}"`),
    csv: new RegExp(
      `^UserPrincipalName,Password,LogonUrl,AccessKeyId,AccessKeySecret\r?\nbob@[^,]+,.{20},https:[^,]+,${ID.source},${SECRET}\r?\n$`,
    ),
    env: new RegExp(`^ALIBABA_CLOUD_ACCESS_KEY_ID=.?${ID.source}.?\nALIBABA_CLOUD_ACCESS_KEY_SECRET=.?${SECRET}.?\n`),
  };

  it.each(Object.entries(formats))(
    'writes all secrets to a .%s file with mode 0600, and prints none of them',
    async (extension, format) => {
      const home = new Home();
      const args = ['user', 'create', 'bob', '--console', '--access-key', '--secret-to', `file:bob.${extension}`];
      const { code, out } = await home.run([...args, '-o', 'json']);
      expect([code, Object.keys(JSON.parse(out))]).toEqual([0, expect.not.arrayContaining(['Password'])]);
      expect(JSON.parse(out).AccessKey).not.toHaveProperty('AccessKeySecret');
      expect(home.read(`bob.${extension}`)).toMatch(format);
      expect(statSync(join(home.folder, `bob.${extension}`)).mode & 0o777).toBe(0o600);
      expect(readdirSync(home.folder).sort()).toEqual([`bob.${extension}`, 'ramctl']);
    },
  );

  it('writes an AccessKey to an .ini file', async () => {
    const home = sampleHome.copy();
    expect((await home.run(['ak', 'create', 'alice', '--secret-to', 'file:alice.ini'])).code).toBe(0);
    expect(home.read('alice.ini')).toMatch(new RegExp(`^\\[default\\]\n[^]*${ID.source}\n[^]*${SECRET}\n`));
  });

  it.each([
    ['file:bob.txt', 2],
    ['file:bob', 2],
    ['file:', 2],
    ['file:bob.ini', 2],
    ['nowhere', 2],
    ['file:existing.json', 1],
    ['file:link.json', 1],
    ['file:none/bob.json', 5],
  ])('%s is refused with exit code %i, and nothing is created', async (destination, code) => {
    const home = sampleHome.copy();
    home.write('existing.json', 'precious');
    symlinkSync('existing.json', join(home.folder, 'link.json'));
    const before = readdirSync(home.folder);
    const failed = await home.run(['user', 'create', 'bob', '--console', '--secret-to', destination, '-o', 'json']);
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([code, '', expect.any(String)]);
    expect(home.read('ramctl/directory.json')).toBe(sampleHome.read('ramctl/directory.json'));
    expect([readdirSync(home.folder), home.read('existing.json')]).toEqual([before, 'precious']);
  });

  it('with --overwrite replaces a symbolic link, and leaves the target of the link unchanged', async () => {
    const home = sampleHome.copy();
    home.write('existing.json', 'precious');
    symlinkSync('existing.json', join(home.folder, 'link.json'));
    const args = ['user', 'create', 'bob', '--console', '--secret-to', 'file:link.json', '--overwrite'];
    expect((await home.run(args)).code).toBe(0);
    expect(home.read('existing.json')).toBe('precious');
    expect(JSON.parse(home.read('link.json'))).toMatchObject({ UserName: 'bob', Password: expect.any(String) });
  });

  it('with {user} writes a file for each of many users, one after the other', async () => {
    const count = 80;
    const home = sampleHome.copy();
    mkdirSync(join(home.folder, 'out'));
    const rows = Array.from({ length: count }, (_, n) => `user-${n},yes\n`);
    home.write('users.csv', `UserName,AccessKey\n${rows.join('')}`);
    const { code, err } = await home.sh(
      "ulimit -n 60; ramctl user import users.csv --secret-to 'file:out/{user}.env' -o json >result.json",
    );
    expect([code, err]).toEqual([0, '']);
    expect(home.read('result.json')).not.toContain('AccessKeySecret');
    const names = readdirSync(join(home.folder, 'out'));
    expect(names.sort()).toEqual(rows.map((row) => `${row.split(',')[0]}.env`).sort());
    const contents = names.map((name) => home.read(`out/${name}`));
    expect(contents.filter((text) => formats.env?.test(text) && text.split('\n').length === 3)).toHaveLength(count);
    expect(new Set(contents).size).toBe(count);
    expect(new Set(names.map((name) => statSync(join(home.folder, 'out', name)).mode & 0o777))).toEqual(
      new Set([0o600]),
    );

    const before = home.read('ramctl/directory.json');
    home.write('more.csv', 'UserName,AccessKey\nnew,yes\nuser-7-,yes\n');
    home.write('out/user-7-.env', 'precious');
    const refused = await home.run(['user', 'import', 'more.csv', '--secret-to', 'file:out/{user}.env', '-o', 'json']);
    expect([refused.code, parseError(refused).Code]).toEqual([1, 'FileExists']);
    const missing = await home.run(['user', 'import', 'more.csv', '--secret-to', 'file:{user}/key.env', '-o', 'json']);
    expect([missing.code, parseError(missing).Code]).toEqual([5, 'SinkUnavailable']);
    expect([home.read('ramctl/directory.json') === before, readdirSync(join(home.folder, 'out')).length]).toEqual([
      true,
      count + 1,
    ]);
  });
});
