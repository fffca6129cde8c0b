import { describe, expect, it } from 'vitest';
import { DOCUMENT, DOCUMENT_2, REQUESTED_AT } from '../../support/sample-directory.ts';
import { RequestError, responseOrError } from '../../support/sdk-clients.ts';
import { throughEach } from './through.ts';

throughEach(({ call, address }) => {
  describe('a group', () => {
    it('without remarks has none, and loses those that are emptied', async () => {
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

    it('has versions whose numbers never come again, and room for a sixth if the oldest goes', async () => {
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

    it('keeps its document as it was sent, up to the longest', async () => {
      const spaced = '{\n\t"Statement": [{"Resource": "*", "Action": "oss:*", "Effect": "Allow"}],\n "Version": "1"}\n';
      const of = (bucket: string) => DOCUMENT.replace('"Resource":"*"', `"Resource":"acs:oss:*:*:${bucket}"`);
      const long = of('🙂'.repeat(6144 - of('').length));
      for (const PolicyDocument of [spaced, long]) {
        const answer = await call('CreatePolicyVersion', { ...ORDERS, PolicyDocument });
        expect(answer).toMatchObject({ PolicyVersion: { PolicyDocument } });
      }
    });

    it('without a description has none, and keeps it when none is sent', async () => {
      const { Policy } = (await call('CreatePolicy', { PolicyName: 'Plain', PolicyDocument: DOCUMENT_2 })) as {
        Policy: object;
      };
      expect(Policy).not.toHaveProperty('Description');
      const described = { Policy: { Description: 'reads' } };
      expect(await call('UpdatePolicyDescription', { PolicyName: 'ReadOrders' })).toMatchObject(described);
      const { Policy: emptied } = (await call('UpdatePolicyDescription', {
        PolicyName: 'ReadOrders',
        NewDescription: '',
      })) as { Policy: object };
      expect(emptied).not.toHaveProperty('Description');
    });

    it("of the system's is there for everybody, and for nobody to change", async () => {
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

    it('is listed by its type', async () => {
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

    it('tells who has it', async () => {
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
    it('keeps the settings that are not sent', async () => {
      const { PasswordPolicy } = (await call('GetPasswordPolicy')) as { PasswordPolicy: object };
      expect(await call('SetPasswordPolicy', { RequireNumbers: true })).toEqual({
        PasswordPolicy: { ...PasswordPolicy, RequireNumbers: true },
      });
      await call('SetSecurityPreference', { LoginSessionDuration: 1 });
      expect(await call('GetSecurityPreference')).toMatchObject({
        SecurityPreference: { LoginProfilePreference: { AllowUserToChangePassword: true, LoginSessionDuration: 1 } },
      });
    });

    it('takes another alias in place of one', async () => {
      for (const AccountAlias of ['acme', 'acme-cloud']) await call('SetAccountAlias', { AccountAlias });
      expect(await call('GetAccountAlias')).toEqual({ AccountAlias: 'acme-cloud' });
      await call('ClearAccountAlias');
      expect(await call('GetAccountAlias')).toEqual({});
    });
  });

  it.each(['ListRoles', 'GetRole', 'AttachPolicyToRole', 'DecodeDiagnosticMessage'])(
    'says of %s that it is not there, and what is',
    async (action) => {
      const error = await call(action).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ status: 404, envelope: { Code: 'InvalidAction.NotFound' } });
      const { Message } = (error as RequestError).envelope;
      expect(Message).toMatch(new RegExp(`${action}.*CreateUser, .*ListPoliciesForGroup, .*GetCallerIdentity of STS`));
    },
  );

  it('a refusal says what, of which request, and by whom', async () => {
    const error = await call('GetUser', { UserName: 'nobody' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).envelope).toEqual({
      RequestId: expect.any(String),
      HostId: address().replace('http://', ''),
      Code: 'EntityNotExist.User',
      Message: 'there is no user nobody',
    });
  });
});
