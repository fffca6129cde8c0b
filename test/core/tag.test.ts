import { beforeEach, expect, it } from 'vitest';
import type { Directory, Tag, TaggedType } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const document = (statement: object) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...statement }] });
const AssumeRolePolicyDocument = document({ Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } });
const PolicyDocument = document({ Action: 'iot:*', Resource: '*' });
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
