import { beforeEach, expect, it } from 'vitest';
import type { Directory, Tag, TaggedType } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const document = (statement: object) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...statement }] });
const AssumeRolePolicyDocument = document({ Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } });
const PolicyDocument = document({ Action: 'iot:*', Resource: '*' });
const TYPES = ['user', 'role', 'policy'] as const;
let world: TestWorld;
let directory: Directory;

/** Creates a user, a role or a policy with tags. */
function create(type: TaggedType, name: string, tags: Record<string, string | undefined> = {}) {
  const Tag = Object.entries(tags).map(([Key, Value]): Tag => ({ Key, Value }));
  if (type === 'user') return directory.createUser({ UserName: name, Tag });
  if (type === 'role') return directory.createRole({ RoleName: name, AssumeRolePolicyDocument, Tag });
  return directory.createPolicy({ PolicyName: name, PolicyDocument, Tag });
}

const targets = (ResourceType: TaggedType, ...ResourceNames: string[]) => ({ ResourceType, ResourceNames });

/** Returns the tags of all entities of a type as `name key=value`. */
async function allTags(ResourceType: TaggedType, Tag?: Tag[]): Promise<string[]> {
  const tags = await directory.listTagResources({ ResourceType, Tag });
  return tags.map(({ ResourceName, TagKey, TagValue }) => `${ResourceName} ${TagKey}=${TagValue}`);
}

beforeEach(() => {
  world = new TestWorld();
  ({ directory } = world);
});

it.each(TYPES)('tags of a %s are added, replaced and removed by their keys', async (ResourceType) => {
  expect((await create(ResourceType, 'one', { team: 'iot', stage: undefined })).Tags).toEqual([
    { TagKey: 'stage', TagValue: '' },
    { TagKey: 'team', TagValue: 'iot' },
  ]);
  await create(ResourceType, 'two');
  const both = { ResourceType, ResourceNames: ['TWO', 'one', 'One'] };
  await directory.tagResources({ ...both, Tag: [{ Key: 'team', Value: 'web' }, { Key: 'Team' }] });
  expect(await allTags(ResourceType)).toEqual(['one Team=', 'one stage=', 'one team=web', 'two Team=', 'two team=web']);
  await directory.untagResources({ ...both, TagKeys: ['Team', 'stage', 'unknown'], All: true });
  expect(await allTags(ResourceType)).toEqual(['one team=web', 'two team=web']);
  await directory.untagResources({ ...both, All: true });
  expect(await allTags(ResourceType)).toEqual([]);
  const nothing = directory.untagResources({ ...both, All: false });
  await expect(nothing).rejects.toThrow(failure('refused', 'MissingTagKeys'));
});

it.each(TYPES)('a list of %s entities has those with all tags of the filter', async (ResourceType) => {
  await create(ResourceType, 'one', { team: 'iot', stage: 'test' });
  await create(ResourceType, 'two', { team: 'iot' });
  await create(ResourceType, 'three', { team: 'web', stage: 'test' });
  const list = async (...Tag: Tag[]) => {
    if (ResourceType === 'user') return (await directory.listUsers({ Tag })).map(({ UserName }) => UserName);
    if (ResourceType === 'role') return (await directory.listRoles({ Tag })).map(({ RoleName }) => RoleName);
    return (await directory.listPolicies({ PolicyType: 'Custom', Tag })).map(({ PolicyName }) => PolicyName);
  };
  expect(await list({ Key: 'team', Value: 'iot' })).toEqual(['one', 'two']);
  expect(await list({ Key: 'team', Value: 'iot' }, { Key: 'stage' })).toEqual(['one']);
  expect(await list({ Key: 'team', Value: '' })).toEqual([]);
  expect(await list({ Key: 'constructor' })).toEqual([]);
  expect(await list()).toEqual(['one', 'three', 'two']);
  expect(await allTags(ResourceType, [{ Key: 'team', Value: 'iot' }])).toEqual([
    'one stage=test',
    'one team=iot',
    'two team=iot',
  ]);
});

it('only users and roles have an id in the list of tags', async () => {
  for (const type of TYPES) await create(type, 'one', { team: 'iot' });
  const ids = await Promise.all(
    TYPES.map(async (ResourceType) => (await directory.listTagResources({ ResourceType }))[0]?.ResourceId),
  );
  const { UserId } = await directory.getUser({ UserName: 'one' });
  const { RoleId } = await directory.getRole({ RoleName: 'one' });
  expect(ids).toEqual([UserId, RoleId, undefined]);
});

it.each<[string, Tag[]]>([
  ['InvalidParameter.TagKey.Length', [{ Key: '' }]],
  ['InvalidParameter.TagKey.Length', [{ Key: 'a'.repeat(129) }]],
  ['InvalidParameter.TagKey.InvalidChars', [{ Key: 'a\nb' }]],
  ['InvalidParameter.TagKey.Format', [{ Key: 'aliyun' }]],
  ['InvalidParameter.TagKey.Format', [{ Key: 'acs:a' }]],
  ['InvalidParameter.TagKey.Format', [{ Key: 'a http://' }]],
  ['InvalidParameter.TagValue.Length', [{ Key: 'a', Value: 'a'.repeat(129) }]],
  ['InvalidParameter.TagValue.InvalidChars', [{ Key: 'a', Value: 'a\u202eb' }]],
  ['InvalidParameter.TagValue.Format', [{ Key: 'a', Value: 'https://example.com' }]],
  ['InvalidParameter.Tag.Duplicate', [{ Key: 'a' }, { Key: 'b' }, { Key: 'a' }]],
  ['LimitExceeded.User.Tag', Array.from({ length: 21 }, (_, n) => ({ Key: `key${n}` }))],
])('the error %s is for the tags %j', async (code, Tag) => {
  await expect(directory.createUser({ UserName: 'alice', Tag })).rejects.toThrow(failure('refused', code));
  await expect(directory.getUser({ UserName: 'alice' })).rejects.toThrow(failure('missing', 'EntityNotExist.User'));
});

it('the longest tags of each type are accepted, and any key is stored', async () => {
  const key = '\u{1f600}'.repeat(128);
  await create('user', 'alice', { [key]: 'a'.repeat(128) });
  await create('role', 'alice', { [key]: 'a'.repeat(256) });
  await create('policy', 'alice', { [key]: 'a'.repeat(256) });
  const target = targets('user', 'alice');
  await directory.tagResources({ ...target, Tag: [{ Key: '__proto__', Value: 'a=b' }] });
  expect(await allTags('user', [{ Key: '__proto__', Value: 'a=b' }])).toContain('alice __proto__=a=b');
});

it('a resource has at most 20 tags, and a refused change leaves all resources as they are', async () => {
  await create('role', 'full', Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key${n}`, ''])));
  await create('role', 'empty');
  const target = targets('role', 'empty', 'full');
  const more = directory.tagResources({ ...target, Tag: [{ Key: 'more' }] });
  await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Role.Tag'));
  expect((await directory.getRole({ RoleName: 'empty' })).Tags).toEqual([]);
  await directory.tagResources({ ...target, Tag: [{ Key: 'key0', Value: 'new' }] });
  const unknown = directory.tagResources({ ...target, ResourceNames: ['empty', 'nobody'], Tag: [{ Key: 'a' }] });
  await expect(unknown).rejects.toThrow(failure('missing', 'EntityNotExist.Role'));
  expect(await allTags('role', [{ Key: 'key0', Value: 'new' }])).toHaveLength(21);
});

it('a system policy has no tags', async () => {
  const target = targets('policy', 'AdministratorAccess');
  const attempt = directory.tagResources({ ...target, Tag: [{ Key: 'a' }] });
  await expect(attempt).rejects.toThrow(/AdministratorAccess is a system policy/);
  expect((await directory.getPolicy({ PolicyName: 'AdministratorAccess', PolicyType: 'System' })).Tags).toEqual([]);
});

it('tags survive a rename and are part of a revert', async () => {
  await create('user', 'alice', { team: 'iot' });
  await directory.updateUser({ UserName: 'alice', NewUserName: 'alicia' });
  const target = targets('user', 'alicia');
  const { revert } = await directory.atomically((operations) => operations.untagResources({ ...target, All: true }));
  expect(await allTags('user')).toEqual([]);
  await revert();
  expect(await allTags('user')).toEqual(['alicia team=iot']);
});
