import type { CommandContext } from './context.ts';

/** Remarks which command lines do the same without questions. */
export function remarkEquivalent(context: CommandContext, ...commands: string[][]): void {
  const lines = commands.map((args) => `  ${context.output.commandLine(args)}`);
  context.output.remark(['The same from a shell:', ...lines].join('\n'));
}

/** After a rename: the policies that still name the old one, which no longer match. */
export function remarkOnOldName(context: CommandContext, policies: string[], newName: string): void {
  for (const policy of policies) {
    context.output.remark(`remark: the custom policy ${policy} names the old name; it does not cover ${newName}`);
  }
}
