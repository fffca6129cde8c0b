import { expect } from 'vitest';
import { CREATED_AT, KIM_KEY_ID, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { type Case, KEY_ID, NO_USER } from './case.ts';

const NO_KEY = { ...NO_USER, 'EntityNotExist.User.AccessKey': { UserName: 'max' } };
const keysOf = (Status: string) => ({
  AccessKeys: { AccessKey: [{ AccessKeyId: KIM_KEY_ID, Status, CreateDate: CREATED_AT }] },
});

export const ACCESS_KEYS = {
  createAccessKey: {
    may: { UserName: 'alice' },
    on: ['user/alice'],
    answers: {
      AccessKey: {
        AccessKeyId: KEY_ID,
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
        Status: 'Active',
        CreateDate: REQUESTED_AT,
      },
    },
    refuses: { ...NO_USER, 'LimitExceeded.User.AccessKey': { UserName: 'max' } },
  },
  listAccessKeys: {
    may: { UserName: 'kim' },
    on: ['user/kim'],
    answers: keysOf('Active'),
    refuses: NO_USER,
  },
  updateAccessKey: {
    needs: { UserAccessKeyId: KIM_KEY_ID, Status: 'Inactive' },
    may: { UserName: 'kim' },
    on: ['user/kim'],
    leaves: ['ListAccessKeys', { UserName: 'kim' }, keysOf('Inactive')],
    refuses: { ...NO_KEY, 'InvalidParameter.Status': { Status: 'inactive' } },
  },
  deleteAccessKey: {
    needs: { UserAccessKeyId: KIM_KEY_ID },
    may: { UserName: 'kim' },
    on: ['user/kim'],
    leaves: ['ListAccessKeys', { UserName: 'kim' }, { AccessKeys: { AccessKey: [] } }],
    refuses: NO_KEY,
  },
  getAccessKeyLastUsed: {
    needs: { UserAccessKeyId: KIM_KEY_ID },
    may: { UserName: 'kim' },
    on: ['user/kim'],
    answers: { AccessKeyLastUsed: { LastUsedDate: CREATED_AT } },
    refuses: NO_KEY,
  },
} satisfies Record<string, Case>;
