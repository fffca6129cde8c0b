// Rotates the AccessKeys of many users on a `ramctl serve` process, from processes without local state that are killed at
// random times and run again with the same --run-id.
// Usage: `node test/torture/remote-rotation.js [robots] [rotations]`, after `npm run build`. The exit code is 1 if an
// AccessKey or a secret was lost.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { RAMCTL, ramctl, randomInt, runOrThrow, torture, violations } from './support.js';

const ROBOTS = Number(process.argv[2] ?? 40);
/** The rotations of each robot. Each but the first one deletes the AccessKey that the one before has disabled. */
const ROTATIONS = Number(process.argv[3] ?? 2);
/** The maximum number of kills of one rotation. */
const MAX_KILLS = 4;

let kills = 0;
let deliveries = 0;
/** How long a rotation without a check takes, while others run. */
let typicalMs = 1000;
await torture(async (folder) => {
  const names = Array.from({ length: ROBOTS }, (_, index) => `robot-${index}`);
  await runOrThrow(folder, 'init');
  writeFileSync(
    join(folder, 'users.csv'),
    ['UserName,AccessKey', ...names.map((name) => `${name},true`), ''].join('\n'),
  );
  await runOrThrow(folder, 'user import users.csv --secret-to file:{user}.env');
  const admin = 'user create admin --access-key --policy AdministratorAccess --secret-to file:admin.env';
  await runOrThrow(folder, admin);
  const { server, address } = await startServer(folder);
  const target = { RAMCTL_DIRECTORY: address, ...readVariables(join(folder, 'admin.env')) };
  try {
    const queue = [...names];
    const runWorker = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        for (let n = 0; n < ROTATIONS; n++) await testRotation(folder, name, `run-${n}`, target);
      }
    };
    await Promise.all(Array.from({ length: 2 * availableParallelism() }, runWorker));
  } finally {
    server.kill();
    await once(server, 'close');
  }
  return `${kills} kills in ${ROBOTS * ROTATIONS} rotations, ${deliveries} of them after the delivery`;
});

async function startServer(home) {
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home };
  const args = ['serve', '--port', '0', '--output', 'json', '--quiet'];
  const server = spawn(process.execPath, [RAMCTL, ...args], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  server.stdout.resume();
  return { server, address: JSON.parse(line).Address };
}

function rotateArgs(name, runId) {
  const sink = ['--secret-to', `file:${name}.env`, '--overwrite'];
  return ['ak', 'rotate', name, '--run-id', runId, '--replace', 'inactive', '--quiet', ...sink];
}

/** Kills one rotation several times, runs it to its end, and checks the keys and the file after each step. */
async function testRotation(home, name, runId, env) {
  const options = chooseOptions();
  const args = [...rotateArgs(name, runId), ...options];
  const old = readPair(home, name);
  let history = '';
  const addViolation = (what) => violations.push(`${what}\n  ramctl ${args.join(' ')}${history}`);
  let code = null;
  for (let turn = 0; turn < MAX_KILLS && code === null; turn++) {
    const killAfter = Math.round(typicalMs * (0.3 + 0.9 * Math.random()));
    history += `\n  killed after ${killAfter} ms`;
    const result = await ramctl(home, args, { env, killAfter });
    ({ code } = result);
    if (code !== null && code !== 0) addViolation(`the rotation ended with ${code}: ${result.err}`);
    const pair = readPair(home, name);
    if (code === null) kills++;
    if (code === null && pair.id !== old.id) deliveries++;
    const keys = readKeys(home, name);
    if (Object.keys(keys).length > 2) addViolation('the user has more than two AccessKeys');
    // The request that disables the old key follows the delivery.
    if (keys[pair.id] !== 'Active') addViolation(`the AccessKey in the file is ${keys[pair.id]}`);
  }
  const isDelivered = readPair(home, name).id !== old.id;
  const last = await ramctl(home, args, { env });
  if (options.length === 0 && !isDelivered) typicalMs += (last.milliseconds - typicalMs) / 4;
  if (last.code !== 0 || last.err !== '') addViolation(`the last run ended with ${last.code}: ${last.err}`);
  const pair = readPair(home, name);
  if (pair.id === old.id) addViolation('no AccessKey was delivered');
  const verification = await ramctl(home, ['ak', 'verify', pair.id, '--secret-stdin'], { env, input: pair.secret });
  if (verification.code !== 0) addViolation(`the pair in the file is not valid: ${verification.err}`);
  const keys = Object.entries(readKeys(home, name)).sort();
  const expected = [
    [old.id, 'Inactive'],
    [pair.id, 'Active'],
  ].sort();
  if (`${keys}` !== `${expected}`)
    addViolation(`the AccessKeys are ${keys.join(' ')}, expected: ${expected.join(' ')}`);
}

/** Some checks use the new AccessKey, which must not count as a use by a program. */
function chooseOptions() {
  const verify = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" | "${process.execPath}" "${RAMCTL}" ak verify "$ALIBABA_CLOUD_ACCESS_KEY_ID" --secret-stdin >/dev/null`;
  return [[], [], ['--check', 'true'], ['--check', verify]][randomInt(4)];
}

/** The status of each AccessKey, by its id. */
function readKeys(home, name) {
  const { Users } = JSON.parse(readFileSync(join(home, 'ramctl', 'directory.json'), 'utf8'));
  const { AccessKeys } = Users.find(({ UserName }) => UserName === name);
  return Object.fromEntries(AccessKeys.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]));
}

function readPair(home, name) {
  const variables = readVariables(join(home, `${name}.env`));
  return { id: variables.ALIBABA_CLOUD_ACCESS_KEY_ID, secret: variables.ALIBABA_CLOUD_ACCESS_KEY_SECRET };
}

function readVariables(path) {
  if (!existsSync(path)) return {};
  return Object.fromEntries(
    Array.from(readFileSync(path, 'utf8').matchAll(/^(\w+)=(.*)$/gm), ([, name, value]) => [name, value]),
  );
}
