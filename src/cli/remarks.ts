import type { CommandContext } from './context.ts';

/** Remarks which command lines do the same without questions. */
export function remarkEquivalent(context: CommandContext, ...commands: string[][]): void {
  const lines = commands.map((args) => `  ${context.output.commandLine(args)}`);
  context.output.remark(['The same from a shell:', ...lines].join('\n'));
}

/** Remarks on custom policies that contain the old name after a rename, and therefore no longer match. */
export function remarkOnOldName(context: CommandContext, policies: string[], newName: string): void {
  for (const policy of policies) {
    context.output.remark(`remark: the custom policy ${policy} contains the old name; it does not match ${newName}`);
  }
}
