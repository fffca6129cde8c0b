import { beforeAll, expect, it } from 'vitest';
import { Home, signalBeforeHashing } from '../support/process.ts';

const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice', '--console');
});

/** Makes the named pipe `stderr` the stderr of the process and fills it. Writes to `blocked` when a write would block. */
const FULL_STDERR = `import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  fs.closeSync(2);
  fs.openSync('stderr', fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  for (const text of ['x'.repeat(4096), 'x']) try { for (;;) fs.writeSync(2, text); } catch {}
  const { writeSync } = fs;
  fs.writeSync = (file, ...rest) => {
    try {
      return writeSync(file, ...rest);
    } catch (error) {
      if (file === 2) fs.appendFileSync('blocked', 'x');
      throw error;
    }
  };
  syncBuiltinESMExports();`;

/** Reads the pipe `stderr` only after a write to it would have blocked. */
const readLater = (line: string) => `mkfifo stderr blocked
  exec 3<>stderr
  NODE_OPTIONS='--import ./before.mjs' ramctl ${line} >out 3>&- &
  cat blocked >blocked-writes
  cat stderr 3>&- >err &
  exec 3>&-
  wait $!
  wait %1
  echo $? >code`;

it.each<[line: string, code: number, err: RegExp]>([
  ['user get unknown', 3, /^error: .*unknown.*\nhint: .*\n$/],
  ['user get', 2, /^error: .*\nhint: .*\n$/],
  ['user create bob --policy AdministratorAccess --dry-run', 0, /^remark: .*dry run.*\nremark: .*every action.*\n$/],
  // A signal interrupts this one.
  ['user create bob --console', 130, /^error: interrupted; nothing was written\n$/],
  ['user get unknown -o json', 3, /^\{.*"Code".*\}\n$/s],
])('if a full pipe is read later, nothing is lost: %s', async (line, code, err) => {
  const home = sampleHome.copy();
  home.write('before.mjs', `${FULL_STDERR}${signalBeforeHashing('SIGINT')}`);
  await home.sh(readLater(line));
  const [, filling = '', messages] = /^(x+)(.*)$/s.exec(home.read('err')) ?? [];
  expect([home.read('blocked-writes'), filling.length, Number(home.read('code')), messages]).toEqual([
    'x',
    expect.toSatisfy((length: number) => length >= 4096),
    code,
    expect.stringMatching(err),
  ]);
});

/** Runs a command with a stderr whose reader is gone. */
const withoutReader = (command: string) => `mkfifo stderr; exec 3<>stderr 4>stderr 3>&-; ${command} 2>&4`;

it.each([
  [withoutReader('ramctl user get unknown'), 3],
  [withoutReader('ramctl user create bob --dry-run'), 0],
  ['ramctl user get unknown 2</dev/null', 3],
  ['ramctl user create bob --dry-run 2</dev/null', 0],
])('the exit code is right if stderr cannot be written: %s', async (script, code) => {
  expect((await sampleHome.copy().sh(script)).code).toBe(code);
});

it('a signal ends the command with its exit code if the reader of stderr is gone', async () => {
  const home = sampleHome.copy();
  home.write('before.mjs', signalBeforeHashing('SIGINT'));
  const script = withoutReader("NODE_OPTIONS='--import ./before.mjs' ramctl user create bob --console");
  expect((await home.sh(script)).code).toBe(130);
});
