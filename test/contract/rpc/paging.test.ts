import { expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { CREATED_AT, resetDirectory, TRUST_POLICY } from '../../support/sample-directory.ts';
import { type Call, type Parameters, responseOrError } from '../../support/sdk-clients.ts';
import { fill } from './cases/case.ts';
import { describeEachClient } from './describe-clients.ts';

/** A list that is returned in pages: its wrappers and the member that it is sorted by. */
interface PagedList {
  action: string;
  parameters?: Parameters;
  plural: string;
  singular: string;
  name: string;
}

const LISTS: PagedList[] = [
  { action: 'ListUsers', plural: 'Users', singular: 'User', name: 'UserName' },
  { action: 'ListGroups', plural: 'Groups', singular: 'Group', name: 'GroupName' },
  {
    action: 'ListPolicies',
    parameters: { PolicyType: 'Custom' },
    plural: 'Policies',
    singular: 'Policy',
    name: 'PolicyName',
  },
  {
    action: 'ListUsersForGroup',
    parameters: { GroupName: 'guests' },
    plural: 'Users',
    singular: 'User',
    name: 'UserName',
  },
  { action: 'ListRoles', plural: 'Roles', singular: 'Role', name: 'RoleName' },
];

/** Fills acme up to `size` users, groups, roles and custom policies. The new users are members of the group guests. */
function fillUp(size: number) {
  return ({ Users, Groups, Policies, Roles }: State): void => {
    const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
    const guests = { GroupId: Groups.get('guests')?.GroupId ?? '', JoinDate: CREATED_AT };
    const none = { AccessKeys: [], Policies: [] };
    fill(Users, size, (UserName) => ({ UserId: UserName, UserName, ...dates, ...none, Groups: [guests] }));
    fill(Groups, size, (GroupName) => ({ GroupId: GroupName, GroupName, ...dates, Policies: [] }));
    const role = { AssumeRolePolicyDocument: TRUST_POLICY, MaxSessionDuration: 3600, Policies: [] };
    fill(Roles, size, (RoleName) => ({ RoleId: RoleName, RoleName, ...dates, ...role }));
    const versions = { DefaultVersion: 'v1', LatestVersion: 1, Versions: [] };
    fill(Policies, size, (PolicyName) => ({ PolicyName, ...dates, ...versions }));
  };
}

interface Page {
  names: string[];
  IsTruncated: boolean;
  Marker?: string;
}

async function getPage(
  call: Call,
  { action, parameters, plural, singular, name }: PagedList,
  given: Parameters,
): Promise<Page> {
  const { [plural]: list, ...rest } = (await call(action, { ...parameters, ...given })) as Record<string, never>;
  const elements: Record<string, string>[] = list?.[singular] ?? [];
  expect(Object.keys(list ?? {})).toEqual([singular]);
  return { names: elements.map((each) => each[name] ?? ''), ...(rest as object) } as Page;
}

/** Returns all pages. `afterFirst` runs after the first page. */
async function getPages(call: Call, list: PagedList, MaxItems: number, afterFirst = async () => {}): Promise<Page[]> {
  const all = [await getPage(call, list, { MaxItems })];
  await afterFirst();
  for (let marker = all.at(-1)?.Marker; marker !== undefined; marker = all.at(-1)?.Marker) {
    all.push(await getPage(call, list, { MaxItems, Marker: marker }));
  }
  return all;
}

describeEachClient(({ call }) => {
  it.each(LISTS)('$action returns the complete list in pages of any size, sorted by name', async (list) => {
    resetDirectory(fillUp(12));
    const [whole] = await getPages(call, list, 100);
    const folded = whole?.names.map((name) => name.toLowerCase()) ?? [];
    expect(folded.length).toBeGreaterThan(3);
    expect(folded).toEqual(folded.toSorted());
    for (const size of [1, 5, folded.length]) {
      const found = await getPages(call, list, size);
      expect(found.flatMap(({ names }) => names)).toEqual(whole?.names);
      expect(found).toHaveLength(Math.ceil(folded.length / size));
      for (const each of found) {
        const isLast = each === found.at(-1);
        expect(each).toEqual({
          names: each.names,
          IsTruncated: !isLast,
          ...(isLast ? {} : { Marker: expect.stringMatching(/./) }),
        });
      }
    }
  });

  it.each(LISTS)('$action returns 100 elements by default, and at most 1000', async (list) => {
    resetDirectory(fillUp(112));
    expect(await getPage(call, list, {})).toMatchObject({ names: { length: 100 }, IsTruncated: true });
    for (const MaxItems of [0, -1, 1001, 'many', '1.5', '']) {
      const outcome = await responseOrError(call(list.action, { ...list.parameters, MaxItems }));
      expect(outcome).toBe('400 InvalidParameter.MaxItems');
    }
    expect(await getPage(call, list, { MaxItems: 1000 })).toMatchObject({ IsTruncated: false });
  });

  it('does not skip or repeat users when the list changes between two pages', async () => {
    resetDirectory(fillUp(12));
    const list = LISTS[0] as PagedList;
    const [first, ...rest] = await getPages(call, list, 4, async () => {
      const last = 'grace';
      await call('CreateUser', { UserName: 'aaron' });
      await call('CreateUser', { UserName: 'zoe' });
      await call('DetachPolicyFromUser', { UserName: last, PolicyType: 'Custom', PolicyName: 'ReadOrders' });
      await call('DeleteUser', { UserName: last });
      await call('UpdateUser', { UserName: 'max', NewUserName: 'maxine' });
    });
    expect(first?.names).toEqual(['admin', 'alice', 'bob', 'colin']);
    expect(rest.flatMap(({ names }) => names)).toEqual([
      ...['kim', 'maxine', 'mia', 'more10', 'more11', 'more8', 'more9', 'zoe'],
    ]);
  });

  it('refuses a marker that is not from a response', async () => {
    for (const Marker of ['?', 'alice', Buffer.from('a b').toString('base64url')]) {
      expect(await responseOrError(call('ListUsers', { Marker }))).toBe('400 InvalidParameter.Marker');
    }
    expect(await call('ListUsers', { Marker: '', MaxItems: 1 })).toMatchObject({ IsTruncated: true });
  });
});
