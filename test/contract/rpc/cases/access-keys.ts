import { expect } from 'vitest';
import { EARLIER, KEY, NOW } from '../../../support/acme.ts';
import { type Case, KEY_ID, NO_USER } from './case.ts';

const NO_KEY = { ...NO_USER, 'EntityNotExist.User.AccessKey': { UserName: 'max' } };
const keysOf = (Status: string) => ({ AccessKeys: { AccessKey: [{ AccessKeyId: KEY, Status, CreateDate: EARLIER }] } });

export const ACCESS_KEYS = {
  createAccessKey: {
    optional: { UserName: 'alice' },
    resources: ['user/alice'],
    response: {
      AccessKey: {
        AccessKeyId: KEY_ID,
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
        Status: 'Active',
        CreateDate: NOW,
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
    required: { UserAccessKeyId: KEY, Status: 'Inactive' },
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    effect: ['ListAccessKeys', { UserName: 'kim' }, keysOf('Inactive')],
    errors: { ...NO_KEY, 'InvalidParameter.Status': { Status: 'inactive' } },
  },
  deleteAccessKey: {
    required: { UserAccessKeyId: KEY },
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    effect: ['ListAccessKeys', { UserName: 'kim' }, { AccessKeys: { AccessKey: [] } }],
    errors: NO_KEY,
  },
  getAccessKeyLastUsed: {
    required: { UserAccessKeyId: KEY },
    optional: { UserName: 'kim' },
    resources: ['user/kim'],
    response: { AccessKeyLastUsed: { LastUsedDate: EARLIER } },
    errors: NO_KEY,
  },
} satisfies Record<string, Case>;
