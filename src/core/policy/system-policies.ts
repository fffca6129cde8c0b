import type { PolicyDocument, Statement } from './document.ts';

/** A policy that Alibaba Cloud owns: it cannot be changed, and only its current version is public. */
export interface SystemPolicy {
  Description: string;
  DefaultVersion: string;
  /** Absent where RAM's pages give none. */
  UpdateDate?: string;
  Document: PolicyDocument;
}

function allowActions(...actions: [string, ...string[]]): Statement {
  return { Effect: 'Allow', Action: actions.length === 1 ? actions[0] : actions, Resource: '*' };
}

function defineSystemPolicy(
  Description: string,
  [DefaultVersion, day]: [string, string?],
  ...Statement: Statement[]
): SystemPolicy {
  const dated = day ? { UpdateDate: `${day}T00:00:00Z` } : {};
  return { Description, DefaultVersion, ...dated, Document: { Version: '1', Statement } };
}

/** What the IoT policies let the console read of the services around IoT Platform. */
const IOT_CONSOLE_STATEMENT = allowActions(
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
  AdministratorAccess: defineSystemPolicy('Full access to all resources of the account', ['v1'], allowActions('*')),
  PowerUserAccess: defineSystemPolicy(
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
    allowActions(
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
  ReadOnlyAccess: defineSystemPolicy(
    'Read-only access to all resources of the account',
    ['v2'],
    allowActions(
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
  AliyunRAMFullAccess: defineSystemPolicy(
    'Full access to RAM: manage users and permissions',
    ['v1'],
    allowActions('ram:*'),
  ),
  AliyunRAMReadOnlyAccess: defineSystemPolicy(
    'Read-only access to RAM: see users, groups and permissions',
    ['v3', '2025-12-03'],
    allowActions('ram:Get*', 'ram:List*', 'ram:GenerateCredentialReport'),
    allowActions('accessanalyzer:Get*', 'accessanalyzer:List*'),
  ),
  AliyunIOTFullAccess: defineSystemPolicy(
    'Full access to IoT Platform',
    ['v11', '2023-04-25'],
    allowActions('iot:*'),
    IOT_CONSOLE_STATEMENT,
  ),
  AliyunIOTReadOnlyAccess: defineSystemPolicy(
    'Read-only access to IoT Platform',
    ['v7', '2022-11-24'],
    allowActions(
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
    IOT_CONSOLE_STATEMENT,
  ),
  AliyunIOTConsoleCommonAccess: defineSystemPolicy(
    'What the IoT Platform console needs of other services',
    ['v8', '2023-08-16'],
    allowActions(
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
  AliyunOSSFullAccess: defineSystemPolicy('Full access to Object Storage Service', ['v1'], allowActions('oss:*')),
  AliyunOSSReadOnlyAccess: defineSystemPolicy(
    'Read-only access to Object Storage Service',
    ['v1', '2017-08-17'],
    allowActions('oss:Get*', 'oss:List*'),
  ),
  AliyunECSFullAccess: defineSystemPolicy(
    'Full access to Elastic Compute Service',
    ['v1'],
    allowActions('ecs:*'),
    allowActions('vpc:DescribeVpcs', 'vpc:DescribeVSwitches'),
  ),
  AliyunECSReadOnlyAccess: defineSystemPolicy(
    'Read-only access to Elastic Compute Service',
    ['v1'],
    allowActions('ecs:Describe*', 'ecs:List*', 'vpc:DescribeVpcs', 'vpc:DescribeVSwitches'),
  ),
  AliyunECSNetworkInterfaceManagementAccess: defineSystemPolicy(
    'Manage elastic network interfaces',
    ['v1'],
    allowActions(
      'vpc:DescribeVSwitchAttributes',
      'ecs:CreateNetworkInterface',
      'ecs:DeleteNetworkInterface',
      'ecs:DescribeNetworkInterfaces',
      'ecs:CreateNetworkInterfacePermission',
      'ecs:DescribeNetworkInterfacePermissions',
      'ecs:DeleteNetworkInterfacePermission',
    ),
  ),
  AliyunOTSFullAccess: defineSystemPolicy('Full access to Tablestore', ['v1'], allowActions('ots:*')),
  AliyunOTSReadOnlyAccess: defineSystemPolicy(
    'Read-only access to Tablestore',
    ['v2'],
    allowActions(
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
  AliyunRDSReadOnlyAccess: defineSystemPolicy(
    'Read-only access to ApsaraDB RDS',
    ['v3', '2023-02-20'],
    allowActions('rds:Describe*'),
    {
      Effect: 'Allow',
      Action: ['hdm:Describe*', 'hdm:Get*', 'hdm:Query*', 'dbs:Describe*', 'dbs:List*'],
      Resource: 'acs:rds:*:*:*',
    },
  ),
  AliyunESSReadOnlyAccess: defineSystemPolicy(
    'Read-only access to Auto Scaling',
    ['v2'],
    allowActions('ess:Describe*', 'ess:List*'),
  ),
  AliyunResourceDirectoryReadOnlyAccess: defineSystemPolicy(
    'Read-only access to Resource Directory',
    ['v6'],
    allowActions('resourcemanager:Get*', 'resourcemanager:List*'),
  ),
};
