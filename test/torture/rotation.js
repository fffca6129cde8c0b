// Rotations that are killed again and again, at each of their file steps and at any moment, and then run to their end:
// `node test/torture/rotation.js [kills]`, after `npm run build`. Exit code 1 when anything was lost, doubled or shown.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { clockAheadBy, killAtFileStep } from '../support/preloads.js';
import { chance, ramctl, torture, violations, works } from './support.js';

const KILLS = Number(process.argv[2] ?? 300);
/** How many times in a row one rotation is killed at most. */
const MOST = 3;
/** No rotation takes more file steps than that. */
const STEPS = 50;
const HOUR = 3_600_000;
const KEEPSAKE = { name: 'keepsake', mode: 'AK', access_key_id: 'LTAIkeepsake', access_key_secret: 'dont-touch' };

let kills = 0;
let rotations = 0;
let deliveries = 0;
await torture(async (top) => {
  const [plain, crowded] = await furnish(top);
  const span = await timeOf(top, plain);
  await Promise.all(Array.from({ length: availableParallelism() }, (_, lane) => work(top, lane, plain, crowded, span)));
  return `${kills} kills in ${rotations} rotations, ${deliveries} of them after the delivery`;
});

/** A home with one AccessKey of robot's, and one with two. */
async function furnish(top) {
  const [plain, crowded] = ['plain', 'crowded'].map((name) => join(top, name));
  mkdirSync(join(plain, 'out'), { recursive: true });
  mkdirSync(join(plain, '.aliyun'));
  writeFileSync(join(plain, '.aliyun', 'config.json'), JSON.stringify({ current: 'keepsake', profiles: [KEEPSAKE] }));
  await works(plain, 'user create robot --access-key --secret-to file:old.env');
  cpSync(plain, crowded, { recursive: true });
  await works(crowded, 'ak create robot --secret-to file:spare.env');
  return [plain, crowded];
}

async function timeOf(top, home) {
  const copy = join(top, 'timed');
  cpSync(home, copy, { recursive: true });
  const begin = performance.now();
  await works(copy, 'ak rotate robot --check true --secret-to file:out/new.env');
  return performance.now() - begin;
}

async function work(top, lane, plain, crowded, span) {
  for (let turn = 0; kills < KILLS; turn++) {
    const home = join(top, `lane-${lane}`);
    rmSync(home, { recursive: true, force: true });
    // Each kind of rotation in its turn, every other one killed at its steps, the others at any moment.
    const kind = lane + turn;
    const isCrowded = kind % 3 === 0;
    cpSync(isCrowded ? crowded : plain, home, { recursive: true });
    const sink = kind % 2 === 0 ? 'out/new.env' : '.aliyun/config.json';
    const spare = isCrowded ? pairIn(join(home, 'spare.env')).id : undefined;
    const words = [
      ...['ak', 'rotate', 'robot', '--quiet', '--run-id', `run-${kind}`],
      ...['--secret-to', kind % 2 === 0 ? `file:${sink}` : 'aliyun:robot'],
      ...(Math.random() < 0.5 ? ['--check', 'true'] : []),
      ...(Math.random() < 0.5 ? ['--grace', '1h'] : []),
      ...(spare ? ['--replace', spare, '--force'] : []),
    ];
    await torment(home, words, sink, () =>
      Math.random() < 0.5
        ? { before: killAtFileStep(1 + chance(STEPS), home) }
        : { killAfter: span * (0.25 + Math.random()) },
    );
    rotations++;
    if (rotations % 25 === 0) console.log(`${kills} of ${KILLS} kills, ${rotations} rotations`);
  }
}

/** One rotation, killed up to MOST times, run to its end, and looked at after each of them. */
async function torment(home, words, sink, kill) {
  const old = pairIn(join(home, 'old.env'));
  let handed;
  let how = '';
  const complain = (what) => violations.push(`${what}\n  ramctl ${words.join(' ')}${how}`);
  for (let turn = 0; turn < MOST; turn++) {
    const manner = kill();
    how += `\n  killed ${manner.before ? `at step ${/steps === (\d+)/.exec(manner.before)?.[1]}` : `after ${manner.killAfter} ms`}`;
    const { code, err } = await ramctl(home, words, manner);
    if (code !== null && code !== 0) complain(`it ended with ${code}: ${err}`);
    if (code === null) kills++;
    const pair = pairIn(join(home, sink));
    if (handed && pair?.secret !== handed.secret) complain('another pair than before is in the sink');
    if (code === null && pair && !handed) deliveries++;
    handed ??= pair;
    const { keys, pending } = robotIn(home);
    if (Object.keys(keys).length > 2) complain('there are more than two AccessKeys');
    if (pending > 1) complain('two rotations are pending');
    if (handed ? keys[handed.id] !== 'Active' : keys[old.id] !== 'Active') complain('no AccessKey in use works');
    if (code === 0) break;
  }

  // To its end, when locks of the killed are old and no grace is over.
  const last = await ramctl(home, words, { before: clockAheadBy(120_000) });
  if (last.code !== 0 || last.err !== '') complain(`at last it ended with ${last.code}: ${last.err}`);
  const pair = pairIn(join(home, sink));
  if (!pair) return complain('there is no pair in the sink');
  if (handed && pair.secret !== handed.secret) complain('at last another pair is in the sink');
  const trial = { before: clockAheadBy(120_000), input: pair.secret };
  const verdict = await ramctl(home, ['ak', 'verify', pair.id, '--secret-stdin'], trial);
  if (verdict.code !== 0) complain(`the pair in the sink does not work: ${verdict.err}`);
  const { keys, states } = robotIn(home);
  const isGrace = words.includes('--grace');
  if (keys[old.id] !== (isGrace ? 'Active' : 'Inactive')) complain(`the old AccessKey is ${keys[old.id]}`);
  if (Object.keys(keys).length !== 2) complain(`there are ${Object.keys(keys).length} AccessKeys`);
  if (states.join() !== (isGrace ? 'Grace' : 'Done')) complain(`the rotations stand at ${states}`);

  if (isGrace) {
    const early = await ramctl(home, ['ak', 'rotation', 'finish'], { before: clockAheadBy(HOUR / 2) });
    const due = await ramctl(home, ['ak', 'rotation', 'finish'], { before: clockAheadBy(2 * HOUR) });
    if (early.code !== 5 || due.code !== 0) complain(`finish said ${early.code}, then ${due.code}`);
    if (robotIn(home).keys[old.id] !== 'Inactive') complain('the old AccessKey outlived its grace');
  }
  const names = readdirSync(join(home, 'ramctl')).sort().join();
  if (names !== 'directory.json,directory.key') complain(`the directory is ${names}`);
  if (sink.endsWith('.json')) {
    const { profiles } = JSON.parse(readFileSync(join(home, sink), 'utf8'));
    if (JSON.stringify(profiles[0]) !== JSON.stringify(KEEPSAKE)) complain('another profile was changed');
  }
  for (const path of filesBelow(home)) {
    const isShown = disguises(pair.secret).some((text) => readFileSync(join(home, path), 'latin1').includes(text));
    if (isShown && path !== sink) complain(`${path} holds the secret`);
    else if (path.endsWith('.tmp')) complain(`${path} was left`);
  }
}

function robotIn(home) {
  const { Users } = JSON.parse(readFileSync(join(home, 'ramctl', 'directory.json'), 'utf8'));
  const { AccessKeys, Rotations = [] } = Users.find(({ UserName }) => UserName === 'robot');
  return {
    keys: Object.fromEntries(AccessKeys.map(({ AccessKeyId, Status }) => [AccessKeyId, Status])),
    states: Rotations.map(({ State }) => State),
    pending: Rotations.filter(({ State }) => State === 'Checking' || State === 'Grace').length,
  };
}

/** The pair in an `.env` file or in the profile robot, if there is one. */
function pairIn(path) {
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

function filesBelow(home) {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(home, join(entry.parentPath, entry.name)));
}

/** A secret as it is, in hexadecimal digits and, wherever it begins, in base64. */
function disguises(secret) {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map((shift) => {
    const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return base64.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return [secret, bytes.toString('hex'), ...inside];
}
