import { ACCOUNT, CREATED_AT, REQUESTED_AT, TRUST_POLICY } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badName, badText, type Case, fill, NO_ROLE, ROLE_ID } from './case.ts';

const role = (RoleName: string, Description: string, MaxSessionDuration = 3600) => ({
  RoleId: ROLE_ID,
  RoleName,
  Arn: `acs:ram::${ACCOUNT}:role/${RoleName}`,
  Description,
  MaxSessionDuration,
  CreateDate: CREATED_AT,
});
const BUYER = role('buyer', 'orders', 7200);
const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
const OTHER_TRUST = TRUST_POLICY.replace(ACCOUNT, '1000000000000002');

function badTrust(member: string): Record<string, object> {
  return {
    [`InvalidParameter.${member}.Length`]: { [member]: ' '.repeat(2049) },
    MalformedPolicyDocument: { [member]: TRUST_POLICY.replace('Principal', 'Resource') },
  };
}

function badDuration(member: string): Record<string, object> {
  return {
    [`InvalidParameter.${member}`]: { [member]: '1h' },
    [`InvalidParameter.${member}.Range`]: { [member]: 3599 },
  };
}

export const ROLES = {
  createRole: {
    required: { RoleName: 'Packer.1', AssumeRolePolicyDocument: TRUST_POLICY },
    optional: { Description: 'packs', MaxSessionDuration: 43200 },
    resources: ['role/*'],
    response: {
      Role: {
        ...role('Packer.1', 'packs', 43200),
        CreateDate: REQUESTED_AT,
        AssumeRolePolicyDocument: TRUST_POLICY,
      },
    },
    errors: {
      ...badName('RoleName'),
      ...badText('Description', 1024),
      ...badTrust('AssumeRolePolicyDocument'),
      ...badDuration('MaxSessionDuration'),
      'EntityAlreadyExists.Role': { RoleName: 'BUYER' },
      'LimitExceeded.Role': ({ Roles }) =>
        fill(Roles, 1000, (RoleName) => ({
          RoleId: RoleName,
          RoleName,
          ...dates,
          AssumeRolePolicyDocument: TRUST_POLICY,
          MaxSessionDuration: 3600,
          Policies: [],
        })),
    },
  },
  getRole: {
    required: { RoleName: 'buyer' },
    resources: ['role/buyer'],
    response: { Role: { ...BUYER, UpdateDate: CREATED_AT, AssumeRolePolicyDocument: TRUST_POLICY } },
    errors: NO_ROLE,
  },
  updateRole: {
    required: { RoleName: 'buyer' },
    optional: { NewDescription: 'sells', NewAssumeRolePolicyDocument: OTHER_TRUST, NewMaxSessionDuration: 3600 },
    resources: ['role/buyer'],
    response: {
      Role: { ...role('buyer', 'sells'), UpdateDate: REQUESTED_AT, AssumeRolePolicyDocument: OTHER_TRUST },
    },
    errors: {
      ...NO_ROLE,
      ...badText('NewDescription', 1024),
      ...badTrust('NewAssumeRolePolicyDocument'),
      ...badDuration('NewMaxSessionDuration'),
    },
  },
  deleteRole: {
    required: { RoleName: 'buyer' },
    resources: ['role/buyer'],
    effect: ['GetRole', { RoleName: 'buyer' }, '404 EntityNotExist.Role'],
    errors: { ...NO_ROLE, 'DeleteConflict.Role.Policy': { RoleName: 'reader' } },
  },
  listRoles: {
    optional: { MaxItems: 1000 },
    resources: ['role/*'],
    response: {
      Roles: {
        Role: [
          { ...BUYER, UpdateDate: CREATED_AT },
          { ...role('reader', 'looks'), UpdateDate: CREATED_AT },
        ],
      },
      IsTruncated: false,
    },
    errors: BAD_PAGE,
  },
} satisfies Record<string, Case>;
