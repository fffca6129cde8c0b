import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Enough for every kind of command and leftover; `npm run torture` is the long form. */
const KILLS = 15;
const TORTURE = fileURLToPath(new URL('../torture/directory.js', import.meta.url));

it(`lanes that are killed ${KILLS} times lose nothing, and many writers at once starve nobody`, async () => {
  const env = { PATH: process.env.PATH };
  const torture = spawn(process.execPath, [TORTURE, String(KILLS)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  expect(await text(torture.stdout)).toMatch(/^nothing was lost/m);
});
