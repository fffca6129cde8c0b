import { parse } from '@cdktn/hcl2json';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Description } from '../../src/core/description/description.ts';
import { formatTerraform } from '../../src/view/export-terraform.ts';
import { describedUser, emptyDescription, everything } from '../support/description.ts';
import { description as randomDescription } from '../support/random-directory.ts';

/*
 * The parser is HashiCorp's own, compiled to WebAssembly. It returns expressions as `${expression}`, and texts with
 * `$${` and `%%{` for `${` and `%{`.
 */

/** The attributes that ramctl uses, as the documentation of the provider aliyun/alicloud 1.289.0 lists them. */
const ATTRIBUTES: Record<string, string[]> = {
  alicloud_ram_account_alias: ['account_alias'],
  alicloud_ram_password_policy: [
    ...['hard_expiry', 'max_login_attemps', 'max_password_age', 'minimum_password_length', 'password_reuse_prevention'],
    ...['require_lowercase_characters', 'require_numbers', 'require_symbols', 'require_uppercase_characters'],
  ],
  alicloud_ram_security_preference: [
    ...['allow_user_to_change_password', 'allow_user_to_manage_access_keys', 'allow_user_to_manage_mfa_devices'],
    ...['enable_save_mfa_ticket', 'login_network_masks', 'login_session_duration'],
  ],
  alicloud_ram_policy: ['description', 'policy_document', 'policy_name', 'tags'],
  alicloud_ram_group: ['comments', 'group_name'],
  alicloud_ram_role: ['assume_role_policy_document', 'description', 'max_session_duration', 'role_name', 'tags'],
  alicloud_ram_user: ['comments', 'display_name', 'email', 'mobile', 'name'],
  alicloud_ram_user_group_attachment: ['group_name', 'user_name'],
  alicloud_ram_user_policy_attachment: ['policy_name', 'policy_type', 'user_name'],
  alicloud_ram_group_policy_attachment: ['group_name', 'policy_name', 'policy_type'],
  alicloud_ram_role_policy_attachment: ['policy_name', 'policy_type', 'role_name'],
  alicloud_ram_login_profile: ['lifecycle', 'mfa_bind_required', 'password', 'password_reset_required', 'user_name'],
};

type Resource = Record<string, unknown>;

/** Parses a configuration. Returns the resources by address, the import IDs by address, and the other blocks. */
async function parseConfiguration(text: string) {
  const { resource, import: imports, ...blocks } = await parse('main.tf', text);
  const resources = new Map<string, Resource>();
  for (const [type, labels] of Object.entries(resource as Record<string, Record<string, Resource[]>>)) {
    for (const [label, [attributes = {}, ...others]] of Object.entries(labels)) {
      expect(others, `${type}.${label}`).toEqual([]);
      resources.set(`${type}.${label}`, attributes);
    }
  }
  const ids = (imports as { to: string; id: string }[]).map(({ to, id }) => [to.slice(2, -1), decode(id)] as const);
  expect(ids).toHaveLength(resources.size);
  return { resources, ids: new Map(ids), blocks };
}

/** An expression as the parser returns it. */
function expression(text: string): string {
  return `\${${text}}`;
}

function decode(text: unknown): string {
  return String(text).replace(/([$%])\1\{/g, '$1{');
}

/** Returns the value of `jsonencode(value)`. */
async function evaluateDocument(jsonencode: unknown): Promise<unknown> {
  const [, value] = /^\$\{jsonencode\((.*)\)\}$/s.exec(String(jsonencode)) ?? [];
  const { document } = await parse('document.tf', `document = ${value}`);
  return JSON.parse(JSON.stringify(document), (_, member) => {
    if (typeof member === 'string') return decode(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).map(([key, item]) => [decode(key), item]));
  });
}

it('describes and imports each entity of a directory', async () => {
  const { resources, ids, blocks } = await parseConfiguration(formatTerraform(everything));
  expect(Object.fromEntries(ids)).toEqual({
    'alicloud_ram_account_alias.default': '1000000000000001',
    'alicloud_ram_password_policy.default': '1000000000000001',
    'alicloud_ram_security_preference.default': '1000000000000001',
    'alicloud_ram_policy.Orders': 'Orders',
    'alicloud_ram_group.dev': 'dev',
    'alicloud_ram_group_policy_attachment.dev_Orders': 'group:Orders:Custom:dev',
    'alicloud_ram_group.ops': 'ops',
    'alicloud_ram_role.reader': 'reader',
    'alicloud_ram_role_policy_attachment.reader_ReadOnlyAccess': 'role:ReadOnlyAccess:System:reader',
    'alicloud_ram_user._-x': '-x',
    'alicloud_ram_user.alice': 'alice',
    'alicloud_ram_user_group_attachment.alice_dev': 'dev:alice',
    'alicloud_ram_user_group_attachment.alice_ops': 'ops:alice',
    'alicloud_ram_user_policy_attachment.alice_Orders': 'user:Orders:Custom:alice',
    'alicloud_ram_user_policy_attachment.alice_ReadOnlyAccess': 'user:ReadOnlyAccess:System:alice',
    'alicloud_ram_login_profile.alice': 'alice',
    'alicloud_ram_user.bob_li': 'bob.li',
  });
  expect([...resources.keys()].sort()).toEqual([...ids.keys()].sort());
  for (const [address, resource] of resources) {
    const known = ATTRIBUTES[address.split('.')[0] ?? ''];
    expect(known, address).toEqual(expect.arrayContaining(Object.keys(resource)));
  }
  expect(resources.get('alicloud_ram_user.alice')).toEqual({
    name: 'alice',
    display_name: 'Alice Li',
    comments: '--Password=x # \\ $(id) \u674e',
    email: 'alice@example.com',
    mobile: '86-13800000000',
  });
  expect(resources.get('alicloud_ram_user_policy_attachment.alice_Orders')).toEqual({
    user_name: expression('alicloud_ram_user.alice.name'),
    policy_name: expression('alicloud_ram_policy.Orders.policy_name'),
    policy_type: 'Custom',
  });
  expect(resources.get('alicloud_ram_login_profile.alice')).toEqual({
    user_name: expression('alicloud_ram_user.alice.name'),
    password: expression('lookup(var.passwords, "alice", "")'),
    password_reset_required: false,
    mfa_bind_required: false,
    lifecycle: [{ ignore_changes: [expression('password')] }],
  });
  expect(resources.get('alicloud_ram_password_policy.default')).toMatchObject({
    minimum_password_length: 12,
    require_symbols: true,
    hard_expiry: true,
    max_login_attemps: 5,
  });
  const [policy] = everything.Policies;
  const orders = resources.get('alicloud_ram_policy.Orders');
  expect(decode(orders?.description)).toBe(policy?.Description);
  expect(await evaluateDocument(orders?.policy_document)).toEqual(JSON.parse(policy?.PolicyDocument ?? ''));
  expect(blocks.terraform).toMatchObject([{ required_version: '>= 1.5' }]);
  expect(blocks.variable).toEqual({ passwords: [expect.objectContaining({ sensitive: true, default: {} })] });
});

it('each entity has its own valid label', async () => {
  const names = ['a.b', 'a_b', 'A_b', 'a_b_2', '1', '_1', '-', '__proto__', 'constructor'];
  const text = formatTerraform({ ...emptyDescription, Users: names.map(describedUser) });
  const { resources, ids } = await parseConfiguration(text);
  const users = [...resources].filter(([address]) => address.startsWith('alicloud_ram_user.'));
  expect(users.map(([address, { name }]) => [address, name])).toEqual(
    expect.arrayContaining(names.map((name) => [expect.stringMatching(/^alicloud_ram_user\.[A-Za-z_][\w-]*$/), name])),
  );
  for (const [address, { name }] of users) expect(ids.get(address)).toBe(name);
});

it('a policy that the description lacks is referred to by name', async () => {
  const Policies = [{ PolicyName: 'Gone', PolicyType: 'Custom' as const }];
  const Users = [{ ...describedUser('alice'), Policies }];
  const { resources } = await parseConfiguration(formatTerraform({ ...emptyDescription, Users }));
  expect(resources.get('alicloud_ram_user_policy_attachment.alice_Gone')).toMatchObject({ policy_name: 'Gone' });
});

it('random directories have a resource for each entity, and all references exist', async () => {
  const property = fc.asyncProperty(randomDescription, async (description) => {
    const text = formatTerraform(description);
    const { resources } = await parseConfiguration(text);
    const count = (type: string) => [...resources.keys()].filter((address) => address.startsWith(`${type}.`)).length;
    const sum = (counts: number[]) => counts.reduce((total, each) => total + each, 0);
    const { Users, Groups, Policies, Roles } = description;
    expect(count('alicloud_ram_user')).toBe(Users.length);
    expect(count('alicloud_ram_group')).toBe(Groups.length);
    expect(count('alicloud_ram_policy')).toBe(Policies.length);
    expect(count('alicloud_ram_role')).toBe(Roles.length);
    expect(count('alicloud_ram_user_group_attachment')).toBe(sum(Users.map((user) => user.Groups.length)));
    const active = Users.filter(({ LoginProfile }) => LoginProfile?.Status === 'Active');
    expect(count('alicloud_ram_login_profile')).toBe(active.length);
    const attached = [...Users, ...Groups, ...Roles].map((entity) => entity.Policies.length);
    const kinds = ['user', 'group', 'role'].map((kind) => count(`alicloud_ram_${kind}_policy_attachment`));
    expect(sum(kinds)).toBe(sum(attached));
    for (const [, address = ''] of text.matchAll(/ = (alicloud_\w+\.[\w-]+)\.\w+$/gm)) {
      expect(resources.has(address), address).toBe(true);
    }
  });
  await fc.assert(property, { numRuns: 10 });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '$', '%', '{', '}', '\\', '\n', '\r', '~', 'E', '<', '\u674e') }),
);

it('any text is preserved', async () => {
  const property = fc.asyncProperty(text, text, text, async (Comments, TagKey, TagValue) => {
    const Action = { [TagKey]: [Comments, TagValue, 1, true, null, {}, []] };
    const Policies: Description['Policies'] = [
      {
        PolicyName: 'Own',
        Description: Comments,
        PolicyDocument: JSON.stringify(Action),
        Tags: [{ TagKey, TagValue }],
      },
    ];
    const { resources } = await parseConfiguration(formatTerraform({ ...emptyDescription, Policies }));
    const { description = '', policy_document, tags } = resources.get('alicloud_ram_policy.Own') ?? {};
    // HCL normalizes texts (NFC).
    expect(decode(description)).toBe(Comments.normalize());
    const document = JSON.parse(JSON.stringify(Action).normalize());
    expect(await evaluateDocument(policy_document)).toEqual(document);
    expect(Object.entries(tags as object).map((pair) => pair.map(decode))).toEqual([
      [TagKey.normalize(), TagValue.normalize()],
    ]);
  });
  await fc.assert(property, { numRuns: 60 });
});

it('a document that is not JSON is a text', async () => {
  const Policies = [{ PolicyName: 'Own', Description: null, PolicyDocument: 'not "JSON"', Tags: [] }];
  const { resources } = await parseConfiguration(formatTerraform({ ...emptyDescription, Policies }));
  expect(resources.get('alicloud_ram_policy.Own')).toMatchObject({ policy_document: 'not "JSON"' });
});
