import type { Output } from '../output.ts';

/** Writes a remark about the system policies whose documents are approximate. */
export function remarkApproximate(output: Output, policyNames: string[]): void {
  if (policyNames.length === 0) return;
  const documents = policyNames.length === 1 ? 'document' : 'documents';
  output.remark(`remark: ramctl has only approximate ${documents} for ${policyNames.join(', ')}. The result can differ from \
that of the real account. To replace them, see "ramctl help policy system import".`);
}
