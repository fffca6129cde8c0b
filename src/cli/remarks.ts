import type { Operations } from '../core/directory.ts';
import { isFailure } from '../core/failure.ts';
import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import { findFullAccess, type Grants } from '../core/workflows/full-access.ts';
import type { IdentityPolicies, PermissionTargets, trackPermissions } from '../core/workflows/permission-difference.ts';
import type { View } from '../view/format.ts';
import type { CommandContext } from './command-context.ts';
import { changeAndShow, type Output } from './output.ts';

/**
 * The largest number of identities whose permissions are compared for a remark. In a remote directory, each costs a few
 * requests before and after the change.
 */
const MAX_IDENTITIES = { local: 100, remote: 3 };
const MAX_CHANGE_REMARKS = 5;

/** Prints the command lines that do the same without questions. */
export function remarkEquivalent(context: CommandContext, ...commands: string[][]): void {
  const lines = commands.map((args) => `  ${context.output.commandLine(args)}`);
  context.output.remark(['The same from a shell:', ...lines].join('\n'));
}

/** Prints the remark after a dry run of a verb that creates something. */
export function remarkOnDryRun({ file, output }: CommandContext): void {
  output.remark('remark: This was a dry run. Nothing was created.');
  if (file && !file.exists()) output.remark(`remark: ${file.Path} does not exist yet. Its account ID will differ.`);
}

/** After a rename, prints a remark for each custom policy that contains the old name and therefore no longer matches. */
export function remarkOnOldName(context: CommandContext, policies: string[], newName: string): void {
  for (const policy of policies) {
    context.output.remark(`remark: the custom policy ${policy} contains the old name; it does not match ${newName}`);
  }
}

/** Whose permissions a change concerns, and what it changes. */
interface PermissionScope<T> extends PermissionTargets {
  affected: Parameters<typeof trackPermissions>[2]['affected'];
  /** Returns whether the result says that anything was changed, and what could give full access. */
  toEffect(value: T): Grants & { isChanged: boolean };
}

/**
 * Runs and shows a change as `changeAndShow` does, and prints remarks about the permissions that it gives and takes. If
 * there are too many identities, if the caller may not read their policies, or if these are too complex to be compared, it
 * prints only a remark about full access.
 */
export async function changePermissions<T>(
  context: CommandContext,
  view: View<T>,
  { affected, toEffect, ...targets }: PermissionScope<T>,
  work: (operations: Operations) => Promise<T>,
): Promise<T> {
  const { output, file } = context;
  if (output.isQuiet) return changeAndShow(context, view, work);
  // Loaded before the transaction, which holds the lock.
  const { trackPermissions } = await import('../core/workflows/permission-difference.ts');
  const maxIdentities = file ? MAX_IDENTITIES.local : MAX_IDENTITIES.remote;
  let permissions: Awaited<ReturnType<typeof trackPermissions>>['permissions'];
  const value = await changeAndShow(context, view, async (operations) => {
    const scope = { affected, maxIdentities };
    const tracked = await trackPermissions(operations, targets, scope, () => work(operations));
    permissions = tracked.permissions;
    return tracked.value;
  });
  const { isChanged, ...grants } = toEffect(value);
  if (!isChanged) return value;
  const lines = permissions && (await describeChanges(permissions));
  if (permissions && !lines) output.remark('remark: The change of permissions is too complex to be described.');
  if (lines) remarkOnChanges(output, lines);
  else await remarkOnFullAccess(context, grants);
  return value;
}

/** Returns undefined if the policies are too complex to be compared. */
async function describeChanges({ before, after }: Record<'before' | 'after', IdentityPolicies[]>) {
  const { describePermissionChanges } = await import('../view/permission-changes.ts');
  const lines = describePermissionChanges(before, after);
  const hasPolicies = [...before, ...after].some(({ policies }) => policies.length > 0);
  return lines?.length === 0 && hasPolicies ? ['no permissions are gained or lost'] : lines;
}

function remarkOnChanges(output: Output, lines: string[]): void {
  const shown = lines.length > MAX_CHANGE_REMARKS ? lines.slice(0, MAX_CHANGE_REMARKS - 1) : lines;
  for (const line of shown) output.remark(`remark: ${line}`);
  const hidden = lines.length - shown.length;
  if (hidden > 0) output.remark(`remark: ${hidden} more changes of permissions are not listed`);
}

/** Prints a remark if a committed change gives full access: through these policies, or through the policies of these groups. */
export async function remarkOnFullAccess(context: CommandContext, grants: Grants): Promise<void> {
  const { policies = [], groups = [] } = grants;
  if (policies.length + groups.length === 0) return;
  const found = await context.directory
    .reading((operations) => findFullAccess(operations, grants))
    .catch((error: unknown) => {
      // The change is committed. A policy that was deleted meanwhile must not make the command fail.
      if (isFailure(error)) return [];
      throw error;
    });
  if (found.length === 0) return;
  const names = found.map(({ PolicyName, GroupName }) =>
    GroupName === undefined ? PolicyName : `${PolicyName} of the group ${GroupName}`,
  );
  const verb = found.length === 1 ? 'allows' : 'allow';
  context.output.remark(`remark: ${names.join(', ')} ${verb} every action on every resource`);
}

/** Prints a remark that names the command which undoes a committed change. `effect` is what it does, such as `brings it back`. */
export function remarkOnUndo({ output }: CommandContext, changeId: string | undefined, effect: string): void {
  if (changeId === undefined) return;
  // The name of the directory could contain a line break, and `remark` would print two lines.
  output.remark(`remark: "${stripUnsafeCharacters(output.commandLine(['undo', changeId]))}" ${effect}.`);
}
