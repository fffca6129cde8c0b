import type { Output } from '../output.ts';

/** Writes a remark about the system policies whose documents are approximate. */
export function remarkApproximate(output: Output, policyNames: string[]): void {
  if (policyNames.length === 0) return;
  const [documents, them] =
    policyNames.length === 1 ? ['an approximate document', 'it'] : ['approximate documents', 'them'];
  output.remark(`remark: ramctl has only ${documents} for ${policyNames.join(', ')}. The result can differ from that of the \
real account. To replace ${them}, see "ramctl help policy system import".`);
}
