import type { Case } from '../../rpc/cases/case.ts';
import { USER_ID } from '../../rpc/cases/case.ts';
import { BAD_TAGS } from '../../rpc/cases/tags.ts';
import { upn } from './case.ts';

const ALICE = { ResourceType: 'user', ResourcePrincipalName: [upn('alice')] };
const BAD_USERS = {
  'InvalidParameter.ResourceType': { ResourceType: 'role' },
  'InvalidParameter.ResourcePrincipalName': { ResourcePrincipalName: Array.from({ length: 51 }, () => upn('alice')) },
  'EntityNotExist.User': { ResourcePrincipalName: [upn('alice'), upn('nobody')] },
};
const tagged = (TagKey: string, TagValue: string) => ({ ResourceId: USER_ID, ResourceType: 'user', TagKey, TagValue });
const list = (...TagResource: object[]) => ({ TagResources: { TagResource }, IsTruncated: false });

export const TAGS = {
  TagResources: {
    required: {
      ...ALICE,
      Tag: [
        { Key: 'team', Value: 'web' },
        { Key: 'cost center', Value: '7' },
      ],
    },
    resources: ['user/alice'],
    effect: [
      'ListTagResources',
      ALICE,
      list(tagged('cost center', '7'), tagged('stage', 'test'), tagged('team', 'web')),
    ],
    errors: {
      ...BAD_USERS,
      ...BAD_TAGS,
      'InvalidParameter.TagValue.Length': { Tag: [{ Key: 'a', Value: 'a'.repeat(129) }] },
    },
  },
  UntagResources: {
    required: { ...ALICE, TagKey: ['stage'] },
    optional: { All: false },
    resources: ['user/alice'],
    effect: ['ListTagResources', ALICE, list(tagged('team', 'iot'))],
    errors: { ...BAD_USERS, 'InvalidParameter.All': { All: 'some' } },
  },
  ListTagResources: {
    required: { ResourceType: 'user' },
    optional: {
      ResourcePrincipalName: ALICE.ResourcePrincipalName,
      Tag: [{ Key: 'team', Value: 'iot' }],
      PageSize: 100,
    },
    resources: ['user/alice'],
    response: list(tagged('stage', 'test'), tagged('team', 'iot')),
    errors: {
      ...BAD_USERS,
      'InvalidParameter.PageSize': { PageSize: 101 },
      'InvalidParameter.NextToken': { NextToken: '?' },
    },
  },
} satisfies Record<string, Case>;
