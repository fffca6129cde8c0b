import { expect, it } from 'vitest';
import type { State } from '../../../src/core/state.ts';
import { CREATED_AT, resetDirectory } from '../../support/sample-directory.ts';
import { type Call, type Parameters, responseOrError } from '../../support/sdk-clients.ts';
import { fill } from './cases/case.ts';
import { throughEach } from './through.ts';

/** A list that comes in pages: its wrappers, the member it is in the order of, how long pages may be, how long it is. */
interface Paged {
  action: string;
  parameters?: Parameters;
  plural: string;
  singular: string;
  name: string;
  most: number;
}

const LISTS: Paged[] = [
  { action: 'ListUsers', plural: 'Users', singular: 'User', name: 'UserName', most: 1000 },
  { action: 'ListGroups', plural: 'Groups', singular: 'Group', name: 'GroupName', most: 100 },
  { action: 'ListPolicies', plural: 'Policies', singular: 'Policy', name: 'PolicyName', most: 1000 },
  {
    action: 'ListUsersForGroup',
    parameters: { GroupName: 'guests' },
    plural: 'Users',
    singular: 'User',
    name: 'UserName',
    most: 1000,
  },
];

/** acme, but with so many users, groups and custom policies; all the new users are guests. */
function crowded(size: number) {
  return ({ Users, Groups, Policies }: State): void => {
    const dates = { CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
    const guests = { GroupId: Groups.get('guests')?.GroupId ?? '', JoinDate: CREATED_AT };
    const none = { AccessKeys: [], Policies: [] };
    fill(Users, size, (UserName) => ({ UserId: UserName, UserName, ...dates, ...none, Groups: [guests] }));
    fill(Groups, size, (GroupName) => ({ GroupId: GroupName, GroupName, ...dates, Policies: [] }));
    const versions = { DefaultVersion: 'v1', LatestVersion: 1, Versions: [] };
    fill(Policies, size, (PolicyName) => ({ PolicyName, ...dates, ...versions }));
  };
}

interface Page {
  names: string[];
  IsTruncated: boolean;
  Marker?: string;
}

async function page(
  call: Call,
  { action, parameters, plural, singular, name }: Paged,
  given: Parameters,
): Promise<Page> {
  const { [plural]: list, ...rest } = (await call(action, { ...parameters, ...given })) as Record<string, never>;
  const elements: Record<string, string>[] = list?.[singular] ?? [];
  expect(Object.keys(list ?? {})).toEqual([singular]);
  return { names: elements.map((each) => each[name] ?? ''), ...(rest as object) } as Page;
}

/** All pages, one after the other; `between` is done after the first. */
async function pages(call: Call, list: Paged, MaxItems: number, between = async () => {}): Promise<Page[]> {
  const all = [await page(call, list, { MaxItems })];
  await between();
  for (let marker = all.at(-1)?.Marker; marker !== undefined; marker = all.at(-1)?.Marker) {
    all.push(await page(call, list, { MaxItems, Marker: marker }));
  }
  return all;
}

throughEach(({ call }) => {
  it.each(LISTS)('$action comes complete in pages of any size, in the order of names', async (list) => {
    resetDirectory(crowded(12));
    const [whole] = await pages(call, list, 100);
    const folded = whole?.names.map((name) => name.toLowerCase()) ?? [];
    expect(folded.length).toBeGreaterThan(3);
    expect(folded).toEqual(folded.toSorted());
    for (const size of [1, 5, folded.length]) {
      const found = await pages(call, list, size);
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

  it.each(LISTS)('$action has 100 on a page, and at most $most', async (list) => {
    resetDirectory(crowded(112));
    expect(await page(call, list, {})).toMatchObject({ names: { length: 100 }, IsTruncated: true });
    for (const MaxItems of [0, -1, list.most + 1, 'many', '1.5', '']) {
      const outcome = await responseOrError(call(list.action, { ...list.parameters, MaxItems }));
      expect(outcome).toBe('400 InvalidParameter.MaxItems');
    }
    expect(await page(call, list, { MaxItems: list.most })).toMatchObject({ IsTruncated: list.most === 100 });
  });

  it('skips and repeats nobody when users come and go between two pages', async () => {
    resetDirectory(crowded(12));
    const list = LISTS[0] as Paged;
    const [first, ...rest] = await pages(call, list, 4, async () => {
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

  it('takes no marker that it did not give out', async () => {
    for (const Marker of ['?', 'alice', Buffer.from('a b').toString('base64url')]) {
      expect(await responseOrError(call('ListUsers', { Marker }))).toBe('400 InvalidParameter.Marker');
    }
    expect(await call('ListUsers', { Marker: '', MaxItems: 1 })).toMatchObject({ IsTruncated: true });
  });
});
