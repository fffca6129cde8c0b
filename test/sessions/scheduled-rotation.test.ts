// A cron job that rotates an AccessKey. `ci-recipe.test.ts` runs the workflows of GitHub Actions.
import { chmodSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Home } from '../support/process.ts';
import {
  clockEnvironment,
  createRobotHome,
  findFilesWithSecret,
  type KeyPair,
  readKeyPair,
  readRobot,
  scriptEnvironment,
  verifyKeyPair,
} from '../support/rotation.ts';

const DAY = 86_400_000;

/** A check of the new AccessKey for `ak rotate`. */
const VERIFY = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" | ramctl ak verify "$ALIBABA_CLOUD_ACCESS_KEY_ID" --secret-stdin`;

function executable(home: Home, name: string, script: string): void {
  chmodSync(home.write(name, `#!/bin/sh\nset -eu\n${script}\n`), 0o755);
}

it('a cron job completes a rotation after a failure and a crash', { timeout: 120_000 }, async () => {
  const name = '.aliyun/config.json';
  const home = await createRobotHome();
  const first = readKeyPair(home, 'old.env') as KeyPair;
  // The check logs the ID of its AccessKey. It fails once if the file `down` exists, and kills ramctl once if `crash` does.
  executable(
    home,
    'smoke-test',
    `echo "$ALIBABA_CLOUD_ACCESS_KEY_ID" >>checked
     if [ -e down ]; then rm down; echo 'the service is down'; exit 1; fi
     if [ -e crash ]; then rm crash; kill -KILL $PPID; fi
     ${VERIFY}`,
  );
  executable(
    home,
    'rotate-monthly',
    `ramctl ak rotation finish robot -q || [ $? -eq 5 ]
     ramctl ak rotate robot --run-id "$MONTH" --grace 1d --check 'exec ./smoke-test' --secret-to aliyun:robot`,
  );
  const run = (MONTH: string, after = 0) =>
    home.sh('exec ./rotate-monthly', { environment: scriptEnvironment(home, { MONTH, ...clockEnvironment(after) }) });
  const checkedKeyIds = () => home.read('checked').trim().split('\n');

  // The check fails: the new AccessKey is deleted, the old one stays active.
  home.write('down', '');
  const failed = await run('2026-01');
  expect([failed.code, failed.err]).toEqual([4, expect.stringContaining('the service is down\n')]);
  expect([readRobot(home).keys, readKeyPair(home, name)]).toEqual([{ [first.AccessKeyId]: 'Active' }, undefined]);

  // ramctl is killed during the check: the next attempt continues with the same AccessKey.
  home.write('crash', '');
  const killed = await run('2026-01');
  expect([killed.code, readKeyPair(home, name), await verifyKeyPair(home, first)]).toEqual([137, undefined, 0]);
  expect((await run('2026-01')).code).toBe(0);
  const second = readKeyPair(home, name) as KeyPair;
  expect(checkedKeyIds().slice(1)).toEqual([second.AccessKeyId, second.AccessKeyId]);
  expect([await verifyKeyPair(home, first), await verifyKeyPair(home, second)]).toEqual([0, 0]);

  // A completed rotation is not checked again and changes nothing.
  const repeated = await run('2026-01');
  expect([repeated.code, repeated.out.includes(second.AccessKeySecret), checkedKeyIds().length]).toEqual([0, false, 3]);
  expect(readKeyPair(home, name)).toEqual(second);
  expect((await run('2026-01', 2 * DAY)).code).toBe(0);
  expect([await verifyKeyPair(home, first), await verifyKeyPair(home, second)]).toEqual([4, 0]);

  // Neither the output nor any other file contains the secret.
  for (const { out, err } of [failed, killed, repeated]) expect(out + err).not.toContain(second.AccessKeySecret);
  expect(findFilesWithSecret(home, second.AccessKeySecret, name)).toEqual([]);
  expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
});
