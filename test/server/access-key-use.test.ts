import { expect, it } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';
import { signV1 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** Returns the last use of the AccessKeys of the administrator and of bob. */
async function readLastUses({ world, admin, bob }: TestEndpoint): Promise<(string | null)[]> {
  const results = [
    world.directory.getAccessKeyLastUsed({ UserName: 'admin', UserAccessKeyId: admin.AccessKeyId }),
    world.directory.getAccessKeyLastUsed({ UserName: 'bob', UserAccessKeyId: bob.AccessKeyId }),
  ];
  return (await Promise.all(results)).map(({ LastUsedDate }) => LastUsedDate);
}

/** A directory that notes which uses are recorded. The first `failures` attempts fail. */
function watchRecords(failures = 0) {
  const attempts: string[][] = [];
  const directory = (real: Directory): Directory => ({
    ...real,
    recordAccessKeyUse: async (uses) => {
      attempts.push(uses.map(({ AccessKeyId }) => AccessKeyId));
      if (attempts.length <= failures) throw new Failure('later', 'DirectoryLocked', 'locked for 30 s');
      await real.recordAccessKeyUse(uses);
    },
  });
  return { attempts, directory };
}

it('writes the last uses of AccessKeys once, when the server stops', async () => {
  const { attempts, directory } = watchRecords();
  const endpoint = await TestEndpoint.open({ directory });
  for (let request = 0; request < 10; request++) {
    await endpoint.callAsAdmin('ListUsers');
    endpoint.world.clock.step(1);
  }
  const last = formatRamDate(endpoint.world.clock.now());
  await endpoint.callAsAdmin('ListUsers');
  // The request is refused, but it is a use of the AccessKey.
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), endpoint.bob));
  // A request with a wrong signature is not a use.
  endpoint.world.clock.step(60);
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), { ...endpoint.bob, AccessKeySecret: 'wrong' }));
  expect(await readLastUses(endpoint)).toEqual([null, null]);
  await endpoint.close();
  expect(await readLastUses(endpoint)).toEqual([last, last]);
  expect(attempts).toEqual([[endpoint.admin.AccessKeyId, endpoint.bob.AccessKeyId]]);
});

it('writes new uses at an interval', async () => {
  const { attempts, directory } = watchRecords();
  const endpoint = await TestEndpoint.open({ directory, timeouts: { usageFlushIntervalMs: 5 } });
  await endpoint.callAsAdmin('ListUsers');
  await expect.poll(() => readLastUses(endpoint)).toEqual([formatRamDate(endpoint.world.clock.now()), null]);
  endpoint.world.clock.step(1);
  await endpoint.callAsAdmin('ListUsers');
  await expect.poll(() => readLastUses(endpoint)).toEqual([formatRamDate(endpoint.world.clock.now()), null]);
  await endpoint.close();
  expect(attempts).toHaveLength(2);
});

it('writes the uses again after a failure', async () => {
  const { attempts, directory } = watchRecords(2);
  const endpoint = await TestEndpoint.open({ directory, timeouts: { usageFlushIntervalMs: 5 } });
  await endpoint.callAsAdmin('ListUsers');
  await expect.poll(() => attempts.length).toBeGreaterThan(2);
  expect(await readLastUses(endpoint)).toEqual([formatRamDate(endpoint.world.clock.now()), null]);
  expect(endpoint.log.filter((line) => !line.includes(' 200 '))).toEqual(
    Array(2).fill('cannot record uses of AccessKeys: DirectoryLocked: locked for 30 s'),
  );
});

it('ignores an AccessKey that was deleted in the meantime', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin, bob, world } = endpoint;
  await endpoint.callAsAdmin('ListUsers');
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), bob));
  await world.directory.deleteAccessKey({ UserName: 'bob', UserAccessKeyId: bob.AccessKeyId });
  await endpoint.close();
  const used = await world.directory.getAccessKeyLastUsed({ UserName: 'admin', UserAccessKeyId: admin.AccessKeyId });
  expect(used.LastUsedDate).toBe(formatRamDate(world.clock.now()));
});
