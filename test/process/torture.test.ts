import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Enough kills for each kind of command and of leftover file. `npm run torture` kills more often. */
const KILLS = 8;
const TORTURE = fileURLToPath(new URL('../torture/directory.js', import.meta.url));

it(`no committed change is lost when commands are killed ${KILLS} times, and concurrent writers all finish in time`, async () => {
  const env = { PATH: process.env.PATH };
  const torture = spawn(process.execPath, [TORTURE, String(KILLS)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  expect(await text(torture.stdout)).toMatch(/^nothing was lost/m);
});
