// One directory that several lanes change at once while they are killed, at each of their file steps and at any moment:
// `node test/torture/directory.js [kills]`, after `npm run build`. What was acknowledged has to be there, everything
// else wholly there or wholly absent. Exit code 1 when it is not, or when somebody waits for long.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { clockAheadBy, killAtFileStep, pauseAtFileStep } from '../support/preloads.js';
import { DOCUMENT, isSame, NOTHING, randomOperation, SHARED, shape, sharedIn, stateIn } from './model.js';
import { chance, oneOf, ramctl, torture, violations, works } from './support.js';

const KILLS = Number(process.argv[2] ?? 1000);
/** Directories beside each other, for a lock that was left behind holds up everybody in its directory. */
const DIRECTORIES = Math.min(6, Math.ceil(KILLS / 20));
const LANES = 4;
/** How many commands a lane runs between two looks at everything. */
const EACH = 6;
/** No command takes more file steps than that. */
const STEPS = 14;
/** For how many milliseconds a command is held up at most, and how often it may lose its lock. */
const PAUSE = 400;
const AGING = 50;
const WRITERS = 32;
/** What is long, in milliseconds: for one of all the writers, and for the wait of who finds a lock that was left. */
const LONG = 20_000;
const LONG_WAIT = 5_000;
/** When a temporary file should have been removed. */
const OLD = 75_000;

const tally = { kills: 0, atSteps: 0, commands: 0, unacknowledged: 0, longest: 0, files: 0 };
/** How long the latest commands of a verb took. */
const lengths = new Map();
await torture(async (top) => {
  await Promise.all(Array.from({ length: DIRECTORIES }, (_, n) => torment(join(top, `directory-${n}`))));
  const writers = await writeAtOnce(join(top, 'writers'));
  const delay = await findLocks(join(top, 'locks'));
  return [
    `${tally.kills} kills (${tally.atSteps} at a file step) in ${tally.commands} commands of ${LANES} lanes in each of ${DIRECTORIES} directories`,
    `${tally.unacknowledged} changes of the killed stand, the others are absent`,
    `at most ${tally.files} files beside a directory; the longest command took ${seconds(tally.longest)}`,
    `a lock that was left behind holds up for ${seconds(delay)}; the last of ${WRITERS} writers at once ${seconds(writers)}`,
  ].join('\n');
});

/** Rounds of commands in one directory, with a look at everything after each. */
async function torment(home) {
  mkdirSync(home);
  for (const line of SHARED) await works(home, line, DOCUMENT);
  const lanes = Array.from({ length: LANES }, (_, n) => ({
    name: `lane${n}`,
    turns: 0,
    possible: [{ state: NOTHING }],
    log: [],
  }));
  const aging = setInterval(() => chance(4) > 0 || ageLock(home), AGING);
  let before = fileOf(home);
  while (tally.kills < KILLS) {
    const round = { certain: 0, unclear: 0, possible: 0, writes: [] };
    await Promise.all(lanes.map((lane) => run(home, lane, round)));
    before = await inspect(home, lanes, round, before);
  }
  clearInterval(aging);
  const check = await ramctl(home, ['directory', 'check'], { before: clockAheadBy(120_000) });
  const left = filesOf(home).join();
  if (check.code !== 0 || left !== 'directory.json,directory.key') violations.push(`at last there is ${left}`);
  const listed = (await works(home, 'user list')).map(({ UserName }) => UserName);
  const present = before.Users.map(({ UserName }) => UserName);
  if (listed.sort().join() !== present.sort().join()) violations.push(`user list shows ${listed}, not ${present}`);
}

async function run(home, lane, round) {
  for (let turn = 0; turn < EACH; turn++) {
    lane.turns++;
    const operation = randomOperation(lane.name, `${lane.name}-${lane.turns}`, oneOf(lane.possible).state);
    const start = performance.now();
    const manner = mannerFor(operation, join(home, 'ramctl'));
    const ended = await ramctl(home, [...operation.words, '-q', '-o', 'json'], { ...manner, input: operation.input });
    learn(lane, operation, ended, round, start);
    tally.commands++;
    tally.files = Math.max(tally.files, filesOf(home).length);
    if (ended.code === null) {
      tally.kills++;
      if (manner.before) tally.atSteps++;
      if (tally.kills % 100 === 0) console.log(`${tally.kills} of ${KILLS} kills`);
    } else {
      noteLength(operation, ended.milliseconds);
    }
  }
}

/** Whoever waits takes the lock over, also one that is held, as when its holder was suspended for a while. */
function ageLock(home) {
  try {
    utimesSync(join(home, 'ramctl', 'directory.json.lock'), 0, 0);
  } catch {
    // Nobody holds it.
  }
}

/** As it is, held up or killed at a file step, or killed at any moment of the length that such commands have. */
function mannerFor(operation, folder) {
  const step = 1 + chance(STEPS);
  return oneOf([
    () => ({}),
    ...Array(2).fill(() => ({ before: pauseAtFileStep(step, folder, chance(PAUSE)) })),
    ...Array(3).fill(() => ({ before: killAtFileStep(step, folder) })),
    ...Array(3).fill(() => ({ killAfter: 1 + 1.2 * Math.random() * typicalLength(operation) })),
  ])();
}

function noteLength({ words }, milliseconds) {
  const verb = words.slice(0, 2).join(' ');
  lengths.set(verb, [milliseconds, ...(lengths.get(verb) ?? [])].slice(0, 9));
  tally.longest = Math.max(tally.longest, milliseconds);
}

function typicalLength({ words }) {
  const known = [...(lengths.get(words.slice(0, 2).join(' ')) ?? [])].sort((left, right) => left - right);
  return known[Math.floor(known.length / 2)] ?? 300;
}

/**
 * Where a lane can be after a command, given how it ended: at a state, with `pending` if a killed command may have
 * claimed the next one. Whoever changes the directory finishes the claim first; until then others see nothing of it.
 */
function learn(lane, { words, apply, writes, token }, { code, out, err }, round, start) {
  const result = parsed(out);
  // Whoever has the result in hand may rely on it, killed or not.
  const isAcknowledged = code !== null || result !== undefined;
  const before = settled(lane.possible);
  lane.log = [...lane.log, `ramctl ${words.join(' ')} -> ${code ?? 'killed'}${result ? ', printed' : ''}`].slice(-6);
  if (isAcknowledged) {
    const fitting = before.flatMap((place) => {
      const [expected, state] = apply(place.state, result);
      if (expected !== (code ?? 0)) return [];
      return { ...(isEqual(state, place.state) ? place : {}), state, isChanged: !isEqual(state, place.state) };
    });
    if (fitting.length === 0 || (code === 0 && err !== '')) complain(lane, `it ended with ${code}: ${err}`);
    else lane.possible = distinct(fitting);
    if (code !== 0 && code !== null) return;
    if (writes || fitting.every(({ isChanged }) => isChanged)) round.certain++;
    else round.unclear++;
  } else {
    const pending = (state) => apply(state)[1];
    const after = before.flatMap(({ state }) => [{ state, pending }, { state: pending(state) }]);
    lane.possible = distinct([...before, ...after]);
    round.possible++;
  }
  if (writes) round.writes.push({ what: writes, token, start, end: performance.now(), isAcknowledged, result });
}

/** The same with what is pending done as well. */
function settled(possible) {
  return possible.flatMap((place) => (place.pending ? [place, { state: place.pending(place.state) }] : [place]));
}

/** Looks at the whole directory while nobody is at work; gives its file's content. */
async function inspect(home, lanes, { certain, unclear, possible, writes }, before) {
  const check = await ramctl(home, ['directory', 'check', '-o', 'json']);
  if (check.code !== 0) violations.push(`directory check ended with ${check.code}: ${check.out}${check.err}`);
  const file = fileOf(home);
  for (const lane of lanes) {
    const found = stateIn(file, lane.name);
    const states = settled(lane.possible).map(({ state }) => state);
    if (!states.some((state) => isSame(state, found))) {
      complain(lane, `found ${shape(found)}\n  expected ${states.map((state) => shape(state)).join('\n  or ')}`);
    }
    lane.possible = [{ state: found }];
  }
  const changes = file.Revision - before.Revision;
  if (changes < certain || changes > certain + unclear + possible) {
    violations.push(
      `${changes} changes were made, ${certain} were acknowledged, ${unclear + possible} more are possible`,
    );
  }
  tally.unacknowledged += Math.max(0, changes - certain - unclear);
  inspectShared(sharedIn(before), sharedIn(file), writes);
  const now = Date.now();
  for (const name of filesOf(home)) {
    const isOld = /\.(r\d+|lock)$/.test(name) || now - statSync(join(home, 'ramctl', name)).ctimeMs > OLD;
    if (isOld && !/^directory\.(json|key)$/.test(name)) violations.push(`${name} was left`);
  }
  return file;
}

/** The last write of each thing shared stands, or one that nobody followed; no version of the policy was given twice. */
function inspectShared(before, after, writes) {
  for (const what of ['alias', 'day', 'night']) {
    const all = [
      { token: before[what], end: 0, isAcknowledged: true },
      ...writes.filter((write) => write.what === what),
    ];
    const stands = all.find(({ token }) => token === after[what]);
    const later = all.filter(({ start, isAcknowledged }) => isAcknowledged && start > stands?.end);
    if (!stands || later.length > 0) {
      violations.push(`${what} is ${after[what]}, after ${later.map(({ token }) => token)} was acknowledged`);
    }
  }
  const edits = writes.filter(({ what }) => what === 'shared');
  const versions = edits.flatMap(({ result }) => result?.DefaultVersion ?? []);
  const grown = after.shared - before.shared;
  if (new Set(versions).size < versions.length || grown < versions.length || grown > edits.length) {
    violations.push(`of the policy shared ${grown} versions were made, acknowledged were ${versions}`);
  }
}

/** Many first-comers: how long the last of them waits. */
async function writeAtOnce(home) {
  mkdirSync(home);
  await works(home, 'user create first');
  const writers = Array.from({ length: WRITERS }, (_, n) => ramctl(home, ['user', 'create', `writer${n}`, '-q']));
  const ended = await Promise.all(writers);
  for (const { code, err } of ended) if (code !== 0) violations.push(`a writer ended with ${code}: ${err}`);
  const { length } = await works(home, 'user list');
  if (length !== WRITERS + 1) violations.push(`of ${WRITERS} writers ${WRITERS + 1 - length} left nothing`);
  return bounded(Math.max(...ended.map(({ milliseconds }) => milliseconds)), LONG);
}

/** By how much a command is held up at most that finds the lock of one that was killed. */
async function findLocks(home) {
  // Each of these steps is under the lock.
  const delays = [3, 5, 8].map(async (step) => {
    const own = join(home, `step-${step}`);
    mkdirSync(own, { recursive: true });
    const usual = await ramctl(own, ['user', 'create', 'first']);
    await ramctl(own, ['user', 'create', 'second'], { before: killAtFileStep(step, join(own, 'ramctl')) });
    if (!filesOf(own).includes('directory.json.lock')) violations.push(`no lock was left at step ${step}`);
    const { code, err, milliseconds } = await ramctl(own, ['user', 'create', 'third']);
    if (code !== 0) violations.push(`after a lock that was left, a command ended with ${code}: ${err}`);
    return milliseconds - usual.milliseconds;
  });
  return bounded(Math.max(...(await Promise.all(delays))), LONG_WAIT);
}

function bounded(milliseconds, most) {
  if (milliseconds > most) violations.push(`somebody waited ${seconds(milliseconds)}, more than ${seconds(most)}`);
  return milliseconds;
}

function complain({ log }, what) {
  violations.push([what, ...log].join('\n  '));
}

/** Each place once: by its state, and by what the pending command would make of it. */
function distinct(possible) {
  const name = ({ state, pending }) => `${shape(state)} ${pending ? shape(pending(state)) : ''}`;
  return [...new Map(possible.map((place) => [name(place), { state: place.state, pending: place.pending }])).values()];
}

function isEqual(left, right) {
  return shape(left) === shape(right);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fileOf(home) {
  return JSON.parse(readFileSync(join(home, 'ramctl', 'directory.json'), 'utf8'));
}

function filesOf(home) {
  return readdirSync(join(home, 'ramctl')).sort();
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
