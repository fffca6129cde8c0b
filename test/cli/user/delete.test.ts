import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice --console --access-key --policy ReadOnlyAccess');
  await world.ramctl('user create bob');
});

describe('user delete', () => {
  it('refuses a user who still has something and names every blocker', async () => {
    const before = await world.state();
    const { code, error } = await world.ramctl('user delete bob alice --yes -o json');
    expect([code, error.Code]).toEqual([1, 'DeleteConflict.User.AccessKey']);
    expect(error.Blockers?.map(({ Kind }) => Kind)).toEqual(['AccessKey', 'Policy', 'LoginProfile']);
    expect((await world.ramctl('user delete alice', { answers: [] })).code).toBe(1);
    expect(await world.state()).toEqual(before);
  });

  it('lets the user go once the command of every blocker was given', async () => {
    const { error } = await world.ramctl('user delete alice --yes -o json');
    for (const { Command } of error.Blockers ?? []) {
      expect(await world.ramctl(`${Command.replace('ramctl ', '')} --yes`)).toMatchObject({ code: 0 });
    }
    expect(await world.ramctl('user delete alice --yes')).toMatchObject({ code: 0 });
  });

  it('with --cascade deletes all of them, each once, and prints what went', async () => {
    const { code, json } = await world.ramctl('user delete alice bob ALICE --cascade --yes -o json');
    expect([code, json]).toEqual([
      0,
      [
        { UserName: 'alice', UserId: expect.stringMatching(/^\d{18}$/), Removed: expect.any(Array) },
        { UserName: 'bob', UserId: expect.stringMatching(/^\d{18}$/), Removed: [] },
      ],
    ]);
    expect((await world.state()).Users.size).toBe(0);
  });

  it('refuses a member, names the groups, and with --cascade leaves them without the user', async () => {
    for (const name of ['ops', 'dev']) await world.ramctl(`group create ${name}`);
    for (const name of ['ops', 'dev']) await world.ramctl(`group add ${name} bob alice`);
    const { code, error } = await world.ramctl('user delete bob --yes -o json');
    expect([code, error.Code]).toEqual([1, 'DeleteConflict.User.Group']);
    expect(error.Blockers).toEqual([
      { Kind: 'Group', Name: 'dev', Command: 'ramctl group remove dev bob' },
      { Kind: 'Group', Name: 'ops', Command: 'ramctl group remove ops bob' },
    ]);
    await world.ramctl('group remove dev bob');
    await world.ramctl('group remove ops bob');
    expect((await world.ramctl('user delete bob --yes')).code).toBe(0);
    const gone = await world.ramctl('user delete alice --cascade --yes -o json');
    const kinds = (gone.json as { Removed: { Kind: string }[] }[])[0]?.Removed.map(({ Kind }) => Kind);
    expect([gone.code, kinds]).toEqual([0, ['AccessKey', 'Group', 'Group', 'Policy', 'LoginProfile']]);
    expect((await world.ramctl('group list -o json --query [].Users')).json).toEqual([0, 0]);
  });

  it('deletes nobody when one is missing, nor with --dry-run, which asks nothing', async () => {
    const before = await world.state();
    expect((await world.ramctl('user delete bob carol --yes')).code).toBe(3);
    const dry = await world.ramctl('user delete alice bob --cascade --dry-run -o json');
    expect([dry.code, dry.json]).toMatchObject([0, [{ UserName: 'alice' }, { UserName: 'bob' }]]);
    expect((await world.ramctl('user delete alice --dry-run')).code).toBe(1);
    expect(await world.state()).toEqual(before);
  });

  it.each([
    [89, true],
    [91, false],
  ])('warns of a key and a logon used %i days ago: %s', async (days, warned) => {
    const used = new Date(world.clock.now().getTime() - days * 86_400_000).toISOString().replace(/\.\d+/, '');
    await world.store.change(async ({ Users }) => {
      for (const user of Users.values()) {
        user.LastLoginDate = used;
        for (const key of user.AccessKeys) key.LastUsedDate = used;
      }
    });
    const question = warned ? 'alice was used on' : 'Delete alice';
    expect((await world.ramctl('user delete alice --cascade', { answers: [[question, false]] })).code).toBe(130);
    const { err } = await world.ramctl('user delete alice --cascade --yes');
    expect(err.match(/^warning: /gm)?.length ?? 0).toBe(warned ? 2 : 0);
  });
});
