import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clockAheadBy, Home, killAtFileStep, parseError } from '../support/process.ts';
import { startServer } from '../support/server-process.ts';

interface ImportedUser {
  UserName: string;
  AccessKeys: { AccessKeyId: string }[];
  AccessKey: { AccessKeyId: string; AccessKeySecret: string };
}

const NAMES = Array.from({ length: 6 }, (_, index) => `robot-${(index * 5) % 6}`);
/** In the middle of the import: each user takes four steps on the journal, after about ten others. */
const STEP = 24;
/** In the middle of a resumed import, which creates fewer users. */
const STEP_OF_RESUMED = 14;
/** The lock of a killed process is kept for some seconds. */
const LATER_MS = 60_000;

it('an import into another ramctl is resumed after a kill and after Ctrl-C', { timeout: 30_000 }, async () => {
  const serverHome = new Home();
  const { address, admin } = await startServer(serverHome);
  const environment = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: admin.AccessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: admin.AccessKeySecret,
  };
  const home = new Home();
  home.write('robots.csv', `UserName,AccessKey\n${NAMES.map((name) => `${name},yes\n`).join('')}`);
  const args = ['-d', address, 'user', 'import', 'robots.csv', '--secret-to', 'file:robots.json', '-o', 'json'];
  const countUsers = async () => (await serverHome.json<unknown[]>('user', 'list')).length;
  const journals = join(home.config, 'imports');

  const killed = await home.ramctl(args, { environment, before: killAtFileStep(STEP, home.folder) });
  expect([killed.code, killed.out]).toEqual([null, '']);
  const afterKill = await countUsers();
  expect(afterKill).toBeGreaterThan(1);
  expect(afterKill).toBeLessThan(1 + NAMES.length);
  const [journal = ''] = readdirSync(journals).filter((name) => name.endsWith('.jsonl'));
  expect([statSync(join(journals, journal)).mode & 0o777, statSync(journals).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readFileSync(join(journals, journal), 'utf8')).not.toMatch(/LTAI|Secret|Password/);

  const before = `${clockAheadBy(LATER_MS)}\n${killAtFileStep(STEP_OF_RESUMED, home.folder, 'SIGINT')}`;
  const interrupted = await home.ramctl(args, { environment, before });
  expect([interrupted.code, parseError(interrupted)]).toMatchObject([
    130,
    { Code: 'Interrupted', Hint: expect.stringContaining('run the same command again') },
  ]);

  const { code, err } = await home.run(args, { environment, aheadMs: 2 * LATER_MS });
  expect([code, err]).toEqual([0, expect.stringContaining('An interrupted import has created')]);
  expect(await countUsers()).toBe(1 + NAMES.length);
  const created: ImportedUser[] = JSON.parse(home.read('robots.json'));
  expect(created.map(({ UserName }) => UserName)).toEqual(NAMES);
  for (const { UserName, AccessKeys, AccessKey } of created) {
    expect(AccessKeys.map(({ AccessKeyId }) => AccessKeyId)).toEqual([AccessKey.AccessKeyId]);
    const verify = ['ak', 'verify', AccessKey.AccessKeyId, '--secret-stdin', '--query', 'UserName', '-o', 'json'];
    expect(JSON.parse((await serverHome.run(verify, { input: AccessKey.AccessKeySecret })).out)).toBe(UserName);
  }
  expect(readdirSync(journals)).toEqual([]);
});
