import type { Case } from './case.ts';

const PASSWORD_POLICY = {
  MinimumPasswordLength: 12,
  RequireLowercaseCharacters: true,
  RequireUppercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
  HardExpiry: true,
  MaxPasswordAge: 90,
  PasswordReusePrevention: 3,
  MaxLoginAttemps: 4,
};
const PREFERENCE = {
  EnableSaveMFATicket: true,
  AllowUserToChangePassword: false,
  LoginSessionDuration: 8,
  LoginNetworkMasks: '192.0.2.0/24;2001:db8::/32',
};
const PERMISSIONS = { AllowUserToManageAccessKeys: true, AllowUserToManageMFADevices: false };

/** Values out of range, and values of another type. */
const BAD_PASSWORD_POLICY = {
  'InvalidParameter.MinimumPasswordLength.Range': { MinimumPasswordLength: 7 },
  'InvalidParameter.MaxPasswordAge.Range': { MaxPasswordAge: 1096 },
  'InvalidParameter.PasswordReusePrevention.Range': { PasswordReusePrevention: 25 },
  'InvalidParameter.MaxLoginAttemps.Range': { MaxLoginAttemps: -1 },
  'InvalidParameter.MaxLoginAttemps': { MaxLoginAttemps: '4.5' },
  'InvalidParameter.HardExpiry': { HardExpiry: 'yes' },
};

export const ACCOUNT = {
  setAccountAlias: {
    required: { AccountAlias: 'acme-cloud' },
    resources: ['*'],
    effect: ['GetAccountAlias', {}, { AccountAlias: 'acme-cloud' }],
    errors: {
      'InvalidParameter.AccountAlias.Format': { AccountAlias: 'acme--cloud' },
      'InvalidParameter.AccountAlias.Length': { AccountAlias: 'ac' },
    },
  },
  getAccountAlias: { resources: ['*'], response: {} },
  clearAccountAlias: { resources: ['*'], effect: ['GetAccountAlias', {}, {}] },
  setPasswordPolicy: {
    optional: PASSWORD_POLICY,
    resources: ['*'],
    response: { PasswordPolicy: PASSWORD_POLICY },
    errors: BAD_PASSWORD_POLICY,
  },
  getPasswordPolicy: {
    resources: ['*'],
    response: {
      PasswordPolicy: {
        MinimumPasswordLength: 8,
        RequireLowercaseCharacters: false,
        RequireUppercaseCharacters: false,
        RequireNumbers: false,
        RequireSymbols: false,
        HardExpiry: false,
        MaxPasswordAge: 0,
        PasswordReusePrevention: 0,
        MaxLoginAttemps: 5,
      },
    },
  },
  setSecurityPreference: {
    optional: { ...PREFERENCE, ...PERMISSIONS },
    resources: ['*'],
    response: {
      SecurityPreference: {
        LoginProfilePreference: PREFERENCE,
        AccessKeyPreference: { AllowUserToManageAccessKeys: true },
        MFAPreference: { AllowUserToManageMFADevices: false },
        PublicKeyPreference: { AllowUserToManagePublicKeys: false },
      },
    },
    errors: {
      'InvalidParameter.LoginSessionDuration.Range': { LoginSessionDuration: 25 },
      'InvalidParameter.LoginNetworkMasks.Format': { LoginNetworkMasks: '192.0.2.0/33' },
      'InvalidParameter.LoginNetworkMasks.Length': { LoginNetworkMasks: '192.0.2.1;'.repeat(52) },
      'InvalidParameter.AllowUserToChangePassword': { AllowUserToChangePassword: 'no' },
    },
  },
  getSecurityPreference: {
    resources: ['*'],
    response: {
      SecurityPreference: {
        LoginProfilePreference: {
          EnableSaveMFATicket: false,
          AllowUserToChangePassword: true,
          LoginSessionDuration: 6,
          LoginNetworkMasks: '',
        },
        AccessKeyPreference: { AllowUserToManageAccessKeys: false },
        MFAPreference: { AllowUserToManageMFADevices: true },
        PublicKeyPreference: { AllowUserToManagePublicKeys: false },
      },
    },
  },
} satisfies Record<string, Case>;
