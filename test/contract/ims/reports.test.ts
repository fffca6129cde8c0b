import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { CREATED_AT, directory, resetDirectory } from '../../support/sample-directory.ts';
import { type Call, IMS_CLIENTS, type Parameters } from '../../support/sdk-clients.ts';
import { fill, serialNumberOf } from '../rpc/cases/case.ts';
import { describeEachClient } from '../rpc/describe-clients.ts';
import { upn } from './cases/case.ts';

type Row = Record<string, string>;

/** Returns the rows of the credential report with the position of the next page. */
async function getReport(call: Call, parameters: Parameters = {}) {
  const { Content, IsTruncated, NextToken } = (await call('GetCredentialReport', parameters)) as Record<string, string>;
  const rows: Row[] = parse(Buffer.from(Content ?? '', 'base64').toString('utf8'), { columns: true });
  return { rows, users: rows.map(({ user }) => user), IsTruncated, NextToken };
}

/** Adds users and devices up to `size`. */
const fillUp =
  (size: number) =>
  ({ Users, MFADevices }: State) => {
    const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
    const none = { AccessKeys: [], Groups: [], Policies: [] };
    fill(Users, size, (UserName) => ({ UserId: UserName, UserName, ...dates, ...none }));
    const device = { SealedSeed: '', CreateDate: CREATED_AT };
    fill(MFADevices, size, (VirtualMFADeviceName) => ({ VirtualMFADeviceName, ...device }));
  };

describeEachClient(({ call }) => {
  describe('the credential report', () => {
    it('has a row for the owner of the account and for each user', async () => {
      const { rows } = await getReport(call);
      const row = (user: string) => rows.find((each) => each.user === user);
      const noKey = (n: number) => ({
        [`access_key_${n}_exist`]: 'FALSE',
        [`access_key_${n}_active`]: 'N/A',
        [`access_key_${n}_last_rotated`]: 'N/A',
        [`access_key_${n}_last_used`]: 'N/A',
      });
      expect(rows[0]).toEqual({
        user: '<root>',
        user_creation_time: CREATED_AT,
        user_last_logon: '-',
        password_exist: 'FALSE',
        password_active: 'N/A',
        password_last_changed: 'N/A',
        password_next_rotation: 'N/A',
        mfa_active: 'FALSE',
        ...noKey(1),
        ...noKey(2),
      });
      expect(row(upn('colin'))).toMatchObject({
        password_exist: 'TRUE',
        password_active: 'TRUE',
        password_last_changed: CREATED_AT,
        password_next_rotation: '-',
        mfa_active: 'FALSE',
      });
      expect(row(upn('kim'))).toMatchObject({
        access_key_1_exist: 'TRUE',
        access_key_1_active: 'TRUE',
        access_key_1_last_rotated: CREATED_AT,
        access_key_1_last_used: CREATED_AT,
        ...noKey(2),
      });
      expect(row(upn('max'))).toMatchObject({ access_key_2_exist: 'TRUE', access_key_2_last_used: '-' });
      expect(row(upn('mia'))).toMatchObject({ mfa_active: 'TRUE' });
      expect(rows).toHaveLength(9);
    });

    it('is returned in pages, with the owner on the first one', async () => {
      const all = await getReport(call);
      const first = await getReport(call, { MaxItems: '5' });
      expect(first).toMatchObject({ IsTruncated: 'true', users: { length: 6 } });
      const second = await getReport(call, { MaxItems: '5', NextToken: first.NextToken ?? '' });
      expect(second).toMatchObject({ IsTruncated: 'false', NextToken: undefined });
      expect([...first.users, ...second.users]).toEqual(all.users);
    });
  });

  it('returns lists in pages', async () => {
    resetDirectory(fillUp(112));
    type Page = Record<string, unknown> & { Marker?: string; IsTruncated: boolean };
    const sizeOf = (page: Page, plural: string, singular: string) =>
      (page[plural] as Record<string, unknown[]>)[singular]?.length;
    for (const [action, plural, singular, defaultItems] of [
      ['ListUsers', 'Users', 'User', 112],
      ['ListUserBasicInfos', 'UserBasicInfos', 'UserBasicInfo', 100],
      ['ListVirtualMFADevices', 'VirtualMFADevices', 'VirtualMFADevice', 100],
    ] as const) {
      const page = async (parameters: Parameters) => (await call(action, parameters)) as Page;
      expect(sizeOf(await page({}), plural, singular)).toBe(defaultItems);
      expect(await page({ MaxItems: 1000 })).toMatchObject({ IsTruncated: false });
      const first = await page({ MaxItems: 70 });
      const second = await page({ MaxItems: 70, Marker: first.Marker ?? '' });
      expect([first, second].map((each) => sizeOf(each, plural, singular))).toEqual([70, 42]);
      expect(second).toMatchObject({ IsTruncated: false });
    }
  });

  it('counts what the security report shows', async () => {
    const report = async () => {
      const { AccountSecurityPracticeInfo } = (await call('GetAccountSecurityPracticeReport')) as {
        AccountSecurityPracticeInfo: { AccountSecurityPracticeUserInfo: object };
      };
      return AccountSecurityPracticeInfo.AccountSecurityPracticeUserInfo;
    };
    resetDirectory(({ Users }) => {
      for (const key of Users.get('max')?.AccessKeys ?? []) key.CreateDate = '2020-01-01T00:00:00Z';
    });
    expect(await report()).toMatchObject({ SubUser: 8, SubUserBindMfa: 1, SubUserWithOldAccessKey: 1 });
    await directory.unbindMFADevice({ UserName: 'mia' });
    await directory.deleteVirtualMFADevice({ SerialNumber: serialNumberOf('mia') });
    await directory.deleteUser({ UserName: 'mia' });
    expect(await report()).toMatchObject({ SubUser: 7, SubUserBindMfa: 0 });
  });
}, IMS_CLIENTS);
