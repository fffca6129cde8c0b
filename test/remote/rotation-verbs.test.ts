// `ak rotate` and `ak rotation` without local state.
import { beforeEach, expect, it } from 'vitest';
import type { RotationResult } from '../../src/view/access-key.ts';
import { RemoteRotationWorld } from '../support/remote-rotations.ts';

let world: RemoteRotationWorld;
let oldId = '';

beforeEach(async () => {
  world = await RemoteRotationWorld.create();
  ({ oldId } = world);
});

const expectFailure = async (words: string, code: number, Code: string, options = {}) => {
  const result = await world.rotate(words, options);
  expect([result.code, result.error.Code, result.out]).toEqual([code, Code, '']);
  return result.error;
};
const createSpare = () => world.createKey();
const fail = { shell: async () => 1 };

it('a rotation prints the same members as one with local state', async () => {
  const { json } = await world.rotate(`--replace ${await createSpare()} --force --grace 1h`);
  expect(Object.keys(json)).toEqual([
    ...['UserName', 'RunId', 'State', 'OldAccessKeyId', 'NewAccessKeyId', 'DueDate', 'AccessKey'],
  ]);
});

it.each(['file:s.json', 'file:s.csv', 'file:s.env', 'file:s.ini', 'aliyun:robot --config-path c.json'])(
  'the same --run-id prints the rotation without the secret if %s contains the AccessKey',
  async (sink) => {
    const first = await world.rotate(`--run-id t --secret-to ${sink}`);
    const again = await world.rotate(`--run-id t --secret-to ${sink}`);
    const { AccessKey: _, ...rotation } = first.json as RotationResult;
    expect([first.code, again.code, again.json, again.err]).toEqual([0, 0, rotation, '']);
    expect(again.out).not.toContain('AccessKeySecret');
    expect(await world.keys()).toHaveLength(2);
  },
);

it('the same --run-id is refused after the lost AccessKey was used', async () => {
  const { AccessKey } = (await world.rotate('--run-id t')).json as {
    AccessKey: { AccessKeyId: string; AccessKeySecret: string };
  };
  world.clock.step(1);
  await world.directory.verifyAccessKey(AccessKey);
  const { Message, Hint } = await expectFailure('--run-id t', 1, 'RotationDelivered');
  expect(Message).toMatch(/already delivered AccessKey \w+, which was last used at .*; stdout cannot be read again/);
  expect(Hint).toBe('ramctl ak rotation rollback robot');
});

it('a failed check or delivery deletes the new AccessKey, and says which one stays deleted', async () => {
  await expectFailure('--check smoke', 4, 'CheckFailed', fail);
  world.failingPaths.add('bad.env');
  const { Message } = await expectFailure('--secret-to file:bad.env', 5, 'DeliveryFailed');
  expect(Message).toContain('nothing was changed');
  for (const [words, code, Code, options] of [
    ['--check smoke', 4, 'CheckFailed', fail],
    ['--secret-to file:bad.env', 5, 'DeliveryFailed', {}],
  ] as const) {
    const spare = await createSpare();
    const failed = await expectFailure(`${words} --replace ${spare} --force`, code, Code, options);
    expect(failed.Message).toContain(`AccessKey ${spare}`);
    expect(failed.Message).not.toContain('nothing was changed');
    expect([await world.keys(), await world.rotations()]).toEqual([[`${oldId} Active`], []]);
  }
});

it('a failed check of a repeated rotation says that the lost AccessKey stays deleted', async () => {
  const { json } = await world.rotate('--run-id t --check smoke');
  const { NewAccessKeyId } = json as { NewAccessKeyId: string };
  const { Message } = await expectFailure('--run-id t --check smoke', 4, 'CheckFailed', fail);
  expect(Message).toContain(`the old one did not change; AccessKey ${NewAccessKeyId} stays deleted`);
  expect(await world.keys()).toEqual([`${oldId} Inactive`]);
  expect((await world.rotate('--run-id t --check smoke')).code).toBe(0);
  expect((await world.ramctl('ak rotation rollback robot --yes')).code).toBe(0);
  expect(await world.keys()).toEqual([`${oldId} Active`]);
});

it('the same command can be run again after --replace has deleted its key and the new one was not created', async () => {
  const spare = await createSpare();
  const words = `--replace ${spare} --force`;
  let isDeleted = false;
  for (let calls = 1; !isDeleted; calls += 1) {
    const { wasKilled } = await world.kill(calls, () => world.rotate(words));
    expect(wasKilled).toBe(true);
    isDeleted = (await world.keys()).length === 1;
  }
  const again = await world.rotate(words);
  const { AccessKeyId } = world.findPair(again.out) ?? {};
  expect([again.code, await world.keys()]).toEqual([0, [`${oldId} Inactive`, `${AccessKeyId} Active`]]);
});

it('nothing is deleted if the result would lose the secret', async () => {
  const spare = await createSpare();
  await expectFailure(`--replace ${spare} --force --query RunId`, 2, 'Usage');
  expect([await world.keys(), await world.rotations()]).toEqual([[`${oldId} Active`, `${spare} Active`], []]);
});

it.each(['ak delete robot NEW --force', 'ak rotation rollback robot'])(
  'an AccessKey that "%s" deletes during the check is not delivered',
  async (line) => {
    const result = await world.rotate('--check smoke --secret-to file:s.env', {
      shell: async (_: string, { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '' }: Record<string, string>) => {
        expect((await world.ramctl(`${line.replace('NEW', id)} --yes`)).code).toBe(0);
        return 0;
      },
    });
    expect([result.code, world.delivered.size, await world.keys()]).toEqual([3, 0, [`${oldId} Active`]]);
  },
);

it.each([
  ['--secret-to file:s.env', '--secret-to file:s.env'],
  ['', ''],
])('of two commands with the same --run-id, one delivers and the other one fails: "%s"', async (sink) => {
  // The second command runs while the first one checks its AccessKey.
  let inner: Awaited<ReturnType<typeof world.rotate>> | undefined;
  const words = `--run-id t --check smoke ${sink}`;
  const outer = await world.rotate(words, {
    shell: async () => {
      inner = await world.rotate(words);
      return 0;
    },
  });
  expect([inner?.code, outer.code, outer.out]).toEqual([0, 3, '']);
  const pair = world.findPair(sink === '' ? inner?.out : world.delivered.get('s.env'));
  expect(await world.keys()).toEqual([`${oldId} Inactive`, `${pair?.AccessKeyId} Active`]);
  expect(await world.directory.verifyAccessKey(pair ?? { AccessKeyId: '', AccessKeySecret: '' })).toBeTruthy();
});

it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
  'of two commands that start together, one delivers, after call %i',
  async (call) => {
    const words = '--run-id t --secret-to file:s.env';
    const now = world.clock.now();
    let inner: Awaited<ReturnType<typeof world.rotate>> | undefined;
    world.afterCall = [
      call,
      async () => {
        // Both commands start in the same second.
        world.clock.step((now.getTime() - world.clock.now().getTime()) / 1000);
        inner = await world.rotate(words);
      },
    ];
    const outer = await world.rotate(words);
    const delivered = [inner, outer].filter((result) => result?.code === 0);
    const pair = world.findPair(world.delivered.get('s.env'));
    for (const result of delivered) expect(result?.json).toMatchObject({ NewAccessKeyId: pair?.AccessKeyId });
    expect([delivered.length > 0, await world.keys()]).toEqual([
      true,
      [`${oldId} Inactive`, `${pair?.AccessKeyId} Active`],
    ]);
  },
);

it('list and finish name undelivered and due rotations of all users', async () => {
  await world.rotate('--run-id t --grace 1h');
  await world.ramctl('user create bob --access-key');
  await world.ramctl('ak rotate bob --run-id b --check smoke', { shell: () => Promise.reject(new Error('killed')) });
  const { json } = await world.ramctl('ak rotation list -o json');
  expect(json).toMatchObject([
    { UserName: 'bob', RunId: 'b', State: 'Checking' },
    { UserName: 'robot', RunId: 't', State: 'Grace' },
  ]);
  const early = await world.ramctl('ak rotation finish robot -o json');
  expect([early.code, early.error.Code]).toEqual([5, 'RotationPending']);
  world.clock.step(3600);
  expect((await world.ramctl('ak rotation finish robot')).code).toBe(0);
  expect(await world.keys()).toContain(`${oldId} Inactive`);
  expect((await world.ramctl('ak rotation finish')).code).toBe(5);
});

it('a command prints no rotation whose secret only another process knows', async () => {
  const codes: number[] = [];
  const rotateMeanwhile = async () => {
    codes.push((await world.rotate('--run-id t')).code);
  };
  // After the first call, the command knows that there is no rotation yet.
  world.afterCall = [1, rotateMeanwhile];
  await expectFailure('--run-id t', 5, 'RotationPending');
  expect([codes, (await world.keys())[0]]).toEqual([[0], `${oldId} Inactive`]);
});
