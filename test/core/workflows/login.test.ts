import { verify } from '@node-rs/argon2';
import { beforeEach, expect, it } from 'vitest';
import { setLogonSettings } from '../../../src/core/workflows/login.ts';
import { failure } from '../../support/failures.ts';
import { TestWorld } from '../../support/test-world.ts';

const user = { UserName: 'alice' };
let world: TestWorld;
const loginProfile = async () => (await world.state()).Users.get('alice')?.LoginProfile;

beforeEach(async () => {
  world = new TestWorld();
  await world.directory.createUser(user);
});

it('writes nothing when beforeCommit throws, or when another process deleted the user', async () => {
  const refuse = () => {
    throw new Error('not accepted');
  };
  await expect(setLogonSettings(world.directory, user, refuse)).rejects.toThrow('not accepted');
  expect((await world.state()).Users.get('alice')).not.toHaveProperty('LoginProfile');
  const late = setLogonSettings(world.directory, { ...user, password: 'Correct-Horse-9' }, () => {});
  await world.directory.deleteUser(user);
  await expect(late).rejects.toThrow(failure('missing', 'EntityNotExist.User'));
});

it('shows no generated password when another command created console logon first', async () => {
  const shown: string[] = [];
  const change = { ...user, MFABindRequired: true };
  const collect = ({ Password }: { Password?: string }) => Password && shown.push(Password);
  await Promise.all([1, 2].map(() => setLogonSettings(world.directory, change, collect)));
  expect(shown).toHaveLength(1);
  expect(await verify((await loginProfile())?.PasswordHash ?? '', shown[0] ?? '')).toBe(true);
});
