import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
let world: TestWorld;
let directory: Directory;

beforeEach(() => {
  world = new TestWorld();
  ({ directory } = world);
});

it('an account can have 1500 custom policies', async () => {
  await directory.createPolicy({ PolicyName: 'Own', PolicyDocument });
  await world.store.change(async ({ Policies }) => {
    const policy = Policies.get('own');
    for (let n = 2; policy && n < 1500; n += 1) Policies.set(`p${n}`, { ...policy, PolicyName: `p${n}` });
  });
  await directory.createPolicy({ PolicyName: 'Last', PolicyDocument });
  const more = directory.createPolicy({ PolicyName: 'More', PolicyDocument });
  await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Policy'));
});

it.each(['createPolicyVersion', 'updatePolicyDescription', 'deletePolicy', 'setDefaultPolicyVersion'] as const)(
  '%s accepts only custom policies',
  async (operation) => {
    const input = { PolicyName: 'readonlyaccess', PolicyDocument, NewDescription: 'x', VersionId: 'v2' };
    const attempt = directory[operation](input);
    await expect(attempt).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
    await expect(attempt).rejects.toThrow(/ReadOnlyAccess.* system policy/);
  },
);
