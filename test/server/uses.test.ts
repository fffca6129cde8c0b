import { expect, it } from 'vitest';
import { formatRamDate } from '../../src/core/clock.ts';
import type { Directory } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';
import { signV1 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** When the AccessKey of the administrator and that of bob were last used. */
async function lastUsed({ world, admin, bob }: TestEndpoint): Promise<(string | null)[]> {
  const found = [
    world.directory.getAccessKeyLastUsed({ UserName: 'admin', UserAccessKeyId: admin.AccessKeyId }),
    world.directory.getAccessKeyLastUsed({ UserName: 'bob', UserAccessKeyId: bob.AccessKeyId }),
  ];
  return (await Promise.all(found)).map(({ LastUsedDate }) => LastUsedDate);
}

/** A directory whose records of uses are counted, and of which the first `failures` fail. */
function recordings(failures = 0) {
  const seen: string[][] = [];
  const directory = (real: Directory): Directory => ({
    ...real,
    recordAccessKeyUse: async (uses) => {
      seen.push(uses.map(({ AccessKeyId }) => AccessKeyId));
      if (seen.length <= failures) throw new Failure('later', 'DirectoryLocked', 'locked for 30 s');
      await real.recordAccessKeyUse(uses);
    },
  });
  return { seen, directory };
}

it('when keys were used is written once, at the end', async () => {
  const { seen, directory } = recordings();
  const endpoint = await TestEndpoint.open({ directory });
  for (let turn = 0; turn < 10; turn++) {
    await endpoint.callAsAdmin('ListUsers');
    endpoint.world.clock.step(1);
  }
  const last = formatRamDate(endpoint.world.clock.now());
  await endpoint.callAsAdmin('ListUsers');
  // Refused, and a use all the same.
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), endpoint.bob));
  // No use: it was not signed with the key.
  endpoint.world.clock.step(60);
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), { ...endpoint.bob, AccessKeySecret: 'wrong' }));
  expect(await lastUsed(endpoint)).toEqual([null, null]);
  await endpoint.close();
  expect(await lastUsed(endpoint)).toEqual([last, last]);
  expect(seen).toEqual([[endpoint.admin.AccessKeyId, endpoint.bob.AccessKeyId]]);
});

it('and now and then before that, as long as there is something new', async () => {
  const { seen, directory } = recordings();
  const endpoint = await TestEndpoint.open({ directory, timeouts: { usageFlushIntervalMs: 5 } });
  await endpoint.callAsAdmin('ListUsers');
  await expect.poll(() => lastUsed(endpoint)).toEqual([formatRamDate(endpoint.world.clock.now()), null]);
  endpoint.world.clock.step(1);
  await endpoint.callAsAdmin('ListUsers');
  await expect.poll(() => lastUsed(endpoint)).toEqual([formatRamDate(endpoint.world.clock.now()), null]);
  await endpoint.close();
  expect(seen).toHaveLength(2);
});

it('and again when it could not be written', async () => {
  const { seen, directory } = recordings(2);
  const endpoint = await TestEndpoint.open({ directory, timeouts: { usageFlushIntervalMs: 5 } });
  await endpoint.callAsAdmin('ListUsers');
  await expect.poll(() => seen.length).toBeGreaterThan(2);
  expect(await lastUsed(endpoint)).toEqual([formatRamDate(endpoint.world.clock.now()), null]);
  expect(endpoint.log.filter((line) => !line.includes(' 200 '))).toEqual(
    Array(2).fill('uses of AccessKeys: DirectoryLocked: locked for 30 s'),
  );
});

it('a key that is gone by then is left out', async () => {
  const endpoint = await TestEndpoint.open();
  const { admin, bob, world } = endpoint;
  await endpoint.callAsAdmin('ListUsers');
  await endpoint.send(signV1(endpoint.unsignedRequest('ListUsers'), bob));
  await world.directory.deleteAccessKey({ UserName: 'bob', UserAccessKeyId: bob.AccessKeyId });
  await endpoint.close();
  const used = await world.directory.getAccessKeyLastUsed({ UserName: 'admin', UserAccessKeyId: admin.AccessKeyId });
  expect(used.LastUsedDate).toBe(formatRamDate(world.clock.now()));
});
