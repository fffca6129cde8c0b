import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { RotationWorld } from './rotation-world.ts';

let world: RotationWorld;
let oldId = '';

beforeEach(async () => {
  world = await RotationWorld.create();
  oldId = world.oldId;
});

describe('ak rotate', () => {
  it('creates a new AccessKey, shows its secret once and disables the old one at once', async () => {
    const result = await world.rotated();
    expect(Object.keys(result).join(' ')).toBe('UserName RunId State OldAccessKeyId NewAccessKeyId DueDate AccessKey');
    const { NewAccessKeyId, AccessKey } = result;
    expect(result).toMatchObject({ UserName: 'alice', State: 'Done', OldAccessKeyId: oldId, DueDate: null });
    expect(AccessKey).toMatchObject({
      AccessKeyId: NewAccessKeyId,
      AccessKeySecret: expect.stringMatching(/^\w{30}$/),
    });
    expect(await world.keys()).toEqual([`${oldId} Inactive`, `${NewAccessKeyId} Active`]);
    const input = AccessKey?.AccessKeySecret ?? '';
    expect((await world.ramctl(`ak verify ${NewAccessKeyId} --secret-stdin`, { input })).code).toBe(0);
    for (const line of ['ak rotation list', 'ak rotation finish', 'ak list alice', 'user get alice']) {
      for (const format of ['table', 'json', 'yaml', 'csv']) {
        expect((await world.ramctl(`${line} -o ${format}`)).out).not.toContain(input);
      }
    }
  });

  it.each(['table', 'json', 'yaml', 'csv'])('shows the whole secret exactly once in %s output', async (format) => {
    const { code, out } = await world.ramctl(`ak rotate ALICE -o ${format}`);
    expect([code, out.match(/\b[A-Za-z0-9]{30}\b/g)?.length]).toEqual([0, 1]);
  });

  it.each(['file:s.json', 'file:s.csv', 'file:s.env', 'file:s.ini', 'aliyun:robot --config-path c.json'])(
    'delivers the secret to %s and does not print it',
    async (sink) => {
      const { AccessKey, ...rest } = await world.rotated(`--secret-to ${sink}`);
      expect(Object.keys(AccessKey ?? {})).toEqual(['AccessKeyId', 'Status', 'CreateDate']);
      expect(rest).toMatchObject({ State: 'Done', NewAccessKeyId: AccessKey?.AccessKeyId });
      const [text = ''] = world.delivered.values();
      const [input = ''] = /\b[A-Za-z0-9]{30}\b/.exec(text) ?? [];
      expect(text).toContain(rest.NewAccessKeyId);
      expect((await world.ramctl(`ak verify ${rest.NewAccessKeyId} --secret-stdin`, { input })).code).toBe(0);
    },
  );

  it('writes the user to a CSV file in the same form as ak create', async () => {
    await world.ramctl('ak create bob --secret-to file:bob.csv');
    await world.rotated('--secret-to file:alice.csv');
    const [bob, alice] = ['bob', 'alice'].map((name) => world.delivered.get(`${name}.csv`)?.split('\n')[1] ?? '');
    expect(alice?.split(',')[0]).toBe(bob?.split(',')[0]?.replace('bob', 'alice'));
  });

  it.each([
    ['90s', 90],
    ['1m', 60],
    ['2h', 7200],
    ['7d', 604_800],
  ])('keeps the old AccessKey active for a grace period of %s', async (grace, seconds) => {
    const { State, DueDate } = await world.rotated(`--grace ${grace}`);
    const due = new Date(world.clock.now().getTime() + seconds * 1000).toISOString().replace('.000', '');
    expect([State, DueDate, (await world.keys())[0]]).toEqual(['Grace', due, `${oldId} Active`]);
    world.clock.step(seconds - 2);
    expect([(await world.ramctl('ak rotation finish')).code, (await world.keys())[0]]).toEqual([5, `${oldId} Active`]);
    expect([(await world.ramctl('ak rotation finish')).code, (await world.keys())[0]]).toEqual([
      0,
      `${oldId} Inactive`,
    ]);
  });

  it('disables the old AccessKey at once with a grace period of zero', async () => {
    expect(await world.rotated('--grace 0s')).toMatchObject({ State: 'Done', DueDate: null });
    expect((await world.keys())[0]).toBe(`${oldId} Inactive`);
  });

  it.each(['2', 'h', '1.5h', '-1h', '2w', '2H', '1h30m', '', ' 2h', '1e3s', '9999999d'])(
    'refuses the grace period "%s"',
    async (grace) => {
      await world.expectRefused(2, 'Usage', `--grace="${grace}"`);
    },
  );

  it.each([
    '--force',
    '--query RunId',
    '--query AccessKey.AccessKeyId',
    '--secret-to github',
    '--secret-to file:s.txt',
  ])('refuses %s before it creates or runs anything', async (words) => {
    await world.expectRefused(2, 'Usage', `${words} --check true`);
    expect(world.shellCommands).toEqual([]);
  });

  it('refuses a user without an AccessKey and an unknown user', async () => {
    await world.ramctl(`ak delete alice ${oldId} --force --yes`);
    expect((await world.expectRefused(3, 'EntityNotExist.User.AccessKey', '')).Hint).toBe('ramctl ak create alice');
    expect((await world.ramctl('ak rotate carol')).code).toBe(3);
    expect((await world.ramctl('ak rotate carol --run-id t')).code).toBe(3);
  });
});

describe('ak rotate of a user with two AccessKeys', () => {
  it('refuses to choose one and names both with their last use', async () => {
    const second = await world.createSecondKey();
    await world.ramctl(`ak disable alice ${second}`);
    const { Message, Hint } = await world.expectRefused(1, 'LimitExceeded.User.AccessKey', '');
    expect(Message).toContain(`${oldId} (Active, last used: never)`);
    expect(Message).toContain(`${second} (Inactive, last used: never)`);
    expect(Hint).toMatch(/^ramctl ak rotate alice --replace inactive {2}/);
    expect((await world.rotate('--replace inactive')).code).toBe(0);
    const { AccessKey }: CreatedUser = (await world.ramctl('user create carol --access-key -o json')).json;
    const { AccessKeyId, AccessKeySecret: input = '' } = AccessKey ?? {};
    await world.ramctl(`ak verify ${AccessKeyId} --secret-stdin`, { input });
    const lastUse = world.clock.now().toISOString().replace('.000', '');
    await world.ramctl('ak create carol');
    expect((await world.ramctl('ak rotate carol')).err).toContain(`${AccessKeyId} (Active, last used: ${lastUse})`);
  });

  it('deletes the AccessKey that --replace names, an active one only with --force', async () => {
    const second = await world.createSecondKey();
    await world.expectRefused(1, 'AccessKeyActive', `--replace ${second}`);
    await world.ramctl(`ak disable alice ${second}`);
    const { NewAccessKeyId, OldAccessKeyId } = await world.rotated(`--replace ${second}`);
    expect([OldAccessKeyId, await world.keys()]).toEqual([oldId, [`${oldId} Inactive`, `${NewAccessKeyId} Active`]]);
    const next = await world.rotated(`--replace ${NewAccessKeyId} --force`);
    expect(await world.keys()).toEqual([`${oldId} Inactive`, `${next.NewAccessKeyId} Active`]);
  });

  it('deletes the disabled one of two AccessKeys with --replace inactive', async () => {
    const second = await world.createSecondKey();
    await world.ramctl(`ak disable alice ${second}`);
    const first = await world.rotated('--replace inactive');
    expect([first.OldAccessKeyId, await world.keys()]).toEqual([
      oldId,
      [`${oldId} Inactive`, `${first.NewAccessKeyId} Active`],
    ]);
    const next = await world.rotated('--replace Inactive');
    expect(await world.keys()).toEqual([`${first.NewAccessKeyId} Inactive`, `${next.NewAccessKeyId} Active`]);
  });

  it.each(['enable', 'disable'])('rotates the only AccessKey with --replace inactive after ak %s', async (verb) => {
    await world.ramctl(`ak ${verb} alice ${oldId}`);
    const { NewAccessKeyId } = await world.rotated('--replace inactive');
    expect(await world.keys()).toEqual([`${oldId} Inactive`, `${NewAccessKeyId} Active`]);
  });

  it.each(['Active', 'Inactive'])(
    'refuses --replace inactive for two AccessKeys that are %s, and names both',
    async (status) => {
      const second = await world.createSecondKey();
      if (status === 'Inactive') for (const id of [oldId, second]) await world.ramctl(`ak disable alice ${id}`);
      const { Message } = await world.expectRefused(1, 'LimitExceeded.User.AccessKey', '--replace inactive --force');
      expect(Message).toContain(`${oldId} (${status}, last used: never)`);
      expect(Message).toContain(`${second} (${status}, last used: never)`);
    },
  );

  it('restores the AccessKey that --replace inactive deleted if the check fails', async () => {
    const second = await world.createSecondKey();
    await world.ramctl(`ak disable alice ${second}`);
    await world.expectRefused(4, 'CheckFailed', '--replace inactive --check smoke', { shell: async () => 1 });
  });

  it('refuses --replace for a user with one AccessKey and for the AccessKey of another user', async () => {
    await world.expectRefused(1, 'NothingToReplace', `--replace ${oldId} --force`);
    const [keyOfBob] = (await world.state()).Users.get('bob')?.AccessKeys ?? [];
    await world.createSecondKey();
    for (const id of [keyOfBob?.AccessKeyId, 'LTAIx', oldId.toLowerCase()]) {
      await world.expectRefused(3, 'EntityNotExist.User.AccessKey', `--replace ${id} --force`);
    }
  });
});
