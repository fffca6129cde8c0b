import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import type { RotationResult } from '../../../src/view/access-key.ts';
import { type RunOptions, TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
let old = '';
const alice = async () => {
  const user = (await world.state()).Users.get('alice');
  if (!user) throw new Error('she was made below');
  return user;
};
/** What the directory remembers; no rotations and an empty list of them are the same. */
const memory = async () => {
  const state = await world.state();
  for (const user of state.Users.values()) if (user.Rotations?.length === 0) delete user.Rotations;
  return state;
};
/** Her keys, each as its id and status. */
const keys = async () => (await alice()).AccessKeys.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`);
const states = async () => (await alice()).Rotations?.map(({ State }) => State) ?? [];
const rotate = async (words = '', situation: RunOptions = {}) =>
  world.ramctl(`ak rotate alice -o json ${words}`, situation);
/** Rotates, which goes well, and gives the result. */
const rotated = async (words = '', situation: RunOptions = {}): Promise<RotationResult> => {
  const { code, err, json } = await rotate(words, situation);
  expect([code, err]).toEqual([0, '']);
  return json;
};
const refused = async (exit: number, Code: string, words: string, situation: RunOptions = {}) => {
  const before = await memory();
  const { code, out, error } = await rotate(words, situation);
  expect([code, error.Code, out]).toEqual([exit, Code, '']);
  expect(await memory()).toEqual(before);
  expect(world.openPaths.size).toBe(0);
  return error;
};
const secondKey = async () => {
  await world.ramctl('ak create alice');
  return (await alice()).AccessKeys[1]?.AccessKeyId ?? '';
};
/** From now on nobody gets at the directory, until the function is called that this gives. */
const lock = () => {
  const { change } = world.store;
  world.store.change = () => Promise.reject(new Failure('later', 'DirectoryLocked', 'somebody else has it'));
  return () => {
    world.store.change = change;
  };
};

beforeEach(async () => {
  world = new TestWorld();
  const { AccessKey }: CreatedUser = (await world.ramctl('user create alice --access-key -o json')).json;
  old = AccessKey?.AccessKeyId ?? '';
  await world.ramctl('user create bob --access-key');
});

describe('ak rotate', () => {
  it('makes a new pair, shows it once and disables the old key at once', async () => {
    const result = await rotated();
    expect(Object.keys(result).join(' ')).toBe('UserName RunId State OldAccessKeyId NewAccessKeyId DueDate AccessKey');
    const { NewAccessKeyId, AccessKey } = result;
    expect(result).toMatchObject({ UserName: 'alice', State: 'Done', OldAccessKeyId: old, DueDate: null });
    expect(AccessKey).toMatchObject({
      AccessKeyId: NewAccessKeyId,
      AccessKeySecret: expect.stringMatching(/^\w{30}$/),
    });
    expect(await keys()).toEqual([`${old} Inactive`, `${NewAccessKeyId} Active`]);
    const input = AccessKey?.AccessKeySecret ?? '';
    expect((await world.ramctl(`ak verify ${NewAccessKeyId} --secret-stdin`, { input })).code).toBe(0);
    for (const line of ['ak rotation list', 'ak rotation finish', 'ak list alice', 'user get alice']) {
      for (const format of ['table', 'json', 'yaml', 'csv']) {
        expect((await world.ramctl(`${line} -o ${format}`)).out).not.toContain(input);
      }
    }
  });

  it.each(['table', 'json', 'yaml', 'csv'])('shows the whole secret in %s, exactly once', async (format) => {
    const { code, out } = await world.ramctl(`ak rotate ALICE -o ${format}`);
    expect([code, out.match(/\b[A-Za-z0-9]{30}\b/g)?.length]).toEqual([0, 1]);
  });

  it.each(['file:s.json', 'file:s.csv', 'file:s.env', 'file:s.ini', 'aliyun:robot --config-path c.json'])(
    'delivers to %s and shows no secret then',
    async (sink) => {
      const { AccessKey, ...rest } = await rotated(`--secret-to ${sink}`);
      expect(Object.keys(AccessKey ?? {})).toEqual(['AccessKeyId', 'Status', 'CreateDate']);
      expect(rest).toMatchObject({ State: 'Done', NewAccessKeyId: AccessKey?.AccessKeyId });
      const [text = ''] = world.delivered.values();
      const [input = ''] = /\b[A-Za-z0-9]{30}\b/.exec(text) ?? [];
      expect(text).toContain(rest.NewAccessKeyId);
      expect((await world.ramctl(`ak verify ${rest.NewAccessKeyId} --secret-stdin`, { input })).code).toBe(0);
    },
  );

  it('names the user in a file as every other command does', async () => {
    await world.ramctl('ak create bob --secret-to file:bob.csv');
    await rotated('--secret-to file:alice.csv');
    const [bob, mine] = ['bob', 'alice'].map((name) => world.delivered.get(`${name}.csv`)?.split('\n')[1] ?? '');
    expect(mine?.split(',')[0]).toBe(bob?.split(',')[0]?.replace('bob', 'alice'));
  });

  it.each([
    ['90s', 90],
    ['1m', 60],
    ['2h', 7200],
    ['7d', 604_800],
  ])('lets the old key work for %s more', async (grace, seconds) => {
    const { State, DueDate } = await rotated(`--grace ${grace}`);
    const due = new Date(world.clock.now().getTime() + seconds * 1000).toISOString().replace('.000', '');
    expect([State, DueDate, (await keys())[0]]).toEqual(['Grace', due, `${old} Active`]);
    world.clock.step(seconds - 2);
    expect([(await world.ramctl('ak rotation finish')).code, (await keys())[0]]).toEqual([5, `${old} Active`]);
    expect([(await world.ramctl('ak rotation finish')).code, (await keys())[0]]).toEqual([0, `${old} Inactive`]);
  });

  it('takes a grace of nothing for none', async () => {
    expect(await rotated('--grace 0s')).toMatchObject({ State: 'Done', DueDate: null });
    expect((await keys())[0]).toBe(`${old} Inactive`);
  });

  it.each(['2', 'h', '1.5h', '-1h', '2w', '2H', '1h30m', '', ' 2h', '1e3s', '9999999d'])(
    'refuses a grace of "%s"',
    async (grace) => {
      await refused(2, 'Usage', `--grace="${grace}"`);
    },
  );

  it.each([
    '--force',
    '--query RunId',
    '--query AccessKey.AccessKeyId',
    '--secret-to github',
    '--secret-to file:s.txt',
  ])('is a mistake with %s, before anything is made or run', async (words) => {
    await refused(2, 'Usage', `${words} --check true`);
    expect(world.shellCommands).toEqual([]);
  });

  it('needs a user with a key', async () => {
    await world.ramctl(`ak delete alice ${old} --force --yes`);
    expect((await refused(3, 'EntityNotExist.User.AccessKey', '')).Hint).toBe('ramctl ak create alice');
    expect((await world.ramctl('ak rotate carol')).code).toBe(3);
    expect((await world.ramctl('ak rotate carol --run-id t')).code).toBe(3);
  });
});

describe('of two keys', () => {
  it('neither is chosen, and both are named with their last use', async () => {
    const second = await secondKey();
    await world.ramctl(`ak disable alice ${second}`);
    const { Message, Hint } = await refused(1, 'LimitExceeded.User.AccessKey', '');
    expect(Message).toContain(`${old} (Active, last used: never)`);
    expect(Message).toContain(`${second} (Inactive, last used: never)`);
    expect(Hint).toContain('--replace');
    const { AccessKey }: CreatedUser = (await world.ramctl('user create carol --access-key -o json')).json;
    const { AccessKeyId, AccessKeySecret: input = '' } = AccessKey ?? {};
    await world.ramctl(`ak verify ${AccessKeyId} --secret-stdin`, { input });
    const used = world.clock.now().toISOString().replace('.000', '');
    await world.ramctl('ak create carol');
    expect((await world.ramctl('ak rotate carol')).err).toContain(`${AccessKeyId} (Active, last used: ${used})`);
  });

  it('--replace deletes the named one first; an active one takes --force', async () => {
    const second = await secondKey();
    await refused(1, 'AccessKeyActive', `--replace ${second}`);
    await world.ramctl(`ak disable alice ${second}`);
    const { NewAccessKeyId, OldAccessKeyId } = await rotated(`--replace ${second}`);
    expect([OldAccessKeyId, await keys()]).toEqual([old, [`${old} Inactive`, `${NewAccessKeyId} Active`]]);
    const next = await rotated(`--replace ${NewAccessKeyId} --force`);
    expect(await keys()).toEqual([`${old} Inactive`, `${next.NewAccessKeyId} Active`]);
  });

  it('--replace is refused where nothing has to make room, and for a key of somebody else', async () => {
    await refused(1, 'NothingToReplace', `--replace ${old} --force`);
    const [others] = (await world.state()).Users.get('bob')?.AccessKeys ?? [];
    await secondKey();
    for (const id of [others?.AccessKeyId, 'LTAIx', old.toLowerCase()]) {
      await refused(3, 'EntityNotExist.User.AccessKey', `--replace ${id} --force`);
    }
  });
});

describe('--check', () => {
  it('runs the command with the new pair, while the old key works and nothing is delivered yet', async () => {
    let seen: unknown;
    const { AccessKey } = await rotated('--check "./smoke --test" --secret-to file:s.json', {
      shell: async () => {
        seen = [await keys(), await states(), world.delivered.size];
        return 0;
      },
    });
    const text = JSON.parse(world.delivered.get('s.json') ?? '');
    const variables = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: text.AccessKey.AccessKeySecret,
    };
    expect(world.shellCommands).toEqual([{ command: './smoke --test', variables }]);
    expect(seen).toEqual([[`${old} Active`, `${AccessKey?.AccessKeyId} Active`], ['Checking'], 0]);
  });

  it.each([1, 127, 128, 255])('that ends with %i leaves everything as it was', async (code) => {
    world.delivered.set('s.env', 'theirs');
    const words = '--check smoke --run-id t --secret-to file:s.env --overwrite';
    const { Message } = await refused(4, 'CheckFailed', words, { shell: async () => code });
    expect(Message).toContain(`${code}`);
    expect([world.delivered.get('s.env'), await keys(), await states()]).toEqual(['theirs', [`${old} Active`], []]);
    expect((await rotated(words)).State).toBe('Done');
  });

  it('that fails brings back what --replace deleted', async () => {
    const second = await secondKey();
    const { code } = await rotate(`--check smoke --replace ${second} --force`, { shell: async () => 1 });
    expect([code, await keys()]).toEqual([4, [`${old} Active`, `${second} Active`]]);
  });

  it('takes its time before grace begins', async () => {
    const shell = async () => {
      world.clock.step(3600);
      return 0;
    };
    const { DueDate } = await rotated('--check smoke --grace 1m', { shell });
    expect(DueDate).toBe(new Date(world.clock.now().getTime() + 60_000).toISOString().replace('.000', ''));
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
  });

  it('may see its user renamed', async () => {
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
    expect([(await keys())[0], await states()]).toEqual([`${old} Inactive`, ['Done']]);
  });

  it('may use the new key, and others may change the directory, and the key still goes when it fails', async () => {
    let used: unknown;
    const { code, out } = await rotate('--check smoke', {
      shell: async (_, variables) => {
        const { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: input = '' } = variables;
        used = (await world.ramctl(`ak verify ${id} --secret-stdin`, { input })).code;
        await world.ramctl('user edit alice --comments new --yes');
        return 1;
      },
    });
    expect([used, code, out, await keys(), await states()]).toEqual([0, 4, '', [`${old} Active`], []]);
    expect((await alice()).Comments).toBe('new');
  });

  it('is denied all the same when somebody deleted the new key meanwhile, and nothing is left of it', async () => {
    const { code, out } = await rotate('--check smoke', {
      shell: async (_, { ALIBABA_CLOUD_ACCESS_KEY_ID: id }) => {
        await world.ramctl(`ak delete alice ${id} --force --yes`);
        return 1;
      },
    });
    expect([code, out, await keys(), await states()]).toEqual([4, '', [`${old} Active`], []]);
  });

  it.each(['ak delete alice NEW --force', 'ak rotation rollback alice', 'user delete alice --cascade'])(
    'that somebody answers by "%s" disables no key for a pair that is gone',
    async (line) => {
      const { code } = await rotate('--check smoke --secret-to file:s.env', {
        shell: async (_, { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '' }) => {
          expect((await world.ramctl(`${line.replace('NEW', id)} --yes`)).code).toBe(0);
          return 0;
        },
      });
      expect(code).not.toBe(0);
      if (!line.startsWith('user')) expect(await keys()).toEqual([`${old} Active`]);
    },
  );
});

describe('a delivery that fails', () => {
  it.each<[string, RunOptions]>([
    ['', { brokenOutput: 'EPIPE' }],
    ['', { brokenOutput: 'ENOSPC' }],
    ['--secret-to file:bad.json', {}],
    ['--secret-to aliyun:robot --config-path=bad.json', {}],
    ['--grace 1h --run-id t --check smoke', { brokenOutput: 'EPIPE' }],
  ])('takes the new key back: "%s" %j', async (words, situation) => {
    world.failingPaths.add('bad.json');
    await refused(5, 'DeliveryFailed', words, situation);
    expect(await states()).toEqual([]);
    expect((await rotated(words.replace('bad.json', 'good.json'))).OldAccessKeyId).toBe(old);
  });

  it('names the standing rotation and the way back when it cannot be taken back', async () => {
    let unlock = () => {};
    const meanwhile = async () => {
      unlock = lock();
    };
    const { code, out, error } = await rotate('--run-id t', { brokenOutput: 'EPIPE', meanwhile });
    expect([code, out, error.Code]).toEqual([5, '', 'DeliveryFailed']);
    expect(error.Message).toMatch(/rotation t of alice was made but/);
    unlock();
    expect((await world.ramctl(`${error.Hint?.replace('ramctl ', '')} --yes`)).code).toBe(0);
    expect(await keys()).toEqual([`${old} Active`]);
  });

  it('is none when only the rest of the result is lost', async () => {
    const { code, err } = await rotate('--secret-to file:s.env', { brokenOutput: 'EPIPE' });
    expect([code, err, await states()]).toEqual([0, '', ['Done']]);
    expect(world.delivered.get('s.env')).toContain((await alice()).AccessKeys[1]?.AccessKeyId);
  });
});

describe('--run-id', () => {
  /** A run that cannot note its delivery. */
  const interrupted = async (words: string) => {
    let unlock = () => {};
    const shell = async () => {
      unlock = lock();
      return 0;
    };
    const outcome = await rotate(`${words} --check smoke`, { shell });
    unlock();
    expect(outcome.code).toBe(5);
    expect(await states()).toEqual(['Checking']);
    expect((await keys())[0]).toBe(`${old} Active`);
    return outcome;
  };

  it('delivers the same pair again when the first delivery could not be noted', async () => {
    const first = await interrupted('--run-id t --grace 1h');
    const again = await rotated('--run-id t --grace 60m --check smoke');
    expect(JSON.parse(first.out).AccessKey).toEqual(again.AccessKey);
    expect([await keys(), await states()]).toEqual([[`${old} Active`, `${again.NewAccessKeyId} Active`], ['Grace']]);
  });

  it.each(['file:s.json', 'file:s.csv', 'file:s.env', 'file:s.ini', 'aliyun:robot --config-path c.json'])(
    'notes a delivery to %s that it finds there, and every run after that is done',
    async (sink) => {
      await interrupted(`--run-id t --secret-to ${sink}`);
      const delivered = new Map(world.delivered);
      for (let n = 0; n < 3; n += 1) {
        const result = await rotated(`--run-id t --secret-to ${sink} --check smoke`);
        expect(Object.keys(result)).toEqual([
          'UserName',
          'RunId',
          'State',
          'OldAccessKeyId',
          'NewAccessKeyId',
          'DueDate',
        ]);
        expect(result).toMatchObject({ RunId: 't', State: 'Done', OldAccessKeyId: old });
        expect(await keys()).toEqual([`${old} Inactive`, `${result.NewAccessKeyId} Active`]);
      }
      expect([world.delivered, world.shellCommands.length, world.openPaths.size]).toEqual([delivered, 1, 0]);
    },
  );

  it('goes on with the same pair after a run that was killed while it checked', async () => {
    const shell = () => Promise.reject(new Error('killed'));
    await rotate('--run-id t --check smoke --secret-to file:s.env', { shell });
    const [, killed] = await keys();
    const { NewAccessKeyId } = await rotated('--run-id t --check smoke --secret-to file:s.env');
    expect([killed, await states()]).toEqual([`${NewAccessKeyId} Active`, ['Done']]);
    const [first, second] = world.shellCommands;
    expect(first?.variables).toEqual(second?.variables);
  });

  it.each(['file:s.json', 'aliyun:robot --config-path c.json', 'stdout'])(
    'does not show a pair again that %s has lost',
    async (sink) => {
      const words = `--run-id t --secret-to ${sink}`;
      await rotated(words);
      for (const content of ['', undefined]) {
        for (const path of world.delivered.keys()) {
          if (content === undefined) world.delivered.delete(path);
          else world.delivered.set(path, content);
        }
        const { Hint } = await refused(1, 'RotationDelivered', words);
        expect(Hint).toBe('ramctl ak rotation rollback alice');
      }
    },
  );

  it.each([
    '',
    '--grace 1h',
    '--check smoke',
    '--secret-to file:s.env',
    '--secret-to aliyun:robot --config-path c.json',
  ])('is not used for something else: "%s" after other options', async (words) => {
    await rotated(`--run-id t --grace 2h --secret-to file:s.json ${words === '' ? '--check other' : ''}`);
    await refused(1, 'RunIdUsed', `--run-id t ${words}`);
    expect(world.delivered.size).toBe(1);
  });

  it('is used up by a rollback, and by the loss of its key', async () => {
    const { NewAccessKeyId } = await rotated('--run-id t');
    await world.ramctl('ak rotation rollback alice --yes');
    await refused(1, 'RunIdUsed', '--run-id t');
    const next = await rotated('--run-id t2 --secret-to file:s.env');
    expect(next.NewAccessKeyId).not.toBe(NewAccessKeyId);
    await world.ramctl(`ak delete alice ${next.NewAccessKeyId} --force --yes`);
    await refused(1, 'RunIdUsed', '--run-id t2 --secret-to file:s.env');
  });

  it("is one user's own, and follows a new name", async () => {
    await rotated('--run-id t --secret-to file:s.env');
    const others: RotationResult = (await world.ramctl('ak rotate bob --run-id t -o json')).json;
    expect(others).toMatchObject({ UserName: 'bob', RunId: 't', State: 'Done' });
    await world.ramctl('user edit alice --name carol --yes');
    const { code, json } = await world.ramctl('ak rotate carol --run-id t --secret-to file:s.env -o json');
    expect([code, json]).toMatchObject([0, { UserName: 'carol', OldAccessKeyId: old }]);
  });

  it('after --replace does not ask for the replaced key again', async () => {
    const words = `--run-id t --secret-to file:s.env --replace ${await secondKey()} --force`;
    await interrupted(words);
    expect((await rotated(`${words} --check smoke`)).State).toBe('Done');
    expect(await keys()).toHaveLength(2);
  });

  it.each(['', 'x'.repeat(65), 'a\u001bb', 'a\u202eb'])('%j is no token', async (token) => {
    const { code, out } = await world.ramctl(['ak', 'rotate', 'alice', `--run-id=${token}`]);
    expect([code, out, await keys()]).toEqual([1, '', [`${old} Active`]]);
  });
});

it('one rotation of a user stands at a time, and the refusal names it', async () => {
  const { RunId } = await rotated('--grace 1h');
  for (const words of ['', '--run-id other', `--replace ${old} --force`]) {
    const { Message, Hint } = await refused(1, 'RotationPending', words);
    expect([Message, Hint]).toEqual([expect.stringContaining(RunId), expect.stringContaining('finish alice')]);
  }
  expect((await world.ramctl('ak rotate bob')).code).toBe(0);
});

describe('ak rotation', () => {
  it('list shows the rotations of one user or of all, in the order of their beginning', async () => {
    expect((await world.ramctl('ak rotation list -o json')).json).toEqual([]);
    await world.ramctl('ak rotate bob --run-id b --grace 1h');
    await rotated('--run-id a1');
    await world.ramctl('ak rotation rollback alice --yes');
    await rotated('--run-id a2');
    const list = async (name: string) =>
      (await world.ramctl(`ak rotation list ${name} -o json`)).json as RotationResult[];
    expect((await list('')).map(({ RunId, State }) => `${RunId} ${State}`)).toEqual([
      'a1 RolledBack',
      'a2 Done',
      'b Grace',
    ]);
    expect((await list('ALICE')).map(({ RunId }) => RunId)).toEqual(['a1', 'a2']);
    expect(Object.keys((await list('bob'))[0] ?? {}).join(' ')).toBe(
      'UserName RunId State OldAccessKeyId NewAccessKeyId DueDate',
    );
    for (const verb of ['list', 'finish', 'rollback --yes']) {
      expect((await world.ramctl(`ak rotation ${verb} carol`)).code).toBe(3);
    }
  });

  it('finish is 0 with nothing pending, 5 while grace lasts, 0 when it is over and ever after', async () => {
    expect(await world.ramctl('ak rotation finish -o json')).toMatchObject({ code: 0, out: '[]\n', err: '' });
    const { DueDate } = await rotated('--grace 1h');
    const early = await world.ramctl('ak rotation finish alice -o json');
    expect([early.code, early.out, early.error.Code]).toEqual([5, '', 'RotationPending']);
    expect(early.error.Message).toContain(DueDate);
    expect((await world.ramctl('ak rotation finish bob')).code).toBe(0);
    world.clock.step(3600);
    const { code, json } = await world.ramctl('ak rotation finish -o json');
    expect([code, json]).toMatchObject([0, [{ State: 'Done', OldAccessKeyId: old }]]);
    expect((await keys())[0]).toBe(`${old} Inactive`);
    expect(await world.ramctl('ak rotation finish -o json')).toMatchObject({ code: 0, out: '[]\n' });
  });

  it('finish does what is due for some while it waits for others', async () => {
    await rotated('--grace 1m');
    await world.ramctl('ak rotate bob --grace 1h');
    world.clock.step(60);
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
    expect([await states(), (await keys())[0]]).toEqual([['Done'], `${old} Inactive`]);
    expect((await world.state()).Users.get('bob')?.AccessKeys).toMatchObject([
      { Status: 'Active' },
      { Status: 'Active' },
    ]);
  });

  it('finish waits for what was never delivered, and does not mind an old key that is gone', async () => {
    await rotate('--check smoke', { shell: () => Promise.reject(new Error('killed')) });
    world.clock.step(1e6);
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
    await world.ramctl('ak rotation rollback alice --yes');
    const { NewAccessKeyId } = await rotated('--grace 1s');
    await world.ramctl(`ak delete alice ${old} --force --yes`);
    expect((await world.ramctl('ak rotation finish')).code).toBe(0);
    expect(await keys()).toEqual([`${NewAccessKeyId} Active`]);
  });

  it('finish disables nothing once the new key is gone', async () => {
    const { NewAccessKeyId } = await rotated('--grace 1s');
    await world.ramctl(`ak delete alice ${NewAccessKeyId} --force --yes`);
    world.clock.step(10);
    expect([(await world.ramctl('ak rotation finish')).code, await keys()]).toEqual([0, [`${old} Active`]]);
    expect((await world.ramctl('ak rotation rollback alice --yes')).code).toBe(0);
    expect((await rotated()).OldAccessKeyId).toBe(old);
  });

  it.each(['', '--grace 1h'])(
    'rollback after "%s" enables the old key and deletes the new one, once',
    async (words) => {
      const { NewAccessKeyId } = await rotated(words);
      const { json } = await world.ramctl('ak rotation rollback alice --yes -o json');
      expect(json).toMatchObject({ State: 'RolledBack', OldAccessKeyId: old, NewAccessKeyId });
      expect(await keys()).toEqual([`${old} Active`]);
      const twice = await world.ramctl('ak rotation rollback alice --yes -o json');
      expect([twice.code, twice.error.Code]).toEqual([3, 'RotationNotFound']);
      expect((await world.ramctl('ak rotation finish')).code).toBe(0);
    },
  );

  it('finish waits while the new key is disabled', async () => {
    const { NewAccessKeyId } = await rotated('--grace 1s');
    await world.ramctl(`ak disable alice ${NewAccessKeyId}`);
    world.clock.step(10);
    expect([(await world.ramctl('ak rotation finish')).code, (await keys())[0]]).toEqual([5, `${old} Active`]);
    await world.ramctl(`ak enable alice ${NewAccessKeyId}`);
    expect([(await world.ramctl('ak rotation finish')).code, (await keys())[0]]).toEqual([0, `${old} Inactive`]);
  });

  it('rollback asks first, naming both keys', async () => {
    const { NewAccessKeyId } = await rotated();
    const before = await world.state();
    const no = await world.ramctl('ak rotation rollback alice', { answers: [[NewAccessKeyId, false]] });
    expect([no.code, no.questions[0]]).toEqual([130, expect.stringContaining(old)]);
    expect((await world.ramctl('ak rotation rollback alice', { answers: [['delete', '^C']] })).code).toBe(130);
    expect((await world.ramctl('ak rotation rollback nobody')).code).toBe(2);
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('ak rotation rollback alice', { answers: [['delete', true]] })).code).toBe(0);
  });

  it('rollback does not bring back what --replace deleted, nor an old key that is gone', async () => {
    const second = await secondKey();
    await rotated(`--replace ${second} --force`);
    await world.ramctl('ak rotation rollback alice --yes');
    expect(await keys()).toEqual([`${old} Active`]);
    const { NewAccessKeyId } = await rotated();
    await world.ramctl(`ak delete alice ${old} --yes`);
    expect((await world.ramctl('ak rotation rollback alice --yes')).code).toBe(3);
    expect(await keys()).toEqual([`${NewAccessKeyId} Active`]);
  });
});

it('a rotation goes with its user, and stays with one who is renamed', async () => {
  await rotated('--grace 1h --run-id t');
  await world.ramctl('user edit alice --name carol --yes');
  expect((await world.ramctl('ak rotation list carol -o json')).json).toMatchObject([
    { UserName: 'carol', RunId: 't' },
  ]);
  world.clock.step(3600);
  expect((await world.ramctl('ak rotation finish carol')).code).toBe(0);
  await world.ramctl('ak rotation rollback carol --yes');
  expect((await world.ramctl('user delete carol --cascade --yes')).code).toBe(0);
  expect((await world.ramctl('ak rotation list -o json')).json).toEqual([]);
  await world.ramctl('user create carol --access-key');
  expect((await world.ramctl('ak rotate carol --run-id t')).code).toBe(0);
});
