import type { PolicyNameRef } from '../core/directory.ts';
import type { PolicyType } from '../core/state.ts';

/*
 * Which resources an action needs permission on (RAM help, "RAM authentication rules").
 */

/** Makes an ARN of the account of what is named within it. */
export type AccountArn = (id: string) => string;

export const userResource = ({ UserName }: { UserName: string }, here: AccountArn): string[] => [
  here(`user/${UserName}`),
];
export const usersResource = (_: object, here: AccountArn) => [here('user/*')];
export const groupResource = ({ GroupName }: { GroupName: string }, here: AccountArn): string[] => [
  here(`group/${GroupName}`),
];
export const groupsResource = (_: object, here: AccountArn) => [here('group/*')];
export const memberResource = (input: { UserName: string; GroupName: string }, here: AccountArn) => [
  ...userResource(input, here),
  ...groupResource(input, here),
];
export const policiesResource = (_: object, here: AccountArn) => [here('policy/*')];
export const devicesResource = (_: object, here: AccountArn) => [here('mfa/*')];
export const accountResource = (_: object, here: AccountArn) => [here('*')];

/** System policies belong to the account `system`. */
export function policyResource(
  { PolicyName, PolicyType }: PolicyNameRef & { PolicyType?: PolicyType },
  here: AccountArn,
): string[] {
  return [PolicyType === 'System' ? `acs:ram:*:system:policy/${PolicyName}` : here(`policy/${PolicyName}`)];
}

/** Both the policy and who has it. */
export function targetResource<T>(onOne: (input: T, here: AccountArn) => string[]) {
  return (input: T & PolicyNameRef & { PolicyType: PolicyType }, here: AccountArn) => [
    ...onOne(input, here),
    ...policyResource(input, here),
  ];
}
