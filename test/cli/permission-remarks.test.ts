import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { TestWorld } from '../support/test-world.ts';

const documentOf = (...Statement: object[]) => JSON.stringify({ Version: '1', Statement });
const allow = (Action: string, others = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...others });
const files = {
  root: documentOf(allow('*')),
  oss: documentOf(allow('oss:*'), { Effect: 'Deny', Action: 'oss:Delete*', Resource: '*' }),
  reads: documentOf(allow('oss:Get*'), allow('iot:Pub', { Condition: { Bool: { 'acs:SecureTransport': 'true' } } })),
};
const USERS = ['alice', 'bob', 'carol'];

let world = new TestWorld();
const remarksOf = async (line: string, options = {}) => {
  const { code, err } = await world.ramctl(line, { files, ...options });
  expect([line, code]).toEqual([line, 0]);
  return err
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => text.replace('remark: ', ''));
};

beforeEach(async () => {
  world = new TestWorld();
  for (const name of USERS) await world.ramctl(`user create ${name}`);
  for (const name of ['ops', 'empty']) await world.ramctl(`group create ${name}`);
  await world.ramctl('role create auditor');
  for (const name of Object.keys(files)) await world.ramctl(`policy create ${name} --document ${name}`, { files });
});

describe('a remark says what a change of permissions means', () => {
  it('after attach and detach, for users, members of groups, groups without members, and roles', async () => {
    await world.ramctl('group add ops alice bob');
    expect(await remarksOf('policy attach reads --user alice')).toEqual([
      'alice gains oss:Get* on every resource (reads)',
      'alice gains iot:Pub on every resource when acs:SecureTransport is true (reads)',
    ]);
    expect(await remarksOf('policy attach oss --group ops --group empty --role auditor --user carol')).toEqual([
      '2 users gain oss:* on every resource, except oss:Delete* (oss): carol, bob',
      'alice gains oss:* on every resource, except oss:Get*; oss:Delete* (oss)',
      'the members of the group empty gain oss:* on every resource, except oss:Delete* (oss)',
      'the role auditor gains oss:* on every resource, except oss:Delete* (oss)',
    ]);
    expect(await remarksOf('policy detach oss --group ops')).toEqual([
      'alice loses oss:* on every resource, except oss:Get*; oss:Delete* (oss)',
      'bob loses oss:* on every resource, except oss:Delete* (oss)',
    ]);
    // carol has the policy herself.
    expect(await remarksOf('group add ops carol')).toEqual(['no permissions are gained or lost']);
  });

  it('after group add and group remove, without what users have otherwise', async () => {
    await world.ramctl('policy attach oss --group ops');
    await world.ramctl('policy attach oss --user bob');
    expect(await remarksOf('group add ops alice bob carol')).toEqual([
      '2 users gain oss:* on every resource, except oss:Delete* (oss): alice, carol',
    ]);
    expect(await remarksOf('group remove ops alice bob')).toEqual([
      'alice loses oss:* on every resource, except oss:Delete* (oss)',
    ]);
  });

  it('after edit and set-default of a policy, but not for a version that is not the default', async () => {
    await world.ramctl('policy attach oss --user alice --role auditor');
    expect(await remarksOf('policy edit oss --document reads --not-default')).toEqual([]);
    const gained = 'iot:Pub on every resource when acs:SecureTransport is true (oss)';
    const lost = 'oss:* on every resource, except oss:Get*; oss:Delete* (oss)';
    const expected = ['alice gains', 'alice loses', 'the role auditor gains', 'the role auditor loses'].map(
      (start) => `${start} ${start.endsWith('gains') ? gained : lost}`,
    );
    expect((await remarksOf('policy set-default OSS v2')).sort()).toEqual(expected.sort());
    expect(await remarksOf('policy edit oss --description x')).toEqual([]);
    expect(await remarksOf('policy edit oss --document reads')).toEqual(['no permissions are gained or lost']);
    expect((await remarksOf('policy edit oss --document root')).slice(1)).toEqual([
      'alice may now do everything in this account (oss)',
      'the role auditor may now do everything in this account (oss)',
    ]);
  });

  it('in plain words about full access, unless something is denied', async () => {
    expect(await remarksOf('policy attach AdministratorAccess --user alice')).toEqual([
      'alice may now do everything in this account (AdministratorAccess)',
    ]);
    expect(await remarksOf('policy attach root --user alice')).toEqual(['no permissions are gained or lost']);
    expect(await remarksOf('policy attach root oss --user bob')).toEqual([
      'bob gains every action on every resource, except oss:Delete* (root)',
    ]);
    expect(await remarksOf('policy detach root --user bob')).toEqual([
      'bob loses every action on every resource, except oss:* (root)',
    ]);
  });

  it('about full access first, although other users are affected in more ways', async () => {
    await world.ramctl('policy attach oss reads --user alice');
    const remarks = await remarksOf('policy attach root --user alice --user bob');
    expect(remarks[0]).toBe('bob may now do everything in this account (root)');
    expect(remarks[1]).toMatch(/^alice gains every action on every resource, except /);
  });

  it('and says if nothing is lost, because a group has the same policy', async () => {
    expect(await remarksOf('group add ops alice')).toEqual([]);
    await world.ramctl('policy attach oss --user alice --group ops');
    expect(await remarksOf('policy detach oss --user alice')).toEqual(['no permissions are gained or lost']);
    expect(await remarksOf('policy detach oss --user alice')).toEqual(['oss is not attached to alice']);
  });

  it('in a short sentence if the policies are too complex, and soon', async () => {
    const patterns = Array.from(
      { length: 12 },
      (_, index) => `acs:oss:*:*:*${[...'abcdefg'.repeat(3)].slice(index % 7, index + 9).join('*')}*`,
    );
    const complex = (effect: string, resources: string[]) => ({ Effect: effect, Action: 'oss:*', Resource: resources });
    const documents = {
      first: documentOf(complex('Allow', patterns.slice(0, 6)), complex('Deny', patterns.slice(3, 9))),
      second: documentOf(complex('Allow', patterns.slice(6)), allow('ecs:*')),
    };
    for (const name of ['first', 'second'])
      await world.ramctl(`policy create ${name} --document ${name}`, { files: documents });
    await world.ramctl('policy attach first --user alice');
    expect(await remarksOf('policy attach second root --user alice')).toEqual([
      'The change of permissions is too complex to be described.',
      'root allows every action on every resource',
    ]);
    const diff = await world.ramctl('policy diff second --document reads -o json', { files });
    expect([diff.code, diff.error.Code]).toEqual([1, 'PoliciesTooComplex']);
  });

  it('with conditions in words', async () => {
    const Condition = {
      IpAddress: { 'acs:SourceIp': ['192.0.2.0/24', '198.51.100.0/24'] },
      Bool: { 'acs:MFAPresent': 'true' },
      StringNotEquals: { 'oss:Prefix': ['a b', 'c'] },
    };
    const office = documentOf(allow('oss:*', { Condition }));
    await world.ramctl('policy create office --document office', { files: { office } });
    expect(await remarksOf('policy attach office --user alice')).toEqual([
      'alice gains oss:* on every resource when acs:SourceIp is in 192.0.2.0/24 or 198.51.100.0/24 and acs:MFAPresent is \
true and oss:Prefix StringNotEquals "a b" or c (office)',
    ]);
  });

  it('and marks what an approximate document decides', async () => {
    expect(await remarksOf('policy attach AliyunCSFullAccess --user alice')).toEqual([
      'alice gains cs:* on every resource (AliyunCSFullAccess, approximate)',
    ]);
  });

  it('in at most five lines, without --quiet, and as JSON only after success', async () => {
    const remarks = await remarksOf('policy attach ReadOnlyAccess oss reads --user alice --role auditor');
    expect(remarks).toHaveLength(5);
    expect(remarks.at(-1)).toMatch(/^\d+ more changes of permissions are not listed$/);
    expect(await remarksOf('policy attach root --user bob --quiet')).toEqual([]);
    const json = await world.ramctl('policy attach root --user carol -o json');
    expect([json.json, json.err]).toEqual([
      [{ PolicyName: 'root', UserName: 'carol', Changed: true }],
      'remark: carol may now do everything in this account (root)\n',
    ]);
    const failed = await world.ramctl('policy attach oss nope --user carol -o json');
    expect([failed.code, failed.error.Code]).toEqual([3, 'EntityNotExist.Policy']);
  });
});

describe('in a remote directory', () => {
  const target = '-d https://ram.example.com';

  it('compares few identities, and otherwise remarks only on full access', async () => {
    await world.ramctl('user create dora');
    expect(await remarksOf(`policy attach oss --user alice --user bob --user carol ${target}`)).toEqual([
      '3 users gain oss:* on every resource, except oss:Delete* (oss): alice, bob, carol',
    ]);
    const all = '--user alice --user bob --user carol --user dora';
    expect(await remarksOf(`policy attach reads root ${all} ${target}`)).toEqual([
      'root allows every action on every resource',
    ]);
    for (const name of [...USERS, 'dora']) await world.ramctl(`policy attach oss --user ${name}`);
    expect(await remarksOf(`policy edit oss --document root ${target}`)).toContain(
      'oss allows every action on every resource',
    );
    for (const name of [...USERS, 'dora']) await world.ramctl(`group add ops ${name}`);
    // All members are described together.
    expect(await remarksOf(`policy attach AliyunIOTReadOnlyAccess --group ops ${target}`)).toEqual([
      expect.stringMatching(/^the members of the group ops gain iot:/),
    ]);
  });

  it('makes the change although the caller may not read the policies', async () => {
    const denied = async () => {
      throw new Failure('denied', 'NoPermission', 'you are not authorized');
    };
    const { directory } = world;
    const remote: typeof directory = {
      ...directory,
      atomically: (work) => directory.atomically((operations) => work({ ...operations, listGroupsForUser: denied })),
    };
    expect(await remarksOf(`policy attach oss --user alice ${target}`, { remote })).toEqual([]);
    const alice = (await world.state()).Users.get('alice');
    expect(alice?.Policies.map(({ PolicyName }) => PolicyName)).toEqual(['oss']);
  });
});
