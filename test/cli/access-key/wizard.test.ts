import { expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';
import { expectCancelAtEach } from '../../support/wizard.ts';

it('ak create without a user lets the user search for one, and can be cancelled', async () => {
  const world = new TestWorld();
  await world.ramctl('user create alice --display-name "Alice Li"');
  await expectCancelAtEach(world, 'ak create', [['User', 'alice']]);
  const { code, json } = await world.ramctl('ak create -o json', { answers: [['User', 'alice (Alice Li)']] });
  expect([code, json]).toMatchObject([0, { UserName: 'alice', AccessKeyId: expect.any(String) }]);
});
