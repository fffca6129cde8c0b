import type { PolicyNameRef } from '../core/directory.ts';
import type { PolicyType } from '../core/state.ts';

/*
 * Which resources an action needs permission on (RAM help, "RAM authentication rules").
 */

/** Makes an ARN of the account of what is named within it. */
export type Here = (id: string) => string;

export const onUser = ({ UserName }: { UserName: string }, here: Here): string[] => [here(`user/${UserName}`)];
export const onUsers = (_: object, here: Here) => [here('user/*')];
export const onGroup = ({ GroupName }: { GroupName: string }, here: Here): string[] => [here(`group/${GroupName}`)];
export const onGroups = (_: object, here: Here) => [here('group/*')];
export const onMember = (input: { UserName: string; GroupName: string }, here: Here) => [
  ...onUser(input, here),
  ...onGroup(input, here),
];
export const onPolicies = (_: object, here: Here) => [here('policy/*')];
export const onDevices = (_: object, here: Here) => [here('mfa/*')];
export const onAccount = (_: object, here: Here) => [here('*')];

/** System policies belong to the account `system`. */
export function onPolicy(
  { PolicyName, PolicyType }: PolicyNameRef & { PolicyType?: PolicyType },
  here: Here,
): string[] {
  return [PolicyType === 'System' ? `acs:ram:*:system:policy/${PolicyName}` : here(`policy/${PolicyName}`)];
}

/** Both the policy and who has it. */
export function onHolder<T>(onOne: (input: T, here: Here) => string[]) {
  return (input: T & PolicyNameRef & { PolicyType: PolicyType }, here: Here) => [
    ...onOne(input, here),
    ...onPolicy(input, here),
  ];
}
