import { expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';
import { expectNoPrompts } from '../support/wizard.ts';

it.each([
  ['user create', 'name'],
  ['user create --console', 'name'],
  ['user edit', 'user'],
  ['user edit alice', '--name'],
  ['login set', 'user'],
  ['login set alice', '--generate-password'],
  ['ak create', 'user'],
  ['mfa enable', '--no-bind'],
  ['mfa enable alice', '--no-bind'],
  ['mfa enable --no-bind', 'user'],
  ['mfa enable --at-next-logon', 'user'],
  ['group create', 'name'],
  ['group create --comments x', 'name'],
  ['group edit', 'group'],
  ['group edit --comments x', 'group'],
  ['group edit ops', '--name'],
  ['group add ops', 'user'],
  ['group remove ops', 'user'],
])('%s exits with 2 and names the missing %s when it cannot ask', async (line, field) => {
  const world = new TestWorld();
  await world.ramctl('user create alice --console');
  await world.ramctl('group create ops');
  await expectNoPrompts(world, line, field);
});

it.each(['ak create', 'group add ops', 'group edit'])(
  '%s exits with 3 without a question when there is no choice',
  async (line) => {
    const world = new TestWorld();
    if (line === 'group add ops') await world.ramctl('group create ops');
    expect(await world.ramctl(line, { answers: [] })).toMatchObject({ code: 3, questions: [] });
  },
);
