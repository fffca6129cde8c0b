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

/** `policy` is set when the policy is first used. */
interface Entry {
  PolicyName: string;
  services: string[];
  policy?: KnownPolicy;
}
type NameTable = Map<string, Entry>;

// Both are filled at the first use, because most commands need no system policy.
let nameTable: NameTable | undefined;
let exactPolicies: Record<string, Omit<KnownPolicy, 'PolicyName' | 'DocumentSource'>> | undefined;

/** Returns the policy with this name, whose case is ignored. */
export function findKnownPolicy(name: string): KnownPolicy | undefined {
  nameTable ??= parseNameTable();
  const entry = nameTable.get(foldCase(name));
  return entry && describePolicy(entry);
}

export function listKnownPolicies(): KnownPolicy[] {
  nameTable ??= parseNameTable();
  return Array.from(nameTable.values(), describePolicy);
}

function describePolicy(entry: Entry): KnownPolicy {
  const { PolicyName, services } = entry;
  exactPolicies ??= defineExactPolicies();
  const exact = exactPolicies[PolicyName];
  entry.policy ??= exact
    ? { PolicyName, ...exact, DocumentSource: 'exact' }
    : { PolicyName, DefaultVersion: 'v1', ...approximatePolicy(PolicyName, services), DocumentSource: 'approximate' };
  return entry.policy;
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
