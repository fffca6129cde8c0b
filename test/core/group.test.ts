import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { GroupRecord } from '../../src/core/state.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const GroupName = 'ops';
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createGroup({ GroupName, Comments: 'on call' });
});

it('an account can have 300 groups', async () => {
  await world.store.change(async ({ Groups }) => {
    const ops = Groups.get(GroupName) as GroupRecord;
    for (let n = 2; n < 300; n += 1) Groups.set(`g${n}`, { ...ops, GroupName: `g${n}`, GroupId: `g-${n}` });
  });
  await directory.createGroup({ GroupName: 'last' });
  const more = directory.createGroup({ GroupName: 'more' });
  await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Group'));
  await directory.deleteGroup({ GroupName: 'g2' });
  await directory.createGroup({ GroupName: 'more' });
});
