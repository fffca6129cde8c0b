import type { Case } from './case.ts';

const BUYER = { ResourceType: 'role', ResourceNames: ['buyer'] };
const ORDERS = { ResourceType: 'policy', ResourceNames: ['ReadOrders', 'ShipOrders'] };
const BAD_RESOURCES = {
  'InvalidParameter.ResourceType': { ResourceType: 'user' },
  'EntityNotExist.Role': { ResourceType: 'role', ResourceNames: ['buyer', 'nobody'] },
  'EntityNotExist.Policy': { ResourceType: 'policy', ResourceNames: ['AdministratorAccess'] },
  'InvalidParameter.ResourceNames': { ResourceNames: Array.from({ length: 51 }, () => 'buyer') },
};

/** Invalid tags. */
export const BAD_TAGS = {
  'InvalidParameter.TagKey.Length': { Tag: [{ Key: 'a'.repeat(129), Value: '' }] },
  'InvalidParameter.TagKey.Format': { Tag: [{ Key: 'acs:team', Value: 'iot' }] },
  'InvalidParameter.TagValue.Length': { Tag: [{ Key: 'team', Value: 'a'.repeat(257) }] },
  'InvalidParameter.TagValue.Format': { Tag: [{ Key: 'team', Value: 'see https://example.com' }] },
  'InvalidParameter.Tag.Duplicate': {
    Tag: [
      { Key: 'team', Value: 'iot' },
      { Key: 'team', Value: 'web' },
    ],
  },
};

const tagged = (ResourceName: string, TagKey: string, TagValue: string) => ({
  ResourceName,
  ResourceType: 'policy',
  TagKey,
  TagValue,
});

/** The request that shows the tag `team` of a new role or policy. */
export function tagsOf(ResourceType: string, ResourceName: string, TagValue: string): NonNullable<Case['effect']> {
  const parameters = { ResourceType, ResourceNames: [ResourceName] };
  return ['ListTagResources', parameters, { TagResources: [{ ResourceName, ResourceType, TagKey: 'team', TagValue }] }];
}

export const TAGS = {
  tagResources: {
    required: {
      ...ORDERS,
      Tag: [
        { Key: 'team', Value: 'web & 50 % + *' },
        { Key: 'cost center', Value: '' },
      ],
    },
    resources: ['policy/ReadOrders', 'policy/ShipOrders'],
    effect: [
      'ListTagResources',
      ORDERS,
      {
        TagResources: [
          tagged('ReadOrders', 'cost center', ''),
          tagged('ReadOrders', 'team', 'web & 50 % + *'),
          tagged('ShipOrders', 'cost center', ''),
          tagged('ShipOrders', 'team', 'web & 50 % + *'),
        ],
      },
    ],
    errors: {
      ...BAD_RESOURCES,
      ...BAD_TAGS,
      'InvalidParameter.Tag': { Tag: Array.from({ length: 21 }, (_, n) => ({ Key: `key${n}`, Value: '' })) },
      'LimitExceeded.Policy.Tag': ({ Policies }) => {
        const Tags = Object.fromEntries(Array.from({ length: 19 }, (_, n) => [`key${n}`, '']));
        Object.assign(Policies.get('shiporders') ?? {}, { Tags });
      },
    },
  },
  untagResources: {
    required: { ...BUYER, TagKeys: ['stage', 'unknown'] },
    optional: { All: false },
    resources: ['role/buyer'],
    effect: [
      'ListTagResources',
      BUYER,
      { TagResources: [{ ResourceName: 'buyer', ResourceType: 'role', TagKey: 'team', TagValue: 'iot' }] },
    ],
    errors: { ...BAD_RESOURCES, 'InvalidParameter.All': { All: 'some' } },
  },
  listTagResources: {
    required: { ResourceType: 'policy' },
    optional: { ResourceNames: ['ReadOrders'], Tag: [{ Key: 'team', Value: 'iot' }], PageSize: 100 },
    resources: ['policy/ReadOrders'],
    response: { TagResources: [tagged('ReadOrders', 'team', 'iot')] },
    errors: {
      ...BAD_RESOURCES,
      'InvalidParameter.PageSize': { PageSize: 101 },
      'InvalidParameter.NextToken': { NextToken: '?' },
    },
  },
} satisfies Record<string, Case>;
