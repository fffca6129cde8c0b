import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { verify } from '@node-rs/argon2';
import { beforeAll, describe, expect, it } from 'vitest';
import { Home, parseError } from '../support/process.ts';

const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice', '--console', '--display-name', 'Alice Li');
});

describe('with a closed stdout', () => {
  it('a command that prints no secret ends with exit code 0 and no error', async () => {
    // The output is larger than the buffer of a pipe, so that the write fails.
    const script = '{ ramctl policy list -o json; echo $? >status; } | head -1; cat status';
    expect(await sampleHome.copy().sh(script)).toMatchObject({ code: 0, out: '[\n0\n', err: '' });
    for (const args of [['user', 'list'], ['policy', 'list', '-o', 'json'], ['--help'], ['user', 'create', 'carol']]) {
      const home = sampleHome.copy();
      expect(await home.ramctl(args, { stdout: 'gone' })).toMatchObject({ code: 0, err: '' });
    }
  });

  it.each([
    'user create bob --console',
    'user create bob --access-key',
    'ak create alice',
    'login set alice --generate-password',
  ])('a command that prints a secret is rolled back: %s', async (line) => {
    const home = sampleHome.copy();
    const failed = await home.ramctl([...line.split(' '), '-o', 'json'], { stdout: 'gone' });
    expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
    expect(readUsers(home)).toEqual(readUsers(sampleHome));
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  });
});

it.skipIf(!existsSync('/dev/full'))(
  'if stdout is on a full disk, commands end with exit code 5, and a command that prints a secret is rolled back',
  async () => {
    const home = sampleHome.copy();
    const fullDevice = openSync('/dev/full', 'w');
    const list = await home.ramctl(['user', 'list', '-o', 'json'], { stdout: fullDevice });
    expect([list.code, parseError(list).Code]).toEqual([5, 'OutputFailed']);
    const create = await home.ramctl(['user', 'create', 'bob', '--console', '-o', 'json'], { stdout: fullDevice });
    expect([create.code, parseError(create).Code]).toEqual([5, 'DeliveryFailed']);
    closeSync(fullDevice);
    expect(readUsers(home)).toEqual(readUsers(sampleHome));
  },
);

describe.concurrent('without a terminal', () => {
  it.each([
    ['user create', 'name'],
    ['user edit', 'name'],
    ['user edit alice', '--comments'],
    ['user get', 'name'],
    ['login set', 'user'],
    ['login set alice', '--generate-password'],
    ['ak create', 'user'],
    ['ak delete alice', 'id'],
    ['policy attach AdministratorAccess', '--user'],
    ['policy attach --user alice', 'policy'],
    ['user delete unknown', '--yes'],
    ['user delete alice --cascade', '--yes'],
    ['login delete alice', '--yes'],
    ['ak delete alice LTAI', '--yes'],
  ])('ramctl %s ends at once with an error that names %s', async (line, missing) => {
    const { code, out, err } = await sampleHome.run(line.split(' '));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(missing);
  });

  it.each(['user create', 'login set alice', 'user delete alice --cascade'])(
    'ramctl %s does not wait for its stdin, which stays open',
    async (line) => {
      const { code, out } = await sampleHome.ramctl(line.split(' '), { input: null, limit: 5_000 });
      expect([code, out]).toEqual([2, '']);
    },
  );

  it('a verb that deletes is refused without --yes before the directory is read', async () => {
    const { code, err } = await sampleHome.ramctl(['user', 'delete', 'alice', '-d', sampleHome.folder], {
      input: null,
    });
    expect([code, err]).toEqual([2, expect.stringContaining('--yes')]);
  });
});

describe('a password', () => {
  const create = (...args: string[]) => ['user', 'create', 'bob', '--console', ...args, '-o', 'json'];

  it.each([
    ['R1ght-Horse', 'R1ght-Horse'],
    ['R1ght-Horse\n', 'R1ght-Horse'],
    ['R1ght-Horse\r\n', 'R1ght-Horse'],
    [' R1ght Hörse ', ' R1ght Hörse '],
  ])('%j on stdin sets the password %j', async (input, password) => {
    const home = new Home();
    const { code, out } = await home.run(create('--password-stdin'), { input });
    expect([code, out]).toEqual([0, expect.not.stringContaining('orse')]);
    expect(JSON.parse(out)).not.toHaveProperty('Password');
    const hash = /\$argon2id\$[^"]+/.exec(readFileSync(home.directory, 'utf8'))?.[0] ?? '';
    expect(await verify(hash, password)).toBe(true);
  });

  it.each([
    ['', 1, 'InvalidParameter.Password.TooWeak'],
    ['R1ght-Horse\n\n', 1, 'InvalidParameter.Password.TooWeak'],
    ['sh0rt', 1, 'InvalidParameter.Password.TooWeak'],
  ])('%j on stdin is refused', async (input, code, Code) => {
    const home = new Home();
    const failed = await home.run(create('--password-stdin'), { input });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([code, '', Code]);
  });

  it('on stdin is a usage error together with --password-file or without --console', async () => {
    const home = new Home();
    const both = create('--password-stdin', '--password-file', '-');
    expect((await home.run(both, { input: 'R1ght-Horse' })).code).toBe(2);
    expect((await home.ramctl(['user', 'create', 'bob', '--password-stdin'], { input: null })).code).toBe(2);
  });

  it('in a file that others can read is accepted with a remark', async () => {
    const home = new Home();
    const path = home.write('password.txt', 'R1ght-Horse\n');
    const { code, err } = await home.run(['user', 'create', 'bob', '--console', '--password-file', path]);
    expect([code, err]).toEqual([0, expect.stringContaining(path)]);
  });
});

/** The users in a directory file. A rolled-back change has raised its revision. */
function readUsers(home: Home): unknown {
  return JSON.parse(readFileSync(home.directory, 'utf8')).Users;
}
