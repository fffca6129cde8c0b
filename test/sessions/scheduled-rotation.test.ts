// Scheduled jobs that rotate AccessKeys: a workflow of GitHub Actions and a cron job.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Home, type ProcessResult, parseError } from '../support/process.ts';
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

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A check of the new AccessKey for `ak rotate`. */
const VERIFY = `printf %s "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" | ramctl ak verify "$ALIBABA_CLOUD_ACCESS_KEY_ID" --secret-stdin`;

function executable(home: Home, name: string, script: string): void {
  chmodSync(home.write(name, `#!/bin/sh\nset -eu\n${script}\n`), 0o755);
}

it('a workflow of GitHub Actions rotates an AccessKey', { timeout: 120_000 }, async () => {
  const home = await createRobotHome();
  const first = readKeyPair(home, 'old.env') as KeyPair;
  executable(
    home,
    'rotate.sh',
    `ramctl ak rotate robot --run-id "$GITHUB_RUN_ID" --grace 2h --check '${VERIFY}' --secret-to github -o json`,
  );
  executable(home, 'finish.sh', 'ramctl ak rotation finish robot -o json');
  executable(home, 'audit.sh', 'ramctl report --fail-on old-key --fail-on two-active-keys -o json');
  executable(
    home,
    'tidy.sh',
    `for id in $(ramctl ak list robot --query "[?Status=='Inactive'].AccessKeyId")
     do ramctl ak delete robot "$id" --yes -o json; done`,
  );
  /** Runs a step of a workflow run, with its own output file, and the clock `after` milliseconds ahead. */
  const step = async (
    script: string,
    run: number,
    after = 0,
  ): Promise<ProcessResult & { outputs: Record<string, string> }> => {
    home.write('outputs', '');
    const variables = { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_OUTPUT: join(home.folder, 'outputs') };
    const environment = scriptEnvironment(home, { ...variables, GITHUB_RUN_ID: `${run}`, ...clockEnvironment(after) });
    const result = await home.sh(`./${script}`, { environment });
    const outputs = Array.from(home.read('outputs').matchAll(/^(\w+)<<(\w+)\n(.*)\n\2\n/gm), ([, name, , value]) => [
      name,
      value,
    ]);
    return { ...result, outputs: Object.fromEntries(outputs) };
  };
  const pairOf = (outputs: Record<string, string>) =>
    ({ AccessKeyId: outputs.access_key_id, AccessKeySecret: outputs.access_key_secret }) as KeyPair;

  // In the first run, the log masks the secret. A later step reads it from the outputs of this step.
  const rotated = await step('rotate.sh', 1001);
  const second = pairOf(rotated.outputs);
  expect([rotated.code, JSON.parse(rotated.out)]).toMatchObject([
    0,
    { UserName: 'robot', RunId: '1001', State: 'Grace', OldAccessKeyId: first.AccessKeyId },
  ]);
  expect(rotated.err).toContain(`::add-mask::${second.AccessKeySecret}\n`);
  const log = rotated.out + rotated.err.replace(/^::add-mask::.*$/gm, '');
  expect(log).not.toContain(second.AccessKeySecret);
  expect([await verifyKeyPair(home, first), await verifyKeyPair(home, second)]).toEqual([0, 0]);
  expect(findFilesWithSecret(home, second.AccessKeySecret, 'outputs')).toEqual([]);

  // A second attempt of the same run fails, because the pair of the first one was used.
  const again = await step('rotate.sh', 1001);
  expect([again.code, again.out, again.outputs]).toEqual([1, '', {}]);
  expect(parseError(again).Hint).toBe('ramctl ak rotation rollback robot');
  // Another run must wait for this one.
  expect(parseError(await step('rotate.sh', 1002)).Message).toContain('1001');

  // An hourly job finishes the rotation after its grace period.
  expect((await step('finish.sh', 1003, HOUR)).code).toBe(5);
  expect((await step('audit.sh', 1003, HOUR)).code).toBe(4);
  const finished = await step('finish.sh', 1004, 3 * HOUR);
  expect([finished.code, JSON.parse(finished.out)]).toMatchObject([0, [{ RunId: '1001', State: 'Done' }]]);
  expect((await step('finish.sh', 1005, 4 * HOUR)).code).toBe(0);
  expect([await verifyKeyPair(home, first), await verifyKeyPair(home, second)]).toEqual([4, 0]);
  expect((await step('audit.sh', 1005, 4 * HOUR)).code).toBe(0);
  expect((await step('tidy.sh', 1005, 4 * HOUR)).code).toBe(0);
  expect(readRobot(home).keys).toEqual({ [second.AccessKeyId]: 'Active' });

  // A hundred days later the audit reports an old key, and the next rotation starts.
  const audit = await step('audit.sh', 1006, 100 * DAY);
  expect([audit.code, JSON.parse(audit.out)]).toMatchObject([4, [{ findings: expect.arrayContaining(['old-key']) }]]);
  const renewed = await step('rotate.sh', 1007, 100 * DAY);
  expect(renewed.code).toBe(0);
  expect((await step('finish.sh', 1008, 101 * DAY)).code).toBe(0);
  expect((await step('audit.sh', 1008, 101 * DAY)).code).toBe(0);
  expect([await verifyKeyPair(home, second), await verifyKeyPair(home, pairOf(renewed.outputs))]).toEqual([4, 0]);
});

it.each([
  ['file:robot.env', 'robot.env'],
  ['aliyun:robot', '.aliyun/config.json'],
])('a cron job completes a rotation to %s after a failure and a crash', { timeout: 120_000 }, async (sink, name) => {
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
     ramctl ak rotate robot --run-id "$MONTH" --grace 1d --check 'exec ./smoke-test' --secret-to ${sink}`,
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
