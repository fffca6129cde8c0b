import { expect } from 'vitest';
import { ACCOUNT as ACCOUNT_ID, KIM_KEY_ID, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_PAGE, type Case } from '../../rpc/cases/case.ts';
import { NO_USER, upn } from './case.ts';

const PASSWORD_POLICY = {
  MinimumPasswordLength: 12,
  RequireLowercaseCharacters: true,
  RequireUppercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
  HardExpire: true,
  MaxPasswordAge: 90,
  PasswordReusePrevention: 3,
  MaxLoginAttemps: 4,
  // ramctl does not have these settings.
  MinimumPasswordDifferentCharacter: 0,
  PasswordNotContainUserName: false,
};
const LOGIN_PREFERENCE = {
  EnableSaveMFATicket: true,
  AllowUserToChangePassword: false,
  LoginSessionDuration: 8,
  LoginNetworkMasks: '192.0.2.0/24',
};
/** Settings that ramctl does not have. */
const LOGIN_DEFAULTS = {
  AllowUserToLoginWithPasskey: true,
  MFAOperationForLogin: 'independent',
  OperationForRiskLogin: 'autonomous',
};
const OTHER_DEFAULTS = {
  PersonalInfoPreference: { AllowUserToManagePersonalDingTalk: true },
  VerificationPreference: { VerificationTypes: [] },
};

export const ACCOUNT = {
  GetPasswordPolicy: {
    resources: ['*'],
    response: {
      PasswordPolicy: {
        MinimumPasswordLength: 8,
        RequireLowercaseCharacters: false,
        RequireUppercaseCharacters: false,
        RequireNumbers: false,
        RequireSymbols: false,
        HardExpire: false,
        MaxPasswordAge: 0,
        PasswordReusePrevention: 0,
        MaxLoginAttemps: 5,
        MinimumPasswordDifferentCharacter: 0,
        PasswordNotContainUserName: false,
      },
    },
  },
  SetPasswordPolicy: {
    optional: PASSWORD_POLICY,
    resources: ['*'],
    response: { PasswordPolicy: PASSWORD_POLICY },
    effect: ['GetPasswordPolicy', {}, { PasswordPolicy: PASSWORD_POLICY }],
    errors: {
      'InvalidParameter.MinimumPasswordLength.Range': { MinimumPasswordLength: 7 },
      'InvalidParameter.HardExpire': { HardExpire: 'yes' },
      'InvalidParameter.MinimumPasswordDifferentCharacter': { MinimumPasswordDifferentCharacter: 3 },
      'InvalidParameter.PasswordNotContainUserName': { PasswordNotContainUserName: true },
    },
  },
  GetSecurityPreference: {
    resources: ['*'],
    response: {
      SecurityPreference: {
        LoginProfilePreference: {
          EnableSaveMFATicket: false,
          AllowUserToChangePassword: true,
          LoginSessionDuration: 6,
          LoginNetworkMasks: '',
          ...LOGIN_DEFAULTS,
        },
        AccessKeyPreference: { AllowUserToManageAccessKeys: false },
        MFAPreference: { AllowUserToManageMFADevices: true },
        ...OTHER_DEFAULTS,
      },
    },
  },
  SetSecurityPreference: {
    optional: {
      ...LOGIN_PREFERENCE,
      AllowUserToManageAccessKeys: true,
      AllowUserToManageMFADevices: false,
      ...LOGIN_DEFAULTS,
      AllowUserToManagePersonalDingTalk: true,
    },
    resources: ['*'],
    response: {
      SecurityPreference: {
        LoginProfilePreference: { ...LOGIN_PREFERENCE, ...LOGIN_DEFAULTS },
        AccessKeyPreference: { AllowUserToManageAccessKeys: true },
        MFAPreference: { AllowUserToManageMFADevices: false },
        ...OTHER_DEFAULTS,
      },
    },
    errors: {
      'InvalidParameter.LoginSessionDuration.Range': { LoginSessionDuration: 25 },
      'InvalidParameter.MFAOperationForLogin': { MFAOperationForLogin: 'mandatory' },
      'InvalidParameter.AllowUserToLoginWithPasskey': { AllowUserToLoginWithPasskey: false },
    },
  },
  GetDefaultDomain: { resources: ['*'], response: { DefaultDomainName: `${ACCOUNT_ID}.onaliyun.com` } },
  SetDefaultDomain: {
    required: { DefaultDomainName: 'acme.onaliyun.com' },
    resources: ['*'],
    response: { DefaultDomainName: 'acme.onaliyun.com' },
    effect: ['GetDefaultDomain', {}, { DefaultDomainName: 'acme.onaliyun.com' }],
    errors: {
      'InvalidParameter.DefaultDomainName.Format': { DefaultDomainName: 'acme.example.com' },
      'InvalidParameter.AccountAlias.Format': { DefaultDomainName: 'acme--cloud.onaliyun.com' },
    },
  },
  GetAccountSummary: {
    resources: ['*'],
    response: {
      SummaryMap: {
        ...{ Users: 8, UsersQuota: 5000, Groups: 3, GroupsQuota: 300, Policies: 4, PoliciesQuota: 1500 },
        ...{ Roles: 2, RolesQuota: 1000, MFADevices: 2, MFADevicesInUse: 1, VirtualMFADevicesQuota: 5000 },
        ...{ AccessKeysPerUserQuota: 2, AccountAccessKeysPerAccountQuota: 0, GroupsPerUserQuota: 10 },
        ...{ AttachedPoliciesPerUserQuota: 10, AttachedSystemPoliciesPerUserQuota: 20 },
        ...{ AttachedPoliciesPerGroupQuota: 10, AttachedSystemPoliciesPerGroupQuota: 20 },
        ...{ AttachedPoliciesPerRoleQuota: 10, AttachedSystemPoliciesPerRoleQuota: 20 },
        ...{ PolicySizeQuota: 6144, VersionsPerPolicyQuota: 5 },
        ...{ ConditionsPerAKPolicyQuota: 0, IPItemsPerAKPolicyQuota: 0 },
      },
    },
  },
  GetAccountMFAInfo: { resources: ['*'], response: { IsMFAEnable: false } },
  GetAccountSecurityPracticeReport: {
    resources: ['*'],
    response: {
      AccountSecurityPracticeInfo: {
        AccountSecurityPracticeUserInfo: {
          ...{ BindMfa: false, RootWithAccessKey: 0, OldAkNum: 0, UnusedAkNum: 0 },
          ...{ SubUser: 8, SubUserBindMfa: 1, SubUserWithOldAccessKey: 0 },
          // max and admin: the use of admin's key by this request is not recorded yet.
          SubUserWithUnusedAccessKey: 2,
        },
      },
    },
  },
  GenerateCredentialReport: { resources: ['*'], response: { State: 'COMPLETED' } },
  GetCredentialReport: {
    optional: { MaxItems: '3501' },
    resources: ['*'],
    response: { Content: expect.any(String), GeneratedTime: REQUESTED_AT, IsTruncated: 'false' },
    errors: {
      'InvalidParameter.MaxItems': { MaxItems: '3502' },
      'InvalidParameter.NextToken': { NextToken: '?' },
    },
  },
  GetUserSsoSettings: {
    resources: ['*'],
    response: {
      UserSsoSettings: { SsoEnabled: false, SsoLoginWithDomain: true, MetadataDocument: '', AuxiliaryDomain: '' },
    },
  },
  ListSAMLProviders: {
    optional: { MaxItems: 100 },
    resources: ['saml-provider/*'],
    response: { SAMLProviders: { SAMLProvider: [] }, IsTruncated: false },
    errors: BAD_PAGE,
  },
  ListOIDCProviders: {
    optional: { MaxItems: 100 },
    resources: ['oidc-provider/*'],
    response: { OIDCProviders: { OIDCProvider: [] }, IsTruncated: false },
    errors: BAD_PAGE,
  },
} satisfies Record<string, Case>;

/** Actions on entities that ramctl does not have. They always fail. */
export const ABSENT_ENTITIES = [
  ['GetSAMLProvider', { SAMLProviderName: 'adfs' }, '404 EntityNotExist.SAMLProviderError'],
  ['GetOIDCProvider', { OIDCProviderName: 'github' }, '404 EntityNotExist.OIDCProvider'],
  [
    'GetAccessKeyPolicy',
    { UserPrincipalName: upn('kim'), UserAccessKeyId: KIM_KEY_ID },
    '404 EntityNotExist.AccessKeyPolicy',
  ],
  ['GetAccessKeyPolicy', { ...NO_USER['EntityNotExist.User'], UserAccessKeyId: KIM_KEY_ID }, '404 EntityNotExist.User'],
] as const;
