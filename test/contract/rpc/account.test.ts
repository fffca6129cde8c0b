import { describe, expect, it } from 'vitest';
import { DOCUMENT, DOCUMENT_2, REQUESTED_AT } from '../../support/sample-directory.ts';
import { RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { describeEachClient } from './describe-clients.ts';

describeEachClient(({ call, address }) => {
  describe('a group', () => {
    it('has no Comments when they are not set or are cleared', async () => {
      const { Group } = (await call('CreateGroup', { GroupName: 'buyers' })) as { Group: Record<string, string> };
      expect(Object.keys(Group).sort()).toEqual(['CreateDate', 'GroupId', 'GroupName']);
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

    it('has no Description when it is not set or is cleared, and keeps it when it is not sent', async () => {
      const { Policy } = (await call('CreatePolicy', { PolicyName: 'Plain', PolicyDocument: DOCUMENT_2 })) as {
        Policy: object;
      };
      expect(Policy).not.toHaveProperty('Description');
      const described = { Policy: { Description: 'reads' } };
      expect(await call('UpdatePolicyDescription', { PolicyName: 'ReadOrders' })).toMatchObject(described);
      const { Policy: cleared } = (await call('UpdatePolicyDescription', {
        PolicyName: 'ReadOrders',
        NewDescription: '',
      })) as { Policy: object };
      expect(cleared).not.toHaveProperty('Description');
    });

    it('of the system can be read but not changed', async () => {
      const PolicyName = 'AdministratorAccess';
      const ref = { PolicyName, PolicyType: 'System' };
      const { Policy, DefaultPolicyVersion } = (await call('GetPolicy', ref)) as Record<string, object>;
      expect(Policy).toEqual({ ...ref, Description: expect.any(String), DefaultVersion: 'v1', AttachmentCount: 1 });
      expect(DefaultPolicyVersion).toEqual({
        VersionId: 'v1',
        IsDefaultVersion: true,
        PolicyDocument: expect.stringMatching(/^\{\s*"Version": "1"/),
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

  it.each(['DecodeDiagnosticMessage'])('refuses the unsupported action %s in one short line', async (action) => {
    const error = await call(action).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 404, envelope: { Code: 'InvalidAction.NotFound' } });
    const { Message } = (error as RequestError).envelope;
    expect(Message).toBe(`Specified api is not found, please check your url and method: ${action}.`);
  });

  it('returns code, message, RequestId and HostId with an error', async () => {
    const error = await call('GetUser', { UserName: 'nobody' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).envelope).toEqual({
      RequestId: expect.any(String),
      HostId: address().replace('http://', ''),
      Code: 'EntityNotExist.User',
      Message: 'the user nobody does not exist',
    });
  });
});
