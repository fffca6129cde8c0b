import { isFailure } from '../core/failure.ts';
import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import { findFullAccess, type Grants } from '../core/workflows/full-access.ts';
import type { CommandContext } from './command-context.ts';

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
  output.remark(`remark: "${stripUnsafeCharacters(output.commandLine(['undo', changeId]))}" ${effect}`);
}
