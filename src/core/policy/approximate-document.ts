import type { PolicyDocument } from './document.ts';

/** The names of most operations that only read start with one of these words. */
const READ_PREFIXES = ['Get', 'List', 'Describe', 'Query', 'BatchGet', 'BatchQuery', 'Check'];
const FULL_ACCESS = /FullAccess$/;
const READ_ACCESS = /Read[Oo]nlyAccess$/;

/**
 * The actions of policies that do not cover all actions of their service. A line has the name of the policy, and then the
 * actions. A name from which FullAccess and ReadOnlyAccess are left out means both policies; the second one has the actions
 * of the line that only read.
 */
const NARROWER_POLICIES = `
AliyunECSAssistant ecs:*Command* ecs:*Invocation* ecs:*CloudAssistant* ecs:*SendFile* ecs:*Activation* ecs:*ManagedInstance*
AliyunECSWorkbench ecs-workbench:* ecs:Describe* ecs:List*
AliyunFCInvocationAccess fc:InvokeFunction
AliyunECDTag ecd:*Tag*
AliyunECDOfficeSite ecd:*OfficeSite*
AliyunECDUser ecd:*User*
AliyunECDPolicyGroup ecd:*PolicyGroup*
AliyunECDDesktop ecd:*Desktop*
AliyunECDTechnicalSupport ecd:Get* ecd:List* ecd:Describe*
AliyunRDSGAD rds:*GAD*
AliyunOSSImport oss:*Import*
AliyunOTSWriteOnlyAccess ots:PutRow ots:UpdateRow ots:DeleteRow ots:BatchWriteRow
AliyunVPCNetworkIntelligence nis:*
AliyunVPCPrefixListAccess vpc:*PrefixList*
AliyunVPCPrefixList vpc:*PrefixList*
AliyunVpcPeer vpc:*VpcPeer*
AliyunExpressConnect vpc:*PhysicalConnection* vpc:*VirtualBorderRouter* vpc:*RouterInterface* vpc:*ExpressConnect*
AliyunEIP vpc:*Eip*
AliyunNATGateway vpc:*NatGateway* vpc:*Snat* vpc:*Forward*
AliyunVPNGateway vpc:*Vpn* vpc:*CustomerGateway*
AliyunCommonBandwidthPackage vpc:*CommonBandwidthPackage*
AliyunIpv6 vpc:*Ipv6*
AliyunPrivatelinkEndpointService privatelink:*EndpointService*
AliyunPrivatelinkEndpoint privatelink:*VpcEndpoint privatelink:*VpcEndpoints privatelink:*VpcEndpointAttribute privatelink:*VpcEndpointZones privatelink:*VpcEndpointSecurityGroups
AliyunCloudMonitorMetricData cms:*Metric*
AliyunServiceCatalogEndUser servicecatalog:*AsEndUser* servicecatalog:*ProvisionedProduct* servicecatalog:*Launch*
AliyunEDASApplication edas:*App*
AliyunEDASResource edas:*Resource* edas:*Cluster*
AliyunMQPubOnlyAccess mq:PUB
AliyunMQSubOnlyAccess mq:SUB
AliyunEventBridgeResourceCreatePolicy eventbridge:Create*
AliyunEventBridgeResourceDeletePolicy eventbridge:Delete*
AliyunEventBridgeResourceUpdatePolicy eventbridge:Update*
AliyunEventBridgePutEventsPolicy eventbridge:PutEvents
AliyunMTSPlayerAuth mts:PlayerAuth
AliyunVODPlayAuth vod:GetVideoPlayAuth
AliyunVODUploadAuth vod:CreateUpload* vod:RefreshUploadVideo
AliyunTagManagerAccess tag:*
AliyunTagAdministratorAccess tag:*
AliyunNLSSpeechServiceAccess nls:CreateToken
AliyunDataWorksExclusiveResourceGroupModify dataworks:*ResourceGroup*
AliyunDataWorksAccessingRdsReadOnlyPolicy rds:Describe* rds:List*
AliyunDataWorksAccessingDLFReadOnlyPolicy dlf:Get* dlf:List* dlf:BatchGet*
AliyunDataWorksAccessingEMRReadOnlyPolicy emr:Get* emr:List* emr:Describe*
AliyunDataWorksAccessingAlikafkaPolicy alikafka:Get* alikafka:List*
AliyunElasticsearchServerless es-serverless:*
AliyunEMRFlowAdmin emr:*Flow*
AliyunEMRDls emr:*Dls*
AliyunLogPutOpenEventPolicy log:PostLogStoreLogs
AliyunLogInvokeFCAccess fc:InvokeFunction fc:GetFunction
AliyunYundunDDoSRewards yundun-ddos:*Reward*
AliyunKMSReadOnlyAccess kms:Describe* kms:List*
AliyunKMSSecretUserAccess kms:GetSecretValue
AliyunKMSSecretAdminAccess kms:*Secret kms:ListSecret* kms:PutSecretValue kms:UpdateSecret*
AliyunKMSCryptoUserAccess kms:Encrypt kms:Decrypt kms:ReEncrypt kms:GenerateDataKey* kms:Asymmetric* kms:GetPublicKey
AliyunKMSCryptoAdminAccess kms:CreateKey* kms:EnableKey kms:DisableKey kms:ListKey* kms:DescribeKey* kms:*Alias* kms:*KeyDeletion
AliyunSTSAssumeRoleAccess sts:AssumeRole
AliyunBSSOrderAccess bss:DescribeOrderList bss:DescribeOrderDetail bss:PayOrder bss:CancelOrder
AliyunBSSRefundAccess bss:*Refund*
AliyunBSSRenew bss:*Renew*
AliyunBSSCart bss:*Cart*
AliyunBSSMyFreetier bss:*Freetier*
`;

/**
 * Returns a document for a system policy whose exact document is unknown, and a description. Both are derived from the RAM
 * codes of the services and the name of the policy. When the name does not say what the policy allows, the document allows
 * only reads, because a document that allows too much would hide missing permissions.
 */
export function approximatePolicy(name: string, services: string[]): { Description: string; Document: PolicyDocument } {
  const own = findNarrowerActions(name);
  const scope = own ?? findNarrowerActions(name.replace(FULL_ACCESS, '').replace(READ_ACCESS, ''));
  const everything = scope ?? services.map((service) => `${service}:*`);
  const isFullAccess = FULL_ACCESS.test(name);
  const actions = own || isFullAccess ? everything : toReads(everything);
  const access = isFullAccess ? 'Full access' : own && !READ_ACCESS.test(name) ? 'Access' : 'Read-only access';
  const codes = new Set(everything.map((action) => action.split(':')[0]));
  const Description = `${access} to ${scope ? 'parts of ' : ''}${[...codes].join(', ')}`;
  return { Description, Document: { Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } };
}

function findNarrowerActions(name: string): string[] | undefined {
  const start = NARROWER_POLICIES.indexOf(`\n${name} `);
  if (start === -1) return undefined;
  const line = NARROWER_POLICIES.slice(start + 1, NARROWER_POLICIES.indexOf('\n', start + 1));
  return line.split(' ').slice(1);
}

/** Returns the actions that only read, of patterns such as `vpc:*Eip*`. */
function toReads(actions: string[]): string[] {
  return actions.flatMap((action) => READ_PREFIXES.map((prefix) => action.replace(':*', `:${prefix}*`)));
}
