import { describe, expect, it } from 'vitest';
import { DOCUMENT, DOCUMENT_2, REQUESTED_AT } from '../../support/sample-directory.ts';
import { RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { describeEachClient } from './describe-clients.ts';

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describeEachClient(({ call, address }) => {
  describe('a group', () => {
    it('has empty Comments when they are not set or are cleared', async () => {
      const { Group } = (await call('CreateGroup', { GroupName: 'buyers' })) as { Group: Record<string, string> };
      expect(Group).toEqual({ ...Group, GroupName: 'buyers', Comments: '' });
      const updated = await call('UpdateGroup', { GroupName: 'Developers', NewComments: '' });
      expect(updated).toEqual({
        Group: {
          ...Group,
          GroupId: expect.any(String),
          GroupName: 'developers',
          CreateDate: expect.any(String),
          UpdateDate: REQUESTED_AT,
        },
      });
    });
  });

  describe('a policy', () => {
    const ORDERS = { PolicyName: 'ShipOrders' };
    const versions = async () => {
      const { PolicyVersions } = (await call('ListPolicyVersions', { ...ORDERS, PolicyType: 'Custom' })) as {
        PolicyVersions: { PolicyVersion: { VersionId: string; IsDefaultVersion: boolean }[] };
      };
      return PolicyVersions.PolicyVersion.map((each) => each.VersionId + (each.IsDefaultVersion ? '*' : '')).join(' ');
    };

    it('never reuses a version number and deletes the oldest version only on request', async () => {
      const add = (given: object = {}) =>
        responseOrError(call('CreatePolicyVersion', { ...ORDERS, PolicyDocument: DOCUMENT, ...given }));
      await call('DeletePolicyVersion', { ...ORDERS, VersionId: 'v2' });
      for (let n = 0; n < 4; n++) await add();
      expect(await versions()).toBe('v1* v3 v4 v5 v6');
      expect(await add({ RotateStrategy: 'None' })).toBe('409 LimitExceeded.Policy.Version');
      const rotate = { RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded', SetAsDefault: true };
      expect(await add(rotate)).toMatchObject({ PolicyVersion: { VersionId: 'v7', IsDefaultVersion: true } });
      expect(await versions()).toBe('v1 v4 v5 v6 v7*');
    });

    it('keeps its document exactly as it was sent, up to the length limit', async () => {
      const withSpaces =
        '{\n\t"Statement": [{"Resource": "*", "Action": "oss:*", "Effect": "Allow"}],\n "Version": "1"}\n';
      const documentFor = (bucket: string) => DOCUMENT.replace('"Resource":"*"', `"Resource":"acs:oss:*:*:${bucket}"`);
      const long = documentFor('🙂'.repeat(6144 - documentFor('').length));
      for (const PolicyDocument of [withSpaces, long]) {
        const response = await call('CreatePolicyVersion', { ...ORDERS, PolicyDocument });
        expect(response).toMatchObject({ PolicyVersion: { PolicyDocument } });
      }
    });

    it('has an empty Description when it is not set or is cleared, and keeps it when it is not sent', async () => {
      const { Policy } = (await call('CreatePolicy', { PolicyName: 'Plain', PolicyDocument: DOCUMENT_2 })) as {
        Policy: object;
      };
      expect(Policy).toHaveProperty('Description', '');
      const described = { Policy: { Description: 'reads' } };
      expect(await call('UpdatePolicyDescription', { PolicyName: 'ReadOrders' })).toMatchObject(described);
      const { Policy: cleared } = (await call('UpdatePolicyDescription', {
        PolicyName: 'ReadOrders',
        NewDescription: '',
      })) as { Policy: object };
      expect(cleared).toHaveProperty('Description', '');
    });

    it('of the system can be read but not changed', async () => {
      const PolicyName = 'AdministratorAccess';
      const ref = { PolicyName, PolicyType: 'System' };
      const { Policy, DefaultPolicyVersion } = (await call('GetPolicy', ref)) as Record<string, object>;
      expect(Policy).toEqual({
        ...ref,
        Description: expect.any(String),
        DefaultVersion: 'v1',
        AttachmentCount: 1,
        CreateDate: expect.stringMatching(DATE),
        UpdateDate: expect.stringMatching(DATE),
      });
      expect(DefaultPolicyVersion).toEqual({
        VersionId: 'v1',
        IsDefaultVersion: true,
        PolicyDocument: expect.stringMatching(/^\{\s*"Version": "1"/),
        CreateDate: expect.stringMatching(DATE),
      });
      for (const [action, given] of [
        ['DeletePolicy', {}],
        ['UpdatePolicyDescription', { NewDescription: 'mine' }],
        ['CreatePolicyVersion', { PolicyDocument: DOCUMENT }],
        ['SetDefaultPolicyVersion', { VersionId: 'v1' }],
        ['DeletePolicyVersion', { VersionId: 'v1' }],
        ['GetPolicy', { PolicyType: 'Custom' }],
      ] as const) {
        expect(await responseOrError(call(action, { PolicyName, ...given }))).toBe('404 EntityNotExist.Policy');
      }
    });

    it('has both dates in a list, also if it is of the system', async () => {
      const { Policies } = (await call('ListPolicies', { MaxItems: 1000 })) as {
        Policies: { Policy: { CreateDate: string; UpdateDate: string }[] };
      };
      for (const { CreateDate, UpdateDate } of Policies.Policy) {
        expect(CreateDate).toMatch(DATE);
        expect(UpdateDate >= CreateDate).toBe(true);
      }
    });

    it('can be listed by its type', async () => {
      const types = async (given: object) => {
        const { Policies } = (await call('ListPolicies', { ...given, MaxItems: 1000 })) as {
          Policies: { Policy: { PolicyType: string }[] };
        };
        return new Set(Policies.Policy.map(({ PolicyType }) => PolicyType));
      };
      expect(await types({ PolicyType: 'System' })).toEqual(new Set(['System']));
      expect(await types({ PolicyType: 'Custom' })).toEqual(new Set(['Custom']));
      expect(await types({})).toEqual(new Set(['System', 'Custom']));
    });

    it('lists the users and groups that it is attached to', async () => {
      const ref = { PolicyName: 'AuditOrders', PolicyType: 'Custom' };
      await call('AttachPolicyToGroup', { ...ref, GroupName: 'developers' });
      expect(await call('ListEntitiesForPolicy', ref)).toMatchObject({
        Users: { User: [] },
        Groups: {
          Group: [{ GroupName: 'auditors' }, { GroupName: 'developers', Comments: 'build', AttachDate: REQUESTED_AT }],
        },
      });
    });
  });

  describe('the account', () => {
    it('keeps settings that are not sent', async () => {
      const { PasswordPolicy } = (await call('GetPasswordPolicy')) as { PasswordPolicy: object };
      expect(await call('SetPasswordPolicy', { RequireNumbers: true })).toEqual({
        PasswordPolicy: { ...PasswordPolicy, RequireNumbers: true },
      });
      await call('SetSecurityPreference', { LoginSessionDuration: 1 });
      expect(await call('GetSecurityPreference')).toMatchObject({
        SecurityPreference: { LoginProfilePreference: { AllowUserToChangePassword: true, LoginSessionDuration: 1 } },
      });
    });

    it('can replace its alias', async () => {
      for (const AccountAlias of ['acme', 'acme-cloud']) await call('SetAccountAlias', { AccountAlias });
      expect(await call('GetAccountAlias')).toEqual({ AccountAlias: 'acme-cloud' });
      await call('ClearAccountAlias');
      expect(await call('GetAccountAlias')).toEqual({});
    });
  });

  it('refuses an unsupported action in one short sentence', async () => {
    const error = await call('DecodeDiagnosticMessage').catch((thrown: unknown) => thrown);
    const Message = 'Specified api is not found, please check your url and method.';
    expect(error).toMatchObject({ status: 404, envelope: { Code: 'InvalidAction.NotFound', Message } });
  });

  it.each([
    ['CreateUser', { UserName: 'Alice' }, 'The user does already EXIST.'],
    ['DeleteUser', { UserName: 'kim' }, 'The user CAN NOT has any access key while deleting the user.'],
    ['GetUser', { UserName: 'a b' }, 'The parameter - "UserName" contains invalid chars.'],
    ['UpdateUser', { UserName: 'bob', NewEmail: 'x' }, 'The format of the parameter - "NewEmail" is incorrect.'],
    ['CreateGroup', { GroupName: 'a'.repeat(65) }, 'The parameter - "GroupName" beyond the length limit.'],
    ['GetPolicy', { PolicyName: 'Own', PolicyType: 'own' }, 'The parameter - "PolicyType" is incorrect.'],
    ['ListGroups', { MaxItems: 1001 }, 'The specified parameter "MaxItems" must be from 1 to 1000.'],
  ])('refuses %s %j in the words of RAM, if they are known', async (action, parameters, Message) => {
    const error = await call(action, parameters).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ envelope: { Message } });
  });

  it('returns code, message, RequestId and HostId with an error', async () => {
    const error = await call('GetUser', { UserName: 'nobody' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).envelope).toEqual({
      RequestId: expect.any(String),
      HostId: address().replace('http://', ''),
      Code: 'EntityNotExist.User',
      Message: 'The user does not exist.',
    });
  });
});
