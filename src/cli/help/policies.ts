export const HELP = `Policies

A policy document is JSON in RAM's syntax:

  {
    "Version": "1",
    "Statement": [
      {
        "Effect": "Allow",
        "Action": ["iot:Query*", "iot:Pub"],
        "Resource": "*",
        "Condition": { "IpAddress": { "acs:SourceIp": "192.0.2.0/24" } }
      }
    ]
  }

  Effect       Allow or Deny
  Action       "*" or <ramCode>:<name>; or NotAction, but not both. * stands for
               any text, ? for one character. Case is ignored.
  Resource     "*" or acs:<ramCode>:<region>:<account>:<relativeId>, with * and
               ?. Case matters. An empty region or account is the same as *.
  Condition    operators with condition keys and values. All operators and keys
               must match; of several values, one must match.

  Operators: StringEquals, StringNotEquals, StringEqualsIgnoreCase,
  StringNotEqualsIgnoreCase, StringLike, StringNotLike; NumericEquals,
  NumericNotEquals, NumericLessThan, NumericLessThanEquals, NumericGreaterThan,
  NumericGreaterThanEquals; the same six with Date; Bool; IpAddress,
  NotIpAddress. Each also with the prefixes ForAnyValue: and ForAllValues:.

  Refused, with line and column: NotResource, Principal, the operator Null,
  the suffix IfExists, a member twice in one object, more than one of Action and
  NotAction, other members. "ramctl policy validate <file>" checks a document
  without storing it, and ends with exit code 4 if it is refused.

The trust policy of a role names the identities that may assume it. It has the
action sts:AssumeRole, and Principal in place of Resource:

  "Principal": {
    "RAM": ["acs:ram::1234567890123456:root"],
    "Service": ["ecs.aliyuncs.com"],
    "Federated": ["acs:ram::1234567890123456:oidc-provider/acme"]
  }

  RAM          an account (root), or one user (user/alice) or role of it
  Service      a service of Alibaba Cloud
  Federated    a SAML or OIDC identity provider

Evaluation of a request, over the policies of the user and of the user's groups,
or over the policies of the role:
  1. If a Deny statement matches, the request is denied (ExplicitDeny).
  2. Otherwise, if an Allow statement matches, it is allowed (Allow).
  3. Otherwise it is denied (ImplicitDeny).

  If the request does not contain a condition key, an operator such as
  StringEquals does not match, and a negated one such as StringNotEquals does.

"ramctl policy simulate" evaluates requests without sending them. The request
contains the condition keys that --context gives, and acs:CurrentTime, which is
now unless it is given. It contains no other key: to test a condition on
acs:SourceIp, acs:MFAPresent or a tag, acs:ResourceTag/<key> or
acs:RequestTag/<key>, give the key.

"ramctl policy diff" and the remarks after a change of permissions list what
users, roles and members of groups gain and lose. They use the same rules for
all requests at once: a pattern such as oss:* stands for all that it matches.
Two conditions are compared as texts. They assume that a * for the
region or the account of a resource does not match a colon.

Warnings of "policy validate", which do not prevent storing:
  AllowsEverything   a statement allows every action on every resource
  NeverMatches       a resource can never match the actions of its statement
  IncompleteResource a resource lacks parts, such as acs:ram::*
  BlocksMFABinding   a Deny without MFA also blocks the binding of a device;
                     exclude ram:CreateVirtualMFADevice, ram:BindMFADevice and
                     ram:GetUserMFAInfo from it
  AccessKeysLackMFAPresent
                     requests with AccessKeys do not have acs:MFAPresent

System policies:
  Each directory has 335 system policies of Alibaba Cloud. They can be attached,
  and cannot be changed. "ramctl policy list --type system" lists them. The
  column Document, DocumentSource in JSON, is one of these:
    exact         the document that Alibaba Cloud publishes
    approximate   ramctl derived the document from the name: ...FullAccess
                  allows all actions of the service, or those that the name
                  mentions; ...ReadOnlyAccess only the actions that begin with
                  Get, List, Describe, Query, BatchGet, BatchQuery or Check.
                  Decisions of "policy simulate" that use it are approximate
                  too, and say so.
    imported      the document was exported from a real account:
                  aliyun ram GetPolicy --PolicyName <name> --PolicyType System \\
                    | ramctl policy system import -
`;
