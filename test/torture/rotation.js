// Kills rotations at random file steps and at random times, and then runs them to their end.
// Usage: `node test/torture/rotation.js [kills]`, after `npm run build`. The exit code is 1 if an AccessKey was lost or
// created twice, or if a secret was written to a wrong file.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { clockAheadBy, killAtFileStep } from '../support/preloads.js';
import { ramctl, randomInt, runOrThrow, torture, violations } from './support.js';

const KILLS = Number(process.argv[2] ?? 300);
/** The maximum number of kills of one rotation. */
const MAX_KILLS = 3;
/** No rotation makes more calls that change files. */
const MAX_FILE_STEPS = 50;
const HOUR_MS = 3_600_000;
/** A profile that rotations must not change. */
const OTHER_PROFILE = { name: 'other', mode: 'AK', access_key_id: 'LTAIother', access_key_secret: 'dont-touch' };

let kills = 0;
let rotations = 0;
let deliveries = 0;
await torture(async (folder) => {
  const [oneKeyHome, twoKeysHome] = await createHomes(folder);
  const typicalMs = await measureRotation(folder, oneKeyHome);
  await Promise.all(
    Array.from({ length: availableParallelism() }, (_, worker) =>
      runWorker(folder, worker, oneKeyHome, twoKeysHome, typicalMs),
    ),
  );
  return `${kills} kills in ${rotations} rotations, ${deliveries} kills after the delivery`;
});

/** Creates two homes with the user robot: with one AccessKey in the first home and two in the second. */
async function createHomes(folder) {
  const [oneKeyHome, twoKeysHome] = ['one-key', 'two-keys'].map((name) => join(folder, name));
  mkdirSync(join(oneKeyHome, 'out'), { recursive: true });
  mkdirSync(join(oneKeyHome, '.aliyun'));
  writeFileSync(
    join(oneKeyHome, '.aliyun', 'config.json'),
    JSON.stringify({ current: 'other', profiles: [OTHER_PROFILE] }),
  );
  await runOrThrow(oneKeyHome, 'user create robot --access-key --secret-to file:old.env');
  cpSync(oneKeyHome, twoKeysHome, { recursive: true });
  await runOrThrow(twoKeysHome, 'ak create robot --secret-to file:spare.env');
  return [oneKeyHome, twoKeysHome];
}

async function measureRotation(folder, home) {
  const copy = join(folder, 'timed');
  cpSync(home, copy, { recursive: true });
  const startedAt = performance.now();
  await runOrThrow(copy, 'ak rotate robot --check true --secret-to file:out/new.env');
  return performance.now() - startedAt;
}

async function runWorker(folder, worker, oneKeyHome, twoKeysHome, typicalMs) {
  for (let turn = 0; kills < KILLS; turn++) {
    const home = join(folder, `worker-${worker}`);
    rmSync(home, { recursive: true, force: true });
    // Each turn uses the next kind of rotation. Half of the kills happen at a file step, the others at a random time.
    const kind = worker + turn;
    const hasTwoKeys = kind % 3 === 0;
    cpSync(hasTwoKeys ? twoKeysHome : oneKeyHome, home, { recursive: true });
    const sink = kind % 2 === 0 ? 'out/new.env' : '.aliyun/config.json';
    const spare = hasTwoKeys ? readKeyPair(join(home, 'spare.env')).id : undefined;
    const args = [
      ...['ak', 'rotate', 'robot', '--quiet', '--run-id', `run-${kind}`],
      ...['--secret-to', kind % 2 === 0 ? `file:${sink}` : 'aliyun:robot'],
      ...(Math.random() < 0.5 ? ['--check', 'true'] : []),
      ...(Math.random() < 0.5 ? ['--grace', '1h'] : []),
      ...(spare ? ['--replace', spare, '--force'] : []),
    ];
    await testRotation(home, args, sink, () =>
      Math.random() < 0.5
        ? { before: killAtFileStep(1 + randomInt(MAX_FILE_STEPS), home) }
        : { killAfter: typicalMs * (0.25 + Math.random()) },
    );
    rotations++;
    if (rotations % 25 === 0) console.log(`${kills} of ${KILLS} kills, ${rotations} rotations`);
  }
}

/** Kills one rotation up to MAX_KILLS times, runs it to its end, and checks the files after each step. */
async function testRotation(home, args, sink, kill) {
  const old = readKeyPair(join(home, 'old.env'));
  let delivered;
  let history = '';
  const addViolation = (what) => violations.push(`${what}\n  ramctl ${args.join(' ')}${history}`);
  for (let turn = 0; turn < MAX_KILLS; turn++) {
    const disruption = kill();
    history += `\n  killed ${disruption.before ? `at step ${/steps === (\d+)/.exec(disruption.before)?.[1]}` : `after ${disruption.killAfter} ms`}`;
    const { code, err } = await ramctl(home, args, disruption);
    if (code !== null && code !== 0) addViolation(`the rotation ended with ${code}: ${err}`);
    if (code === null) kills++;
    const pair = readKeyPair(join(home, sink));
    if (delivered && pair?.secret !== delivered.secret) addViolation('the sink contains another key pair than before');
    if (code === null && pair && !delivered) deliveries++;
    delivered ??= pair;
    const { keys, pending } = readRobot(home);
    if (Object.keys(keys).length > 2) addViolation('the user has more than two AccessKeys');
    if (pending > 1) addViolation('two rotations are pending');
    if (delivered ? keys[delivered.id] !== 'Active' : keys[old.id] !== 'Active')
      addViolation('the AccessKey in use is not active');
    if (code === 0) break;
  }

  // Run the rotation to its end, at a time when the locks of killed processes are stale and the grace period still lasts.
  const last = await ramctl(home, args, { before: clockAheadBy(120_000) });
  if (last.code !== 0 || last.err !== '') addViolation(`the last run ended with ${last.code}: ${last.err}`);
  const pair = readKeyPair(join(home, sink));
  if (!pair) return addViolation('the sink contains no key pair');
  if (delivered && pair.secret !== delivered.secret)
    addViolation('after the last run, the sink contains another key pair');
  const options = { before: clockAheadBy(120_000), input: pair.secret };
  const verification = await ramctl(home, ['ak', 'verify', pair.id, '--secret-stdin'], options);
  if (verification.code !== 0) addViolation(`the key pair in the sink is not valid: ${verification.err}`);
  const { keys, states } = readRobot(home);
  const hasGrace = args.includes('--grace');
  if (keys[old.id] !== (hasGrace ? 'Active' : 'Inactive')) addViolation(`the old AccessKey is ${keys[old.id]}`);
  if (Object.keys(keys).length !== 2) addViolation(`the user has ${Object.keys(keys).length} AccessKeys`);
  if (states.join() !== (hasGrace ? 'Grace' : 'Done')) addViolation(`the states of the rotations are ${states}`);

  if (hasGrace) {
    const early = await ramctl(home, ['ak', 'rotation', 'finish'], { before: clockAheadBy(HOUR_MS / 2) });
    const due = await ramctl(home, ['ak', 'rotation', 'finish'], { before: clockAheadBy(2 * HOUR_MS) });
    if (early.code !== 5 || due.code !== 0) addViolation(`the exit codes of finish are ${early.code} and ${due.code}`);
    if (readRobot(home).keys[old.id] !== 'Inactive') addViolation('the old AccessKey is active after its grace period');
  }
  const names = readdirSync(join(home, 'ramctl')).sort().join();
  if (names !== 'directory.history.jsonl,directory.json,directory.key')
    addViolation(`the files of the directory are ${names}`);
  if (sink.endsWith('.json')) {
    const { profiles } = JSON.parse(readFileSync(join(home, sink), 'utf8'));
    if (JSON.stringify(profiles[0]) !== JSON.stringify(OTHER_PROFILE)) addViolation('another profile was changed');
  }
  for (const path of listFiles(home)) {
    const hasSecret = encodingsOf(pair.secret).some((text) => readFileSync(join(home, path), 'latin1').includes(text));
    if (hasSecret && path !== sink) addViolation(`${path} contains the secret`);
    else if (path.endsWith('.tmp')) addViolation(`${path} was not removed`);
  }
}

function readRobot(home) {
  const { Users } = JSON.parse(readFileSync(join(home, 'ramctl', 'directory.json'), 'utf8'));
  const { AccessKeys, Rotations = [] } = Users.find(({ UserName }) => UserName === 'robot');
  return {
    keys: Object.fromEntries(AccessKeys.map(({ AccessKeyId, Status }) => [AccessKeyId, Status])),
    states: Rotations.map(({ State }) => State),
    pending: Rotations.filter(({ State }) => State === 'Checking' || State === 'Grace').length,
  };
}

/** The key pair in an `.env` file or in the profile robot of a `config.json`; undefined if the file has none. */
function readKeyPair(path) {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) {
    const profile = JSON.parse(text).profiles.find(({ name }) => name === 'robot');
    return profile && { id: profile.access_key_id, secret: profile.access_key_secret };
  }
  const [, id, secret] =
    /^ALIBABA_CLOUD_ACCESS_KEY_ID=(\w+)\nALIBABA_CLOUD_ACCESS_KEY_SECRET=(\w+)\n$/.exec(text) ?? [];
  return { id, secret };
}

function listFiles(home) {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(home, join(entry.parentPath, entry.name)));
}

/** A secret as plain text, in hexadecimal digits, and in base64 at each of the three possible offsets. */
function encodingsOf(secret) {
  const bytes = Buffer.from(secret);
  const base64Parts = [0, 1, 2].map((shift) => {
    const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return base64.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return [secret, bytes.toString('hex'), ...base64Parts];
}
