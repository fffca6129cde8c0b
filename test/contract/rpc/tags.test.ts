import { expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { ADMIN_KEY_PAIR, CREATED_AT, resetDirectory } from '../../support/sample-directory.ts';
import { type Call, CLIENTS, type Parameters, responseOrError } from '../../support/sdk-clients.ts';
import { describeClient, describeEachClient } from './describe-clients.ts';

const REFUSED = '403 NoPermission';

/** Gives the administrator only this permission, for every resource. */
function allow(Action: string | string[], Condition: object) {
  return ({ Users, Policies }: State): void => {
    const PolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action, Resource: '*', Condition }],
    });
    const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
    const Versions = [{ VersionId: 'v1', PolicyDocument, CreateDate: CREATED_AT }];
    Policies.set('own', { PolicyName: 'Own', ...dates, DefaultVersion: 'v1', LatestVersion: 1, Versions });
    const attached = { PolicyName: 'Own', PolicyType: 'Custom' as const, AttachDate: CREATED_AT };
    Object.assign(Users.get('admin') ?? {}, { Policies: [attached] });
  };
}

const TAG_OF_TEAM = [{ Key: 'team', Value: 'iot' }];
const ORDERS = { ResourceType: 'policy', ResourceNames: ['ReadOrders', 'ShipOrders'] };

describeEachClient(({ call }) => {
  it('applies a condition on the tags of the resource', async () => {
    resetDirectory(allow('ram:*Role*', { StringEquals: { 'acs:ResourceTag/team': 'iot' } }));
    expect(await call('GetRole', { RoleName: 'buyer' })).toHaveProperty('Role.RoleName', 'buyer');
    expect(await responseOrError(call('GetRole', { RoleName: 'reader' }))).toBe(REFUSED);
    expect(await responseOrError(call('ListRoles'))).toBe(REFUSED);
    // The condition applies to each resource: the role has the tag, and one of the policies.
    const attach = { RoleName: 'buyer', PolicyType: 'Custom' };
    expect(await call('AttachPolicyToRole', { ...attach, PolicyName: 'ReadOrders' })).toEqual({});
    const untagged = call('AttachPolicyToRole', { ...attach, PolicyName: 'ShipOrders' });
    expect(await responseOrError(untagged)).toBe(REFUSED);
    const system = { ...attach, PolicyType: 'System', PolicyName: 'ReadOnlyAccess' };
    expect(await responseOrError(call('AttachPolicyToRole', system))).toBe(REFUSED);
  });

  it('applies a condition on the tags of the request', async () => {
    resetDirectory(allow(['ram:CreatePolicy', 'ram:List*'], { StringEquals: { 'acs:RequestTag/team': 'iot' } }));
    const policy = { PolicyName: 'BuyOrders', PolicyDocument: '{"Version":"1","Statement":[]}' };
    for (const Tag of [[], [{ Key: 'team', Value: 'web' }], [{ Key: 'stage', Value: 'iot' }]]) {
      expect(await responseOrError(call('CreatePolicy', { ...policy, ...(Tag.length > 0 && { Tag }) }))).toBe(REFUSED);
    }
    // The document has no statement: the request has permission.
    expect(await responseOrError(call('CreatePolicy', { ...policy, Tag: TAG_OF_TEAM }))).toBe(
      '400 MalformedPolicyDocument',
    );
    expect(await responseOrError(call('ListRoles'))).toBe(REFUSED);
    expect(await call('ListRoles', { Tag: TAG_OF_TEAM })).toHaveProperty('Roles.Role.length', 1);
  });

  it('refuses tags for several resources when one of them has no permission', async () => {
    resetDirectory(allow('ram:*', { StringEquals: { 'acs:ResourceTag/team': 'iot' } }));
    const stage = [{ Key: 'stage', Value: 'test' }];
    expect(await responseOrError(call('TagResources', { ...ORDERS, Tag: stage }))).toBe(REFUSED);
    expect(await call('TagResources', { ...ORDERS, ResourceNames: ['ReadOrders'], Tag: stage })).toEqual({});
  });

  it('returns tags in pages with a NextToken', async () => {
    const Tag = ['a', 'b', 'c', 'D/e', '中文'].map((Key) => ({ Key, Value: '' }));
    await call('TagResources', { ...ORDERS, ResourceNames: ['AuditOrders', ...ORDERS.ResourceNames], Tag });
    const all = await listKeys(call, { ResourceType: 'policy' });
    expect(all).toHaveLength(16);
    expect(new Set(all).size).toBe(16);
    for (const PageSize of [1, 5, 16]) expect(await listKeys(call, { ResourceType: 'policy', PageSize })).toEqual(all);
  });
});

/** Returns the names and keys of all pages. */
async function listKeys(call: Call, parameters: Parameters): Promise<string[]> {
  const response = (await call('ListTagResources', parameters)) as {
    TagResources: Record<'ResourceName' | 'TagKey', string>[];
    NextToken?: string;
  };
  const keys = response.TagResources.map(({ ResourceName, TagKey }) => `${ResourceName} ${TagKey}`);
  const { NextToken } = response;
  return NextToken === undefined ? keys : [...keys, ...(await listKeys(call, { ...parameters, NextToken }))];
}

const [name, connect] = CLIENTS.find(([client]) => client === 'pop-core, POST') ?? [];
if (!name || !connect) throw new Error('no client');

describeClient(name, connect, ({ as }) => {
  it('reads lists as JSON or as numbered parameters, and refuses others', async () => {
    const call = as(ADMIN_KEY_PAIR);
    const tag = (list: Parameters) => responseOrError(call('TagResources', { ResourceType: 'role', ...list }));
    const names = '["buyer"]';
    expect(await tag({ ResourceNames: names, Tag: '[{"Key":"a","Value":"1"}]' })).toEqual({});
    expect(await tag({ 'ResourceNames.1': 'buyer', 'Tag.12.Key': 'c', 'Tag.2.Key': 'b', 'Tag.2.Value': '2' })).toEqual(
      {},
    );
    expect(await listKeys(call, { ResourceType: 'role' })).toEqual(
      ['a', 'b', 'c', 'stage', 'team'].map((key) => `buyer ${key}`),
    );
    const invalid = ['', '[', '{}', '["a"]', '[{"Value":"1"}]', '[{"Key":1}]', '[{"Key":"a","Value":1}]', '[null]'];
    for (const Tag of invalid) {
      expect(await tag({ ResourceNames: names, Tag })).toBe('400 InvalidParameter.Tag');
    }
    for (const list of [{ 'Tag.1.Value': '1' }, { 'Tag.1': 'a' }]) {
      expect(await tag({ ResourceNames: names, ...list })).toBe('400 InvalidParameter.Tag');
    }
    for (const list of [{ Tag: '[]' }, { 'Tag.0.Key': 'a' }, { 'TagKey.1': 'a' }]) {
      expect(await tag({ ResourceNames: names, ...list })).toBe('400 MissingTag');
    }
    for (const ResourceNames of ['buyer', '[1]', '[["buyer"]]']) {
      expect(await tag({ ResourceNames, Tag: '[{"Key":"a"}]' })).toBe('400 InvalidParameter.ResourceNames');
    }
    expect(await tag({ ResourceNames: '[]', Tag: '[{"Key":"a"}]' })).toBe('400 MissingResourceNames');
  });

  it('reads a tag with thousands of members in no more time than other parameters', async () => {
    const call = as(ADMIN_KEY_PAIR);
    const members = Array.from({ length: 10_000 }, (_, index) => `Tag.1.m${index}`);
    const list = Object.fromEntries(members.map((member) => [member, '']));
    const startedAt = performance.now();
    const response = call('TagResources', { ResourceType: 'role', ResourceNames: '["buyer"]', ...list });
    expect(await responseOrError(response)).toBe('400 InvalidParameter.Tag');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
