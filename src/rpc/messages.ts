/**
 * What RAM says, by code (RAM API 2015-05-01, "Error messages" and the pages of the operations; attachments to roles by
 * analogy with groups).
 */
const MESSAGES: Record<string, string> = {
  'InvalidParameter.AuthenticationCode.Format': 'The parameter - "AuthenticationCode" MUST be 6 numbers.',
  'InvalidParameter.MinimumPasswordLength.Range':
    'The parameter - "MinimumPasswordLength" MUST be in the range of 8 and 32.',
  'InvalidParameter.AccountAlias.Length': 'The parameter - "AccountAlias" MUST be in the range of 3 and 32.',
  'InvalidParameter.PolicyType': 'The parameter - "PolicyType" is incorrect.',
  // The second c is RAM's.
  CheckAuthenticationCodeFail: 'The parameter - "AuthenticationCode" is inccorrect.',
  'EntityNotExist.User': 'The user does not exist.',
  'EntityNotExist.User.AccessKey': 'The user access key does not exist.',
  'EntityNotExist.User.LoginProfile': 'The user login profile does not exist.',
  'EntityNotExist.User.MFADevice': 'The user has not bound any MFA device.',
  'EntityNotExist.User.Policy': 'The indicate policy of the user does not exist.',
  'EntityNotExist.User.Group': 'The user has not joined the group.',
  'EntityNotExist.VirtualMFADevice': 'The virtual mfa device does not exist.',
  'EntityNotExist.Group': 'The group does not exist.',
  'EntityNotExist.Group.Policy': 'The indicate policy attached to the group does not exist.',
  'EntityNotExist.Policy': 'The policy does not exist.',
  'EntityNotExist.Policy.Version': 'The policy version does not exist.',
  'EntityNotExist.Role': 'The role does not exist.',
  'EntityNotExist.Role.Policy': 'The indicate policy attached to the role does not exist.',
  'EntityAlreadyExists.User': 'The user does already EXIST.',
  'EntityAlreadyExists.User.LoginProfile': 'The user login profile does already EXIST.',
  'EntityAlreadyExists.User.MFADevice': 'The user has already bound a MFA device.',
  'EntityAlreadyExists.User.Group': 'The user has already joined the group.',
  'EntityAlreadyExists.User.Policy': 'The user has already been attached this policy.',
  'EntityAlreadyExists.VirtualMFADevice': 'The virtual mfa device does already EXIST.',
  'EntityAlreadyExists.VirtualMFADevice.User': 'The virtual mfa device does already been bound to a user.',
  'EntityAlreadyExists.Group': 'The group does already EXIST.',
  'EntityAlreadyExists.Group.Policy': 'The group has already been attached this policy.',
  'EntityAlreadyExists.Policy': 'The policy does already EXIST.',
  'EntityAlreadyExists.Role': 'The role does already EXIST.',
  'EntityAlreadyExists.Role.Policy': 'The role has already been attached this policy.',
  'DeleteConflict.User.Group': 'The user CAN NOT be in any group while deleting the user.',
  'DeleteConflict.User.AccessKey': 'The user CAN NOT has any access key while deleting the user.',
  'DeleteConflict.User.LoginProfile': 'The user CAN NOT has any login profile while deleting the user.',
  'DeleteConflict.User.MFADevice': 'The user CAN NOT has any mfa device while deleting the user.',
  'DeleteConflict.User.Policy': 'The user CAN NOT has any attached policy while deleting the user.',
  'DeleteConflict.VirtualMFADevice.User': 'The virtual mfa device CAN NOT been bound to any user while deleting it.',
  'DeleteConflict.Group.User': 'The group CAN NOT has any user member while deleting the group.',
  'DeleteConflict.Group.Policy': 'The entity CAN NOT has any attached policy while deleting the group.',
  'DeleteConflict.Policy.User': 'The policy CAN NOT been attached to any user while deleting the policy.',
  'DeleteConflict.Policy.Group': 'The policy CAN NOT been attached to any group while deleting the policy.',
  'DeleteConflict.Policy.Role': 'The policy CAN NOT been attached to any role while deleting the policy.',
  'DeleteConflict.Policy.Version': 'The policy CAN NOT has any version except the default version.',
  'DeleteConflict.Policy.Version.Default': 'The default policy version CAN NOT been deleted directly.',
  'DeleteConflict.Role.Policy': 'The role CAN NOT has any attached policy while deleting the role.',
  'LimitExceeded.User': 'The count of users beyond the current limits.',
  'LimitExceeded.User.AccessKey': 'The access key count of the user access keys beyond the current limits.',
  'LimitExceeded.User.Group': 'The count of groups the target user joined beyond the current limits.',
  'LimitExceeded.User.Policy': 'The policy count of the user attached policies beyond the current limits.',
  'LimitExceeded.VirtualMFADevice': 'The count of virtual mfa devices beyond the current limits.',
  'LimitExceeded.Group': 'The count of groups beyond the current limits.',
  'LimitExceeded.Group.Policy': 'The policy count of the group beyond the current limits.',
  'LimitExceeded.Policy': 'The count of policy beyond the current limits.',
  'LimitExceeded.Policy.Version': 'The count of policy version beyond the current limits.',
  'LimitExceeded.Role': 'The count of roles beyond the current limits.',
  'LimitExceeded.Role.Policy': 'The count of policies attached to the role beyond the current limits.',
};

/** What RAM says about an invalid parameter, by the last part of the code. */
const PARAMETER_MESSAGES: Record<string, (parameter: string) => string> = {
  InvalidChars: (parameter) => `The parameter - "${parameter}" contains invalid chars.`,
  Length: (parameter) => `The parameter - "${parameter}" beyond the length limit.`,
  Format: (parameter) => `The format of the parameter - "${parameter}" is incorrect.`,
  Incorrect: (parameter) => `The parameter - "${parameter}" is incorrect.`,
  TooWeak: (parameter) => `The parameter - "${parameter}" is not compliant with the password policy.`,
  ReusePrevention: (parameter) =>
    `The parameter - "${parameter}" is not compliant with the reuse prevention password policy.`,
};

/** Returns the text that RAM has for `code`, or undefined. */
export function findRamMessage(code: string): string | undefined {
  if (Object.hasOwn(MESSAGES, code)) return MESSAGES[code];
  const [, parameter = '', rule = ''] = /^InvalidParameter\.(\w+)\.(\w+)$/.exec(code) ?? [];
  return Object.hasOwn(PARAMETER_MESSAGES, rule) ? PARAMETER_MESSAGES[rule]?.(parameter) : undefined;
}
