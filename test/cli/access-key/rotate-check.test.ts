import { beforeEach, describe, expect, it } from 'vitest';
import type { RunOptions } from '../../support/test-world.ts';
import { RotationWorld } from './rotation-world.ts';

let world: RotationWorld;
let oldId = '';

beforeEach(async () => {
  world = await RotationWorld.create();
  oldId = world.oldId;
});

describe('ak rotate --check', () => {
  it('runs the command with the new AccessKey before it disables the old one and delivers the new one', async () => {
    let seen: unknown;
    const { AccessKey } = await world.rotated('--check "./smoke --test" --secret-to file:s.json', {
      shell: async () => {
        seen = [await world.keys(), await world.rotationStates(), world.delivered.size];
        return 0;
      },
    });
    const text = JSON.parse(world.delivered.get('s.json') ?? '');
    const variables = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: text.AccessKey.AccessKeySecret,
    };
    expect(world.shellCommands).toEqual([{ command: './smoke --test', variables }]);
    expect(seen).toEqual([[`${oldId} Active`, `${AccessKey?.AccessKeyId} Active`], ['Checking'], 0]);
  });

  it.each([1, 127, 128, 255])('changes nothing if the command ends with %i', async (code) => {
    world.delivered.set('s.env', 'theirs');
    const words = '--check smoke --run-id t --secret-to file:s.env --overwrite';
    const { Message } = await world.expectRefused(4, 'CheckFailed', words, { shell: async () => code });
    expect(Message).toContain(`${code}`);
    expect([world.delivered.get('s.env'), await world.keys(), await world.rotationStates()]).toEqual([
      'theirs',
      [`${oldId} Active`],
      [],
    ]);
    expect((await world.rotated(words)).State).toBe('Done');
  });

  it('restores the AccessKey that --replace deleted if the command fails', async () => {
    const second = await world.createSecondKey();
    const { code } = await world.rotate(`--check smoke --replace ${second} --force`, { shell: async () => 1 });
    expect([code, await world.keys()]).toEqual([4, [`${oldId} Active`, `${second} Active`]]);
  });

  it('starts the grace period after the command has ended', async () => {
    const shell = async () => {
      world.clock.step(3600);
      return 0;
    };
    const { DueDate } = await world.rotated('--check smoke --grace 1m', { shell });
    expect(DueDate).toBe(new Date(world.clock.now().getTime() + 60_000).toISOString().replace('.000', ''));
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
  });

  it('accepts that the user is renamed while the command runs', async () => {
    for (const [code, before, after] of [
      [1, 'alice', 'carol'],
      [0, 'carol', 'alice'],
    ] as const) {
      const outcome = await world.ramctl(`ak rotate ${before} --check smoke --secret-to file:s.env`, {
        shell: async () => {
          await world.ramctl(`user edit ${before} --name ${after} --yes`);
          return code;
        },
      });
      expect(outcome.code).toBe(code === 0 ? 0 : 4);
    }
    expect([(await world.keys())[0], await world.rotationStates()]).toEqual([`${oldId} Inactive`, ['Done']]);
  });

  it('deletes the new AccessKey of a failed check even if it was used and the directory has changed', async () => {
    let used: unknown;
    const { code, out } = await world.rotate('--check smoke', {
      shell: async (_, variables) => {
        const { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: input = '' } = variables;
        used = (await world.ramctl(`ak verify ${id} --secret-stdin`, { input })).code;
        await world.ramctl('user edit alice --comments new --yes');
        return 1;
      },
    });
    expect([used, code, out, await world.keys(), await world.rotationStates()]).toEqual([
      0,
      4,
      '',
      [`${oldId} Active`],
      [],
    ]);
    expect((await world.alice()).Comments).toBe('new');
  });

  it('reports a failed check even if another process has deleted the new AccessKey', async () => {
    const { code, out } = await world.rotate('--check smoke', {
      shell: async (_, { ALIBABA_CLOUD_ACCESS_KEY_ID: id }) => {
        await world.ramctl(`ak delete alice ${id} --force --yes`);
        return 1;
      },
    });
    expect([code, out, await world.keys(), await world.rotationStates()]).toEqual([4, '', [`${oldId} Active`], []]);
  });

  it.each([
    [1, 4, 'CheckFailed'],
    [0, 3, 'EntityNotExist.User.AccessKey'],
  ])('does not suggest a rollback after one, if the command ends with %d', async (checkCode, code, Code) => {
    const shell = async () => {
      await world.ramctl('ak rotation rollback alice --yes');
      return checkCode;
    };
    const result = await world.rotate('--check smoke', { shell });
    expect([result.code, result.error.Code, result.error.Hint ?? '']).toEqual([
      code,
      Code,
      expect.not.stringContaining('rollback'),
    ]);
    expect([await world.keys(), await world.rotationStates()]).toEqual([[`${oldId} Active`], ['RolledBack']]);
  });

  it.each(['ak delete alice NEW --force', 'ak rotation rollback alice', 'user delete alice --cascade'])(
    'keeps the old AccessKey active if "%s" deletes the new one while the command runs',
    async (line) => {
      const { code } = await world.rotate('--check smoke --secret-to file:s.env', {
        shell: async (_, { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '' }) => {
          expect((await world.ramctl(`${line.replace('NEW', id)} --yes`)).code).toBe(0);
          return 0;
        },
      });
      expect(code).not.toBe(0);
      if (!line.startsWith('user')) expect(await world.keys()).toEqual([`${oldId} Active`]);
    },
  );
});

describe('ak rotate with a failing delivery', () => {
  it.each<[string, RunOptions]>([
    ['', { brokenOutput: 'EPIPE' }],
    ['', { brokenOutput: 'ENOSPC' }],
    ['--secret-to file:bad.json', {}],
    ['--secret-to aliyun:robot --config-path=bad.json', {}],
    ['--grace 1h --run-id t --check smoke', { brokenOutput: 'EPIPE' }],
  ])('deletes the new AccessKey: "%s" %j', async (words, situation) => {
    world.failingPaths.add('bad.json');
    await world.expectRefused(5, 'DeliveryFailed', words, situation);
    expect(await world.rotationStates()).toEqual([]);
    expect((await world.rotated(words.replace('bad.json', 'good.json'))).OldAccessKeyId).toBe(oldId);
  });

  it('names the rotation and the rollback command if the new AccessKey cannot be deleted', async () => {
    let unlock = () => {};
    const meanwhile = async () => {
      unlock = world.lock();
    };
    const { code, out, error } = await world.rotate('--run-id t', { brokenOutput: 'EPIPE', meanwhile });
    expect([code, out, error.Code]).toEqual([5, '', 'DeliveryFailed']);
    expect(error.Message).toMatch(/rotation t of alice was created, but/);
    unlock();
    expect((await world.ramctl(`${error.Hint?.replace('ramctl ', '')} --yes`)).code).toBe(0);
    expect(await world.keys()).toEqual([`${oldId} Active`]);
  });

  it('succeeds if the secret was delivered and only the rest of the result is lost', async () => {
    const { code, err } = await world.rotate('--secret-to file:s.env', { brokenOutput: 'EPIPE' });
    expect([code, err, await world.rotationStates()]).toEqual([0, '', ['Done']]);
    expect(world.delivered.get('s.env')).toContain((await world.alice()).AccessKeys[1]?.AccessKeyId);
  });
});
