import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemRandom } from '../../src/system/random.ts';
import { FileVault } from '../../src/system/vault.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const malformed = failure('denied', 'InvalidSecurityToken.Malformed');
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs.aliyuncs.com' } }],
});

/** A directory with its own key file. */
function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'ramctl-sts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const keyFile = join(folder, 'directory.key');
  return { keyFile, ...new TestWorld(new FileVault(keyFile, systemRandom)) };
}

async function openWithSession() {
  const world = openWorld();
  const { directory } = world;
  const { RoleId } = await directory.createRole({ RoleName: 'Deployer', AssumeRolePolicyDocument: TRUST });
  const input = { RoleName: 'Deployer', RoleSessionName: 'build' };
  const { Credentials } = await directory.reading((operations) => operations.assumeRole(input));
  return { ...world, RoleId, Credentials };
}

it('a token shows neither the secret nor the role, and leads to its session', async () => {
  const { directory, RoleId, Credentials } = await openWithSession();
  const { AccessKeyId, AccessKeySecret, SecurityToken } = Credentials;
  const shown = [SecurityToken, Buffer.from(SecurityToken, 'base64').toString('latin1')].join();
  expect([AccessKeyId, AccessKeySecret, RoleId, 'Deployer'].filter((text) => shown.includes(text))).toEqual([]);
  const secrets: string[] = [];
  const isSigned = (secret: string) => secrets.push(secret) > 0;
  const caller = await directory.getSessionCaller({ AccessKeyId, SecurityToken, isSigned });
  expect(caller).toMatchObject({ AccessKeyId, RoleId, RoleName: 'Deployer', RoleSessionName: 'build' });
  expect(Object.values(caller)).not.toContain(AccessKeySecret);
  expect(secrets).toEqual([AccessKeySecret]);
});

it('a token of another directory, a changed token and an encrypted secret are malformed', async () => {
  const { directory, store, Credentials } = await openWithSession();
  const { Credentials: foreign } = await openWithSession();
  await directory.createUser({ UserName: 'alice' });
  await directory.createAccessKey({ UserName: 'alice' });
  const sealed = await store.read(async ({ Users }) => Users.get('alice')?.AccessKeys[0]?.SealedSecret ?? '');
  const { AccessKeyId, SecurityToken } = Credentials;
  const changed = Buffer.from(SecurityToken, 'base64');
  changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
  for (const token of [foreign.SecurityToken, changed.toString('base64'), sealed, '', 'AAAA']) {
    const lookup = directory.getSessionCaller({ AccessKeyId, SecurityToken: token, isSigned: () => true });
    await expect(lookup).rejects.toThrow(malformed);
  }
});

it('a token is malformed in a directory without a key, and no key is created', async () => {
  const { directory, keyFile } = openWorld();
  const session = { AccessKeyId: 'STS.x', SecurityToken: 'AAAA', isSigned: () => true };
  await expect(directory.getSessionCaller(session)).rejects.toThrow(malformed);
  expect(existsSync(keyFile)).toBe(false);
});
