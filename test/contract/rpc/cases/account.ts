import type { Case } from './case.ts';

const RULES = {
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
const ALLOWED = { AllowUserToManageAccessKeys: true, AllowUserToManageMFADevices: false };

/** One value that is out of each range, and one that is no such value at all. */
const BAD_RULES = {
  'InvalidParameter.MinimumPasswordLength.Range': { MinimumPasswordLength: 7 },
  'InvalidParameter.MaxPasswordAge.Range': { MaxPasswordAge: 1096 },
  'InvalidParameter.PasswordReusePrevention.Range': { PasswordReusePrevention: 25 },
  'InvalidParameter.MaxLoginAttemps.Range': { MaxLoginAttemps: -1 },
  'InvalidParameter.MaxLoginAttemps': { MaxLoginAttemps: '4.5' },
  'InvalidParameter.HardExpiry': { HardExpiry: 'yes' },
};

export const ACCOUNT = {
  setAccountAlias: {
    needs: { AccountAlias: 'acme-cloud' },
    on: ['*'],
    leaves: ['GetAccountAlias', {}, { AccountAlias: 'acme-cloud' }],
    refuses: {
      'InvalidParameter.AccountAlias.Format': { AccountAlias: 'acme--cloud' },
      'InvalidParameter.AccountAlias.Length': { AccountAlias: 'ac' },
    },
  },
  getAccountAlias: { on: ['*'], answers: {} },
  clearAccountAlias: { on: ['*'], leaves: ['GetAccountAlias', {}, {}] },
  setPasswordPolicy: { may: RULES, on: ['*'], answers: { PasswordPolicy: RULES }, refuses: BAD_RULES },
  getPasswordPolicy: {
    on: ['*'],
    answers: {
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
    may: { ...PREFERENCE, ...ALLOWED },
    on: ['*'],
    answers: {
      SecurityPreference: {
        LoginProfilePreference: PREFERENCE,
        AccessKeyPreference: { AllowUserToManageAccessKeys: true },
        MFAPreference: { AllowUserToManageMFADevices: false },
        PublicKeyPreference: { AllowUserToManagePublicKeys: false },
      },
    },
    refuses: {
      'InvalidParameter.LoginSessionDuration.Range': { LoginSessionDuration: 25 },
      'InvalidParameter.LoginNetworkMasks.Format': { LoginNetworkMasks: '192.0.2.0/33' },
      'InvalidParameter.LoginNetworkMasks.Length': { LoginNetworkMasks: '192.0.2.1;'.repeat(52) },
      'InvalidParameter.AllowUserToChangePassword': { AllowUserToChangePassword: 'no' },
    },
  },
  getSecurityPreference: {
    on: ['*'],
    answers: {
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
