import { expect, it } from 'vitest';
import { readDescription } from '../../../src/core/description/description.ts';
import type { Operations } from '../../../src/core/directory.ts';
import { TestWorld } from '../../support/test-world.ts';

it('a description has no secrets, ids or dates', async () => {
  const world = new TestWorld();
  const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*"}]}';
  await world.directory.createPolicy({ PolicyName: 'Own', PolicyDocument });
  await world.ramctl('group create ops --comments operators');
  await world.ramctl('user create alice --console --access-key --policy Own --policy ReadOnlyAccess --group ops');
  await world.ramctl('user edit alice --tag team=iot --display-name Alice --mobile-phone 86-13800000000');
  await world.ramctl('user create Bob --access-key');
  await world.ramctl('role create buyer --max-session-duration 7200');
  const [{ AccessKeyId: UserAccessKeyId } = { AccessKeyId: '' }] = await world.directory.listAccessKeys({
    UserName: 'Bob',
  });
  await world.directory.updateAccessKey({ UserName: 'Bob', UserAccessKeyId, Status: 'Inactive' });
  const [role] = await world.directory.listRoles();
  const current = await world.directory.reading((operations) => readDescription(operations, { accessKeys: true }));
  const noTexts = { DisplayName: null, Comments: null, Email: null, MobilePhone: null };
  expect(current).toEqual({
    Account: {
      AccountId: (await world.directory.getAccount()).AccountId,
      AccountAlias: null,
      PasswordPolicy: await world.directory.getPasswordPolicy(),
      SecurityPreference: await world.directory.getSecurityPreference(),
    },
    Users: [
      {
        UserName: 'alice',
        ...noTexts,
        DisplayName: 'Alice',
        MobilePhone: '86-13800000000',
        LoginProfile: { Status: 'Active', PasswordResetRequired: true, MFABindRequired: false },
        AccessKey: true,
        Groups: ['ops'],
        Policies: [
          { PolicyName: 'Own', PolicyType: 'Custom' },
          { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' },
        ],
        Tags: [{ TagKey: 'team', TagValue: 'iot' }],
      },
      { UserName: 'Bob', ...noTexts, LoginProfile: null, AccessKey: false, Groups: [], Policies: [], Tags: [] },
    ],
    Groups: [{ GroupName: 'ops', DisplayName: null, Comments: 'operators', Policies: [] }],
    Policies: [{ PolicyName: 'Own', Description: null, PolicyDocument, Tags: [] }],
    Roles: [
      {
        RoleName: 'buyer',
        Description: null,
        AssumeRolePolicyDocument: role?.AssumeRolePolicyDocument,
        MaxSessionDuration: 7200,
        Policies: [],
        Tags: [],
      },
    ],
  });
});

it('at most eight operations run at the same time, and each user counts for the progress', async () => {
  const world = new TestWorld();
  for (let index = 0; index < 30; index += 1) await world.directory.createUser({ UserName: `user${index}` });
  let running = 0;
  let most = 0;
  const progress: unknown[] = [];
  const slowly = (operations: Operations) =>
    new Proxy(operations, {
      get: (target, name) => async (input: never) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return target[name as 'getUser'](input);
      },
    });
  await world.directory.reading((operations) =>
    readDescription(slowly(operations), {
      openProgress: async (users) => {
        progress.push(users);
        return () => progress.push('step');
      },
    }),
  );
  expect(most).toBe(8);
  expect(progress).toEqual([30, ...Array(30).fill('step')]);
});
