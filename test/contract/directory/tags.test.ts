import { beforeEach, describe, expect, it } from 'vitest';
import type { Tag, TaggedType } from '../../../src/core/directory.ts';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, withoutSetup } from './subjects.ts';

const document = (statement: object) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...statement }] });
const AssumeRolePolicyDocument = document({ Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } });
const PolicyDocument = document({ Action: 'iot:*', Resource: '*' });
const TYPES = ['user', 'role', 'policy'] as const;

describe.each(SUBJECTS)('tags in %s', (_, open) => {
  let operations: Subject['operations'];
  beforeEach(async () => {
    ({ operations } = await open());
  });

  /** Creates a user, a role or a policy with tags. */
  function create(type: TaggedType, name: string, tags: Record<string, string | undefined> = {}) {
    const Tag = Object.entries(tags).map(([Key, Value]): Tag => ({ Key, Value }));
    if (type === 'user') return operations.createUser({ UserName: name, Tag });
    if (type === 'role') return operations.createRole({ RoleName: name, AssumeRolePolicyDocument, Tag });
    return operations.createPolicy({ PolicyName: name, PolicyDocument, Tag });
  }

  /** Returns the tags of all or the named entities of a type as `name key=value`. */
  async function allTags(ResourceType: TaggedType, Tag?: Tag[], names?: string[]): Promise<string[]> {
    const targets = { ResourceType, ...(names && { ResourceNames: names }) };
    const tags = await operations.listTagResources({ ...targets, Tag });
    return tags.map(({ ResourceName, TagKey, TagValue }) => `${ResourceName} ${TagKey}=${TagValue}`);
  }

  it.each(TYPES)('tags of a %s are added, replaced and removed by their keys', async (ResourceType) => {
    expect((await create(ResourceType, 'one', { team: 'iot', stage: undefined })).Tags).toEqual([
      { TagKey: 'stage', TagValue: '' },
      { TagKey: 'team', TagValue: 'iot' },
    ]);
    await create(ResourceType, 'two');
    const both = { ResourceType, ResourceNames: ['TWO', 'one', 'One'] };
    await operations.tagResources({ ...both, Tag: [{ Key: 'team', Value: 'web' }, { Key: 'Team' }] });
    const expected = ['one Team=', 'one stage=', 'one team=web', 'two Team=', 'two team=web'];
    expect(await allTags(ResourceType)).toEqual(expected);
    expect(await allTags(ResourceType, undefined, ['TWO', 'one', 'One'])).toEqual(expected);
    await operations.untagResources({ ...both, TagKeys: ['Team', 'stage', 'unknown'], All: true });
    expect(await allTags(ResourceType)).toEqual(['one team=web', 'two team=web']);
    await operations.untagResources({ ...both, All: true });
    expect(await allTags(ResourceType)).toEqual([]);
    const nothing = operations.untagResources({ ...both, All: false });
    await expect(nothing).rejects.toThrow(failure('refused', 'MissingTagKeys'));
  });

  it.each(TYPES)('a list of %s entities has those with all tags of the filter', async (ResourceType) => {
    await create(ResourceType, 'one', { team: 'iot', stage: 'test' });
    await create(ResourceType, 'two', { team: 'iot' });
    await create(ResourceType, 'three', { team: 'web', stage: 'test' });
    const list = async (...Tag: Tag[]) => {
      if (ResourceType === 'user')
        return withoutSetup((await operations.listUsers({ Tag })).map((user) => user.UserName));
      if (ResourceType === 'role') return (await operations.listRoles({ Tag })).map(({ RoleName }) => RoleName);
      return (await operations.listPolicies({ PolicyType: 'Custom', Tag })).map(({ PolicyName }) => PolicyName);
    };
    expect(await list({ Key: 'team', Value: 'iot' })).toEqual(['one', 'two']);
    expect(await list({ Key: 'team', Value: 'iot' }, { Key: 'stage' })).toEqual(['one']);
    expect(await list({ Key: 'team', Value: '' })).toEqual([]);
    expect(await list({ Key: 'constructor' })).toEqual([]);
    expect(await list()).toEqual(['one', 'three', 'two']);
    const expected = ['one stage=test', 'one team=iot', 'two team=iot'];
    expect(await allTags(ResourceType, [{ Key: 'team', Value: 'iot' }])).toEqual(expected);
    expect(await allTags(ResourceType, [{ Key: 'team', Value: 'iot' }], ['one', 'two', 'three'])).toEqual(expected);
  });

  it('only users and roles have an id in the list of tags', async () => {
    for (const type of TYPES) await create(type, 'one', { team: 'iot' });
    const ids = await Promise.all(
      TYPES.map(async (ResourceType) => (await operations.listTagResources({ ResourceType }))[0]?.ResourceId),
    );
    const { UserId } = await operations.getUser({ UserName: 'one' });
    const { RoleId } = await operations.getRole({ RoleName: 'one' });
    expect(ids).toEqual([UserId, RoleId, undefined]);
  });

  it('the longest tags of each type are accepted, and any key is stored', async () => {
    const key = '\u{1f600}'.repeat(128);
    await create('user', 'alice', { [key]: 'a'.repeat(128) });
    await create('role', 'alice', { [key]: 'a'.repeat(256) });
    await create('policy', 'alice', { [key]: 'a'.repeat(256) });
    const target = { ResourceType: 'user' as const, ResourceNames: ['alice'] };
    await operations.tagResources({ ...target, Tag: [{ Key: '__proto__', Value: 'a=b' }] });
    expect(await allTags('user', [{ Key: '__proto__', Value: 'a=b' }])).toContain('alice __proto__=a=b');
  });

  it('a resource has at most 20 tags, and a refused change leaves all resources as they are', async () => {
    await create('role', 'full', Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key${n}`, ''])));
    await create('role', 'empty');
    const target = { ResourceType: 'role' as const, ResourceNames: ['empty', 'full'] };
    const more = operations.tagResources({ ...target, Tag: [{ Key: 'more' }] });
    await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Role.Tag'));
    expect((await operations.getRole({ RoleName: 'empty' })).Tags).toEqual([]);
    await operations.tagResources({ ...target, Tag: [{ Key: 'key0', Value: 'new' }] });
    const unknown = operations.tagResources({ ...target, ResourceNames: ['empty', 'nobody'], Tag: [{ Key: 'a' }] });
    await expect(unknown).rejects.toThrow(failure('missing', 'EntityNotExist.Role'));
    expect(await allTags('role', [{ Key: 'key0', Value: 'new' }])).toHaveLength(21);
  });
});
