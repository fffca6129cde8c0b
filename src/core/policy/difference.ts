import type { PolicyRef } from '../policy-operations.ts';
import type { PolicyDocument, Statement } from './document.ts';

/** A policy in force for an identity. `DocumentSource` is present only for an approximate document. */
export interface EffectivePolicy {
  ref: PolicyRef & { DocumentSource?: 'approximate' };
  document: PolicyDocument;
}

/** Requests with one of the actions on one of the resources. All conditions must hold; each has one operator and one key. */
export interface Permission {
  Actions: string[];
  Resources: string[];
  Conditions?: NonNullable<Statement['Condition']>[];
}

/**
 * Requests whose decision changes to or from Allow, except those in `Except`. The policy is the one that causes the
 * change: for the effect Allow it allows the requests on one side only, for Deny it denies them on one side only.
 * `DocumentSource` is present if the document of a policy that is compared here is approximate.
 */
export interface PermissionChange extends Permission, PolicyRef {
  Change: 'Gained' | 'Lost';
  Except?: Permission[];
  Effect: Statement['Effect'];
  DocumentSource?: 'approximate';
}

/** Returns what an identity gains and loses when its effective policies change from `before` to `after`. */
export function permissionDifference(_before: EffectivePolicy[], _after: EffectivePolicy[]): PermissionChange[] {
  return [];
}
