import type { Description } from '../core/description/description.ts';
import type { Change } from '../core/description/plan.ts';
import type { CommandContext } from './command-context.ts';

/** More changes of permissions are counted. */
const MAX_LINES = 20;

/** Returns remarks about what users and roles gain and lose by planned changes. */
export async function describePlannedPermissions(
  { directory, output }: CommandContext,
  current: Description,
  changes: Change[],
): Promise<string[]> {
  const isAffected = changes.some(({ Before, After }) =>
    ['Policies', 'Groups', 'PolicyDocument'].some((member) => member in { ...Before, ...After }),
  );
  if (output.isQuiet || !isAffected) return [];
  const { comparePlannedPolicies } = await import('../core/workflows/plan-permissions.ts');
  const { describePermissionChanges } = await import('../view/permission-changes.ts');
  const compared = await directory.reading((operations) => comparePlannedPolicies(operations, current, changes));
  const lines = compared && describePermissionChanges(compared.before, compared.after);
  if (!lines) return ['remark: The changes of permissions are too many or too complex to be compared.'];
  const hidden = lines.length - MAX_LINES;
  return [
    ...lines.slice(0, MAX_LINES).map((line) => `remark: ${line}`),
    ...(hidden > 0 ? [`remark: ${hidden} more changes of permissions are not listed`] : []),
  ];
}
