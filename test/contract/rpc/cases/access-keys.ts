import { expect } from 'vitest';
import { CREATED_AT, KIM_KEY_ID, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { type Case, KEY_ID, NO_USER } from './case.ts';

const NO_KEY = { ...NO_USER, 'EntityNotExist.User.AccessKey': { UserName: 'max' } };
const keysOf = (Status: string) => ({
  AccessKeys: { AccessKey: [{ AccessKeyId: KIM_KEY_ID, Status, CreateDate: CREATED_AT }] },
});

export const ACCESS_KEYS = {
  createAccessKey: {
    optional: { UserName: 'alice' },
    resources: ['user/alice'],
    response: {
      AccessKey: {
        AccessKeyId: KEY_ID,
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
        Status: 'Active',
        CreateDate: REQUESTED_AT,
      },
    },
    errors: { ...NO_USER, 'LimitExceeded.User.AccessKey': { UserName: 'max' } },
  },
  listAccessKeys: {
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    response: keysOf('Active'),
    errors: NO_USER,
  },
  updateAccessKey: {
    required: { UserAccessKeyId: KIM_KEY_ID, Status: 'Inactive' },
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    effect: ['ListAccessKeys', { UserName: 'kim' }, keysOf('Inactive')],
    errors: { ...NO_KEY, 'InvalidParameter.Status': { Status: 'inactive' } },
  },
  deleteAccessKey: {
    required: { UserAccessKeyId: KIM_KEY_ID },
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    effect: ['ListAccessKeys', { UserName: 'kim' }, { AccessKeys: { AccessKey: [] } }],
    errors: NO_KEY,
  },
  getAccessKeyLastUsed: {
    required: { UserAccessKeyId: KIM_KEY_ID },
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    response: { AccessKeyLastUsed: { LastUsedDate: CREATED_AT } },
    errors: NO_KEY,
  },
} satisfies Record<string, Case>;
