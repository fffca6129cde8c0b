import { expect, it } from 'vitest';
import type { Blocker } from '../../src/core/failure.ts';
import { splitWords } from '../support/shell.ts';
import { TestWorld } from '../support/test-world.ts';

/** Runs a command of a hint, which starts with `ramctl`. */
const paste = (world: TestWorld, line: string) => world.ramctl(['--yes', ...splitWords(line).slice(1)]);

it.each(['-x', '-y', '--force', '-'])('a user, a group and a policy can have the name %s', async (name) => {
  const world = new TestWorld();
  const input = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
  await world.ramctl(`group create -- ${name}`);
  await world.ramctl(`policy create --document - -- ${name}`, { input });
  const created = await world.ramctl(`user create --access-key --group=${name} --policy=${name} -o json -- ${name}`);
  expect([created.code, created.json]).toMatchObject([
    0,
    { UserName: name, Groups: [name], Policies: [{ PolicyName: name }], AccessKeys: [{}] },
  ]);
  const again = await world.ramctl(`user create -o json -- ${name}`);
  expect([again.error.Code, again.error.Hint]).toEqual(['EntityAlreadyExists.User', `ramctl user get -- ${name}`]);
  expect((await paste(world, again.error.Hint ?? '')).code).toBe(0);
  for (const noun of ['group', 'policy', 'user']) {
    const refused = await world.ramctl(`${noun} delete --yes -o json -- ${name}`);
    for (const { Command } of (refused.error.Blockers ?? []) as Blocker[]) {
      const { code, err } = await paste(world, Command);
      expect([Command, code, err]).toEqual([Command, 0, expect.not.stringContaining('error')]);
    }
    const deleted = await world.ramctl(`${noun} delete --yes --quiet -o json -- ${name}`);
    expect([noun, deleted.code, deleted.err]).toEqual([noun, 0, '']);
  }
});

it('a hint that deletes all dependents names a user whose name looks like an option', async () => {
  const world = new TestWorld();
  for (const name of ['alice', '-y']) await world.ramctl(`user create --access-key -- ${name}`);
  const { error } = await world.ramctl('user delete --yes -o json -- -y');
  expect(error.Hint).toBe('ramctl user delete --cascade -- -y');
  expect((await paste(world, error.Hint ?? '')).code).toBe(0);
  expect((await world.ramctl('user list -o json --query "[].UserName"')).json).toEqual(['alice']);
});
