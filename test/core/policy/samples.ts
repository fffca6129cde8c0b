import type { PolicyDocument, Statement } from '../../../src/core/policy/document.ts';
import type { EvaluationResult, PolicyRequest } from '../../../src/core/policy/evaluate.ts';

type Patterns = string | string[];
type Condition = NonNullable<Statement['Condition']>;

export function allow(Action: Patterns, Resource: Patterns = '*', Condition?: Condition): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

export function deny(Action: Patterns, Resource: Patterns = '*', Condition?: Condition): Statement {
  return { ...allow(Action, Resource, Condition), Effect: 'Deny' };
}

export function policy(...Statement: Statement[]): PolicyDocument {
  return { Version: '1', Statement };
}

const from = (...addresses: string[]) => ({ IpAddress: { 'acs:SourceIp': addresses } });
const before = (date: string) => ({ DateLessThan: { 'acs:CurrentTime': date } });
const instance = (id: string, region = '*') => `acs:ecs:${region}:1234:instance/${id}`;

const BILLING = deny(['bss:*', 'efc:*']);
const READS = ['*:Describe*', '*:List*', '*:Get*', '*:BatchGet*', '*:Query*', '*:BatchQuery*'];
const IOT_HELPERS = ['rds:DescribeDBInstances', 'ram:ListRoles', 'mns:ListTopic', 'ots:GetInstance', 'log:ListProject'];

/** Policies from the documentation of RAM, IoT Platform and OSS. */
export const SAMPLES = {
  ip: policy(allow('ecs:*', '*', from('192.168.0.0/16', '172.16.215.218'))),
  mfaSelfService: policy(
    allow(['ram:GetUserMFAInfo', 'ram:BindMFADevice', 'ram:UnbindMFADevice'], 'acs:ram:*:1234:user/alice'),
    allow(['ram:CreateVirtualMFADevice', 'ram:DeleteVirtualMFADevice']),
  ),
  securityGroups: policy(allow('ecs:*SecurityGroup*')),
  allButBilling: policy(allow('*'), BILLING),
  readOnlyButBilling: policy(
    allow([...READS, 'actiontrail:LookupEvents', 'dm:Desc*', 'dm:SenderStatistics*']),
    BILLING,
  ),
  region: policy(allow('ecs:Describe*', 'acs:ecs:cn-qingdao:*:instance/*')),
  twoInstances: policy(allow('ecs:*', [instance('i-001'), instance('i-002')]), allow('ecs:Describe*')),
  https: policy(allow('ecs:*', '*', { Bool: { 'acs:SecureTransport': 'true' } })),
  twoOperations: policy(allow(['iot:UpdateProduct', 'iot:QueryProduct'])),
  iotReadOnly: policy(allow(['iot:Query*', 'iot:List*', 'iot:Get*', 'iot:BatchGet*', 'iot:Check*', ...IOT_HELPERS])),
  iotFull: policy(
    allow(['iot:*', 'rds:ModifySecurityIps', ...IOT_HELPERS]),
    allow('ram:PassRole', '*', { StringEquals: { 'acs:Service': 'iot.aliyuncs.com' } }),
  ),
  iotIp: policy(allow('iot:*', '*', from('10.101.168.111', '10.101.169.111/24'))),
  iotTime: policy(allow('iot:*', '*', before('2019-01-01T00:00:00+08:00'))),
  iotCombined: policy(
    allow('iot:*', '*', {
      ...from('10.101.168.111/24'),
      ...before('2019-01-01T00:00:00+08:00'),
      Bool: { 'acs:SecureTransport': 'true' },
    }),
  ),
  iotDenyReads: policy(
    deny(['iot:Query*', 'iot:List*', 'iot:Get*', 'iot:BatchGet*'], '*', from('10.101.169.111')),
    allow('iot:*'),
  ),
  iotMfa: policy(allow('iot:*', '*', { Bool: { 'acs:MFAPresent': 'true' } })),
  powerUser: policy(
    {
      Effect: 'Allow',
      NotAction: ['ram:*', 'ims:*', 'resourcemanager:*', 'resourcesharing:*', 'bss:ModifyAccount'],
      Resource: '*',
    },
    allow(['ram:ListRoles', 'ram:PassRole']),
  ),
  ossIp: policy(
    allow('oss:*', '*', {
      ...from('192.168.0.0/16', '198.51.100.0/24'),
      StringNotLike: { 'acs:SourceVpc': ['vpc-*'] },
    }),
  ),
  ossPut: policy(allow(['oss:GetObject', 'oss:PutObject'], 'acs:oss:*:*:b1')),
};

const ip = (address: string) => ({ 'acs:SourceIp': [address] });
const time = (moment: string) => ({ 'acs:CurrentTime': [moment] });
const secure = (value: string) => ({ 'acs:SecureTransport': [value] });
const inTime = time('2018-12-31T15:59:59Z');

type Case = [
  row: number,
  sample: keyof typeof SAMPLES,
  Action: string,
  Decision: EvaluationResult['Decision'],
  rest?: Partial<PolicyRequest>,
];

/** Decisions on a request, by default on `*` and without context. The numbers are those of the table of examples. */
export const CASES: Case[] = [
  [1, 'ip', 'ecs:StopInstance', 'Allow', { Context: ip('192.168.3.4') }],
  [2, 'ip', 'ecs:StopInstance', 'Allow', { Context: ip('172.16.215.218') }],
  [3, 'ip', 'ecs:StopInstance', 'ImplicitDeny', { Context: ip('172.16.215.219') }],
  [4, 'ip', 'oss:GetObject', 'ImplicitDeny', { Context: ip('192.168.3.4') }],
  [8, 'mfaSelfService', 'ram:CreateVirtualMFADevice', 'Allow', { Resource: 'acs:ram:*:1234:mfa/*' }],
  [9, 'mfaSelfService', 'ram:BindMFADevice', 'ImplicitDeny', { Resource: 'acs:ram:*:1234:user/bob' }],
  [10, 'securityGroups', 'ecs:AuthorizeSecurityGroupEgress', 'Allow'],
  [11, 'securityGroups', 'ecs:DescribeInstances', 'ImplicitDeny'],
  [12, 'allButBilling', 'ecs:RunInstances', 'Allow'],
  [13, 'allButBilling', 'bss:PayOrder', 'ExplicitDeny'],
  [14, 'readOnlyButBilling', 'oss:GetObject', 'Allow'],
  [15, 'readOnlyButBilling', 'bss:QueryBill', 'ExplicitDeny'],
  [16, 'readOnlyButBilling', 'ecs:StopInstance', 'ImplicitDeny'],
  [17, 'region', 'ecs:DescribeInstances', 'Allow', { Resource: instance('i-1', 'cn-qingdao') }],
  [18, 'region', 'ecs:DescribeInstances', 'ImplicitDeny', { Resource: instance('i-1', 'cn-hangzhou') }],
  [19, 'region', 'ecs:DescribeDisks', 'ImplicitDeny', { Resource: 'acs:ecs:cn-qingdao:1234:disk/d-1' }],
  [20, 'twoInstances', 'ecs:StopInstance', 'Allow', { Resource: instance('i-002', 'cn-qingdao') }],
  [21, 'twoInstances', 'ecs:StopInstance', 'ImplicitDeny', { Resource: instance('i-003', 'cn-qingdao') }],
  [22, 'twoInstances', 'ecs:DescribeInstances', 'Allow', { Resource: instance('i-003', 'cn-qingdao') }],
  [23, 'https', 'ecs:StartInstance', 'ImplicitDeny', { Context: secure('false') }],
  [24, 'twoOperations', 'iot:queryproduct', 'Allow'],
  [25, 'iotReadOnly', 'iot:BatchGetDeviceState', 'Allow'],
  [26, 'iotReadOnly', 'iot:Pub', 'ImplicitDeny'],
  [27, 'iotFull', 'iot:Pub', 'Allow'],
  [28, 'iotFull', 'ram:PassRole', 'Allow', { Context: { 'acs:Service': ['iot.aliyuncs.com'] } }],
  [29, 'iotFull', 'ram:PassRole', 'ImplicitDeny', { Context: { 'acs:Service': ['ecs.aliyuncs.com'] } }],
  [30, 'iotIp', 'iot:Pub', 'Allow', { Context: ip('10.101.169.7') }],
  [31, 'iotIp', 'iot:Pub', 'ImplicitDeny', { Context: ip('10.101.168.112') }],
  [32, 'iotTime', 'iot:Pub', 'Allow', { Context: inTime }],
  [34, 'iotCombined', 'iot:Pub', 'ImplicitDeny', { Context: { ...ip('10.101.168.7'), ...inTime, ...secure('false') } }],
  [35, 'iotCombined', 'iot:Pub', 'Allow', { Context: { ...ip('10.101.168.7'), ...inTime, ...secure('true') } }],
  [36, 'iotDenyReads', 'iot:QueryDevice', 'ExplicitDeny', { Context: ip('10.101.169.111') }],
  [37, 'iotDenyReads', 'iot:Pub', 'Allow', { Context: ip('10.101.169.111') }],
  [38, 'iotMfa', 'iot:Pub', 'ImplicitDeny'],
  [41, 'powerUser', 'ecs:RunInstances', 'Allow'],
  [42, 'powerUser', 'ram:CreateUser', 'ImplicitDeny'],
  [43, 'powerUser', 'ram:ListRoles', 'Allow'],
  [53, 'ossIp', 'oss:PutObject', 'Allow', { Context: ip('198.51.100.9') }],
  [55, 'ossPut', 'oss:PutObject', 'ImplicitDeny', { Resource: 'acs:oss:*:1234:b1/x' }],
];
