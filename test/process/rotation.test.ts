import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  clockAheadBy,
  type Home,
  killAtFileStep,
  type ProcessResult,
  parseError,
  seededRandom,
} from '../support/process.ts';
import {
  createRobotHome,
  findFilesWithSecret,
  type KeyPair,
  listFiles,
  readKeyPair,
  readRobot,
  scriptEnvironment,
  verifyKeyPair,
} from '../support/rotation.ts';

const HOUR = 3_600_000;
/** Whatever a kill left behind, locks above all, is old by now, and no grace is over. */
const LATER = clockAheadBy(120_000);
const KEEPSAKE = { name: 'keepsake', mode: 'AK', access_key_id: 'LTAIkeepsake', access_key_secret: 'dont-touch' };
const CONFIG = `{"current":"keepsake", "profiles":[\n${JSON.stringify(KEEPSAKE)}],"plugins":{"x":[1,2]}}\n`;

let furnished: Home;
let old: KeyPair;
/** The same with a second AccessKey. */
let crowded: Home;
let spare: string;
beforeAll(async () => {
  furnished = await createRobotHome();
  mkdirSync(join(furnished.folder, '.aliyun'));
  mkdirSync(join(furnished.folder, 'out'));
  furnished.write('.aliyun/config.json', CONFIG);
  old = readKeyPair(furnished, 'old.env') as KeyPair;
  crowded = furnished.copy();
  spare = (await crowded.json<KeyPair>('ak', 'create', 'robot', '--secret-to', 'file:spare.env')).AccessKeyId;
});

const rotate = (...words: string[]) => ['ak', 'rotate', 'robot', ...words];

describe('a rotation that is killed', () => {
  interface Job {
    home: Home;
    words: string[];
    /** Where the pair goes. */
    sink: string;
    ends: 'Done' | 'Grace';
    /** The folder in the home whose steps are counted, and how many there are at least. */
    steps: [folder: string, least: number];
  }
  const toFile = (): Job => ({
    home: furnished,
    words: rotate('-q', '--run-id', '7', '--grace', '1h', '--check', 'true', '--secret-to', 'file:out/new.env'),
    sink: 'out/new.env',
    ends: 'Grace',
    steps: ['', 20],
  });
  const toProfile = (): Job => ({
    home: crowded,
    words: rotate('-q', '--run-id', '7', '--replace', spare, '--force', '--secret-to', 'aliyun:robot'),
    sink: '.aliyun/config.json',
    ends: 'Done',
    steps: ['.aliyun', 5],
  });

  /** Killed somehow, then run again until it is through. Whether it was killed at all. */
  async function survives({ home: first, words, sink, ends }: Job, kill: (home: Home) => object): Promise<boolean> {
    const home = first.copy();
    const ended = await home.ramctl(words, kill(home));
    expect([null, 0]).toContain(ended.code);
    const handed = readKeyPair(home, sink);
    const between = readRobot(home);
    expect(Object.keys(between.keys).length).toBeLessThanOrEqual(2);
    if (handed) expect(between.keys).toMatchObject({ [handed.AccessKeyId]: 'Active' });
    else expect(between.keys).toMatchObject({ [old.AccessKeyId]: 'Active' });

    const again = await home.ramctl(words, { before: LATER });
    expect([again.code, again.err]).toEqual([0, '']);
    const pair = readKeyPair(home, sink) as KeyPair;
    if (handed) expect(pair).toEqual(handed);
    expect(readRobot(home)).toEqual({
      keys: { [old.AccessKeyId]: ends === 'Done' ? 'Inactive' : 'Active', [pair.AccessKeyId]: 'Active' },
      rotations: { 7: ends },
    });
    expect(await verifyKeyPair(home, pair, LATER)).toBe(0);

    expect(home.files()).toEqual(['directory.json', 'directory.key']);
    expect(listFiles(home)).toEqual([...new Set([...listFiles(first), sink])].sort());
    expect(findFilesWithSecret(home, pair.AccessKeySecret, sink)).toEqual([]);
    if (sink.endsWith('.json')) expect(JSON.parse(home.read(sink))).toMatchObject({ profiles: [KEEPSAKE, {}] });
    return ended.code === null;
  }

  it.each([
    ['with a check, grace and a file', toFile],
    ['with --replace and a profile', toProfile],
  ])('%s, at each of its steps, goes on with the same pair', { timeout: 180_000 }, async (_, jobOf) => {
    const job = jobOf();
    const [folder, least] = job.steps;
    const killed: boolean[] = [];
    while (!killed.includes(false)) {
      const steps = Array.from({ length: 8 }, (_, ahead) => killed.length + 1 + ahead);
      const at = (step: number) =>
        survives(job, (home) => ({ before: killAtFileStep(step, join(home.folder, folder)) }));
      killed.push(...(await Promise.all(steps.map(at))));
    }
    expect(killed.indexOf(false)).toBeGreaterThan(least);
  });

  it('at any moment, goes on with the same pair', { timeout: 180_000 }, async () => {
    const chance = seededRandom(20240229);
    const { milliseconds } = await furnished.copy().ramctl(toFile().words);
    const lane = async () => {
      for (let turn = 0; turn < 4; turn++) {
        await survives(toFile(), () => ({ killAfter: milliseconds * (0.3 + 0.9 * chance()) }));
      }
    };
    await Promise.all([lane(), lane()]);
  });
});

describe('--check', () => {
  it('that fails leaves everything as it was', async () => {
    const home = furnished.copy();
    for (const sink of ['stdout', 'file:new.env', 'aliyun:robot']) {
      const check = 'echo from the check; echo and more >&2; exit 3';
      const { code, out, err } = await home.ramctl(rotate('--check', check, '--secret-to', sink));
      expect([code, out]).toEqual([4, '']);
      expect(err).toMatch(/^from the check\nand more\nerror: .*ended with 3.*removed/);
    }
    expect(readRobot(home)).toEqual({ keys: { [old.AccessKeyId]: 'Active' }, rotations: {} });
    expect(listFiles(home)).toEqual(listFiles(furnished));
    expect(home.read('.aliyun/config.json')).toBe(CONFIG);
    expect(await verifyKeyPair(home, old)).toBe(0);
  });

  it('that is no command, or that a signal ends, fails as well; an empty one is a mistake', async () => {
    const home = furnished.copy();
    for (const check of ['no-such-command', 'kill -KILL $$', '']) {
      const failed = await home.ramctl(rotate('--check', check, '-q'));
      expect([check, failed.code]).toEqual([check, check === '' ? 2 : 4]);
    }
  });

  it.skipIf(!existsSync('/proc/self/cmdline'))(
    'sees the pair in its environment, and nobody sees it elsewhere',
    async () => {
      const home = furnished.copy();
      const script = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" >seen
      cat /proc/[0-9]*/cmdline >commands 2>gone
      cat /proc/$PPID/environ >environment`;
      const { code, out, err } = await home.ramctl(rotate('--check', script));
      const secret = home.read('seen');
      expect([code, out, err]).toEqual([0, expect.stringContaining(secret), '']);
      expect(secret).toMatch(/^[A-Za-z0-9]{30}$/);
      expect(home.read('commands')).toContain('rotate');
      expect(findFilesWithSecret(home, secret, 'seen')).toEqual([]);
    },
  );

  it('may ask ramctl about the pair, for nothing is locked meanwhile', async () => {
    const home = furnished.copy();
    const check = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" |
      ramctl ak verify "$ALIBABA_CLOUD_ACCESS_KEY_ID" --secret-stdin && ramctl user edit robot --comments checked`;
    const words = rotate('--check', check, '--secret-to', 'file:new.env', '-o', 'json');
    const { code, out, err, milliseconds } = await home.ramctl(words, { environment: scriptEnvironment(home) });
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
  const send = `kill -${signal.slice(3)} $PPID`;
  const forever = 'while :; do :; done';

  it('ends it, whatever it is at, and the new AccessKey is removed', async () => {
    const home = furnished.copy();
    const ended = await home.ramctl(rotate('--check', `${send}; ${forever}`, '--secret-to', 'file:new.env'));
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toMatch(new RegExp(`ended with ${signal}; the new AccessKey is removed\n$`));
    expect(readRobot(home)).toEqual({ keys: { [old.AccessKeyId]: 'Active' }, rotations: {} });
    expect(listFiles(home)).toEqual(listFiles(furnished));
    const inJson = await home.ramctl(rotate('--check', `${send}; ${forever}`, '-o', 'json'));
    expect([inJson.code, parseError(inJson).Message]).toEqual([code, expect.stringContaining('removed')]);
  });

  it('that comes to its end all the same: so does the rotation', async () => {
    const home = furnished.copy();
    const check = `trap '' ${signal.slice(3)}; ${send}`;
    const ended = await home.ramctl(rotate('--check', check, '--secret-to', 'file:new.env'));
    expect([ended.code, ended.err]).toEqual([code, expect.not.stringMatching('removed|nothing was written')]);
    const pair = readKeyPair(home, 'new.env') as KeyPair;
    expect(readRobot(home).keys).toEqual({ [old.AccessKeyId]: 'Inactive', [pair.AccessKeyId]: 'Active' });
    expect(await verifyKeyPair(home, pair)).toBe(0);
  });

  it('twice: it stops where it is, and goes on when it is run again', async () => {
    const home = furnished.copy();
    // The second one is sent when the first one has come through.
    const again = `trap '${send}' ${signal.slice(3)}`;
    const check = `test -e stopped && exit\ntouch stopped\n${again}\n${send}\n${forever}`;
    const words = rotate('--run-id', '7', '--check', check, '--secret-to', 'file:new.env');
    const ended = await home.ramctl(words);
    expect([ended.code, ended.out, ended.err]).toEqual([code, '', expect.stringContaining('the change was written')]);
    expect(readRobot(home).rotations).toEqual({ 7: 'Checking' });
    expect(listFiles(home).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await home.ramctl(words)).code).toBe(0);
    expect(readRobot(home)).toMatchObject({ keys: { [old.AccessKeyId]: 'Inactive' }, rotations: { 7: 'Done' } });
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
  });
});

describe('grace', () => {
  it('lets both AccessKeys work, until ak rotation finish finds it over', async () => {
    const home = furnished.copy();
    const begun = await home.json<{ DueDate: string }>(...rotate('--grace', '2h', '--secret-to', 'file:new.env'));
    const hours = (Date.parse(begun.DueDate) - Date.now()) / HOUR;
    expect([begun, hours > 1.9 && hours <= 2]).toEqual([expect.objectContaining({ State: 'Grace' }), true]);
    const finish = (hours: number) =>
      home.ramctl(['ak', 'rotation', 'finish', '-o', 'json'], { before: clockAheadBy(hours * HOUR) });

    const early = await finish(1);
    expect([early.code, early.out, parseError(early).Message]).toEqual([5, '', expect.stringContaining(begun.DueDate)]);
    expect([await verifyKeyPair(home, old), await verifyKeyPair(home, readKeyPair(home, 'new.env'))]).toEqual([0, 0]);
    const due = await finish(3);
    expect([due.code, JSON.parse(due.out)]).toMatchObject([0, [{ UserName: 'robot', State: 'Done' }]]);
    expect([await verifyKeyPair(home, old), await verifyKeyPair(home, readKeyPair(home, 'new.env'))]).toEqual([4, 0]);
    const after = await finish(3);
    expect([after.code, JSON.parse(after.out)]).toEqual([0, []]);
  });

  it('is over for one user and not for another: one is done, the other is named', async () => {
    const home = furnished.copy();
    await home.json('user', 'create', 'android', '--access-key');
    await home.json('ak', 'rotate', 'android', '--grace', '7d');
    await home.json(...rotate('--grace', '30m'));
    const failed = await home.ramctl(['ak', 'rotation', 'finish'], { before: clockAheadBy(HOUR) });
    expect([failed.code, failed.err]).toEqual([5, expect.stringContaining('android')]);
    expect(Object.values(readRobot(home).rotations)).toEqual(['Done']);
  });
});

describe('at the same moment', () => {
  const ROUNDS = 3;
  const twice = (home: Home, first: string[], second: string[]): Promise<ProcessResult[]> =>
    Promise.all([first, second].map((words) => home.ramctl([...words, '-o', 'json'])));

  it('two rotations: one is made, the other is told which one stands', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const home = furnished.copy();
      const lines = ['a', 'b'].map((run) => rotate('--run-id', run, '--grace', '1h', '--secret-to', `file:${run}.env`));
      const ended = await twice(home, lines[0] ?? [], lines[1] ?? []);
      const winner = ended.findIndex(({ code }) => code === 0);
      const run = ['a', 'b'][winner] ?? 'nobody';
      const loser = ended[1 - winner] as ProcessResult;
      expect([loser.code, loser.out, parseError(loser)]).toMatchObject([1, '', { Code: 'RotationPending' }]);
      expect(parseError(loser).Message).toContain(`rotation ${run} `);
      const pair = readKeyPair(home, `${run}.env`) as KeyPair;
      expect(readRobot(home)).toEqual({
        keys: { [old.AccessKeyId]: 'Active', [pair.AccessKeyId]: 'Active' },
        rotations: { [run]: 'Grace' },
      });
      expect(listFiles(home).filter((name) => !listFiles(furnished).includes(name))).toEqual([`${run}.env`]);
    }
  });

  it.each(['stdout', 'aliyun:robot'])('two of one run to %s agree on the pair', async (sink) => {
    for (let round = 0; round < ROUNDS; round++) {
      const home = furnished.copy();
      const words = rotate('--run-id', '7', '--secret-to', sink);
      const ended = await twice(home, words, words);
      const through = ended.filter(({ code }) => code === 0);
      // To stdout, whoever comes when it is delivered is refused; a profile tells that the pair is there.
      expect(ended.map(({ code }) => code).sort()).toEqual([0, through.length === 2 || sink !== 'stdout' ? 0 : 1]);
      const ids = new Set(through.map(({ out }) => JSON.parse(out).NewAccessKeyId));
      expect(ids.size).toBe(1);
      expect(readRobot(home)).toEqual({
        keys: { [old.AccessKeyId]: 'Inactive', [[...ids][0]]: 'Active' },
        rotations: { 7: 'Done' },
      });
      const pair =
        sink === 'stdout' ? JSON.parse(through[0]?.out ?? '').AccessKey : readKeyPair(home, '.aliyun/config.json');
      expect(await verifyKeyPair(home, pair)).toBe(0);
    }
  });

  it('two of one run to a file: whatever the slower one says, the pair in the file works', async () => {
    const home = furnished.copy();
    // Within the check of the one the other runs from its beginning to its delivery, where it is killed.
    const words = rotate('--run-id', '7', '--check', './check', '--secret-to', 'file:new.env');
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
    const script = `#!/bin/sh\ntest -e inner && exit\ntouch inner\nNODE_OPTIONS='--import ${kill}' ramctl ${words.join(' ')}\nexit 0\n`;
    writeFileSync(join(home.folder, 'check'), script, { mode: 0o755 });
    await home.ramctl(words, { environment: scriptEnvironment(home) });
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
    expect((await home.ramctl(words)).code).toBe(0);
    expect(readRobot(home)).toMatchObject({ keys: { [old.AccessKeyId]: 'Inactive' }, rotations: { 7: 'Done' } });
  });
});
