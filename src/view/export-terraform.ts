import type {
  DescribedAccount,
  DescribedGroup,
  DescribedPolicy,
  DescribedRole,
  DescribedUser,
  Description,
} from '../core/description/description.ts';
import type { PolicyRef, ResourceTag } from '../core/directory.ts';
import { foldCase } from '../core/state.ts';
import { type Attribute, documentExpression, formatBlock, mapExpression, quote, raw } from './hcl.ts';
import { UniqueNames } from './unique-names.ts';

/**
 * Returns a configuration of Terraform for the provider `aliyun/alicloud`, with an import block for each resource, so that
 * `terraform apply` adopts the entities of the account. Resources, attributes and import IDs are those of the provider's
 * documentation. Users are imported by name, which the provider accepts as well as the ID that it documents
 * (DescribeRamUser): the IDs of a local directory are not those of the account.
 */
export function formatTerraform(description: Description): string {
  return new Configuration(description).toString();
}

const HEADER = `# Terraform configuration for the provider aliyun/alicloud. "terraform apply" adopts what exists in the
# account. For an empty account, remove the import blocks: then Terraform creates the resources.
#
# Not included: passwords, AccessKeys, MFA devices, policy versions except the default, and what the
# provider does not support: tags of users, display names of groups, and inactive console logon.`;

const TERRAFORM = `terraform {
  required_version = ">= 1.5"
  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.252.0"
    }
  }
}`;

const PASSWORDS = `variable "passwords" {
  description = "Initial passwords by user name, for console logon that Terraform creates"
  type        = map(string)
  default     = {}
  sensitive   = true
}`;

/** The attributes of the password policy. The provider spells attempts as RAM does. */
const PASSWORD_POLICY = {
  minimum_password_length: 'MinimumPasswordLength',
  require_lowercase_characters: 'RequireLowercaseCharacters',
  require_uppercase_characters: 'RequireUppercaseCharacters',
  require_numbers: 'RequireNumbers',
  require_symbols: 'RequireSymbols',
  hard_expiry: 'HardExpiry',
  max_password_age: 'MaxPasswordAge',
  password_reuse_prevention: 'PasswordReusePrevention',
  max_login_attemps: 'MaxLoginAttemps',
};

const SECURITY_PREFERENCE = {
  enable_save_mfa_ticket: 'EnableSaveMFATicket',
  allow_user_to_change_password: 'AllowUserToChangePassword',
  allow_user_to_manage_access_keys: 'AllowUserToManageAccessKeys',
  allow_user_to_manage_mfa_devices: 'AllowUserToManageMFADevices',
  login_session_duration: 'LoginSessionDuration',
  login_network_masks: 'LoginNetworkMasks',
};

/** The attribute that has the name of an entity. */
const NAME_ATTRIBUTES = { user: 'name', group: 'group_name', policy: 'policy_name', role: 'role_name' };
type Kind = keyof typeof NAME_ATTRIBUTES;

class Configuration {
  readonly #blocks: string[] = [HEADER, TERRAFORM];
  readonly #labels = new UniqueNames();
  /** Expressions for the names of entities, by kind and name. */
  readonly #references = new Map<string, string>();

  constructor({ Account, Users, Groups, Policies, Roles }: Description) {
    if (Users.some(hasActiveLogon)) this.#blocks.push(PASSWORDS);
    this.#addAccount(Account);
    for (const policy of Policies) this.#addPolicy(policy);
    for (const group of Groups) this.#addGroup(group);
    for (const role of Roles) this.#addRole(role);
    for (const user of Users) this.#addUser(user);
  }

  toString(): string {
    return `${this.#blocks.join('\n\n')}\n`;
  }

  #addAccount({ AccountId, AccountAlias, PasswordPolicy, SecurityPreference }: DescribedAccount): void {
    const add = (type: string, attributes: Attribute[]) => this.#addResource(type, 'default', AccountId, attributes);
    if (AccountAlias) add('account_alias', [['account_alias', quote(AccountAlias)]]);
    add('password_policy', settingAttributes(PASSWORD_POLICY, PasswordPolicy));
    add('security_preference', settingAttributes(SECURITY_PREFERENCE, SecurityPreference));
  }

  #addPolicy({ PolicyName, Description, PolicyDocument, Tags }: DescribedPolicy): void {
    this.#addEntity('policy', PolicyName, [
      ...textAttribute('description', Description),
      ['policy_document', documentExpression(PolicyDocument)],
      ...tagAttribute(Tags),
    ]);
  }

  #addGroup({ GroupName, Comments, Policies }: DescribedGroup): void {
    this.#addEntity('group', GroupName, textAttribute('comments', Comments));
    this.#addAttachments('group', GroupName, Policies);
  }

  #addRole({ RoleName, Policies, Tags, ...role }: DescribedRole): void {
    this.#addEntity('role', RoleName, [
      ...textAttribute('description', role.Description),
      ['assume_role_policy_document', documentExpression(role.AssumeRolePolicyDocument)],
      ['max_session_duration', raw(role.MaxSessionDuration)],
      ...tagAttribute(Tags),
    ]);
    this.#addAttachments('role', RoleName, Policies);
  }

  #addUser(user: DescribedUser): void {
    const { UserName, DisplayName, MobilePhone, Email, Comments, Groups, Policies } = user;
    this.#addEntity('user', UserName, [
      ...textAttribute('display_name', DisplayName),
      ...textAttribute('mobile', MobilePhone),
      ...textAttribute('email', Email),
      ...textAttribute('comments', Comments),
    ]);
    for (const GroupName of Groups) {
      this.#addResource('user_group_attachment', `${UserName}_${GroupName}`, `${GroupName}:${UserName}`, [
        ['group_name', this.#nameOf('group', GroupName)],
        ['user_name', this.#nameOf('user', UserName)],
      ]);
    }
    this.#addAttachments('user', UserName, Policies);
    if (hasActiveLogon(user)) this.#addLogon(user);
  }

  /** An imported logon keeps its password: the provider cannot read it, and would set the one of the configuration. */
  #addLogon({ UserName, LoginProfile }: DescribedUser): void {
    this.#addResource(
      'login_profile',
      UserName,
      UserName,
      [
        ['user_name', this.#nameOf('user', UserName)],
        ['password', `lookup(var.passwords, ${quote(UserName)}, "")`],
        ['password_reset_required', raw(LoginProfile?.PasswordResetRequired ?? false)],
        ['mfa_bind_required', raw(LoginProfile?.MFABindRequired ?? false)],
      ],
      ['lifecycle {', '  ignore_changes = [password]', '}'],
    );
  }

  #addAttachments(kind: 'user' | 'group' | 'role', name: string, policies: PolicyRef[]): void {
    for (const { PolicyName, PolicyType } of policies) {
      const importId = `${kind}:${PolicyName}:${PolicyType}:${name}`;
      const isOwn = PolicyType === 'Custom';
      this.#addResource(`${kind}_policy_attachment`, `${name}_${PolicyName}`, importId, [
        ['policy_name', isOwn ? this.#nameOf('policy', PolicyName) : quote(PolicyName)],
        ['policy_type', quote(PolicyType)],
        [`${kind}_name`, this.#nameOf(kind, name)],
      ]);
    }
  }

  /** Adds an entity, whose name is also its import ID, and which other resources refer to. */
  #addEntity(kind: Kind, name: string, attributes: Attribute[]): void {
    const attribute = NAME_ATTRIBUTES[kind];
    const address = this.#addResource(kind, name, name, [[attribute, quote(name)], ...attributes]);
    this.#references.set(`${kind} ${foldCase(name)}`, `${address}.${attribute}`);
  }

  /** Returns the expression for the name of an entity, which is the name itself if the description lacks the entity. */
  #nameOf(kind: Kind, name: string): string {
    return this.#references.get(`${kind} ${foldCase(name)}`) ?? quote(name);
  }

  /** Adds a resource and its import block. Returns its address. */
  #addResource(kind: string, name: string, importId: string, attributes: Attribute[], nested: string[] = []): string {
    const type = `alicloud_ram_${kind}`;
    const label = this.#labels.take(toLabel(name), type);
    const address = `${type}.${label}`;
    this.#blocks.push(
      formatBlock(`resource "${type}" "${label}"`, attributes, nested),
      formatBlock('import', [
        ['to', address],
        ['id', quote(importId)],
      ]),
    );
    return address;
  }
}

/** Returns an identifier of HCL: letters, digits, `_` and `-`, starting with a letter or `_`. */
function toLabel(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
}

function hasActiveLogon({ LoginProfile }: DescribedUser): boolean {
  return LoginProfile?.Status === 'Active';
}

function textAttribute(name: string, text: string | null): Attribute[] {
  return text ? [[name, quote(text)]] : [];
}

function tagAttribute(tags: ResourceTag[]): Attribute[] {
  if (tags.length === 0) return [];
  return [['tags', mapExpression(tags.map(({ TagKey, TagValue }) => [TagKey, quote(TagValue)]))]];
}

/** Returns the attributes of the settings that have a value. */
function settingAttributes<Setting extends string>(
  attributes: Record<string, Setting>,
  settings: Record<Setting, string | number | boolean>,
): Attribute[] {
  return Object.entries(attributes).flatMap(([attribute, member]): Attribute[] => {
    const setting = settings[member];
    if (setting === undefined || setting === '') return [];
    return [[attribute, typeof setting === 'string' ? quote(setting) : raw(setting)]];
  });
}
