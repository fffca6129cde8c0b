// Several workers change one directory concurrently while their processes are killed, paused, or lose their lock.
// Usage: `node test/torture/directory.js [kills]`, after `npm run build`. Every acknowledged change must exist. Every
// other change must exist completely or not at all. The exit code is 1 if not, or if a command waits too long.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { clockAheadBy, killAtFileStep, pauseAtFileStep } from '../support/preloads.js';
import {
  DOCUMENT,
  EMPTY_STATE,
  matchesState,
  randomOperation,
  readShared,
  readState,
  SHARED_COMMANDS,
  toText,
} from './model.js';
import { ramctl, randomElement, randomInt, runOrThrow, torture, violations } from './support.js';

const KILLS = Number(process.argv[2] ?? 1000);
/** The number of directories tested in parallel, because a stale lock delays all commands of its directory. */
const DIRECTORIES = Math.min(6, Math.ceil(KILLS / 20));
const WORKERS = 4;
/** The number of commands that a worker runs before the directory is inspected. */
const COMMANDS_PER_ROUND = 6;
/** No command makes more calls that change files. */
const MAX_FILE_STEPS = 18;
/** The longest pause of a command. */
const MAX_PAUSE_MS = 400;
/** How often a lock may be aged, so that another process takes it over. */
const LOCK_AGING_INTERVAL_MS = 50;
/** The number of processes that write at the same time. */
const WRITERS = 32;
const MAX_WRITER_MS = 20_000;
/** The longest delay of a command by a stale lock. */
const MAX_LOCK_DELAY_MS = 5_000;
/** Temporary files that are older than this must have been removed. */
const STALE_AFTER_MS = 75_000;

const totals = { kills: 0, killsAtSteps: 0, commands: 0, unacknowledged: 0, longestMs: 0, maxFiles: 0 };
/** The durations of the latest commands, by verb. */
const durations = new Map();
await torture(async (folder) => {
  await Promise.all(Array.from({ length: DIRECTORIES }, (_, n) => runRounds(join(folder, `directory-${n}`))));
  const writers = await runConcurrentWriters(join(folder, 'writers'));
  const delay = await measureLockDelay(join(folder, 'locks'));
  return [
    `${totals.kills} kills (${totals.killsAtSteps} at a file step) in ${totals.commands} commands of ${WORKERS} workers in each of ${DIRECTORIES} directories`,
    `${totals.unacknowledged} changes of killed commands were committed`,
    `at most ${totals.maxFiles} files in the folder of a directory; the longest command took ${formatSeconds(totals.longestMs)}`,
    `a stale lock delays a command by ${formatSeconds(delay)}; the slowest of ${WRITERS} concurrent writers took ${formatSeconds(writers)}`,
  ].join('\n');
});

/** Runs rounds of commands in one directory and inspects the directory after each round. */
async function runRounds(home) {
  mkdirSync(home);
  for (const line of SHARED_COMMANDS) await runOrThrow(home, line, DOCUMENT);
  const workers = Array.from({ length: WORKERS }, (_, n) => ({
    name: `worker${n}`,
    turns: 0,
    possible: [{ state: EMPTY_STATE }],
    log: [],
  }));
  const aging = setInterval(() => randomInt(4) > 0 || ageLock(home), LOCK_AGING_INTERVAL_MS);
  let before = readDirectoryFile(home);
  while (totals.kills < KILLS) {
    const round = { acknowledged: 0, maybeChanged: 0, possible: 0, writes: [] };
    await Promise.all(workers.map((worker) => runCommands(home, worker, round)));
    before = await inspect(home, workers, round, before);
  }
  clearInterval(aging);
  const check = await ramctl(home, ['directory', 'check'], { before: clockAheadBy(120_000) });
  const files = listFiles(home).join();
  if (check.code !== 0 || files !== 'directory.history.jsonl,directory.json,directory.key')
    violations.push(`the files at the end are ${files}`);
  const listed = (await runOrThrow(home, 'user list')).map(({ UserName }) => UserName);
  const present = before.Users.map(({ UserName }) => UserName);
  if (listed.sort().join() !== present.sort().join()) violations.push(`user list shows ${listed}, not ${present}`);
}

async function runCommands(home, worker, round) {
  for (let turn = 0; turn < COMMANDS_PER_ROUND; turn++) {
    worker.turns++;
    const operation = randomOperation(
      worker.name,
      `${worker.name}-${worker.turns}`,
      randomElement(worker.possible).state,
    );
    const start = performance.now();
    const disruption = chooseDisruption(operation, join(home, 'ramctl'));
    const outcome = await ramctl(home, [...operation.args, '-q', '-o', 'json'], {
      ...disruption,
      input: operation.input,
    });
    updatePossibleStates(worker, operation, outcome, round, start);
    totals.commands++;
    totals.maxFiles = Math.max(totals.maxFiles, listFiles(home).length);
    if (outcome.code === null) {
      totals.kills++;
      if (disruption.before) totals.killsAtSteps++;
      if (totals.kills % 100 === 0) console.log(`${totals.kills} of ${KILLS} kills`);
    } else {
      recordDuration(operation, outcome.milliseconds);
    }
  }
}

/** Makes the lock look stale, as if its holder had been suspended, so that a waiting process takes it over. */
function ageLock(home) {
  try {
    utimesSync(join(home, 'ramctl', 'directory.json.lock'), 0, 0);
  } catch {
    // There is no lock file.
  }
}

/** Options for a command: none, a pause or a kill at a file step, or a kill at a random time. */
function chooseDisruption(operation, folder) {
  const step = 1 + randomInt(MAX_FILE_STEPS);
  return randomElement([
    () => ({}),
    ...Array(2).fill(() => ({ before: pauseAtFileStep(step, folder, randomInt(MAX_PAUSE_MS)) })),
    ...Array(3).fill(() => ({ before: killAtFileStep(step, folder) })),
    ...Array(3).fill(() => ({ killAfter: 1 + 1.2 * Math.random() * typicalDuration(operation) })),
  ])();
}

function recordDuration({ args }, milliseconds) {
  const verb = args.slice(0, 2).join(' ');
  durations.set(verb, [milliseconds, ...(durations.get(verb) ?? [])].slice(0, 9));
  totals.longestMs = Math.max(totals.longestMs, milliseconds);
}

function typicalDuration({ args }) {
  const known = [...(durations.get(args.slice(0, 2).join(' ')) ?? [])].sort((left, right) => left - right);
  return known[Math.floor(known.length / 2)] ?? 300;
}

/**
 * Updates the possible states of a worker after the outcome of a command. A possible state has `pending` if
 * a killed command may have claimed the next revision. The next change completes the claim; until then it is not visible.
 */
function updatePossibleStates(worker, { args, apply, writes, token }, { code, out, err }, round, start) {
  const result = parseJson(out);
  // A command that has printed its result has committed it, even if it was killed afterwards.
  const isAcknowledged = code !== null || result !== undefined;
  const before = withPendingApplied(worker.possible);
  worker.log = [...worker.log, `ramctl ${args.join(' ')} -> ${code ?? 'killed'}${result ? ', printed' : ''}`].slice(-6);
  if (isAcknowledged) {
    const fitting = before.flatMap((candidate) => {
      const [expected, state] = apply(candidate.state, result);
      if (expected !== (code ?? 0)) return [];
      return {
        ...(isEqual(state, candidate.state) ? candidate : {}),
        state,
        isChanged: !isEqual(state, candidate.state),
      };
    });
    if (fitting.length === 0 || (code === 0 && err !== ''))
      addViolation(worker, `the command ended with ${code}: ${err}`);
    else worker.possible = removeDuplicates(fitting);
    if (code !== 0 && code !== null) return;
    if (writes || fitting.every(({ isChanged }) => isChanged)) round.acknowledged++;
    else round.maybeChanged++;
  } else {
    const pending = (state) => apply(state)[1];
    const after = before.flatMap(({ state }) => [{ state, pending }, { state: pending(state) }]);
    worker.possible = removeDuplicates([...before, ...after]);
    round.possible++;
  }
  if (writes) round.writes.push({ item: writes, token, start, end: performance.now(), isAcknowledged, result });
}

/** The possible states, with and without their pending changes. */
function withPendingApplied(possible) {
  return possible.flatMap((candidate) =>
    candidate.pending ? [candidate, { state: candidate.pending(candidate.state) }] : [candidate],
  );
}

/** Checks the directory between two rounds. Returns the content of its file. */
async function inspect(home, workers, { acknowledged, maybeChanged, possible, writes }, before) {
  const check = await ramctl(home, ['directory', 'check', '-o', 'json']);
  if (check.code !== 0) violations.push(`directory check ended with ${check.code}: ${check.out}${check.err}`);
  const file = readDirectoryFile(home);
  for (const worker of workers) {
    const found = readState(file, worker.name);
    const states = withPendingApplied(worker.possible).map(({ state }) => state);
    if (!states.some((state) => matchesState(state, found))) {
      addViolation(
        worker,
        `found ${toText(found)}\n  expected ${states.map((state) => toText(state)).join('\n  or ')}`,
      );
    }
    worker.possible = [{ state: found }];
  }
  const changes = file.Revision - before.Revision;
  if (changes < acknowledged || changes > acknowledged + maybeChanged + possible) {
    violations.push(
      `${changes} changes were committed, ${acknowledged} were acknowledged, ${maybeChanged + possible} more are possible`,
    );
  }
  inspectHistory(home, file);
  totals.unacknowledged += Math.max(0, changes - acknowledged - maybeChanged);
  inspectShared(readShared(before), readShared(file), writes);
  const now = Date.now();
  for (const name of listFiles(home)) {
    const isOld = /\.(r\d+|lock)$/.test(name) || now - statSync(join(home, 'ramctl', name)).ctimeMs > STALE_AFTER_MS;
    if (isOld && !/^directory\.(json|key|history\.jsonl)$/.test(name)) violations.push(`${name} was not removed`);
  }
  return file;
}

/**
 * Checks that each revision has exactly one entry in the history. A process that lost its lock can append an entry again;
 * readers use an ID once.
 */
function inspectHistory(home, { Revision, Changes }) {
  const ids = readFileSync(join(home, 'ramctl', 'directory.history.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).ChangeId);
  const all = new Set([...ids, ...Changes.map(({ ChangeId }) => ChangeId)]);
  const revisions = Array.from(all, (id) => Number.parseInt(id, 10)).sort((left, right) => left - right);
  if (revisions.some((revision, index) => revision !== index + 1) || revisions.length !== Revision)
    violations.push(`the history has entries for the revisions ${revisions} of ${Revision}`);
}

/**
 * Checks that each shared item has a value that no later acknowledged write has replaced, and that no version of the
 * shared policy was created twice.
 */
function inspectShared(before, after, writes) {
  for (const item of ['alias', 'day', 'night']) {
    const all = [
      { token: before[item], end: 0, isAcknowledged: true },
      ...writes.filter((write) => write.item === item),
    ];
    const match = all.find(({ token }) => token === after[item]);
    const later = all.filter(({ start, isAcknowledged }) => isAcknowledged && start > match?.end);
    if (!match || later.length > 0) {
      violations.push(`${item} is ${after[item]}, after ${later.map(({ token }) => token)} was acknowledged`);
    }
  }
  const edits = writes.filter(({ item }) => item === 'shared');
  const versions = edits.flatMap(({ result }) => result?.DefaultVersion ?? []);
  const created = after.shared - before.shared;
  if (new Set(versions).size < versions.length || created < versions.length || created > edits.length) {
    violations.push(`${created} versions of the shared policy were created; acknowledged: ${versions}`);
  }
}

/** Runs many writers at the same time. Returns the duration of the slowest. */
async function runConcurrentWriters(home) {
  mkdirSync(home);
  await runOrThrow(home, 'user create first');
  const writers = Array.from({ length: WRITERS }, (_, n) => ramctl(home, ['user', 'create', `writer${n}`, '-q']));
  const results = await Promise.all(writers);
  for (const { code, err } of results) if (code !== 0) violations.push(`a writer ended with ${code}: ${err}`);
  const { length } = await runOrThrow(home, 'user list');
  if (length !== WRITERS + 1) violations.push(`the changes of ${WRITERS + 1 - length} of ${WRITERS} writers were lost`);
  return assertWithin(Math.max(...results.map(({ milliseconds }) => milliseconds)), MAX_WRITER_MS);
}

/** Returns the longest delay of a command that finds the lock of a killed process. */
async function measureLockDelay(home) {
  // The process holds the lock at each of these steps.
  const delays = [3, 5, 8].map(async (step) => {
    const ownHome = join(home, `step-${step}`);
    mkdirSync(ownHome, { recursive: true });
    const usual = await ramctl(ownHome, ['user', 'create', 'first']);
    await ramctl(ownHome, ['user', 'create', 'second'], { before: killAtFileStep(step, join(ownHome, 'ramctl')) });
    if (!listFiles(ownHome).includes('directory.json.lock'))
      violations.push(`the process killed at step ${step} left no lock`);
    const { code, err, milliseconds } = await ramctl(ownHome, ['user', 'create', 'third']);
    if (code !== 0) violations.push(`a command that found a stale lock ended with ${code}: ${err}`);
    return milliseconds - usual.milliseconds;
  });
  return assertWithin(Math.max(...(await Promise.all(delays))), MAX_LOCK_DELAY_MS);
}

/** Returns the duration; adds a violation if it exceeds the limit. */
function assertWithin(milliseconds, maxMs) {
  if (milliseconds > maxMs)
    violations.push(`a command waited ${formatSeconds(milliseconds)}, more than ${formatSeconds(maxMs)}`);
  return milliseconds;
}

function addViolation({ log }, message) {
  violations.push([message, ...log].join('\n  '));
}

/** Removes duplicates: equal states whose pending changes lead to equal states. */
function removeDuplicates(possible) {
  const name = ({ state, pending }) => `${toText(state)} ${pending ? toText(pending(state)) : ''}`;
  return [
    ...new Map(
      possible.map((candidate) => [name(candidate), { state: candidate.state, pending: candidate.pending }]),
    ).values(),
  ];
}

function isEqual(left, right) {
  return toText(left) === toText(right);
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readDirectoryFile(home) {
  return JSON.parse(readFileSync(join(home, 'ramctl', 'directory.json'), 'utf8'));
}

function listFiles(home) {
  return readdirSync(join(home, 'ramctl')).sort();
}

function formatSeconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
