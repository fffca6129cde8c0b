// `ak rotate` without local state, killed after each call of RAM's API, and then run again with the same --run-id.
import { describe, expect, it } from 'vitest';
import type { RotationResult } from '../../src/view/access-key.ts';
import { RemoteRotationWorld } from '../support/remote-rotations.ts';
import type { RunOptions } from '../support/test-world.ts';

/** A check that uses the new AccessKey. */
const useInCheck = (world: RemoteRotationWorld): RunOptions => ({
  shell: async (
    _,
    { ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKeyId = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKeySecret = '' },
  ) => {
    await world.stored.verifyAccessKey({ AccessKeyId, AccessKeySecret });
    return 0;
  },
});

interface Situation {
  words: string;
  /** Creates a second AccessKey, which `--replace` deletes. */
  hasSpare?: boolean;
  /** The rotation was delivered, and its pair is lost. */
  isLost?: boolean;
  /** No other file has the pair: it is on stdout. */
  isStdout?: boolean;
}

const SITUATIONS: Record<string, Situation> = {
  'to a file': { words: '--secret-to file:s.env' },
  'to a file, with a check that uses the new key': { words: '--secret-to file:s.env --check smoke' },
  'to a file, with a grace period': { words: '--secret-to file:s.env --grace 1h --check smoke' },
  'to a profile': { words: '--secret-to aliyun:p --config-path c.json' },
  'to stdout': { words: '--check smoke', isStdout: true },
  'that deletes a disabled key': { words: '--secret-to file:s.env --replace inactive', hasSpare: true },
  'that deletes a key by its id': {
    words: '--secret-to file:s.env --check smoke --replace SPARE --force',
    hasSpare: true,
  },
  'again after its pair was lost': { words: '--secret-to file:s.env --check smoke', isLost: true },
  'again after its pair on stdout was lost': { words: '--grace 1h', isLost: true, isStdout: true },
};

async function prepare({ words, hasSpare, isLost }: Situation) {
  const world = await RemoteRotationWorld.create();
  const spare = hasSpare ? await world.createKey() : '';
  if (words.includes('inactive')) {
    await world.directory.updateAccessKey({ UserName: 'robot', UserAccessKeyId: spare, Status: 'Inactive' });
  }
  const rotate = () => world.rotate(`--run-id t ${words.replace('SPARE', spare)}`, useInCheck(world));
  if (isLost) {
    expect((await rotate()).code).toBe(0);
    world.delivered.clear();
  }
  return { world, rotate, spare };
}

/** The pair that the last command has delivered, or that an earlier one wrote to the file. */
const findPair = (world: RemoteRotationWorld, { isStdout }: Situation, out: string) =>
  world.findPair(isStdout ? out : [...world.delivered.values()].join('\n'));

async function expectRotated(world: RemoteRotationWorld, situation: Situation, out: string) {
  const pair = findPair(world, situation, out);
  if (!pair) throw new Error('no pair was delivered');
  expect(await world.stored.verifyAccessKey(pair)).toMatchObject({ UserName: 'robot' });
  const hasGrace = situation.words.includes('--grace');
  expect(await world.keys()).toEqual([
    `${world.oldId} ${hasGrace ? 'Active' : 'Inactive'}`,
    `${pair.AccessKeyId} Active`,
  ]);
  expect(await world.rotations()).toMatchObject([{ RunId: 't', State: hasGrace ? 'Grace' : 'Done' }]);
}

/** The old key is active, or the pair that was delivered is valid. A third key never exists. */
async function expectUsable(world: RemoteRotationWorld, situation: Situation, out: string) {
  const keys = await world.keys();
  expect(keys.length).toBeLessThanOrEqual(2);
  if (situation.isLost || keys.includes(`${world.oldId} Active`)) return;
  const pair = findPair(world, situation, out);
  expect(keys).toContain(`${pair?.AccessKeyId} Active`);
}

describe('a rotation that is killed after each call ends as one that was not killed', () => {
  it.each(Object.entries(SITUATIONS))('%s', async (_, situation) => {
    let calls = 0;
    for (let wasKilled = true; wasKilled; calls += 1) {
      const { world, rotate } = await prepare(situation);
      const first = await world.kill(calls, rotate);
      ({ wasKilled } = first);
      expect(first.result.code === 0).toBe(!wasKilled);
      await expectUsable(world, situation, first.result.out);
      if (!wasKilled) {
        await expectRotated(world, situation, first.result.out);
        break;
      }
      const { code, out, err } = await rotate();
      expect([calls, code, err]).toEqual([calls, 0, '']);
      await expectRotated(world, situation, out);
    }
    expect(calls).toBeGreaterThan(10);
  });

  it.each(['to a file, with a check that uses the new key', 'to stdout', 'that deletes a key by its id'])(
    'also if the second attempt is killed: %s',
    async (name) => {
      const situation = SITUATIONS[name] as Situation;
      for (let calls = 0; calls < 45; calls += 5) {
        for (let more = 0; more < 45; more += 9) {
          const { world, rotate } = await prepare(situation);
          const first = await world.kill(calls, rotate);
          const { result } = await world.kill(more + ((calls / 5) % 9), rotate);
          // The second attempt may have replaced the pair that the first one has printed.
          await expectUsable(world, { ...situation, isLost: first.result.out !== '' }, result.out);
          const { code, out, err } = await rotate();
          if (code !== 0 || out === '') expect([calls, more, code, err]).toEqual([calls, more, 0, '']);
          if (world.findPair(out) || !situation.isStdout) await expectRotated(world, situation, out);
        }
      }
    },
  );
});

it('the next rotation with --replace inactive after each kill leaves two keys, and one that can be used', async () => {
  for (let calls = 0; calls < 40; calls += 1) {
    const { world, rotate } = await prepare({ words: '--secret-to file:s.env' });
    await world.kill(calls, rotate);
    const next = await world.rotate('--run-id next --replace inactive --secret-to file:n.env');
    if (next.code === 0) {
      const [first, second] = await world.keys();
      expect([first?.endsWith('Inactive'), second]).toEqual([
        true,
        `${(next.json as RotationResult).NewAccessKeyId} Active`,
      ]);
    } else {
      expect([next.code, next.error.Code]).toEqual([1, 'RotationPending']);
      expect((await world.ramctl('ak rotation rollback robot --yes')).code).toBe(0);
      expect(await world.keys()).toEqual([`${world.oldId} Active`]);
    }
  }
});

describe('a command that is killed after each call and run again', () => {
  const rotated = async (grace: string) => {
    const world = await RemoteRotationWorld.create();
    expect((await world.rotate(`--run-id t ${grace}`)).code).toBe(0);
    world.clock.step(grace === '' ? 0 : 7200);
    return world;
  };

  it.each([
    ['rotation finish', 'Inactive', '--grace 1h', 'Done', 2],
    ['rotation rollback robot --yes', 'Active', '', 'RolledBack', 1],
    ['rotation rollback robot --yes', 'Active', '--grace 1h', 'RolledBack', 1],
  ])('%s: the old key is %s', async (line, status, grace, state, count) => {
    for (let calls = 0; calls < 25; calls += 1) {
      const world = await rotated(grace);
      const { wasKilled } = await world.kill(calls, () => world.ramctl(`ak ${line}`));
      const again = await world.ramctl(`ak ${line} -o json`);
      // After the last call, the rotation is rolled back already.
      expect([again.code === 0, again.code === 3]).toContain(true);
      expect(await world.rotations()).toMatchObject([{ RunId: 't', State: state }]);
      const keys = await world.keys();
      expect([keys[0], keys.length]).toEqual([`${world.oldId} ${status}`, count]);
      if (!wasKilled) return;
    }
  });
});
