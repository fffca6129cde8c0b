import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

const world = new TestWorld();

beforeAll(async () => {
  await world.ramctl('group create ops');
  await world.ramctl('user create bob --comments beta --console --mfa required');
  await world.ramctl('user create Alice --display-name "Zed" --policy ReadOnlyAccess');
  await world.ramctl('user create carol --group ops --access-key --email carol@acme.example.com');
});

describe('user list', () => {
  it.each([
    ['', 'Alice bob carol'],
    ['BETA', 'bob'],
    ['acme', 'carol'],
    ['zed', 'Alice'],
    ['nobody', ''],
    ['--policy readonlyaccess', 'Alice'],
    ['--group OPS', 'carol'],
    ['--group ops --policy ReadOnlyAccess', ''],
    ['--without-mfa', 'Alice bob carol'],
    ['--limit 2', 'Alice bob'],
    ['--sort-by CreateDate', 'bob Alice carol'],
    ['--sort-by displayname', 'Alice bob carol'],
    ['--sort-by Comments --limit 1', 'bob'],
    ['--sort-by AccessKeys', 'Alice bob carol'],
  ])('%s finds: %s', async (flags, names) => {
    const { code, json } = await world.ramctl(`user list ${flags} -o json --query [].UserName`);
    expect([code, json]).toEqual([0, names.split(' ').filter(Boolean)]);
  });

  it('has one summary for each user', async () => {
    const [, bob] = (await world.ramctl('user list -o json')).json as object[];
    expect(bob).toMatchObject({ UserName: 'bob', Console: true, MFA: 'required', AccessKeys: 0, LastLoginDate: null });
    expect(Object.keys(bob ?? {})).toHaveLength(10);
    expect((await world.ramctl('user list nobody')).out).toBe('no users\n');
  });

  it.each(['--limit 0', '--limit x', '--limit 1.5', '--sort-by Shoe', 'a b'])('%s is a usage error', async (flags) => {
    expect((await world.ramctl(`user list ${flags}`)).code).toBe(2);
  });

  it.each(['--policy Nope', '--group nothing'])('%s finds nothing to look for', async (flags) => {
    expect((await world.ramctl(`user list ${flags}`)).code).toBe(3);
  });
});
