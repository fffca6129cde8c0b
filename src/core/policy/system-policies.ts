import { foldCase } from '../state.ts';
import { approximatePolicy } from './approximate-document.ts';
import type { PolicyDocument } from './document.ts';
import { defineExactPolicies } from './exact-system-policies.ts';
import { SYSTEM_POLICY_NAMES } from './system-policy-names.ts';

/** A system policy as ramctl knows it. `exact`: the document is published in RAM's system policy reference. */
export interface KnownPolicy {
  PolicyName: string;
  Description: string;
  DefaultVersion: string;
  UpdateDate?: string | undefined;
  Document: PolicyDocument;
  DocumentSource: 'exact' | 'approximate';
}

type NameTable = Map<string, { PolicyName: string; services: string[] }>;

// Both are filled at the first use, because most commands need no system policy.
let nameTable: NameTable | undefined;
let exactPolicies: Record<string, Omit<KnownPolicy, 'PolicyName' | 'DocumentSource'>> | undefined;

/** Returns the policy with this name, whose case is ignored. */
export function findKnownPolicy(name: string): KnownPolicy | undefined {
  nameTable ??= parseNameTable();
  const entry = nameTable.get(foldCase(name));
  return entry && describePolicy(entry.PolicyName, entry.services);
}

export function listKnownPolicies(): KnownPolicy[] {
  nameTable ??= parseNameTable();
  return Array.from(nameTable.values(), ({ PolicyName, services }) => describePolicy(PolicyName, services));
}

function describePolicy(PolicyName: string, services: string[]): KnownPolicy {
  exactPolicies ??= defineExactPolicies();
  const exact = Object.hasOwn(exactPolicies, PolicyName) ? exactPolicies[PolicyName] : undefined;
  if (exact) return { PolicyName, ...exact, DocumentSource: 'exact' };
  return {
    PolicyName,
    DefaultVersion: 'v1',
    ...approximatePolicy(PolicyName, services),
    DocumentSource: 'approximate',
  };
}

function parseNameTable(): NameTable {
  const table: NameTable = new Map();
  for (const line of SYSTEM_POLICY_NAMES.replaceAll('\n  ', ' ').trim().split('\n')) {
    const [codes = '', names = ''] = line.split(': ');
    const services = codes.split(' ');
    for (const PolicyName of names.split(' ')) table.set(foldCase(PolicyName), { PolicyName, services });
  }
  return table;
}
