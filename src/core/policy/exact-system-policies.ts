import type { PolicyDocument, Statement } from './document.ts';

/** Splits a list of actions at white space. A list of one action becomes a string. */
function splitActions(actions: string): string | string[] {
  const names = actions.trim().split(/\s+/);
  return names.length === 1 ? actions : names;
}

function allow(actions: string, Resource = '*'): Statement {
  return { Effect: 'Allow', Action: splitActions(actions), Resource };
}

/** `version`: the default version, followed by the day of its publication where RAM's pages give it. */
function definePolicy(Description: string, version: string, ...Statement: Statement[]) {
  const [DefaultVersion = '', day] = version.split(' ');
  const Document: PolicyDocument = { Version: '1', Statement };
  return { Description, DefaultVersion, UpdateDate: day && `${day}T00:00:00Z`, Document };
}

/** Read access to other services that the IoT Platform console needs. */
const IOT_CONSOLE_READS = `
  iotid:QueryId2OrderAbstract
  isoc:GetSummary isoc:GetDeviceRankSummary isoc:GetDeviceRiskSummary isoc:GetAlertTaskSummary
  linkwan:GetInstancePacketStat linkwan:CountGateways
  rds:DescribeDBInstances rds:DescribeDatabases rds:DescribeAccounts rds:DescribeDBInstanceNetInfo
  ram:ListRoles mns:ListTopic
  dhs:ListProject dhs:ListTopic dhs:GetTopic
  ots:ListInstance ots:ListTable ots:DescribeTable
  log:ListShards log:ListLogStores log:ListProject`;

/**
 * Returns the system policies whose documents RAM's system policy reference publishes, by name, with versions and dates.
 * Only the current version is public. The published copies of PowerUserAccess and the IoT policies are incomplete; the
 * products' own pages complete them. This is a function because most commands need no system policy.
 */
export function defineExactPolicies() {
  const iotConsoleReads = allow(IOT_CONSOLE_READS);
  return {
    AdministratorAccess: definePolicy('Full access to all resources of the account', 'v1', allow('*')),
    PowerUserAccess: definePolicy(
      'Full access to all resources except identities, permissions and billing relations',
      'v2 2025-09-17',
      {
        Effect: 'Allow',
        NotAction: splitActions(`
        ram:* ims:* resourcemanager:* resourcesharing:* cloudsso:* bss:ModifyAccount bss:ModifyBillingAccount
        bss:ModifyPaymentRelationship bssapi:ModifyAccountRelation`),
        Resource: '*',
      },
      allow(`
      ram:ListUserBasicInfos ram:ListRoles
      ram:CreateServiceLinkedRole ram:DeleteServiceLinkedRole ram:GetServiceLinkedRoleDeletionStatus
      resourcemanager:GetAccount resourcemanager:ListAccounts
      resourcemanager:GetFolder resourcemanager:ListFoldersForParent`),
    ),
    ReadOnlyAccess: definePolicy(
      'Read-only access to all resources of the account',
      'v2',
      allow(`
      *:Describe* *:List* *:Get* *:BatchGet* *:Query* *:BatchQuery*
      actiontrail:LookupEvents actiontrail:Check* dm:Desc* dm:SenderStatistics*
      ram:GenerateCredentialReport cloudsso:Check* notifications:Read*`),
    ),
    AliyunRAMFullAccess: definePolicy('Full access to RAM: manage users and permissions', 'v1', allow('ram:*')),
    AliyunRAMReadOnlyAccess: definePolicy(
      'Read-only access to RAM: see users, groups and permissions',
      'v3 2025-12-03',
      allow('ram:Get* ram:List* ram:GenerateCredentialReport'),
      allow('accessanalyzer:Get* accessanalyzer:List*'),
    ),
    AliyunIOTFullAccess: definePolicy('Full access to IoT Platform', 'v11 2023-04-25', allow('iot:*'), iotConsoleReads),
    AliyunIOTReadOnlyAccess: definePolicy(
      'Read-only access to IoT Platform',
      'v7 2022-11-24',
      allow(`
      iot:Query* iot:List* iot:Get* iot:BatchGet* iot:CheckPostPayOrderExist iot:CheckCloudProductOpenStatus
      iot:CheckUserProfileMark iot:CheckNewUser iot:CheckSlsLogStore`),
      iotConsoleReads,
    ),
    AliyunIOTConsoleCommonAccess: definePolicy(
      'What the IoT Platform console needs of other services',
      'v8 2023-08-16',
      allow(`
      cms:* vpc:DescribeVpcs vpc:DescribeVSwitches ecs:DescribeSecurityGroups Linkcard:GetUserBaseInfo
      iotid:QueryId2OrderAbstract
      isoc:GetSummary isoc:GetDeviceRankSummary isoc:GetDeviceRiskSummary isoc:GetAlertTaskSummary`),
    ),
    AliyunOSSFullAccess: definePolicy('Full access to Object Storage Service', 'v1', allow('oss:*')),
    AliyunOSSReadOnlyAccess: definePolicy(
      'Read-only access to Object Storage Service',
      'v1 2017-08-17',
      allow('oss:Get* oss:List*'),
    ),
    AliyunECSFullAccess: definePolicy(
      'Full access to Elastic Compute Service',
      'v1',
      allow('ecs:*'),
      allow('vpc:DescribeVpcs vpc:DescribeVSwitches'),
    ),
    AliyunECSReadOnlyAccess: definePolicy(
      'Read-only access to Elastic Compute Service',
      'v1',
      allow('ecs:Describe* ecs:List* vpc:DescribeVpcs vpc:DescribeVSwitches'),
    ),
    AliyunECSNetworkInterfaceManagementAccess: definePolicy(
      'Manage elastic network interfaces',
      'v1',
      allow(`
      vpc:DescribeVSwitchAttributes
      ecs:CreateNetworkInterface ecs:DeleteNetworkInterface ecs:DescribeNetworkInterfaces
      ecs:CreateNetworkInterfacePermission ecs:DescribeNetworkInterfacePermissions
      ecs:DeleteNetworkInterfacePermission`),
    ),
    AliyunOTSFullAccess: definePolicy('Full access to Tablestore', 'v1', allow('ots:*')),
    AliyunOTSReadOnlyAccess: definePolicy(
      'Read-only access to Tablestore',
      'v2',
      allow('ots:BatchGet* ots:Describe* ots:Get* ots:List* ots:Consume* ots:Search ots:SQL* ots:Query* ots:Scan*'),
    ),
    AliyunRDSReadOnlyAccess: definePolicy(
      'Read-only access to ApsaraDB RDS',
      'v3 2023-02-20',
      allow('rds:Describe*'),
      allow('hdm:Describe* hdm:Get* hdm:Query* dbs:Describe* dbs:List*', 'acs:rds:*:*:*'),
    ),
    AliyunESSReadOnlyAccess: definePolicy('Read-only access to Auto Scaling', 'v2', allow('ess:Describe* ess:List*')),
    AliyunResourceDirectoryReadOnlyAccess: definePolicy(
      'Read-only access to Resource Directory',
      'v6',
      allow('resourcemanager:Get* resourcemanager:List*'),
    ),
  };
}
