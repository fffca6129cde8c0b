import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../../src/core/policy/document.ts';
import { compilePolicy, evaluatePolicies } from '../../../src/core/policy/evaluate.ts';
import { findKnownPolicy, listKnownPolicies } from '../../../src/core/policy/system-policies.ts';
import { assertValidPolicyName } from '../../../src/core/validation.ts';

const policies = listKnownPolicies();

it('has every policy of the page "Services that work with RAM", with unique names when case is ignored', () => {
  expect(policies).toHaveLength(335);
  expect(new Set(policies.map(({ PolicyName }) => PolicyName.toLowerCase())).size).toBe(335);
  for (const name of ['ASRSReadonlyAccess', 'AliyunHCSSGWFullAccess', 'AliyunYundunSDDPDataManager', 'PowerUserAccess'])
    expect(findKnownPolicy(name)?.PolicyName).toBe(name);
});

it('every policy has a valid name, a description and a version', () => {
  for (const { PolicyName, Description, DefaultVersion, UpdateDate } of policies) {
    expect(() => assertValidPolicyName(PolicyName)).not.toThrow();
    expect(Description).toMatch(/\w/);
    expect(DefaultVersion).toMatch(/^v[1-9]\d*$/);
    if (UpdateDate !== undefined) expect(UpdateDate).toMatch(/^20\d\d-\d\d-\d\dT00:00:00Z$/);
  }
});

it('finds names in any case, and no other names', () => {
  expect(findKnownPolicy('aliyunslbfullaccess')?.PolicyName).toBe('AliyunSLBFullAccess');
  for (const name of ['constructor', '__proto__', '', 'slb', 'AliyunSLB'])
    expect(findKnownPolicy(name)).toBeUndefined();
});

it('labels documents as exact only when they are published', () => {
  const exact = policies.filter(({ DocumentSource }) => DocumentSource === 'exact').map(({ PolicyName }) => PolicyName);
  expect(exact).toHaveLength(18);
  expect(exact).toEqual(expect.arrayContaining(['AdministratorAccess', 'AliyunECSFullAccess', 'AliyunIOTFullAccess']));
  expect(findKnownPolicy('AliyunSLBFullAccess')).toMatchObject({ DocumentSource: 'approximate', DefaultVersion: 'v1' });
});

describe('an approximate document', () => {
  it('allows only reads if its name says so', () => {
    const readOnly = policies.filter(({ PolicyName }) => /Read[Oo]nlyAccess$/.test(PolicyName));
    expect(readOnly.length).toBeGreaterThan(100);
    const actions = readOnly
      .filter(({ DocumentSource }) => DocumentSource === 'approximate')
      .flatMap(({ Document }) => Document.Statement.flatMap(({ Action = [] }) => Action));
    expect(actions.filter((action) => !/:(Get|List|Describe|Query|Batch(Get|Query)|Check)/.test(action))).toEqual([]);
  });

  it('is described by the services whose actions it allows', () => {
    const describePolicy = (name: string) => findKnownPolicy(name)?.Description;
    expect(describePolicy('AliyunDataWorksAccessingRdsReadOnlyPolicy')).toBe('Access to parts of rds');
    expect(describePolicy('AliyunBSSReadOnlyAccess')).toBe('Read-only access to bss, bssapi, efc');
    expect(describePolicy('AliyunKMSReadOnlyAccess')).toBe('Read-only access to parts of kms');
    expect(describePolicy('AliyunSLBFullAccess')).toBe('Full access to slb');
  });

  const decide = (name: string, Action: string) => {
    const document = findKnownPolicy(name)?.Document as PolicyDocument;
    return evaluatePolicies([compilePolicy(document)], { Action, Resource: '*', Context: {} }).Decision;
  };

  it.each([
    ['AliyunSLBFullAccess', 'slb:DeleteLoadBalancer', 'nlb:DeleteLoadBalancer'],
    ['AliyunKafkaReadOnlyAccess', 'alikafka:GetTopicList', 'alikafka:CreateTopic'],
    ['AliyunDomainReadonlyAccess', 'domain:QueryDomainList', 'domain:SaveSingleTaskForCreatingOrder'],
    ['AliyunDRDSFullAccess', 'polardbx:DeleteDBInstance', 'polardb:DeleteDBCluster'],
    ['AliyunYundunSASReadOnlyAccess', 'yundun-aegis:DescribeAlarmEvents', 'yundun-sas:OperateVuls'],
    ['AliyunEIPFullAccess', 'vpc:AllocateEipAddress', 'vpc:DeleteVpc'],
    ['AliyunEIPReadOnlyAccess', 'vpc:DescribeEipAddresses', 'vpc:DescribeVpcs'],
    ['AliyunNATGatewayReadOnlyAccess', 'vpc:DescribeSnatTableEntries', 'vpc:CreateSnatEntry'],
    ['AliyunECSAssistantReadonlyAccess', 'ecs:DescribeInvocations', 'ecs:RunCommand'],
    ['AliyunECSAssistantReadonlyAccess', 'ecs:DescribeSendFileResults', 'ecs:SendFile'],
    ['AliyunPrivatelinkEndpointFullAccess', 'privatelink:CreateVpcEndpoint', 'privatelink:CreateVpcEndpointService'],
    ['AliyunKMSReadOnlyAccess', 'kms:ListSecrets', 'kms:GetSecretValue'],
    ['AliyunFCInvocationAccess', 'fc:InvokeFunction', 'fc:DeleteFunction'],
    ['AliyunMQPubOnlyAccess', 'mq:PUB', 'mq:SUB'],
    ['AliyunKMSCryptoAdminAccess', 'kms:CreateKey', 'kms:GenerateDataKey'],
    ['AliyunKMSSecretUserAccess', 'kms:GetSecretValue', 'kms:DeleteSecret'],
    ['AliyunADBDeveloperAccess', 'adb:DescribeDBClusters', 'adb:DeleteDBCluster'],
    ['AliyunBSSOrderAccess', 'bss:PayOrder', 'bss:ModifyAccount'],
    ['AliyunDataWorksAccessingRdsReadOnlyPolicy', 'rds:DescribeDBInstances', 'dataworks:DeleteProject'],
    ['AliyunYundunSDDPDataManager', 'yundun-sddp:DescribeInstances', 'yundun-sddp:ModifyRule'],
  ])('of %s allows %s and not %s', (name, allowed, denied) => {
    expect([decide(name, allowed), decide(name, denied)]).toEqual(['Allow', 'ImplicitDeny']);
  });
});
