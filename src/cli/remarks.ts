import type { CommandContext } from './context.ts';

/** After a rename: the policies that still name the old one, which no longer match. */
export function remarkOnOldName(context: CommandContext, policies: string[], newName: string): void {
  for (const policy of policies) {
    context.output.remark(`remark: the custom policy ${policy} names the old name; it does not cover ${newName}`);
  }
}
