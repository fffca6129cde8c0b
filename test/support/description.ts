import type { DescribedUser, Description } from '../../src/core/description/description.ts';
import { DEFAULT_PASSWORD_POLICY, DEFAULT_SECURITY_PREFERENCE } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';

const AccountId = '1000000000000001';

export const emptyDescription: Description = {
  Account: {
    AccountId,
    AccountAlias: null,
    PasswordPolicy: DEFAULT_PASSWORD_POLICY,
    SecurityPreference: DEFAULT_SECURITY_PREFERENCE,
  },
  Users: [],
  Groups: [],
  Policies: [],
  Roles: [],
};

/** A user with only a name. */
export function describedUser(UserName: string): DescribedUser {
  return {
    UserName,
    DisplayName: null,
    Comments: null,
    Email: null,
    MobilePhone: null,
    LoginProfile: null,
    Groups: [],
    Policies: [],
    Tags: [],
  };
}

/** Each kind of entity and setting, with texts that need quotes in a shell and in HCL. */
export const everything: Description = {
  Account: {
    AccountId,
    AccountAlias: 'acme',
    PasswordPolicy: { ...DEFAULT_PASSWORD_POLICY, MinimumPasswordLength: 12, RequireSymbols: true, HardExpiry: true },
    SecurityPreference: {
      ...DEFAULT_SECURITY_PREFERENCE,
      LoginSessionDuration: 8,
      LoginNetworkMasks: '192.0.2.1;198.51.100.0/24',
    },
  },
  Policies: [
    {
      PolicyName: 'Orders',
      Description: `it's "$HOME" \`id\` \${x} %{y}`,
      PolicyDocument: `{
  "Version": "1",
  "Statement": [{
    "Effect": "Allow", "Action": ["oss:Get*", "oss:List*"],
    "Resource": "acs:oss:*:${AccountId}:orders/\${acs:UserName}/*",
    "Condition": {"Bool": {"acs:MFAPresent": "true"}}
  }]
}`,
      Tags: [{ TagKey: 'team', TagValue: "o'neil" }],
    },
  ],
  Groups: [
    { GroupName: 'dev', DisplayName: null, Comments: null, Policies: [{ PolicyName: 'Orders', PolicyType: 'Custom' }] },
    { GroupName: 'ops', DisplayName: 'Operations', Comments: '-a hyphen', Policies: [] },
  ],
  Roles: [
    {
      RoleName: 'reader',
      Description: '\u8bfb',
      AssumeRolePolicyDocument: buildTrustPolicy([AccountId], []),
      MaxSessionDuration: 7200,
      Policies: [{ PolicyName: 'ReadOnlyAccess', PolicyType: 'System' }],
      Tags: [{ TagKey: `\${a}'`, TagValue: '' }],
    },
  ],
  Users: [
    { ...describedUser('-x') },
    {
      ...describedUser('alice'),
      DisplayName: 'Alice Li',
      Comments: '--Password=x # \\ $(id) \u674e',
      Email: 'alice@example.com',
      MobilePhone: '86-13800000000',
      LoginProfile: { Status: 'Active', PasswordResetRequired: false, MFABindRequired: false },
      Groups: ['dev', 'ops'],
      Policies: [
        { PolicyName: 'Orders', PolicyType: 'Custom' },
        { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' },
      ],
      Tags: [
        { TagKey: 'stage', TagValue: '' },
        { TagKey: 'team', TagValue: 'a b' },
      ],
    },
    {
      ...describedUser('bob.li'),
      LoginProfile: { Status: 'Inactive', PasswordResetRequired: true, MFABindRequired: true },
    },
  ],
};
