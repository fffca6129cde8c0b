import { expect, it } from 'vitest';
import { clockAheadBy, Home, type ProcessResult } from '../support/process.ts';
import { error, startScriptedServer } from '../support/scripted-server.ts';
import { startServer } from '../support/server-process.ts';
import type { KeyPair } from '../support/signer.ts';

// Without the first variable, the SDK asks the metadata service of an ECS instance.
const NO_CREDENTIALS = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' };

// With DEBUG, the SDK logs its requests with their signatures, unless it is bundled without its logger.
const withKey = ({ AccessKeyId, AccessKeySecret }: KeyPair) => ({
  ...NO_CREDENTIALS,
  DEBUG: '*',
  ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKeySecret,
});

const PAIR = { AccessKeyId: 'LTAIexample', AccessKeySecret: 'the-secret-of-the-key' };

function expectNoSecret({ out, err }: ProcessResult, secret: string) {
  expect(out + err).not.toContain(secret);
  expect(out + err).not.toMatch(/Signature=|ACS3-HMAC/);
}

it('ends with exit code 5 when nothing listens at the endpoint', async () => {
  const args = ['-d', 'http://127.0.0.1:1', 'user', 'list', '--debug'];
  const result = await new Home().ramctl(args, { environment: withKey(PAIR) });
  expect([result.code, result.err]).toEqual([5, expect.stringMatching(/^error: 127\.0\.0\.1:1 cannot be reached/)]);
  expectNoSecret(result, PAIR.AccessKeySecret);
});

it('uses the proxy in HTTPS_PROXY', async () => {
  const environment = { ...withKey(PAIR), HTTPS_PROXY: 'http://joe:the-password@127.0.0.1:1', NO_PROXY: '' };
  const { code, err } = await new Home().ramctl(['-d', 'aliyun:', 'user', 'list'], { environment });
  expect([code, err]).toEqual([5, expect.stringMatching(/cannot be reached: the proxy in HTTPS_PROXY/)]);
  expect(err).not.toContain('the-password');
});

it.each(['aliyun:', 'aliyun:ops', 'https://ram.example.com'])(
  'ends with exit code 4 when there are no credentials for %s',
  async (target) => {
    const { code, err } = await new Home().ramctl(['-d', target, 'user', 'list'], { environment: NO_CREDENTIALS });
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/^error: .*no (valid )?credentials.*\nhint: aliyun configure/),
    ]);
  },
);

it('ends with exit code 5 and the offset when the clock is wrong', async () => {
  const home = new Home();
  const { address, admin } = await startServer(home);
  const options = { environment: withKey(admin), before: clockAheadBy(3 * 3600_000) };
  const result = await home.ramctl(['-d', address, 'user', 'list', '--debug'], options);
  expect(result.err).toMatch(/^error: .*The clock of this machine is 3 hours ahead of the server's\./);
  expect(result.code).toBe(5);
  expectNoSecret(result, admin.AccessKeySecret);
});

it('ends with exit code 4 and the missing permission when the caller has none', async () => {
  const home = new Home();
  const { address } = await startServer(home);
  await home.json('user', 'create', 'bob');
  const bob = await home.json<KeyPair>('ak', 'create', 'bob');
  const args = ['-d', address, 'user', 'create', 'carol', '--debug'];
  const result = await home.ramctl(args, { environment: withKey(bob) });
  expect(result.err).toMatch(/^error: .*needs permission for ram:\w+, which AliyunRAM\w+Access gives/);
  expect(result.code).toBe(4);
  expectNoSecret(result, bob.AccessKeySecret);
});

it('uses the directory of another ramctl', async () => {
  const home = new Home();
  const { address, admin } = await startServer(home);
  const { code, err } = await home.ramctl(['-d', address, 'user', 'create', 'alice'], { environment: withKey(admin) });
  expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
  expect(await home.json('user', 'get', 'alice')).toMatchObject({ UserName: 'alice' });
});

it('ends with exit code 2 before it sends anything when the target is wrong', async () => {
  const server = await startScriptedServer(error(400, 'InvalidParameter'));
  const args = ['-d', `${server.url}/directory`, 'user', 'list'];
  const { code, err } = await new Home().ramctl(args, { environment: withKey(PAIR) });
  expect([code, err]).toEqual([2, expect.stringMatching(/^error: .* is not the URL of a server/)]);
  expect(server.actions).toEqual([]);
});
