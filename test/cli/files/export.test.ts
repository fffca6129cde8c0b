import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import schema from '../../../schema/directory.schema.json' with { type: 'json' };
import type {
  DescribedAccount,
  DescribedGroup,
  DescribedPolicy,
  DescribedRole,
  DescribedUser,
  Description,
} from '../../../src/core/description/description.ts';
import { findSchemaErrors } from '../../../src/parse/description-schema.ts';
import { createDescribedWorld, description } from '../../support/random-directory.ts';
import { TestWorld } from '../../support/test-world.ts';

const POLICY = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*",
  "Condition":{"StringEquals":{"acs:UserAgent":"a\\u202eb"}}}]}`;

describe('ramctl export', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = new TestWorld();
    await world.ramctl('group create Zoo --comments "all animals"');
    await world.ramctl('group create apes');
    await world.ramctl('policy create Own --document p.json --tag team=iot', { files: { 'p.json': POLICY } });
    await world.ramctl('user create bob --access-key');
    await world.ramctl('user create Alice --console --group Zoo --group apes --policy Own --policy ReadOnlyAccess');
    await world.ramctl('role create auditor');
  });

  it('prints YAML with sorted names, one line for each policy and tag, and no member without a value', async () => {
    const { out, code } = await world.ramctl('export');
    expect(code).toBe(0);
    expect(out.slice(out.indexOf('Users:'), out.indexOf('Roles:'))).toBe(`Users:
  - UserName: Alice
    LoginProfile:
      Status: Active
      PasswordResetRequired: true
      MFABindRequired: false
    Groups:
      - apes
      - Zoo
    Policies:
      - { PolicyName: Own, PolicyType: Custom }
      - { PolicyName: ReadOnlyAccess, PolicyType: System }
  - UserName: bob
Groups:
  - GroupName: apes
  - GroupName: Zoo
    Comments: all animals
Policies:
  - PolicyName: Own
    PolicyDocument:
      Version: "1"
      Statement:
        - Effect: Allow
          Action: iot:Pub
          Resource: "*"
          Condition:
            StringEquals:
              acs:UserAgent: "a\\u202eb"
    Tags:
      - { TagKey: team, TagValue: iot }
`);
  });

  it('prints the same data as JSON, with --as, --output or RAMCTL_OUTPUT', async () => {
    const data = parse((await world.ramctl('export')).out);
    const { out } = await world.ramctl('export --as json');
    expect(JSON.parse(out)).toEqual(data);
    expect(out).toContain('a\\u202eb');
    expect((await world.ramctl('export --output json')).out).toBe(out);
    expect((await world.ramctl('export', { environment: { output: 'json' } })).out).toBe(out);
    expect(parse((await world.ramctl('export --as yaml --output json')).out)).toEqual(data);
  });

  it('prints the part that --query selects', async () => {
    expect((await world.ramctl('export --query Users[].UserName')).out).toBe('- Alice\n- bob\n');
    expect((await world.ramctl('export -o json --query Groups[1].Comments')).out).toBe('"all animals"\n');
    expect((await world.ramctl('export --query Usrs')).err).toContain('Usrs');
  });

  it.each(['--columns UserName', '--output csv', '--as xml'])('refuses %s', async (option) => {
    expect(await world.ramctl(`export ${option}`)).toMatchObject({ code: 2, out: '' });
  });

  it('prints a script, which names the users who have an AccessKey, and a Terraform configuration', async () => {
    const script = await world.ramctl('export --as aliyun');
    expect(script.out.split('\n').filter((line) => /^#!|UserName=bob$/.test(line))).toEqual([
      '#!/bin/sh',
      'aliyun ram CreateUser --UserName=bob',
      '# aliyun ram CreateAccessKey --UserName=bob',
    ]);
    const { out } = await world.ramctl('export --as terraform');
    expect(out).toContain('import {\n  to = alicloud_ram_group.Zoo\n  id = "Zoo"\n}\n');
  });

  it.each(['aliyun', 'terraform'])('--query cannot be used with --as %s', async (format) => {
    const { code, error } = await world.ramctl(`export --as ${format} --query Users -o json`);
    expect([code, error.Message]).toEqual([2, `--query cannot be used with --as ${format}`]);
  });

  it('contains no secret, ID or date', async () => {
    const { Users } = await world.state();
    const { out } = await world.ramctl('export');
    const { LoginProfile, UserId } = Users.get('alice') ?? {};
    const { AccessKeyId, SealedSecret } = Users.get('bob')?.AccessKeys[0] ?? {};
    for (const text of [LoginProfile?.PasswordHash, UserId, AccessKeyId, SealedSecret, LoginProfile?.CreateDate]) {
      expect(text).toMatch(/\w/);
      expect(out).not.toContain(text);
    }
  });
});

it('any directory has an export that is valid, and that does not depend on the order of its records', async () => {
  await fc.assert(
    fc.asyncProperty(description, async (wanted) => {
      const first = await createDescribedWorld(wanted);
      const second = await createDescribedWorld({
        ...wanted,
        Users: wanted.Users.toReversed(),
        Groups: wanted.Groups.toReversed(),
        Policies: wanted.Policies.toReversed(),
        Roles: wanted.Roles.toReversed(),
      });
      const { out } = await first.ramctl('export');
      expect((await second.ramctl('export')).out).toBe(out);
      expect(findSchemaErrors(parse(out))).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

/** The compiler checks that these lists are complete. */
const MEMBERS = {
  Account: all<DescribedAccount>({ AccountId: 1, AccountAlias: 1, PasswordPolicy: 1, SecurityPreference: 1 }),
  User: all<DescribedUser>({
    UserName: 1,
    DisplayName: 1,
    Comments: 1,
    Email: 1,
    MobilePhone: 1,
    LoginProfile: 1,
    AccessKey: 1,
    Groups: 1,
    Policies: 1,
    Tags: 1,
  }),
  LoginProfile: all<NonNullable<DescribedUser['LoginProfile']>>({
    Status: 1,
    PasswordResetRequired: 1,
    MFABindRequired: 1,
  }),
  Group: all<DescribedGroup>({ GroupName: 1, DisplayName: 1, Comments: 1, Policies: 1 }),
  Policy: all<DescribedPolicy>({ PolicyName: 1, Description: 1, PolicyDocument: 1, Tags: 1 }),
  Role: all<DescribedRole>({
    RoleName: 1,
    Description: 1,
    AssumeRolePolicyDocument: 1,
    MaxSessionDuration: 1,
    Policies: 1,
    Tags: 1,
  }),
};

function all<T>(members: Record<keyof T, 1>): string[] {
  return Object.keys(members).sort();
}

describe('the published schema', () => {
  it.each(Object.entries(MEMBERS))('has the members of the type: %s', (name, members) => {
    const { properties } = schema.$defs[name as keyof typeof MEMBERS];
    expect(Object.keys(properties).sort()).toEqual(members);
  });

  it('has the lists of the description, and the settings of a new directory', async () => {
    const lists = all<Description>({ Account: 1, Users: 1, Groups: 1, Policies: 1, Roles: 1 });
    expect(Object.keys(schema.properties).sort()).toEqual(['$schema', ...lists]);
    const { Account } = await new TestWorld().state();
    const { PasswordPolicy, SecurityPreference } = schema.$defs;
    expect(Object.keys(PasswordPolicy.properties).sort()).toEqual(Object.keys(Account.PasswordPolicy).sort());
    expect(Object.keys(SecurityPreference.properties).sort()).toEqual(Object.keys(Account.SecurityPreference).sort());
  });
});
