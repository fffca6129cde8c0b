import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import httpx from 'httpx';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { createClient } from '../../src/remote/client.ts';
import { createApi } from '../../src/remote/create-api.ts';
import { findCredentials } from '../../src/remote/credentials.ts';
import * as sdk from '../../src/remote/sdk.ts';
import { failure } from '../support/failures.ts';
import { json, ok, startScriptedServer } from '../support/scripted-server.ts';
import { testApiOptions } from '../support/test-api.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ramctl-home-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', home);
  // Without this, the SDK asks the metadata service of an ECS instance.
  vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function writeProfiles(text: string) {
  mkdirSync(join(home, '.aliyun'));
  writeFileSync(join(home, '.aliyun/config.json'), text);
}

const PROFILES = JSON.stringify({
  current: 'default',
  profiles: [
    { name: 'default', mode: 'AK', access_key_id: 'LTAIdefault', access_key_secret: 'default-secret' },
    {
      name: 'ops',
      mode: 'StsToken',
      access_key_id: 'STS.ops',
      access_key_secret: 'ops-secret',
      sts_token: 'ops-token',
    },
    { name: 'sso', mode: 'CloudSSO', access_token: 'sso-token', cloud_sso_access_token_expire: 1 },
    { name: 'half', mode: 'AK', access_key_id: 'LTAIhalf' },
    { name: 'odd', mode: 'Odd', access_key_secret: 'odd-secret' },
  ],
});

/** The headers of a request that is signed with the credentials of a target. */
async function signedRequest(name: string): Promise<string> {
  const server = await startScriptedServer(ok());
  const host = new URL(server.url).host;
  const hosts = { RAM: host, IMS: host, STS: host };
  const credential = findCredentials(sdk, { kind: name.startsWith('aliyun:') ? 'cloud' : 'endpoint', name });
  const endpoint = { protocol: 'HTTP', hosts } as const;
  await createClient(sdk, { endpoint, credential, userAgent: 'ramctl/1.2.3', attemptMs: 5000 })('RAM', 'ListUsers', {});
  return server.texts.join();
}

async function failureOf(name: string): Promise<Failure> {
  return signedRequest(name).catch((reason) => reason);
}

it('uses the environment before a profile', async () => {
  writeProfiles(PROFILES);
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'LTAIenvironment');
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'environment-secret');
  for (const name of ['aliyun:', 'https://ram.example.com']) {
    expect(await signedRequest(name)).toContain('Credential=LTAIenvironment,');
  }
});

it('uses the current profile, or the one that the target names', async () => {
  writeProfiles(PROFILES);
  expect(await signedRequest('aliyun:')).toContain('Credential=LTAIdefault,');
  expect(await signedRequest('aliyun:ops')).toMatch(/"x-acs-security-token":"ops-token".*Credential=STS\.ops,/);
});

it('names ramctl to the server, and never sends the secret', async () => {
  writeProfiles(PROFILES);
  const request = await signedRequest('aliyun:');
  expect(request).toMatch(/"user-agent":"[^"]* ramctl\/1\.2\.3"/);
  expect(request).not.toContain('default-secret');
});

it('fails with exit code 4 and the places that were searched when there are no credentials', async () => {
  for (const name of ['aliyun:', 'https://ram.example.com']) {
    const thrown = await failureOf(name);
    expect(thrown).toEqual(failure('denied', 'NoCredentials'));
    expect(thrown.message).toContain(`no valid credentials for ${name}`);
    expect(thrown.message).toMatch(
      /ALIBABA_CLOUD_ACCESS_KEY_ID.*OIDC.*config\.json.*credentials\.ini.*ECS.*CREDENTIALS_URI/,
    );
    expect(thrown.details.Hint).toBe('aliyun configure');
  }
});

it('says why the current profile gives no credentials', async () => {
  writeProfiles(PROFILES.replace('"default"', '"sso"'));
  const { message } = await failureOf('aliyun:');
  expect(message).toContain('the current profile of ~/.aliyun/config.json (its session has expired)');
});

it.each([
  ['nobody', PROFILES, /"nobody".*no profile of this name/],
  ['sso', PROFILES, /"sso".*session has expired/],
  ['odd', PROFILES, /"odd".*mode/],
  ['half', PROFILES, /"half".*incomplete/],
  ['ops', `${PROFILES}x`, /not valid JSON/],
  ['ops', '{"profiles":[]}', /no profiles/],
  ['ops', undefined, /cannot be read/],
])('explains why the profile %s gives no credentials, without its content', async (profile, text, reason) => {
  if (text !== undefined) writeProfiles(text);
  const thrown = await failureOf(`aliyun:${profile}`);
  expect(thrown).toEqual(failure('denied', 'NoCredentials'));
  expect(thrown.message).toMatch(reason);
  expect(JSON.stringify([thrown.message, thrown.details, thrown.stack, String(thrown.cause)])).not.toMatch(
    /-secret|-token/,
  );
});

const ROLE = { mode: 'RamRoleArn', ram_role_arn: 'acs:ram::1:role/r', ram_session_name: 's' };
const KEY = { access_key_id: 'LTAIrole', access_key_secret: 'role-secret' };

/** Has a profile with a role, and answers the requests for its credentials. */
async function failureOfRole(answer: () => Promise<never> | ReturnType<typeof httpx.request>): Promise<Failure> {
  writeProfiles(JSON.stringify({ profiles: [{ name: 'role', ...ROLE, ...KEY }] }));
  const request = vi.spyOn(httpx, 'request').mockImplementation(answer);
  onTestFinished(() => request.mockRestore());
  return failureOf('aliyun:role');
}

it('fails with exit code 5 when the service that issues credentials cannot be reached', async () => {
  for (const error of [{ code: 'ENOTFOUND' }, { code: 'ECONNRESET' }, { name: 'RequestTimeoutError' }]) {
    const thrown = await failureOfRole(() => Promise.reject(Object.assign(new Error('sts'), error)));
    expect(thrown).toEqual(failure('later', 'CredentialsUnavailable'));
    expect(thrown.message).toContain('aliyun:role');
    rmSync(join(home, '.aliyun'), { recursive: true });
  }
});

it("shows the code of STS's answer when it refuses a role, without its message", async () => {
  const Message = 'LTAIrole with role-secret is not authorized.';
  const server = await startScriptedServer(json(403, { RequestId: 'R1', Code: 'NoPermission', Message }));
  const { request } = httpx;
  const thrown = await failureOfRole(() => request(server.url, { method: 'POST' }));
  expect(thrown).toEqual(failure('denied', 'NoCredentials'));
  expect(thrown.message).toMatch(/"role".*: STS refused the request with NoPermission$/);
});

it('fails without a delay for many calls at once', async () => {
  const api = await createApi({ ...testApiOptions('https://ram.example.com') });
  const calls = Array.from({ length: 5 }, () => api.call('RAM', 'ListUsers').catch((reason) => reason.code));
  expect(await Promise.all(calls)).toEqual(Array(5).fill('NoCredentials'));
});

it('finds the credentials once for many calls at once', async () => {
  writeProfiles(PROFILES);
  const server = await startScriptedServer(ok());
  const api = await createApi({ ...testApiOptions(server.url) });
  await Promise.all(Array.from({ length: 5 }, () => api.call('RAM', 'ListUsers')));
  expect(server.texts.every((text) => text.includes('Credential=LTAIdefault,'))).toBe(true);
});

it('does not show a security token that RAM repeats', async () => {
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'STS.environment');
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'environment-secret');
  vi.stubEnv('ALIBABA_CLOUD_SECURITY_TOKEN', 'environment-token');
  const server = await startScriptedServer((response, request) => {
    const Message = `server string to sign is: ${JSON.stringify(request.headers)}`;
    json(400, { RequestId: 'R1', Code: 'SignatureDoesNotMatch', Message })(response, request);
  });
  const api = await createApi({ ...testApiOptions(server.url) });
  const thrown: Failure = await api.call('RAM', 'ListUsers').catch((reason) => reason);
  expect(server.texts.join()).toContain('environment-token');
  expect(thrown).toEqual(failure('denied', 'SignatureDoesNotMatch'));
  expect(JSON.stringify([thrown.message, thrown.details, thrown.stack])).not.toContain('environment-token');
});
