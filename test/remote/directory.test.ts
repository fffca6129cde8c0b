import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { simulate } from '../../src/core/workflows/simulate.ts';
import { remoteDirectory } from '../../src/remote/directory.ts';
import { remoteRotations } from '../../src/remote/rotation.ts';
import { failure } from '../support/failures.ts';
import { comparable, createPopulatedWorld, openRemote, operationsOf } from '../support/remote-world.ts';

describe('several reads', () => {
  it('send identical requests once', async () => {
    const { directory, calls } = openRemote(await createPopulatedWorld());
    await directory.reading(async (operations) => {
      const [first, second] = await Promise.all([1, 2].map(() => operations.getUser({ UserName: 'bob' })));
      expect(second).toEqual(first);
      await operations.getUser({ UserName: 'carol' });
    });
    expect(calls).toEqual(['getUser', 'getUser']);
    await directory.getUser({ UserName: 'bob' });
    expect(calls).toHaveLength(3);
  });

  it('are not affected by what a caller does with a result', async () => {
    const world = await createPopulatedWorld();
    const input = { UserName: 'bob', actions: ['oss:GetObject'], resources: ['*'], context: {} };
    const run = () =>
      openRemote(world).directory.reading(async (operations) => {
        await simulate(operations, input);
        return operations.listPoliciesForUser(input);
      });
    expect(await run()).toEqual(await world.directory.listPoliciesForUser(input));
  });
});

describe('a rotation', () => {
  it('is undone with the transaction that it is part of', async () => {
    const world = await createPopulatedWorld();
    const before = comparable(await world.state());
    const { clock, random } = world;
    const directory = remoteDirectory(operationsOf(world.directory), {
      clock,
      random,
      target: { kind: 'cloud', name: 'aliyun:' },
      rotations: (operations) => remoteRotations(operations, clock, random),
      onChange: () => {},
    });
    const stop = new Failure('refused', 'Stopped', 'stopped');
    const work = directory.atomically(async (operations) => {
      const { AccessKey } = await operations.startRotation({ UserName: 'bob', Request: 'r' });
      expect(await operations.listAccessKeys({ UserName: 'bob' })).toHaveLength(2);
      await operations.completeRotation({ NewAccessKeyId: AccessKey.AccessKeyId });
      throw stop;
    });
    await expect(work).rejects.toBe(stop);
    expect(comparable(await world.state())).toEqual(before);
    const preview = await directory.dryRun().startRotation({ UserName: 'bob', Request: 'r' });
    expect(preview).toMatchObject({ UserName: 'bob', State: 'Checking' });
    expect(comparable(await world.state())).toEqual(before);
  });
});

describe('what no API has', () => {
  it('is refused, with the page on which a user can do it', async () => {
    const { directory } = openRemote(await createPopulatedWorld());
    const refusal = failure('refused', 'NotSupported');
    const error = await directory.logOn('bob@acme.onaliyun.com', 'Correct-Horse-1').catch((reason: Failure) => reason);
    expect(error).toEqual(refusal);
    expect((error as Failure).details.Hint).toContain('login.htm?username=bob@acme.onaliyun.com');
    const input = { UserName: 'bob', OldPassword: 'Correct-Horse-1', NewPassword: 'Correct-Horse-2' };
    await expect(directory.changePassword(input)).rejects.toEqual(refusal);
  });

  it('is not needed to set a password', async () => {
    const { directory, calls } = openRemote(await createPopulatedWorld());
    const generated = directory.generatePassword(await directory.getPasswordPolicy());
    expect(await directory.hashPassword(generated)).toEqual({ plaintext: generated, hash: '' });
    expect(calls).toEqual(['getPasswordPolicy']);
  });
});
