import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { localDirectory } from '../../src/core/local.ts';
import { listen, type RunningServer } from '../../src/server/http.ts';
import { Service } from '../../src/server/service.ts';
import { JsonStore } from '../../src/store/json-store.ts';
import { systemRandom as random } from '../../src/system/random.ts';
import { send } from '../support/http-client.ts';
import { type KeyPair, signV3 } from '../support/signer.ts';
import { createPlainVault, TEST_HASH_COST } from '../support/test-world.ts';

/*
 * The endpoint keeps indexes, lists and policies of a revision. Each test warms them up, changes the directory as another
 * process does, and expects the next request to see the change.
 */

const clock = { now: () => new Date() };
const CUSTOM = { PolicyName: 'readers', PolicyType: 'Custom' } as const;
let folder = '';
let other: Directory;
let server: RunningServer;
let alice: KeyPair;

const openDirectory = () => {
  const store = new JsonStore(join(folder, 'directory.json'), {
    clock,
    random,
    onCreate: () => {},
    author: () => ({ Actor: 'tester', Command: '' }),
  });
  return localDirectory({ store, clock, random, vault: createPlainVault(), hashCost: TEST_HASH_COST });
};
const documentFor = (...actions: string[]) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ramctl-serve-'));
  other = openDirectory();
  await other.createUser({ UserName: 'alice' });
  await other.createGroup({ GroupName: 'team' });
  await other.createPolicy({ ...CUSTOM, PolicyDocument: documentFor('ram:GetUser', 'ram:ListUsers') });
  await other.attachPolicyToGroup({ ...CUSTOM, GroupName: 'team' });
  await other.addUserToGroup({ UserName: 'alice', GroupName: 'team' });
  alice = await other.createAccessKey({ UserName: 'alice' });
  server = await listen(new Service(openDirectory(), clock), clock, { host: '127.0.0.1', port: 0 }, () => {});
  for (let request = 0; request < 3; request += 1) {
    expect([(await call('GetUser', { UserName: 'alice' })).status, await listNames()]).toEqual([200, ['alice']]);
  }
});

afterEach(async () => {
  server.stop();
  await server.stopped;
  rmSync(folder, { recursive: true });
});

function call(action: string, parameters: Record<string, string> = {}, pair = alice) {
  const { port, host } = new URL(server.Address);
  return send(Number(port), signV3({ action, parameters, timestamp: formatRamDate(clock.now()), host }, pair));
}

async function codeOf(action: string, parameters: Record<string, string> = {}, pair = alice) {
  const { status, body } = await call(action, parameters, pair);
  return status === 200 ? 'OK' : (body as unknown as { Code: string }).Code;
}

async function listNames(parameters: Record<string, string> = {}) {
  const { body } = await call('ListUsers', parameters);
  const { Users } = body as unknown as { Users: { User: { UserName: string }[] } };
  return Users.User.map(({ UserName }) => UserName);
}

const getAlice = () => codeOf('GetUser', { UserName: 'alice' });

it('decides by the new default version of a policy', async () => {
  await other.createPolicyVersion({ ...CUSTOM, PolicyDocument: documentFor('ram:GetGroup'), SetAsDefault: true });
  expect([await getAlice(), await codeOf('GetGroup', { GroupName: 'team' })]).toEqual(['NoPermission', 'OK']);
  await other.setDefaultPolicyVersion({ ...CUSTOM, VersionId: 'v1' });
  expect([await getAlice(), await codeOf('GetGroup', { GroupName: 'team' })]).toEqual(['OK', 'NoPermission']);
});

it('decides by the attachments and groups of the caller', async () => {
  await other.detachPolicyFromGroup({ ...CUSTOM, GroupName: 'team' });
  expect(await getAlice()).toBe('NoPermission');
  await other.attachPolicyToUser({ ...CUSTOM, UserName: 'alice' });
  expect(await getAlice()).toBe('OK');
  await other.detachPolicyFromUser({ ...CUSTOM, UserName: 'alice' });
  await other.attachPolicyToGroup({ ...CUSTOM, GroupName: 'team' });
  expect(await getAlice()).toBe('OK');
  await other.removeUserFromGroup({ UserName: 'alice', GroupName: 'team' });
  expect(await getAlice()).toBe('NoPermission');
});

it('does not decide for a new user by the policies of a deleted user with the same name', async () => {
  await other.removeUserFromGroup({ UserName: 'alice', GroupName: 'team' });
  await other.deleteAccessKey({ UserName: 'alice', UserAccessKeyId: alice.AccessKeyId });
  await other.deleteUser({ UserName: 'alice' });
  await other.createUser({ UserName: 'alice' });
  const pair = await other.createAccessKey({ UserName: 'alice' });
  expect(await codeOf('GetUser', { UserName: 'alice' }, pair)).toBe('NoPermission');
  expect(await getAlice()).toBe('InvalidAccessKeyId.NotFound');
});

it('accepts new AccessKeys and refuses disabled and deleted ones', async () => {
  const pair = await other.createAccessKey({ UserName: 'alice' });
  const UserAccessKeyId = alice.AccessKeyId;
  expect(await codeOf('ListUsers', {}, pair)).toBe('OK');
  await other.updateAccessKey({ UserName: 'alice', UserAccessKeyId, Status: 'Inactive' });
  expect([await getAlice(), await codeOf('ListUsers', {}, pair)]).toEqual(['InvalidAccessKeyId.Inactive', 'OK']);
  await other.deleteAccessKey({ UserName: 'alice', UserAccessKeyId });
  expect(await getAlice()).toBe('InvalidAccessKeyId.NotFound');
});

it('lists created, renamed and deleted users in the order of their names', async () => {
  for (const UserName of ['bob', 'Carol', 'aaron']) await other.createUser({ UserName });
  expect(await listNames()).toEqual(['aaron', 'alice', 'bob', 'Carol']);
  await other.updateUser({ UserName: 'aaron', NewUserName: 'Zoe', NewDisplayName: 'Zoe Example' });
  await other.deleteUser({ UserName: 'bob' });
  expect(await listNames()).toEqual(['alice', 'Carol', 'Zoe']);
  expect(JSON.stringify((await call('ListUsers')).body)).toContain('"Zoe Example"');
});

it('continues a list after the last name of the previous page when users have changed', async () => {
  for (const UserName of ['bob', 'carol', 'dave']) await other.createUser({ UserName });
  const first = (await call('ListUsers', { MaxItems: '2' })).body as unknown as { Marker: string };
  await other.deleteUser({ UserName: 'bob' });
  await other.createUser({ UserName: 'aaron' });
  expect(await listNames({ MaxItems: '2', Marker: first.Marker })).toEqual(['carol', 'dave']);
});
