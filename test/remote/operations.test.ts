import { describe, expect, it } from 'vitest';
import type { Api, Parameters, Response } from '../../src/remote/api.ts';
import { remoteOperations } from '../../src/remote/operations.ts';
import { failure } from '../support/failures.ts';
import { connectApi } from '../support/test-api.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

const noSleep = async () => {};

interface Call {
  action: string;
  parameters: Parameters;
}

/** An API that answers each action with a response, or with what a function returns, and records the calls. */
function stubApi(responses: Record<string, Response | ((call: Call) => Response | Promise<Response>)>) {
  const calls: Call[] = [];
  const call = async (_: string, action: string, parameters: Parameters = {}): Promise<Response> => {
    calls.push({ action, parameters });
    const response = responses[action];
    if (response === undefined) throw new Error(`unexpected call of ${action}`);
    return typeof response === 'function' ? response({ action, parameters }) : response;
  };
  const api: Api = {
    call,
    callOnce: async (product, action, parameters, read) => read(await call(product, action, parameters)),
    list: async (product, action, parameters, items) => items(await call(product, action, parameters)),
    as: () => api,
  };
  return { api, calls };
}

const DOMAIN = { DefaultDomainName: 'acme.onaliyun.com' };

describe('lists are read to the end', () => {
  it('of users, groups, members, roles, policies and devices', async () => {
    const endpoint = await TestEndpoint.open();
    const operations = remoteOperations(await connectApi(endpoint), noSleep);
    const { directory, store } = endpoint.world;
    await directory.createGroup({ GroupName: 'ops' });
    await directory.addUserToGroup({ UserName: 'bob', GroupName: 'ops' });
    await directory.createVirtualMFADevice({ VirtualMFADeviceName: 'd' });
    const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
    await directory.createPolicy({ PolicyName: 'p', PolicyDocument });
    await store.change(async ({ Users, Groups, MFADevices, Policies }) => {
      const [bob, ops, device, policy] = [Users.get('bob'), Groups.get('ops'), MFADevices.get('d'), Policies.get('p')];
      if (!bob || !ops || !device || !policy) throw new Error('incomplete');
      for (let n = 0; n < 1000; n += 1) Users.set(`u${n}`, { ...bob, UserName: `u${n}`, UserId: `2${n}` });
      for (let n = 0; n < 200; n += 1) Groups.set(`g${n}`, { ...ops, GroupName: `g${n}`, GroupId: `g-${n}` });
      for (let n = 0; n < 200; n += 1) MFADevices.set(`d${n}`, { ...device, VirtualMFADeviceName: `d${n}` });
      for (let n = 0; n < 1000; n += 1) Policies.set(`p${n}`, { ...policy, PolicyName: `p${n}` });
    });
    expect(await operations.listUsers()).toEqual(await directory.listUsers());
    expect(await operations.listGroups()).toHaveLength(201);
    expect(await operations.listUsersForGroup({ GroupName: 'ops' })).toHaveLength(1001);
    expect(await operations.listVirtualMFADevices()).toEqual(await directory.listVirtualMFADevices());
    const policies = await operations.listPolicies({ PolicyType: 'Custom' });
    expect(policies).toEqual(await directory.listPolicies({ PolicyType: 'Custom' }));
    expect(await operations.getCredentialReport()).toEqual(await directory.getCredentialReport());
  });
});

it('a change of a setting sends all others as they are', async () => {
  const SecurityPreference = {
    LoginProfilePreference: { EnableSaveMFATicket: true, LoginSessionDuration: 9 },
    PublicKeyPreference: { AllowUserToManagePublicKeys: true },
  };
  const { api, calls } = stubApi({
    GetSecurityPreference: { SecurityPreference },
    SetSecurityPreference: { SecurityPreference },
  });
  await remoteOperations(api, noSleep).setSecurityPreference({ LoginNetworkMasks: '192.0.2.1' });
  expect(calls.at(-1)?.parameters).toEqual({
    EnableSaveMFATicket: true,
    AllowUserToChangePassword: true,
    AllowUserToManageAccessKeys: false,
    AllowUserToManageMFADevices: true,
    AllowUserToManagePublicKeys: true,
    LoginSessionDuration: 9,
    LoginNetworkMasks: '192.0.2.1',
  });
});

it('members that RAM leaves out or sends as text are read like the others', async () => {
  const { api, calls } = stubApi({
    GetDefaultDomain: DOMAIN,
    GetUser: {
      User: { UserId: '2', UserPrincipalName: 'alice@acme.onaliyun.com', CreateDate: '2026-01-01T00:00:00Z' },
    },
    ListGroupsForUser: {},
    ListAccessKeys: { AccessKeys: {} },
    GetPasswordPolicy: { PasswordPolicy: { RequireNumbers: 'true', MaxPasswordAge: '90' } },
    GetAccountAlias: {},
    GetUserMFAInfo: { IsMFAEnable: 'false' },
  });
  const operations = remoteOperations(api, noSleep);
  expect(await operations.getUser({ UserName: 'alice' })).toEqual({
    UserId: '2',
    UserName: 'alice',
    UserPrincipalName: 'alice@acme.onaliyun.com',
    DisplayName: null,
    Comments: null,
    Email: null,
    MobilePhone: null,
    CreateDate: '2026-01-01T00:00:00Z',
    UpdateDate: '2026-01-01T00:00:00Z',
    LastLoginDate: null,
    Tags: [],
  });
  expect(await operations.listGroupsForUser({ UserName: 'alice' })).toEqual([]);
  expect(await operations.listAccessKeys({ UserName: 'alice' })).toEqual([]);
  expect(await operations.getPasswordPolicy()).toMatchObject({
    MinimumPasswordLength: 8,
    RequireNumbers: true,
    RequireSymbols: false,
    MaxPasswordAge: 90,
  });
  expect(await operations.getAccountAlias()).toEqual({ AccountAlias: null });
  await expect(operations.getUserMFAInfo({ UserName: 'alice' })).rejects.toThrow(
    failure('missing', 'EntityNotExist.User.MFADevice'),
  );
  expect(calls.filter(({ action }) => action === 'GetDefaultDomain')).toHaveLength(1);
});

it('a failed request for the default domain is repeated the next time', async () => {
  const answers = [() => Promise.reject(new Error('down')), async () => DOMAIN];
  const { api } = stubApi({
    GetDefaultDomain: () => answers.shift()?.() ?? {},
    GetCallerIdentity: { AccountId: '1' },
  });
  const operations = remoteOperations(api, noSleep);
  await expect(operations.getAccount()).rejects.toThrow('down');
  expect(await operations.getAccount()).toMatchObject({ AccountId: '1', DefaultDomain: 'acme.onaliyun.com' });
});

it('the trust policies of a list of roles are requested 8 at a time', async () => {
  let [running, most] = [0, 0];
  const { api } = stubApi({
    ListRoles: { Roles: { Role: Array.from({ length: 30 }, (_, n) => ({ RoleName: `r${n}` })) } },
    async GetRole({ parameters }) {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return { Role: { ...parameters, AssumeRolePolicyDocument: `trust of ${parameters.RoleName}` } };
    },
  });
  const roles = await remoteOperations(api, noSleep).listRoles();
  expect(most).toBe(8);
  expect(roles).toHaveLength(30);
  for (const { RoleName, AssumeRolePolicyDocument } of roles) {
    expect(AssumeRolePolicyDocument).toBe(`trust of ${RoleName}`);
  }
});

describe('the credential report', () => {
  const encode = (text: string) => ({ Content: Buffer.from(text).toString('base64') });

  it('is awaited, and values that do not exist become null or false', async () => {
    const states = ['STARTED', 'INPROGRESS', 'COMPLETED'];
    const { api } = stubApi({
      GenerateCredentialReport: () => ({ State: states.shift() }),
      GetCredentialReport: encode(
        [
          'user,password_exist,password_active,user_last_logon,access_key_1_last_used,access_key_1_exist',
          '<root>,TRUE,TRUE,-,-,FALSE',
          'alice@acme.onaliyun.com,FALSE,N/A,-,2026-01-01T00:00:00Z,TRUE',
          '',
        ].join('\r\n'),
      ),
    });
    const delays: number[] = [];
    const sleep = async (ms: number) => {
      delays.push(ms);
    };
    expect(await remoteOperations(api, sleep).getCredentialReport()).toMatchObject([
      {
        user: 'alice@acme.onaliyun.com',
        password_exist: false,
        password_active: false,
        user_last_logon: null,
        access_key_1_exist: true,
        access_key_1_last_used: '2026-01-01T00:00:00Z',
      },
    ]);
    expect(delays).toHaveLength(2);
  });

  it('is not awaited forever', async () => {
    const { api } = stubApi({ GenerateCredentialReport: { State: 'INPROGRESS' } });
    const report = remoteOperations(api, noSleep).getCredentialReport();
    await expect(report).rejects.toThrow(failure('later', 'ReportNotReady'));
  });
});

it('lists are sent to RAM as JSON and to IMS item by item, as the official SDKs send them', async () => {
  const { api, calls } = stubApi({ GetDefaultDomain: DOMAIN, TagResources: {}, UntagResources: {} });
  const operations = remoteOperations(api, noSleep);
  const Tag = [{ Key: 'team', Value: 'iot' }];
  for (const ResourceType of ['user', 'role'] as const) {
    await operations.tagResources({ ResourceType, ResourceNames: ['a'], Tag });
    await operations.untagResources({ ResourceType, ResourceNames: ['a'], TagKeys: ['team'] });
  }
  const parameters = calls.filter(({ action }) => action !== 'GetDefaultDomain').map((call) => call.parameters);
  const ResourcePrincipalName = ['a@acme.onaliyun.com'];
  expect(parameters).toEqual([
    { ResourceType: 'user', ResourcePrincipalName, Tag },
    { ResourceType: 'user', ResourcePrincipalName, TagKey: ['team'] },
    { ResourceType: 'role', ResourceNames: '["a"]', Tag: '[{"Key":"team","Value":"iot"}]' },
    { ResourceType: 'role', ResourceNames: '["a"]', TagKeys: '["team"]' },
  ]);
});

it('a session of a role is opened by STS', async () => {
  const endpoint = await TestEndpoint.open();
  const operations = remoteOperations(await connectApi(endpoint), noSleep);
  const { AccountId } = await operations.getAccount();
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${AccountId}:root`] } }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement });
  const { RoleId } = await operations.createRole({ RoleName: 'auditor', AssumeRolePolicyDocument });
  const session = await operations.assumeRole({ RoleName: 'auditor', RoleSessionName: 'build', DurationSeconds: 900 });
  expect(session.AssumedRoleUser.AssumedRoleId).toBe(`${RoleId}:build`);
  expect(session.Credentials.AccessKeyId).toMatch(/^STS\./);
});

it.each(['getCaller', 'getSessionCaller', 'recordAccessKeyUse', 'importSystemPolicies'] as const)(
  '%s is not supported',
  async (name) => {
    const operation = remoteOperations(stubApi({}).api, noSleep)[name] as (input: object) => Promise<unknown>;
    await expect(operation({})).rejects.toThrow(failure('refused', 'NotSupported'));
  },
);
