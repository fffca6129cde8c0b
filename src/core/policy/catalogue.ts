import type { PolicyDocument, Statement } from './document.ts';

/** A policy that Alibaba Cloud owns: it cannot be changed, and only its current version is public. */
export interface SystemPolicy {
  Description: string;
  DefaultVersion: string;
  /** Absent where RAM's pages give none. */
  UpdateDate?: string;
  Document: PolicyDocument;
}

function allow(...actions: [string, ...string[]]): Statement {
  return { Effect: 'Allow', Action: actions.length === 1 ? actions[0] : actions, Resource: '*' };
}

function policy(
  Description: string,
  [DefaultVersion, day]: [string, string?],
  ...Statement: Statement[]
): SystemPolicy {
  const dated = day ? { UpdateDate: `${day}T00:00:00Z` } : {};
  return { Description, DefaultVersion, ...dated, Document: { Version: '1', Statement } };
}

/** What the IoT policies let the console read of the services around IoT Platform. */
const IOT_NEIGHBOURS = allow(
  'iotid:QueryId2OrderAbstract',
  'isoc:GetSummary',
  'isoc:GetDeviceRankSummary',
  'isoc:GetDeviceRiskSummary',
  'isoc:GetAlertTaskSummary',
  'linkwan:GetInstancePacketStat',
  'linkwan:CountGateways',
  'rds:DescribeDBInstances',
  'rds:DescribeDatabases',
  'rds:DescribeAccounts',
  'rds:DescribeDBInstanceNetInfo',
  'ram:ListRoles',
  'mns:ListTopic',
  'dhs:ListProject',
  'dhs:ListTopic',
  'dhs:GetTopic',
  'ots:ListInstance',
  'ots:ListTable',
  'ots:DescribeTable',
  'log:ListShards',
  'log:ListLogStores',
  'log:ListProject',
);

/**
 * System policies by name, with the documents of RAM's system policy reference (versions and dates as published there).
 * Where the public copy breaks off (PowerUserAccess, the IoT policies) it ends with what the products' own pages give.
 */
export const SYSTEM_POLICIES: Record<string, SystemPolicy> = {
  AdministratorAccess: policy('Full access to all resources of the account', ['v1'], allow('*')),
  PowerUserAccess: policy(
    'Full access to all resources except identities, permissions and billing relations',
    ['v2', '2025-09-17'],
    {
      Effect: 'Allow',
      NotAction: [
        'ram:*',
        'ims:*',
        'resourcemanager:*',
        'resourcesharing:*',
        'cloudsso:*',
        'bss:ModifyAccount',
        'bss:ModifyBillingAccount',
        'bss:ModifyPaymentRelationship',
        'bssapi:ModifyAccountRelation',
      ],
      Resource: '*',
    },
    allow(
      'ram:ListUserBasicInfos',
      'ram:ListRoles',
      'ram:CreateServiceLinkedRole',
      'ram:DeleteServiceLinkedRole',
      'ram:GetServiceLinkedRoleDeletionStatus',
      'resourcemanager:GetAccount',
      'resourcemanager:ListAccounts',
      'resourcemanager:GetFolder',
      'resourcemanager:ListFoldersForParent',
    ),
  ),
  ReadOnlyAccess: policy(
    'Read-only access to all resources of the account',
    ['v2'],
    allow(
      '*:Describe*',
      '*:List*',
      '*:Get*',
      '*:BatchGet*',
      '*:Query*',
      '*:BatchQuery*',
      'actiontrail:LookupEvents',
      'actiontrail:Check*',
      'dm:Desc*',
      'dm:SenderStatistics*',
      'ram:GenerateCredentialReport',
      'cloudsso:Check*',
      'notifications:Read*',
    ),
  ),
  AliyunRAMFullAccess: policy('Full access to RAM: manage users and permissions', ['v1'], allow('ram:*')),
  AliyunRAMReadOnlyAccess: policy(
    'Read-only access to RAM: see users, groups and permissions',
    ['v3', '2025-12-03'],
    allow('ram:Get*', 'ram:List*', 'ram:GenerateCredentialReport'),
    allow('accessanalyzer:Get*', 'accessanalyzer:List*'),
  ),
  AliyunIOTFullAccess: policy('Full access to IoT Platform', ['v11', '2023-04-25'], allow('iot:*'), IOT_NEIGHBOURS),
  AliyunIOTReadOnlyAccess: policy(
    'Read-only access to IoT Platform',
    ['v7', '2022-11-24'],
    allow(
      'iot:Query*',
      'iot:List*',
      'iot:Get*',
      'iot:BatchGet*',
      'iot:CheckPostPayOrderExist',
      'iot:CheckCloudProductOpenStatus',
      'iot:CheckUserProfileMark',
      'iot:CheckNewUser',
      'iot:CheckSlsLogStore',
    ),
    IOT_NEIGHBOURS,
  ),
  AliyunIOTConsoleCommonAccess: policy(
    'What the IoT Platform console needs of other services',
    ['v8', '2023-08-16'],
    allow(
      'cms:*',
      'vpc:DescribeVpcs',
      'vpc:DescribeVSwitches',
      'ecs:DescribeSecurityGroups',
      'Linkcard:GetUserBaseInfo',
      'iotid:QueryId2OrderAbstract',
      'isoc:GetSummary',
      'isoc:GetDeviceRankSummary',
      'isoc:GetDeviceRiskSummary',
      'isoc:GetAlertTaskSummary',
    ),
  ),
  AliyunOSSFullAccess: policy('Full access to Object Storage Service', ['v1'], allow('oss:*')),
  AliyunOSSReadOnlyAccess: policy(
    'Read-only access to Object Storage Service',
    ['v1', '2017-08-17'],
    allow('oss:Get*', 'oss:List*'),
  ),
  AliyunECSFullAccess: policy(
    'Full access to Elastic Compute Service',
    ['v1'],
    allow('ecs:*'),
    allow('vpc:DescribeVpcs', 'vpc:DescribeVSwitches'),
  ),
  AliyunECSReadOnlyAccess: policy(
    'Read-only access to Elastic Compute Service',
    ['v1'],
    allow('ecs:Describe*', 'ecs:List*', 'vpc:DescribeVpcs', 'vpc:DescribeVSwitches'),
  ),
  AliyunECSNetworkInterfaceManagementAccess: policy(
    'Manage elastic network interfaces',
    ['v1'],
    allow(
      'vpc:DescribeVSwitchAttributes',
      'ecs:CreateNetworkInterface',
      'ecs:DeleteNetworkInterface',
      'ecs:DescribeNetworkInterfaces',
      'ecs:CreateNetworkInterfacePermission',
      'ecs:DescribeNetworkInterfacePermissions',
      'ecs:DeleteNetworkInterfacePermission',
    ),
  ),
  AliyunOTSFullAccess: policy('Full access to Tablestore', ['v1'], allow('ots:*')),
  AliyunOTSReadOnlyAccess: policy(
    'Read-only access to Tablestore',
    ['v2'],
    allow(
      'ots:BatchGet*',
      'ots:Describe*',
      'ots:Get*',
      'ots:List*',
      'ots:Consume*',
      'ots:Search',
      'ots:SQL*',
      'ots:Query*',
      'ots:Scan*',
    ),
  ),
  AliyunRDSReadOnlyAccess: policy('Read-only access to ApsaraDB RDS', ['v3', '2023-02-20'], allow('rds:Describe*'), {
    Effect: 'Allow',
    Action: ['hdm:Describe*', 'hdm:Get*', 'hdm:Query*', 'dbs:Describe*', 'dbs:List*'],
    Resource: 'acs:rds:*:*:*',
  }),
  AliyunESSReadOnlyAccess: policy('Read-only access to Auto Scaling', ['v2'], allow('ess:Describe*', 'ess:List*')),
  AliyunResourceDirectoryReadOnlyAccess: policy(
    'Read-only access to Resource Directory',
    ['v6'],
    allow('resourcemanager:Get*', 'resourcemanager:List*'),
  ),
};
