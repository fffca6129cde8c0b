import { formatRamDate } from '../core/clock.ts';
import type { CredentialReportRow } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { QUOTAS } from '../core/quotas.ts';
import type { PasswordPolicy, SecurityPreference } from '../core/state.ts';
import { readReportWithFindings, userNameOf } from '../core/workflows/findings.ts';
import { type AnyAction, composed, type ImsAction, type Method } from './action.ts';
import { boolean, each, integer, onlyValue, optional, renamed, text } from './parameters.ts';
import { parseDefaultDomain } from './user-reference.ts';

/*
 * The actions of IMS 2019-08-15 for the account as a whole. Settings that ramctl does not have keep IMS's default: a
 * request may repeat it, and is refused if it has another value.
 */

const onAccount = { resources: ['*'], parameters: {} } as const;
const onSamlProvider = { resources: ['saml-provider/{SAMLProviderName}'], parameters: { SAMLProviderName: text } };
const onOidcProvider = { resources: ['oidc-provider/{OIDCProviderName}'], parameters: { OIDCProviderName: text } };

const nextToken = { NextToken: optional(text) };

const FIXED_PASSWORD_SETTINGS = {
  MinimumPasswordDifferentCharacter: onlyValue('0'),
  PasswordNotContainUserName: onlyValue('false'),
};
const FIXED_PREFERENCES = {
  ...each(onlyValue('true'), 'AllowUserToLoginWithPasskey', 'AllowUserToManagePersonalDingTalk'),
  MFAOperationForLogin: onlyValue('independent'),
  OperationForRiskLogin: onlyValue('autonomous'),
  VerificationTypes: onlyValue('[]'),
};

const DIRECT_ACTIONS = {
  getPasswordPolicy: { ...onAccount, response: formatPasswordPolicy },
  setPasswordPolicy: {
    ...onAccount,
    parameters: {
      ...each(optional(integer), 'MinimumPasswordLength', 'MaxPasswordAge', 'PasswordReusePrevention'),
      MaxLoginAttemps: optional(integer),
      ...each(optional(boolean), 'RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers'),
      RequireSymbols: optional(boolean),
      HardExpiry: renamed('HardExpire', optional(boolean)),
      ...FIXED_PASSWORD_SETTINGS,
    },
    response: formatPasswordPolicy,
  },
  getSecurityPreference: { ...onAccount, response: formatSecurityPreference },
  setSecurityPreference: {
    ...onAccount,
    parameters: {
      ...each(optional(boolean), 'EnableSaveMFATicket', 'AllowUserToChangePassword'),
      ...each(optional(boolean), 'AllowUserToManageAccessKeys', 'AllowUserToManageMFADevices'),
      LoginSessionDuration: optional(integer),
      LoginNetworkMasks: optional(text),
      ...FIXED_PREFERENCES,
    },
    response: formatSecurityPreference,
  },
} satisfies { readonly [M in Method]?: ImsAction<M> };

export const IMS_ACCOUNT_ACTIONS: Readonly<Record<string, AnyAction>> = {
  ...DIRECT_ACTIONS,

  getDefaultDomain: composed({ ...onAccount, run: (operations) => operations.getAccount(), response: formatDomain }),
  setDefaultDomain: composed({
    ...onAccount,
    parameters: { DefaultDomainName: text },
    run: async (operations, { DefaultDomainName }) => {
      const { AccountId } = await operations.getAccount();
      const AccountAlias = parseDefaultDomain(DefaultDomainName);
      if (AccountAlias === AccountId) await operations.clearAccountAlias();
      else await operations.setAccountAlias({ AccountAlias });
      return operations.getAccount();
    },
    response: formatDomain,
  }),

  getAccountSummary: composed({
    ...onAccount,
    run: (operations) => operations.getAccountSummary(),
    response: (summary) => ({ SummaryMap: { ...summary, ...OTHER_QUOTAS } }),
  }),
  getAccountMFAInfo: composed({ ...onAccount, run: async () => ({ IsMFAEnable: false }), response: (info) => info }),
  // IMS does not document how it computes Score and SubUserPwdLevel, so they are absent.
  getAccountSecurityPracticeReport: composed({
    ...onAccount,
    run: async () => undefined,
    response: async (_, { operations, now }) => {
      const rows = await readReportWithFindings(operations, now);
      const count = (kind: 'old-key' | 'unused-key') => rows.filter(({ findings }) => findings.includes(kind)).length;
      const AccountSecurityPracticeUserInfo = {
        BindMfa: false,
        RootWithAccessKey: 0,
        OldAkNum: 0,
        UnusedAkNum: 0,
        SubUser: rows.length,
        SubUserBindMfa: rows.filter((row) => row.mfa_active).length,
        SubUserWithOldAccessKey: count('old-key'),
        SubUserWithUnusedAccessKey: count('unused-key'),
      };
      return { AccountSecurityPracticeInfo: { AccountSecurityPracticeUserInfo } };
    },
  }),

  // The report is up to date whenever it is read.
  generateCredentialReport: composed({
    ...onAccount,
    run: async () => ({ State: 'COMPLETED' }),
    response: (state) => state,
  }),
  getCredentialReport: composed({
    ...onAccount,
    parameters: nextToken,
    paging: {
      sortedBy: 'UserName',
      maxItems: 3501,
      defaultItems: 3501,
      marker: 'NextToken',
      isTruncated: 'asText',
    },
    run: async (operations) => {
      const rows = await operations.getCredentialReport();
      return rows.map((row) => ({ UserName: userNameOf(row), row }));
    },
    response: async (users, { operations, now }, { NextToken }) => {
      const { CreateDate } = await operations.getAccount();
      const rows = users.map(({ row }) => row);
      const csv = formatReport(NextToken ? rows : [{ ...OWNER_ROW, user_creation_time: CreateDate }, ...rows]);
      return { Content: Buffer.from(csv).toString('base64'), GeneratedTime: formatRamDate(now) };
    },
  }),

  getAccessKeyPolicy: composed({
    resources: ['user/{UserName}'],
    user: ['UserPrincipalName'],
    userNameFromCaller: 'ifAbsent',
    parameters: { UserAccessKeyId: text },
    run: refuse('AccessKeyPolicy', 'AccessKeys have no network policy'),
  }),
  getUserSsoSettings: composed({
    ...onAccount,
    run: async () => ({ SsoEnabled: false, SsoLoginWithDomain: true, MetadataDocument: '', AuxiliaryDomain: '' }),
    response: (UserSsoSettings) => ({ UserSsoSettings }),
  }),
  listSAMLProviders: composed({
    resources: ['saml-provider/*'],
    parameters: {},
    paging: { sortedBy: 'SAMLProviderName' },
    run: async () => [],
    response: (list) => ({ SAMLProviders: { SAMLProvider: list } }),
  }),
  getSAMLProvider: composed({
    ...onSamlProvider,
    run: refuse('SAMLProviderError', 'the SAML provider does not exist'),
  }),
  listOIDCProviders: composed({
    resources: ['oidc-provider/*'],
    parameters: {},
    paging: { sortedBy: 'OIDCProviderName' },
    run: async () => [],
    response: (list) => ({ OIDCProviders: { OIDCProvider: list } }),
  }),
  getOIDCProvider: composed({ ...onOidcProvider, run: refuse('OIDCProvider', 'the OIDC provider does not exist') }),
};

/** Returns the operation of an action for a kind of entities that ramctl does not have. */
function refuse(kind: string, message: string) {
  return async (): Promise<never> => {
    throw new Failure('missing', `EntityNotExist.${kind}`, message);
  };
}

function formatDomain({ DefaultDomain }: { DefaultDomain: string }) {
  return { DefaultDomainName: DefaultDomain };
}

function formatPasswordPolicy({ HardExpiry, ...policy }: PasswordPolicy) {
  const defaults = { MinimumPasswordDifferentCharacter: 0, PasswordNotContainUserName: false };
  return { PasswordPolicy: { ...policy, HardExpire: HardExpiry, ...defaults } };
}

/** Divides the members of a SecurityPreference into the groups of IMS. */
function formatSecurityPreference(preference: SecurityPreference) {
  const { AllowUserToManageAccessKeys, AllowUserToManageMFADevices, ...login } = preference;
  const defaults = {
    AllowUserToLoginWithPasskey: true,
    MFAOperationForLogin: 'independent',
    OperationForRiskLogin: 'autonomous',
  };
  return {
    SecurityPreference: {
      LoginProfilePreference: { ...login, ...defaults },
      AccessKeyPreference: { AllowUserToManageAccessKeys },
      MFAPreference: { AllowUserToManageMFADevices },
      PersonalInfoPreference: { AllowUserToManagePersonalDingTalk: true },
      VerificationPreference: { VerificationTypes: [] },
    },
  };
}

/** The quotas of SummaryMap that the overview of ramctl does not show. The owner of a directory has no AccessKeys. */
const OTHER_QUOTAS = {
  AttachedPoliciesPerGroupQuota: QUOTAS.AttachedPolicies.Custom,
  AttachedSystemPoliciesPerGroupQuota: QUOTAS.AttachedPolicies.System,
  AttachedPoliciesPerRoleQuota: QUOTAS.AttachedPolicies.Custom,
  AttachedSystemPoliciesPerRoleQuota: QUOTAS.AttachedPolicies.System,
  PolicySizeQuota: QUOTAS.PolicySize,
  AccountAccessKeysPerAccountQuota: 0,
  ConditionsPerAKPolicyQuota: 0,
  IPItemsPerAKPolicyQuota: 0,
};

/** The owner of a directory, who cannot log on and has no AccessKeys. */
const OWNER_ROW = {
  user: '<root>',
  user_creation_time: '',
  user_last_logon: null,
  password_exist: false,
  password_active: false,
  password_last_changed: null,
  password_next_rotation: null,
  mfa_active: false,
  access_key_1_exist: false,
  access_key_1_active: false,
  access_key_1_last_rotated: null,
  access_key_1_last_used: null,
  access_key_2_exist: false,
  access_key_2_active: false,
  access_key_2_last_rotated: null,
  access_key_2_last_used: null,
} satisfies CredentialReportRow;

/**
 * Returns the report as CSV with a header. As in IMS, `N/A` is a value of a password or key that does not exist, and `-` a
 * date that does not exist. No value needs quotation marks.
 */
function formatReport(rows: CredentialReportRow[]): string {
  const columns = Object.keys(OWNER_ROW) as (keyof CredentialReportRow)[];
  const lines = rows.map((row) => columns.map((column) => formatCell(row, column)).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

function formatCell(row: CredentialReportRow, column: keyof CredentialReportRow): string {
  const [part] = /^(password|access_key_\d)_(?!exist)/.exec(column) ?? [];
  if (part && !row[`${part.slice(0, -1)}_exist` as keyof CredentialReportRow]) return 'N/A';
  const value = row[column] ?? '-';
  return typeof value === 'boolean' ? String(value).toUpperCase() : value;
}
