const TAGS = 'Tags: [{TagKey, TagValue}]';
const PROFILE = `UserId, UserName, UserPrincipalName, DisplayName, Comments, Email, MobilePhone, CreateDate, UpdateDate,
  LastLoginDate, ${TAGS}`;
const USER = `${PROFILE},
  LoginProfile: null | {Status, PasswordResetRequired, MFABindRequired, CreateDate, LockedUntil?},
  MFADevice: null | {SerialNumber, Type, ActivateDate},
  AccessKeys: [{AccessKeyId, Status, CreateDate, LastUsedDate}], Groups: [name],
  Policies: [{PolicyName, PolicyType, AttachDate}]`;
const NEW_KEY = 'AccessKeyId, AccessKeySecret?, Status, CreateDate';
const NEW_USER = `{${USER}, LogonUrl?, Password?, AccessKey?: {${NEW_KEY}}}`;
const KEY = '{UserName, AccessKeyId, Status, CreateDate, LastUsedDate}';
const ROTATION = 'UserName, RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate';
const LOGIN = 'UserName, UserPrincipalName, Status, PasswordResetRequired, MFABindRequired, CreateDate, LogonUrl';
const MFA = 'UserName, MFA, MFABindRequired, SerialNumber, Type, ActivateDate';
const GROUP = `{GroupId, GroupName, DisplayName, Comments, CreateDate, UpdateDate,
  Users: [{UserName, DisplayName, JoinDate}],
  Policies: [{PolicyName, PolicyType, AttachDate}]}`;
const ROLE = `{RoleId, RoleName, Arn, Description, MaxSessionDuration, AssumeRolePolicyDocument, CreateDate,
  UpdateDate, ${TAGS}, Policies: [{PolicyName, PolicyType, AttachDate}]}`;
const REMOVED = 'Removed: [{Kind, Name}]';
const POLICY_SUMMARY = `PolicyName, PolicyType, Description, DefaultVersion, AttachmentCount, CreateDate, UpdateDate,
  DocumentSource?, ${TAGS}`;
const POLICY = `{${POLICY_SUMMARY}, PolicyDocument, VersionId, IsDefaultVersion, Users: [{UserId, UserName, DisplayName, AttachDate}],
  Groups: [{GroupName, Comments, AttachDate}], Roles: [{RoleId, RoleName, Arn, Description, AttachDate}]}`;
const ATTACHMENTS = '[{PolicyName, UserName?, GroupName?, RoleName?, Changed}]';
const ACCOUNT = 'AccountId, AccountAlias, DefaultDomain, LogonUrl';
const SETTINGS = `{MinimumPasswordLength, RequireLowercaseCharacters, RequireUppercaseCharacters, RequireNumbers,
  RequireSymbols, HardExpiry, MaxPasswordAge, PasswordReusePrevention, MaxLoginAttemps, EnableSaveMFATicket,
  AllowUserToChangePassword, AllowUserToManageAccessKeys, AllowUserToManageMFADevices, LoginSessionDuration,
  LoginNetworkMasks}`;
const CHANGES = `[{Kind, Name, Action, Before, After, UserPrincipalName?, LogonUrl?, Password?,
  AccessKey?: {${NEW_KEY}}}]`;
const ATTACHED_POLICIES = 'Policies?: [{PolicyName, PolicyType}]';
const OPTIONAL_TAGS = 'Tags?: [{TagKey, TagValue}]';
const ATTACHED = `${ATTACHED_POLICIES}, ${OPTIONAL_TAGS}`;
const CHANGE = 'ChangeId, Date, Actor, Command, Summary';
const RECORDS = 'Records: [{Kind, Name, Before, After}]';
const KEY_COLUMNS = (number: number) =>
  `access_key_${number}_exist, access_key_${number}_active, access_key_${number}_last_rotated,
  access_key_${number}_last_used`;

/**
 * The result of each verb: `{…}` is an object with these members, `[…]` a list. `?` follows a member that only some
 * results have. A word in a list, such as `name`, means a text.
 */
export const JSON_MEMBERS: Record<string, string> = {
  'user create': NEW_USER,
  'user import': `[${NEW_USER}]`,
  'user list': `[{UserId, UserName, UserPrincipalName, DisplayName, Comments, Console, MFA, AccessKeys, CreateDate,
    LastLoginDate}]`,
  'user get': `{${USER}}`,
  'user edit': `{${USER}}`,
  'user delete': `[{UserId, UserName, ${REMOVED}}]`,
  'login set': `{${LOGIN}, Password?}`,
  'login get': `{${LOGIN}}`,
  'login enable': `{${LOGIN}}`,
  'login disable': `{${LOGIN}}`,
  'login delete': '{UserId, UserName}',
  'mfa enable': `{${MFA}}`,
  'mfa enable --no-bind': '{UserName, SerialNumber, Base32StringSeed?, OtpAuthUri?}',
  'mfa bind': `{${MFA}}`,
  'mfa disable': '{UserName, SerialNumber}',
  'mfa get': `{${MFA}}`,
  'mfa delete': '{VirtualMFADeviceName, SerialNumber}',
  'mfa list': '[{SerialNumber, UserName, Status, ActivateDate}]',
  'ak create': `{UserName, ${NEW_KEY}}`,
  'ak list': `[${KEY}]`,
  'ak last-used': KEY,
  'ak enable': KEY,
  'ak disable': KEY,
  'ak delete': '{UserName, AccessKeyId}',
  'ak verify': '{UserName, AccessKeyId}',
  'ak rotate': `{${ROTATION}, AccessKey?: {${NEW_KEY}}}`,
  'ak rotation list': `[{${ROTATION}}]`,
  'ak rotation finish': `[{${ROTATION}}]`,
  'ak rotation rollback': `{${ROTATION}}`,
  'group create': GROUP,
  'group list': '[{GroupId, GroupName, DisplayName, Comments, CreateDate, UpdateDate, Users, Policies}]',
  'group get': GROUP,
  'group edit': GROUP,
  'group add': '[{GroupName, UserName, Changed}]',
  'group remove': '[{GroupName, UserName, Changed}]',
  'group delete': `[{GroupId, GroupName, ${REMOVED}}]`,
  'role create': ROLE,
  'role list': `[{RoleId, RoleName, Arn, Description, MaxSessionDuration, CreateDate, UpdateDate, ${TAGS},
    Policies}]`,
  'role get': ROLE,
  'role edit': ROLE,
  'role delete': `[{RoleId, RoleName, ${REMOVED}}]`,
  'policy list': `[{${POLICY_SUMMARY}}]`,
  'policy get': POLICY,
  'policy create': POLICY,
  'policy edit': POLICY,
  'policy set-default': POLICY,
  'policy versions': '[{VersionId, IsDefaultVersion, PolicyDocument, CreateDate}]',
  'policy delete': `{PolicyName, PolicyType, ${REMOVED}}`,
  'policy attach': ATTACHMENTS,
  'policy detach': ATTACHMENTS,
  'policy validate': '{Valid, Findings: [{Severity, Code, Message, Line, Column}]}',
  'policy diff': `[{UserName?, GroupName?, RoleName?, Change, Actions: [name], Resources: [name], Conditions?: [object],
    Except?: [{Actions: [name], Resources: [name], Conditions?: [object]}], Effect, PolicyName, PolicyType,
    DocumentSource?}]`,
  'policy system import': '[{PolicyName, PolicyType, DefaultVersion, DocumentSource, Changed}]',
  'policy simulate': `[{Action, Resource, Decision,
    MatchedPolicies: [{PolicyName, PolicyType, VersionId, Statement, DocumentSource?}]}]`,
  logon: '{UserName, UserPrincipalName, Arn, MFAPresent, SessionExpires}',
  init: '{Directory, KeyFile, AccountId, AccountAlias, DefaultDomain}',
  overview: `{Directory, Target, ${ACCOUNT}, Users, UsersQuota, Groups, GroupsQuota, Policies, PoliciesQuota,
    Roles, RolesQuota, MFADevices, MFADevicesInUse, VirtualMFADevicesQuota, AccessKeysPerUserQuota, GroupsPerUserQuota,
    VersionsPerPolicyQuota, AttachedPoliciesPerUserQuota, AttachedSystemPoliciesPerUserQuota,
    Attention: [{Finding, Names: [name]}]}`,
  report: `[{user, user_creation_time, user_last_logon, password_exist, password_active, password_last_changed,
    password_next_rotation, mfa_active, ${KEY_COLUMNS(1)}, ${KEY_COLUMNS(2)}, findings: [name]}]`,
  history: `[{${CHANGE}}]`,
  'history get': `{${CHANGE}, CanUndo, ${RECORDS}}`,
  undo: `{${CHANGE}, ${RECORDS}}`,
  'undo --dry-run': `{${RECORDS}}`,
  'account alias': `{${ACCOUNT}}`,
  'account settings get': SETTINGS,
  'account settings set': SETTINGS,
  'directory path': '{Path?, KeyFile?, Directory, Target}',
  'directory check': '{Path, KeyFile, Exists, Whole, Findings: [{Code, Message, Field?, Row?}]}',
  'directory backup': '{Path, KeyFile, AccountId, Users}',
  'directory restore': '{Path, Kept, AccountId, Users}',
  'directory copy': CHANGES,
  export: `{Account: {AccountId, AccountAlias?, PasswordPolicy, SecurityPreference}, Users: [{UserName, DisplayName?,
    Comments?, Email?, MobilePhone?, LoginProfile?: {Status, PasswordResetRequired, MFABindRequired}, Groups?: [name],
    ${ATTACHED}}],
    Groups: [{GroupName, DisplayName?, Comments?, ${ATTACHED_POLICIES}}],
    Policies: [{PolicyName, Description?, PolicyDocument, ${OPTIONAL_TAGS}}],
    Roles: [{RoleName, Description?, AssumeRolePolicyDocument, MaxSessionDuration, ${ATTACHED}}]}`,
  apply: CHANGES,
  serve: '{Address, UserName?, AccessKey?}',
};
