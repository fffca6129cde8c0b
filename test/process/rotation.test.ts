import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Home, type ProcessResult, parseError, seededRandom } from '../support/process.ts';
import {
  createRobotHome,
  findFilesWithSecret,
  type KeyPair,
  killAtEachStep,
  listFiles,
  readKeyPair,
  readRobot,
  scriptEnvironment,
  verifyKeyPair,
} from '../support/rotation.ts';

const HOUR_MS = 3_600_000;
/** Two minutes later, locks of killed processes are stale, and no grace period is over. */
const LATER_MS = 120_000;
/** A profile that rotations must not change. */
const OTHER_PROFILE = { name: 'other', mode: 'AK', access_key_id: 'LTAIother', access_key_secret: 'dont-touch' };
const CONFIG = `{"current":"other", "profiles":[\n${JSON.stringify(OTHER_PROFILE)}],"plugins":{"x":[1,2]}}\n`;

/** A home with a config.json and the user robot with one AccessKey. */
let sampleHome: Home;
let old: KeyPair;
/** The same home, in which robot has a second AccessKey. */
let twoKeysHome: Home;
let secondKeyId: string;
beforeAll(async () => {
  sampleHome = await createRobotHome();
  mkdirSync(join(sampleHome.folder, '.aliyun'));
  mkdirSync(join(sampleHome.folder, 'out'));
  sampleHome.write('.aliyun/config.json', CONFIG);
  old = readKeyPair(sampleHome, 'old.env') as KeyPair;
  twoKeysHome = sampleHome.copy();
  secondKeyId = (await twoKeysHome.json<KeyPair>('ak', 'create', 'robot', '--secret-to', 'file:second.env'))
    .AccessKeyId;
});

const rotate = (...args: string[]) => ['ak', 'rotate', 'robot', ...args];

describe('a rotation that is killed', () => {
  interface Rotation {
    home: Home;
    args: string[];
    /** The file that receives the key pair. */
    file: string;
    finalState: 'Done' | 'Grace';
    /** The folder in the home whose file steps are counted, and the minimum number of steps. */
    steps: [folder: string, minSteps: number];
  }
  const rotationToFile = (): Rotation => ({
    home: sampleHome,
    args: rotate('-q', '--run-id', '7', '--grace', '1h', '--check', 'true', '--secret-to', 'file:out/new.env'),
    file: 'out/new.env',
    finalState: 'Grace',
    steps: ['', 20],
  });
  const rotationToProfile = (): Rotation => ({
    home: twoKeysHome,
    args: rotate('-q', '--run-id', '7', '--replace', secondKeyId, '--force', '--secret-to', 'aliyun:robot'),
    file: '.aliyun/config.json',
    finalState: 'Done',
    steps: ['.aliyun', 5],
  });

  /** Kills a rotation, runs it again to its end, and checks the files. Returns whether it was killed. */
  async function killAndRepeat(
    { home: initialHome, args, file, finalState }: Rotation,
    /** Kills or stops the command. Returns whether it did not end before. */
    kill: (home: Home) => Promise<boolean>,
  ): Promise<boolean> {
    const home = initialHome.copy();
    const wasKilled = await kill(home);
    const delivered = readKeyPair(home, file);
    const afterKill = readRobot(home);
    expect(Object.keys(afterKill.keys).length).toBeLessThanOrEqual(2);
    if (delivered) expect(afterKill.keys).toMatchObject({ [delivered.AccessKeyId]: 'Active' });
    else expect(afterKill.keys).toMatchObject({ [old.AccessKeyId]: 'Active' });

    expect(await home.run(args, { aheadMs: LATER_MS })).toMatchObject({ code: 0, err: '' });
    const pair = readKeyPair(home, file) as KeyPair;
    if (delivered) expect(pair).toEqual(delivered);
    expect(readRobot(home)).toEqual({
      keys: { [old.AccessKeyId]: finalState === 'Done' ? 'Inactive' : 'Active', [pair.AccessKeyId]: 'Active' },
      rotations: { 7: finalState },
    });
    expect(await verifyKeyPair(home, pair)).toBe(0);

    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
    expect(listFiles(home)).toEqual([...new Set([...listFiles(initialHome), file])].sort());
    expect(findFilesWithSecret(home, pair.AccessKeySecret, file)).toEqual([]);
    if (file.endsWith('.json')) expect(JSON.parse(home.read(file))).toMatchObject({ profiles: [OTHER_PROFILE, {}] });
    return wasKilled;
  }

  it.each([
    ['with a check, grace and a file', rotationToFile],
    ['with --replace and a profile', rotationToProfile],
  ])('%s, at each file step, continues with the same key pair', { timeout: 180_000 }, async (_, createRotation) => {
    const rotation = createRotation();
    const [folder, minSteps] = rotation.steps;
    const kills = await killAtEachStep((step) =>
      killAndRepeat(rotation, async (home) => {
        const stopAt = { step, folder: join(home.folder, folder) };
        return (await home.run(rotation.args, { stopAt })).wasStopped === true;
      }),
    );
    expect(kills).toBeGreaterThan(minSteps);
  });

  it('at a random time continues with the same key pair', { timeout: 180_000 }, async () => {
    const random = seededRandom(20240229);
    const { milliseconds } = await sampleHome.copy().ramctl(rotationToFile().args);
    const worker = async () => {
      for (let round = 0; round < 3; round++) {
        await killAndRepeat(rotationToFile(), async (home) => {
          const { code } = await home.ramctl(rotationToFile().args, {
            killAfter: milliseconds * (0.3 + 0.9 * random()),
          });
          expect([null, 0]).toContain(code);
          return code === null;
        });
      }
    };
    await Promise.all([worker(), worker()]);
  });
});

describe('--check', () => {
  it('removes the new AccessKey and changes no file if its command fails', async () => {
    const home = sampleHome.copy();
    for (const destination of ['stdout', 'file:new.env', 'aliyun:robot']) {
      const check = 'echo from the check; echo and more >&2; exit 3';
      const { code, out, err } = await home.ramctl(rotate('--check', check, '--secret-to', destination));
      expect([code, out]).toEqual([4, '']);
      expect(err).toMatch(/^from the check\nand more\nerror: .*ended with exit code 3.*deleted/);
    }
    expect(readRobot(home)).toEqual({ keys: { [old.AccessKeyId]: 'Active' }, rotations: {} });
    expect(listFiles(home)).toEqual(listFiles(sampleHome));
    expect(home.read('.aliyun/config.json')).toBe(CONFIG);
    expect(await verifyKeyPair(home, old)).toBe(0);
  });

  it('fails if its command is missing or is killed, and is a usage error if it is empty', async () => {
    const home = sampleHome.copy();
    for (const check of ['no-such-command', 'kill -KILL $$', '']) {
      const failed = await home.ramctl(rotate('--check', check, '-q'));
      expect([check, failed.code]).toEqual([check, check === '' ? 2 : 4]);
    }
  });

  it.skipIf(!existsSync('/proc/self/cmdline'))(
    'has the key pair in its environment, and no argument or other environment contains it',
    async () => {
      const home = sampleHome.copy();
      const script = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" >secret
      cat /proc/[0-9]*/cmdline >commands 2>gone
      cat /proc/$PPID/environ >environment`;
      const { code, out, err } = await home.ramctl(rotate('--check', script));
      const secret = home.read('secret');
      expect([code, out, err]).toEqual([0, expect.stringContaining(secret), '']);
      expect(secret).toMatch(/^[A-Za-z0-9]{30}$/);
      expect(home.read('commands')).toContain('rotate');
      expect(findFilesWithSecret(home, secret, 'secret')).toEqual([]);
    },
  );

  it('can run ramctl, because the directory is not locked during the check', async () => {
    const home = sampleHome.copy();
    const check = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" |
      ramctl ak verify "$ALIBABA_CLOUD_ACCESS_KEY_ID" --secret-stdin && ramctl user edit robot --comments checked`;
    const args = rotate('--check', check, '--secret-to', 'file:new.env', '-o', 'json');
    const { code, out, err, milliseconds } = await home.ramctl(args, { environment: scriptEnvironment(home) });
    expect([code, JSON.parse(out)]).toMatchObject([0, { State: 'Done' }]);
    expect([err, milliseconds < 30_000]).toEqual([expect.stringContaining('robot'), true]);
    expect(await home.json('user', 'get', 'robot')).toMatchObject({ Comments: 'checked' });
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
    expect(await verifyKeyPair(home, old)).toBe(4);
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s during a check', (signal, code) => {
  const sendSignal = `kill -${signal.slice(3)} $PPID`;
  const endlessLoop = 'while :; do :; done';

  it('ends the check and removes the new AccessKey', async () => {
    const home = sampleHome.copy();
    const result = await home.ramctl(rotate('--check', `${sendSignal}; ${endlessLoop}`, '--secret-to', 'file:new.env'));
    expect([result.code, result.out]).toEqual([code, '']);
    expect(result.err).toMatch(
      new RegExp(`ended with ${signal}; the new AccessKey was deleted and the old one still works\n$`),
    );
    expect(readRobot(home)).toEqual({ keys: { [old.AccessKeyId]: 'Active' }, rotations: {} });
    expect(listFiles(home)).toEqual(listFiles(sampleHome));
    const inJson = await home.ramctl(rotate('--check', `${sendSignal}; ${endlessLoop}`, '-o', 'json'));
    expect([inJson.code, parseError(inJson).Message]).toEqual([code, expect.stringContaining('deleted')]);
  });

  it('does not end a check that ignores it, and the rotation completes', async () => {
    const home = sampleHome.copy();
    const check = `trap '' ${signal.slice(3)}; ${sendSignal}`;
    const result = await home.ramctl(rotate('--check', check, '--secret-to', 'file:new.env'));
    expect([result.code, result.err]).toEqual([code, expect.not.stringMatching('deleted|nothing was written')]);
    const pair = readKeyPair(home, 'new.env') as KeyPair;
    expect(readRobot(home).keys).toEqual({ [old.AccessKeyId]: 'Inactive', [pair.AccessKeyId]: 'Active' });
    expect(await verifyKeyPair(home, pair)).toBe(0);
  });

  it('sent twice stops the rotation at once, and the next run continues it', async () => {
    const home = sampleHome.copy();
    // The check sends the second signal when it receives the first.
    const trapSignal = `trap '${sendSignal}' ${signal.slice(3)}`;
    const check = `test -e stopped && exit\ntouch stopped\n${trapSignal}\n${sendSignal}\n${endlessLoop}`;
    const args = rotate('--run-id', '7', '--check', check, '--secret-to', 'file:new.env');
    const result = await home.ramctl(args);
    expect([result.code, result.out, result.err]).toEqual([
      code,
      '',
      expect.stringContaining('the change was written'),
    ]);
    expect(readRobot(home).rotations).toEqual({ 7: 'Checking' });
    expect(listFiles(home).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await home.run(args)).code).toBe(0);
    expect(readRobot(home)).toMatchObject({ keys: { [old.AccessKeyId]: 'Inactive' }, rotations: { 7: 'Done' } });
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
  });
});

describe('a grace period', () => {
  it('keeps both AccessKeys active until it is over and ak rotation finish runs', async () => {
    const home = sampleHome.copy();
    const started = await home.json<{ DueDate: string }>(...rotate('--grace', '2h', '--secret-to', 'file:new.env'));
    const hours = (Date.parse(started.DueDate) - Date.now()) / HOUR_MS;
    expect([started, hours > 1.9 && hours <= 2]).toEqual([expect.objectContaining({ State: 'Grace' }), true]);
    const finish = (hours: number) =>
      home.run(['ak', 'rotation', 'finish', '-o', 'json'], { aheadMs: hours * HOUR_MS });

    const early = await finish(1);
    expect([early.code, early.out, parseError(early).Message]).toEqual([
      5,
      '',
      expect.stringContaining(started.DueDate),
    ]);
    expect([await verifyKeyPair(home, old), await verifyKeyPair(home, readKeyPair(home, 'new.env'))]).toEqual([0, 0]);
    const due = await finish(3);
    expect([due.code, JSON.parse(due.out)]).toMatchObject([0, [{ UserName: 'robot', State: 'Done' }]]);
    expect([await verifyKeyPair(home, old), await verifyKeyPair(home, readKeyPair(home, 'new.env'))]).toEqual([4, 0]);
    const after = await finish(3);
    expect([after.code, JSON.parse(after.out)]).toEqual([0, []]);
  });

  it('that is not over is reported by ak rotation finish, which completes the other rotations', async () => {
    const home = sampleHome.copy();
    await home.json('user', 'create', 'android', '--access-key');
    await home.json('ak', 'rotate', 'android', '--grace', '7d');
    await home.json(...rotate('--grace', '30m'));
    const failed = await home.run(['ak', 'rotation', 'finish'], { aheadMs: HOUR_MS });
    expect([failed.code, failed.err]).toEqual([5, expect.stringContaining('android')]);
    expect(Object.values(readRobot(home).rotations)).toEqual(['Done']);
  });
});

describe('concurrent rotations', () => {
  const ROUNDS = 1;
  const runBoth = (home: Home, first: string[], second: string[]): Promise<ProcessResult[]> =>
    Promise.all([first, second].map((args) => home.ramctl([...args, '-o', 'json'])));

  it('with two run IDs: one starts, and the error of the other names it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const home = sampleHome.copy();
      const lines = ['a', 'b'].map((run) => rotate('--run-id', run, '--grace', '1h', '--secret-to', `file:${run}.env`));
      const results = await runBoth(home, lines[0] ?? [], lines[1] ?? []);
      const winner = results.findIndex(({ code }) => code === 0);
      const run = ['a', 'b'][winner] ?? 'none';
      const loser = results[1 - winner] as ProcessResult;
      expect([loser.code, loser.out, parseError(loser)]).toMatchObject([1, '', { Code: 'RotationPending' }]);
      expect(parseError(loser).Message).toContain(`rotation ${run} `);
      const pair = readKeyPair(home, `${run}.env`) as KeyPair;
      expect(readRobot(home)).toEqual({
        keys: { [old.AccessKeyId]: 'Active', [pair.AccessKeyId]: 'Active' },
        rotations: { [run]: 'Grace' },
      });
      expect(listFiles(home).filter((name) => !listFiles(sampleHome).includes(name))).toEqual([`${run}.env`]);
    }
  });

  it.each(['stdout', 'aliyun:robot'])('with one run ID deliver the same key pair to %s', async (destination) => {
    for (let round = 0; round < ROUNDS; round++) {
      const home = sampleHome.copy();
      const args = rotate('--run-id', '7', '--secret-to', destination);
      const results = await runBoth(home, args, args);
      const succeeded = results.filter(({ code }) => code === 0);
      // After a delivery to stdout, the other command is refused. A profile shows that the key pair was delivered.
      expect(results.map(({ code }) => code).sort()).toEqual([
        0,
        succeeded.length === 2 || destination !== 'stdout' ? 0 : 1,
      ]);
      const ids = new Set(succeeded.map(({ out }) => JSON.parse(out).NewAccessKeyId));
      expect(ids.size).toBe(1);
      expect(readRobot(home)).toEqual({
        keys: { [old.AccessKeyId]: 'Inactive', [[...ids][0]]: 'Active' },
        rotations: { 7: 'Done' },
      });
      const pair =
        destination === 'stdout'
          ? JSON.parse(succeeded[0]?.out ?? '').AccessKey
          : readKeyPair(home, '.aliyun/config.json');
      expect(await verifyKeyPair(home, pair)).toBe(0);
    }
  });

  it('with one run ID to a file leave a valid key pair in the file', async () => {
    const home = sampleHome.copy();
    // The check of the first rotation runs the second one, which is killed after its delivery.
    const args = rotate('--run-id', '7', '--check', './check', '--secret-to', 'file:new.env');
    const kill = join(home.folder, 'kill.mjs');
    writeFileSync(
      kill,
      `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
       const { linkSync } = fs;
       fs.linkSync = (from, to) => {
         linkSync(from, to);
         if (to.endsWith('/new.env')) process.kill(process.pid, 'SIGKILL');
       };
       syncBuiltinESMExports();`,
    );
    const script = `#!/bin/sh\ntest -e inner && exit\ntouch inner\nNODE_OPTIONS='--import ${kill}' ramctl ${args.join(' ')}\nexit 0\n`;
    writeFileSync(join(home.folder, 'check'), script, { mode: 0o755 });
    await home.ramctl(args, { environment: scriptEnvironment(home) });
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
    expect((await home.run(args)).code).toBe(0);
    expect(readRobot(home)).toMatchObject({ keys: { [old.AccessKeyId]: 'Inactive' }, rotations: { 7: 'Done' } });
  });
});
