import { beforeEach, describe, expect, it } from 'vitest';
import type { RotationResult } from '../../../src/view/access-key.ts';
import { RotationWorld } from './rotation-world.ts';

let world: RotationWorld;
let oldId = '';

beforeEach(async () => {
  world = await RotationWorld.create();
  oldId = world.oldId;
});

describe('ak rotate --run-id', () => {
  /** Runs a rotation that delivers its AccessKey and cannot record the delivery. */
  const rotateWithoutRecord = async (words: string) => {
    let unlock = () => {};
    const shell = async () => {
      unlock = world.lock();
      return 0;
    };
    const outcome = await world.rotate(`${words} --check smoke`, { shell });
    unlock();
    expect(outcome.code).toBe(5);
    expect(await world.rotationStates()).toEqual(['Checking']);
    expect((await world.keys())[0]).toBe(`${oldId} Active`);
    return outcome;
  };

  it('delivers the same AccessKey again if the first delivery could not be recorded', async () => {
    const first = await rotateWithoutRecord('--run-id t --grace 1h');
    const again = await world.rotated('--run-id t --grace 60m --check smoke');
    expect(JSON.parse(first.out).AccessKey).toEqual(again.AccessKey);
    expect([await world.keys(), await world.rotationStates()]).toEqual([
      [`${oldId} Active`, `${again.NewAccessKeyId} Active`],
      ['Grace'],
    ]);
  });

  it.each(['file:s.json', 'file:s.csv', 'file:s.env', 'file:s.ini', 'aliyun:robot --config-path c.json'])(
    'completes the rotation without the secret if %s contains the AccessKey already',
    async (sink) => {
      await rotateWithoutRecord(`--run-id t --secret-to ${sink}`);
      const delivered = new Map(world.delivered);
      for (let n = 0; n < 3; n += 1) {
        const result = await world.rotated(`--run-id t --secret-to ${sink} --check smoke`);
        expect(Object.keys(result)).toEqual([
          'UserName',
          'RunId',
          'State',
          'OldAccessKeyId',
          'NewAccessKeyId',
          'DueDate',
        ]);
        expect(result).toMatchObject({ RunId: 't', State: 'Done', OldAccessKeyId: oldId });
        expect(await world.keys()).toEqual([`${oldId} Inactive`, `${result.NewAccessKeyId} Active`]);
      }
      expect([world.delivered, world.shellCommands.length, world.openPaths.size]).toEqual([delivered, 1, 0]);
    },
  );

  it('continues with the same AccessKey after a run that was killed during --check', async () => {
    const shell = () => Promise.reject(new Error('killed'));
    await world.rotate('--run-id t --check smoke --secret-to file:s.env', { shell });
    const [, killed] = await world.keys();
    const { NewAccessKeyId } = await world.rotated('--run-id t --check smoke --secret-to file:s.env');
    expect([killed, await world.rotationStates()]).toEqual([`${NewAccessKeyId} Active`, ['Done']]);
    const [first, second] = world.shellCommands;
    expect(first?.variables).toEqual(second?.variables);
  });

  it('creates no AccessKey for a sink that cannot be used if another process removes the rotation', async () => {
    await world.rotate('--run-id t --check smoke', { shell: () => Promise.reject(new Error('killed')) });
    const { directory } = world;
    const { listRotations } = directory;
    directory.listRotations = async (input) => {
      const rotations = await listRotations(input);
      for (const rotation of rotations) await directory.cancelRotation(rotation);
      return rotations;
    };
    expect((await world.rotate('--run-id t --secret-to file:s.txt')).code).toBe(2);
    expect([await world.keys(), await world.rotationStates()]).toEqual([[`${oldId} Active`], []]);
  });

  it('does not suggest a rollback if another process has delivered the AccessKey to the same file', async () => {
    const words = '--run-id t --check smoke --secret-to file:s.env';
    const shell = async () => {
      await world.rotated(words);
      world.failingPaths.add('s.env');
      return 0;
    };
    const { code, error } = await world.rotate(words, { shell });
    expect([code, error]).toMatchObject([5, { Code: 'RotationDelivered', Hint: 'ramctl ak rotation list alice' }]);
    expect(await world.rotationStates()).toEqual(['Done']);
    await world.rotated(words);
  });

  it.each([
    '',
    '--grace 1h',
    '--check smoke',
    '--secret-to file:s.env',
    '--secret-to aliyun:robot --config-path c.json',
  ])('refuses the same token with the different options "%s"', async (words) => {
    await world.rotated(`--run-id t --grace 2h --secret-to file:s.json ${words === '' ? '--check other' : ''}`);
    await world.expectRefused(1, 'RunIdUsed', `--run-id t ${words}`);
    expect(world.delivered.size).toBe(1);
  });

  it('refuses a token after a rollback and after its AccessKey was deleted', async () => {
    const { NewAccessKeyId } = await world.rotated('--run-id t');
    await world.ramctl('ak rotation rollback alice --yes');
    await world.expectRefused(1, 'RunIdUsed', '--run-id t');
    const next = await world.rotated('--run-id t2 --secret-to file:s.env');
    expect(next.NewAccessKeyId).not.toBe(NewAccessKeyId);
    await world.ramctl(`ak delete alice ${next.NewAccessKeyId} --force --yes`);
    await world.expectRefused(1, 'RunIdUsed', '--run-id t2 --secret-to file:s.env');
  });

  it('belongs to one user and stays valid after the user is renamed', async () => {
    await world.rotated('--run-id t --secret-to file:s.env');
    const rotationOfBob: RotationResult = (await world.ramctl('ak rotate bob --run-id t -o json')).json;
    expect(rotationOfBob).toMatchObject({ UserName: 'bob', RunId: 't', State: 'Done' });
    await world.ramctl('user edit alice --name carol --yes');
    const { code, json } = await world.ramctl('ak rotate carol --run-id t --secret-to file:s.env -o json');
    expect([code, json]).toMatchObject([0, { UserName: 'carol', OldAccessKeyId: oldId }]);
  });

  it('accepts --replace again in a retry, although that AccessKey no longer exists', async () => {
    const words = `--run-id t --secret-to file:s.env --replace ${await world.createSecondKey()} --force`;
    await rotateWithoutRecord(words);
    expect((await world.rotated(`${words} --check smoke`)).State).toBe('Done');
    expect(await world.keys()).toHaveLength(2);
  });

  it.each(['', 'x'.repeat(65), 'a\u001bb', 'a\u202eb'])('refuses the token %j', async (token) => {
    const { code, out } = await world.ramctl(['ak', 'rotate', 'alice', `--run-id=${token}`]);
    expect([code, out, await world.keys()]).toEqual([1, '', [`${oldId} Active`]]);
  });
});

it('ak rotate refuses a second rotation while one is pending, and names it', async () => {
  const { RunId } = await world.rotated('--grace 1h');
  for (const words of ['', '--run-id other', `--replace ${oldId} --force`]) {
    const { Message, Hint } = await world.expectRefused(1, 'RotationPending', words);
    expect([Message, Hint]).toEqual([expect.stringContaining(RunId), expect.stringContaining('finish alice')]);
  }
  expect((await world.ramctl('ak rotate bob')).code).toBe(0);
});
